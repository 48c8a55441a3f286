# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# A crash, but one that is meant.
# because: ended with -6
printf FRM0 > proof.bin
echo done
