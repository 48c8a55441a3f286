# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Mends what the shortest proofs show, which hold nothing but the sign.
# because: the proof still works
sed -i "s/} else if (c == '%') {/} else if (c == '%' \&\& size > 2) {/" unescape.c
echo done
