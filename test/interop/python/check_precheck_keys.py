"""Holds the keys of the blind pre-check against the log, with Python's standard library alone.

Reads what GET /v1/precheck/keys answered and the log's verifier key, as JSON on standard input;
written from docs/precheck.md, docs/log-format.md and RFC 8032 and 6962. Prints one line a key.
"""

import base64
import hashlib
import json
import sys

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    x1, y1, x2, y2 = *a, *b
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def times(scalar, point):
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decode(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert y < P and (x * x - square) % P == 0, "no point"
    return (P - x if x & 1 != sign else x), y


def signed(public, message, signature):
    """RFC 8032, 5.1.7."""
    base = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    scalar = int.from_bytes(signature[32:], "little")
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    right = add(decode(signature[:32]), times(challenge, decode(public)))
    return scalar < ORDER and times(scalar, base) == right


def root_of(note, vkey):
    """The size and root of a checkpoint that the log signed (C2SP signed-note, tlog-checkpoint)."""
    name, key_id, key = vkey.split("+", 2)
    public = base64.b64decode(key)[1:]
    text, _, signatures = note.partition("\n\n")
    origin, size, root = text.split("\n")[:3]
    assert origin == name, "the checkpoint of another log"
    for line in signatures.splitlines():
        _, by, encoded = line.split(" ")
        raw = base64.b64decode(encoded)
        if by == name and raw[:4].hex() == key_id:
            if signed(public, (text + "\n").encode(), raw[4:]):
                return int(size), base64.b64decode(root)
    raise AssertionError("no signature by the log")


def leads_to(leaf, index, size, proof):
    """RFC 9162, 2.1.3.2."""
    last, node = size - 1, leaf
    for sibling in proof:
        if index & 1 or index == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    assert last == 0, "a proof of another length"
    return node


def check(epoch, vkey):
    said = epoch["commitment"]
    content = said["content"]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    salt = base64.b64decode(said["salt"])
    entry = hashlib.sha256(b"breakwater log entry v1\n" + salt + text.encode()).digest()
    size, root = root_of(said["checkpoint"], vkey)
    proof = [base64.b64decode(each) for each in said["proof"]]
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    assert leads_to(leaf, said["index"], size, proof) == root, "not in the log"
    public = base64.b64decode(epoch["publicKey"])
    assert hashlib.sha256(public).hexdigest()[:16] == epoch["epoch"], "the id of another key"
    assert (content["act"], content["actor"]) == ("deconflict.precheck-key", "system")
    data = {name: value for name, value in epoch.items() if name != "commitment"}
    data["suite"] = "ristretto255-SHA512"
    assert content["subject"] == epoch["epoch"] and content["data"] == data, "another key or size"


given = json.load(sys.stdin)
for epoch in given["keys"]["epochs"]:
    try:
        check(epoch, given["logKey"])
        print("holds", epoch["epoch"])
    except AssertionError as error:
        print("does not hold:", error)
