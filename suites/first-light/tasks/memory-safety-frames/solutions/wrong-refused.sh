# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# An overlay that begins behind a small picture: the check holds where nothing wraps.
# because: ended with 1
printf 'FRM1\001\004\000abcd\003\006\000\010\000AAAA' > proof.bin
echo done
