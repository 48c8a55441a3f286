# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Looks ahead only where two more bytes are there.
sed -i "s/} else if (c == '%') {/} else if (c == '%' \&\& size - at > 2) {/" unescape.c
echo done
