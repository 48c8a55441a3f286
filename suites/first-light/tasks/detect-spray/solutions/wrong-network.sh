# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Looks for many people from one network, as is usual: the attack comes from everywhere.
# because: finds too little
cat > rule.json <<'JSON'
{"where": {"result": "wrong"}, "group": ["source/16"], "seconds": 3600, "distinct": "user", "atLeast": 12}
JSON
echo done
