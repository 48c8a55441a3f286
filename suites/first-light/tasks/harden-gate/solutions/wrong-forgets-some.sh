# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Says the range of the operators anew and leaves its end out.
# because: 10.40.13.0
sed -i 's|^allow from 10.40.8.0/21|allow from 10.40.8.0/22|' policy.txt
echo done
