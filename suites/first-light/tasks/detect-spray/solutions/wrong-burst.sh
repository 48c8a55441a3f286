# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Waits for many at once; the attack is slow.
# because: finds too little
cat > rule.json <<'JSON'
{"where": {"result": "wrong"}, "group": ["program"], "seconds": 300, "distinct": "user", "atLeast": 8}
JSON
echo done
