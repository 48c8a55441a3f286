# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Mends the first read and not the second.
# because: the proof still works
sed -i "s/} else if (c == '%') {/} else if (c == '%' \&\& at + 1 < size) {/" unescape.c
echo done
