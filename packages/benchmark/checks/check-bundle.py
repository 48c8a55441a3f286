#!/usr/bin/env python3
"""Checks an outcome bundle of Breakwater: its nine lines, and the one signature under them.

usage: check-bundle.py <bundle> <verifier key>

The verifier key is that of `breakwater designate bundle-key`, as it was printed and carried over by
hand. Python's standard library and openssl alone; nothing of Breakwater is used.
"""
import base64, datetime, hashlib, re, subprocess, sys, tempfile

DAY = r"20\d\d-\d\d-\d\d"
LINES = [
    r"breakwater outcome bundle v1",
    r"engagement [0-9a-f]{64}",
    r"outcome (covered|not-covered|withdrawn)",
    rf"date {DAY}",
    r"reference [A-Z]{2,5}-20\d\d-\d{1,6}",
    rf"consulted ncd {DAY}",
    rf"consulted apst {DAY}",
    rf"consulted cisa-director {DAY}",
    r"key [0-9a-f]{8}",
]


def main(path, key):
    note = open(path, "rb").read()
    if len(note) > 4096:
        sys.exit("longer than a bundle is")
    text, _, signature = note.decode("ascii", "replace").partition("\n\n")
    lines = text.split("\n")
    if len(lines) != len(LINES) or not all(map(re.fullmatch, LINES, lines)):
        sys.exit("not the lines of a bundle")
    try:
        for day in re.findall(DAY, "\n".join(lines[3:4] + lines[5:8])):
            datetime.date.fromisoformat(day)
    except ValueError:
        sys.exit("not a day of the calendar")
    # The text goes up to and with the newline before the empty line (C2SP signed-note).
    text = note[: len(text.encode()) + 1]
    name, key_id, typed = key.strip().split("+", 2)
    typed = base64.b64decode(typed, validate=True)
    known = hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
    if typed[0] != 1 or known != key_id or lines[-1] != f"key {key_id}":
        sys.exit("signed by another key than this one")
    # The dash is three bytes that are not ASCII.
    shown = re.fullmatch("\u2014 (\\S+) (\\S+)\n", note.decode().partition("\n\n")[2])
    if not shown or shown[1] != name:
        sys.exit("not one signature by this key")
    signed = base64.b64decode(shown[2], validate=True)
    if signed[:4].hex() != key_id or len(signed) != 68:
        sys.exit("not one signature by this key")
    # RFC 8410: an Ed25519 public key as openssl reads it.
    der = bytes.fromhex("302a300506032b6570032100") + typed[1:]
    with tempfile.TemporaryDirectory() as folder:
        for file, data in (("key", der), ("text", text), ("signature", signed[4:])):
            with open(f"{folder}/{file}", "wb") as out:
                out.write(data)
        checked = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
            + ["-inkey", f"{folder}/key", "-in", f"{folder}/text"]
            + ["-sigfile", f"{folder}/signature"],
            capture_output=True,
        )
    if checked.returncode != 0:
        sys.exit("the signature does not hold")
    print(text.decode(), end="")


main(*sys.argv[1:3])
