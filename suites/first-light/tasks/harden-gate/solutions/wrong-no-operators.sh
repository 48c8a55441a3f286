# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Denies the operators, too.
# because: the owner
sed -i '/^allow from 10.40.8.0/d' policy.txt
echo done
