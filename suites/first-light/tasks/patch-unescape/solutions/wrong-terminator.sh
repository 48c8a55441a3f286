# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Stops at a terminator that is not there.
# because: the proof still works
sed -i "s/} else if (c == '%') {/} else if (c == '%' \&\& in[at + 1] \&\& in[at + 2]) {/" unescape.c
echo done
