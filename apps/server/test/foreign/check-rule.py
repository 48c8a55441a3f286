"""Checks that a threshold rule stands in the log: its digest, the entry, the path to the root.

Python's standard library alone, and nothing of Breakwater. The signature under the checkpoint is
checked by the checker of the log; here the path has to lead to the root that it states.
"""
import base64, hashlib, json, sys


def canonical(value):
    """RFC 8785 for what a rule holds: ASCII text, integers and short decimals."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root(leaf, index, size, path):
    """RFC 9162, 2.1.3.2."""
    node, last, at = leaf, size - 1, index
    for step in path:
        if at % 2 == 1 or at == last:
            node = sha256(b"\x01", step, node)
            while at % 2 == 0 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, step)
        at, last = at >> 1, last >> 1
    return node


given = json.load(open(sys.argv[1], encoding="utf8"))
proof, digest = given["proof"], given["digest"]
if "sha256:" + sha256(canonical(given["document"])).hex() != digest:
    sys.exit("the digest is not that of the rule")
if proof["content"]["data"]["digest"] != digest:
    sys.exit("the entry is of another rule")
entry = sha256(b"breakwater log entry v1\n", base64.b64decode(proof["salt"]), canonical(proof["content"]))
_, size, stated = proof["checkpoint"].split("\n")[:3]
path = [base64.b64decode(step) for step in proof["proof"]]
if root(sha256(b"\x00", entry), proof["index"], int(size), path) != base64.b64decode(stated):
    sys.exit("the path does not lead to the root")
print("the rule stands")
