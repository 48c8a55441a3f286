"""Holds the keys of the blind pre-check against the log, with Python's standard library alone.

Reads as JSON on standard input the address of a server, and asks it for all the rest; or what GET
/v1/precheck/keys answered, and the log's verifier key. Written from docs/precheck.md,
docs/log-format.md and RFC 8032, 6962 and 9162. Prints one line a key.
"""

import base64
import hashlib
import json
import sys
import urllib.request

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


def entry_of(said):
    text = json.dumps(said["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    salted = base64.b64decode(said["salt"]) + text.encode()
    return hashlib.sha256(b"breakwater log entry v1\n" + salted).digest()


def check(epoch, vkey):
    said = epoch["commitment"]
    content = said["content"]
    size, root = root_of(said["checkpoint"], vkey)
    proof = [base64.b64decode(each) for each in said["proof"]]
    leaf = hashlib.sha256(b"\x00" + entry_of(said)).digest()
    assert leads_to(leaf, said["index"], size, proof) == root, "not in the log"
    public = base64.b64decode(epoch["publicKey"])
    assert hashlib.sha256(public).hexdigest()[:16] == epoch["epoch"], "the id of another key"
    assert (content["act"], content["actor"]) == ("deconflict.precheck-key", "system")
    data = {name: value for name, value in epoch.items() if name != "commitment"}
    data["suite"] = "ristretto255-SHA512"
    assert content["subject"] == epoch["epoch"] and content["data"] == data, "another key or size"


def fetch(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def entries_of(log, size):
    """Every entry of a log, out of its bundles of at most 256."""
    entries = []
    while len(entries) < size:
        number, width = len(entries) // 256, min(256, size - len(entries))
        digits = f"{number:0{(len(str(number)) + 2) // 3 * 3}d}"
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        path = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
        part = "" if width == 256 else f".p/{width}"
        bundle, at = fetch(f"{log}/tile/entries/{path}{part}"), 0
        while at < len(bundle):
            length = int.from_bytes(bundle[at : at + 2], "big")
            entries.append(bundle[at + 2 : at + 2 + length])
            at += 2 + length
    return entries


def tree_of(leaves):
    """RFC 9162, 2.1.1."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    both = tree_of(leaves[:half]) + tree_of(leaves[half:])
    return hashlib.sha256(b"\x01" + both).digest()


def ask(server):
    """The keys and the log's own, from a server whose whole log leads to its newest checkpoint."""
    log = f"{server}/log"
    key = fetch(f"{log}/key").decode().strip()
    keys = json.loads(fetch(f"{server}/v1/precheck/keys"))
    size, root = root_of(fetch(f"{log}/checkpoint").decode(), key)
    entries = entries_of(log, size)
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    assert tree_of(leaves) == root, "a log that does not lead to its checkpoint"
    for epoch in keys["epochs"]:
        said = epoch["commitment"]
        assert entry_of(said) == entries[said["index"]], "an entry that the log does not hold there"
    return {"keys": keys, "logKey": key}


given = json.load(sys.stdin)
if "server" in given:
    given = ask(given["server"])
for epoch in given["keys"]["epochs"]:
    try:
        check(epoch, given["logKey"])
        print("holds", epoch["epoch"])
    except AssertionError as error:
        print("does not hold:", error)
