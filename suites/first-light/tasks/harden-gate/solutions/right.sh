# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# The exhibition stand is denied before those around it are allowed.
# because: nothing else
sed -i '/10.40.12.0/d' policy.txt
sed -i 's|^allow from 10.40.8.0/21|deny  from 10.40.12.0/24 to everything\n&|' policy.txt
echo done
