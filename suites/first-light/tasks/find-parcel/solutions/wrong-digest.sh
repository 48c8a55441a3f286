# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# A weak digest, but it keeps nothing from anybody.
# because: not the function
cat > answer.json <<'JSON'
{"file": "parcel/previews.py", "function": "key_of", "cwe": "CWE-328"}
JSON
echo done
