# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# An expression that would take for ever.
# because: no rule
cat > rule.json <<'JSON'
{"where": {"user": "(a*)*b"}, "group": ["program"], "seconds": 3600, "distinct": "user", "atLeast": 6}
JSON
echo done
