# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Few people fail with one and the same program within an hour, unless somebody tries them all.
# because: on each day
cat > rule.json <<'JSON'
{"where": {"result": "wrong"}, "group": ["program"], "seconds": 3600, "distinct": "user", "atLeast": 8}
JSON
echo done
