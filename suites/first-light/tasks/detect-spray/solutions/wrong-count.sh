# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Counts failures and not people: that finds the forgotten script too.
# because: too many false alarms
cat > rule.json <<'JSON'
{"where": {"result": "wrong"}, "group": ["program"], "seconds": 3600, "distinct": null, "atLeast": 8}
JSON
echo done
