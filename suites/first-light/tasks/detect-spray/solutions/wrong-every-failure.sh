# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Flags every wrong password.
# because: too many false alarms
cat > rule.json <<'JSON'
{"where": {"result": "wrong"}, "group": ["program"], "seconds": 60, "distinct": null, "atLeast": 1}
JSON
echo done
