# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# The function that calls the faulty one.
# because: not the function
cat > answer.json <<'JSON'
{"file": "parcel/unpack.py", "function": "take_in", "cwe": "CWE-22"}
JSON
echo done
