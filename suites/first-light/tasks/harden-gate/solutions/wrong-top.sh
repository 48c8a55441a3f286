# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Denies first of all, and takes mail and web from the stand as well.
# because: the owner
sed -i '1i deny from 10.40.12.0/24 to everything' policy.txt
echo done
