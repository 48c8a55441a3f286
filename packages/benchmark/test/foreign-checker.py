# Checks a suite's commitment, an opening and a membership by docs/suite-format.md alone.
import base64, hashlib, json, re, sys


def sha(data):
    return hashlib.sha256(data).digest()


def plain(text, kind):  # one JSON document in its plainest form: no second way to write it
    value = json.loads(text)
    assert json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n" == text
    assert value["format"] == kind
    return value


def hexa(text):
    assert re.fullmatch("[0-9a-f]{64}", text)
    return bytes.fromhex(text)


def b64(text):
    data = base64.b64decode(text, validate=True)
    assert len(data) == 32 and base64.b64encode(data).decode() == text
    return data


def node(left, right):
    return sha(b"\x01" + left + right)


def root_of(leaves):  # RFC 6962, 2.1
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def commitment(text):
    suite = plain(text, "breakwater-suite-commitment/1")
    leaves = [sha(b"\0" + hexa(each)) for each in suite["items"]]
    assert set(suite) == {"format", "count", "root", "items"} and suite["count"] == len(leaves)
    assert root_of(leaves) == hexa(suite["root"])
    return suite


def member(claim, item, suite):  # RFC 9162, 2.1.3.2
    at, last, value = claim["place"], claim["count"] - 1, sha(b"\0" + item)
    assert claim["count"] == suite["count"] and claim["root"] == suite["root"] and 0 <= at <= last
    for each in map(b64, claim["path"]):
        assert last > 0
        if at & 1 or at == last:
            value = node(each, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node(value, each)
        at, last = at >> 1, last >> 1
    assert last == 0 and value == hexa(suite["root"])


def opening(text, suite):
    shown = plain(text, "breakwater-opening/1")
    assert set(shown) == {"format", "salt", "item", "place", "count", "path", "root"}
    entry = b"breakwater log entry v1\n" + b64(shown["salt"]) + shown["item"].encode()
    member(shown, sha(entry), suite)


def membership(text, suite):
    shown = plain(text, "breakwater-membership/1")
    assert set(shown) == {"format", "commitment", "place", "count", "path", "root"}
    member(shown, hexa(shown["commitment"]), suite)


def refuses(check, data, at, mask):
    changed = bytearray(data)
    changed[at] ^= mask
    try:
        check(changed.decode())
    except (AssertionError, ValueError, KeyError, TypeError):
        return True
    return False


def main(folder):
    files = {name: open(f"{folder}/{name}.json", "rb").read() for name in checks}
    suite = commitment(files["commitment"].decode())
    bound = {
        "commitment": lambda text: [commitment(text), opening(files["opening"].decode(), commitment(text))],
        "opening": lambda text: opening(text, suite),
        "membership": lambda text: membership(text, suite),
    }
    for name, check in bound.items():
        check(files[name].decode())
        taken = [
            (at, mask)
            for at in range(len(files[name]))
            for mask in (1, 32)
            if not refuses(check, files[name], at, mask)
        ]
        print(name, len(files[name]), "bytes, changes taken:", taken)


checks = ("commitment", "opening", "membership")
main(sys.argv[1])
