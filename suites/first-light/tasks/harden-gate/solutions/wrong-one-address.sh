# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Denies one machine of the stand.
# because: the proof still works
sed -i 's|^allow from 10.40.8.0/21|deny from 10.40.12.1/32 to everything\n&|' policy.txt
echo done
