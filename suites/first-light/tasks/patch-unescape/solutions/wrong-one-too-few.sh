# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# One byte too careful: an escape at the very end is no longer decoded.
# because: decoded differently
sed -i "s/} else if (c == '%') {/} else if (c == '%' \&\& at + 3 < size) {/" unescape.c
echo done
