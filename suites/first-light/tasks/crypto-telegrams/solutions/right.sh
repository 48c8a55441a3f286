# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
python3 -I - <<'PY'
lines = [line.split() for line in open("journal.txt")]
for notice in open("notices.txt"):
    number, plain = notice.rstrip("\n").split(" ", 1)
    nonce, mixed = lines[int(number) - 1]
    stream = [a ^ b for a, b in zip(plain.encode(), bytes.fromhex(mixed))]
    for other_nonce, other in lines:
        if other_nonce == nonce and other != mixed:
            text = bytes(a ^ b for a, b in zip(stream, bytes.fromhex(other))).decode("latin1")
            if text.startswith("PRIVATE"):
                print(text[text.index("bw{") : text.index("}") + 1])
PY
