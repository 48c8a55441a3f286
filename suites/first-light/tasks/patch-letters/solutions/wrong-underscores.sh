# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Refuses what begins with underscores; the card and the margin do not.
# because: the proof still works
python3 -I - <<'PY'
text = open("letters.py").read()
text = text.replace("    try:\n", '    if "__" in template:\n        raise LetterError("no underscores")\n    try:\n', 1)
open("letters.py", "w").write(text)
PY
echo done
