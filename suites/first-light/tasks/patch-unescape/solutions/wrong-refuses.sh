# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Refuses what it cannot read to the end; the header says that it stands for itself.
# because: decoded differently
sed -i "s/            int high/            if (size - at <= 2) return 0;\n            int high/" unescape.c
echo done
