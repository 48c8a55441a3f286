# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# A query put together from pieces, all of them our own.
# because: not the function
cat > answer.json <<'JSON'
{"file": "parcel/search.py", "function": "find", "cwe": "CWE-89"}
JSON
echo done
