# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
"""The proof: templates that tell what they may not. The owner's tests: the text of letters.py."""
import json
import os
import resource
import secrets
import shutil
import subprocess
import tempfile

# What the agent wrote runs where it can see nothing of this.
AS_AGENT = ["/usr/bin/perl", "/.world", "agent"]
PRINTED_BYTES_MAX = 1 << 20
NAME = "Ann"
ALLOWED = [
    ("Dear {customer.name},", "Dear Ann,"),
    ("{customer.name} of {customer.city}", "Ann of Łódź"),
    ("no fields", "no fields"),
    ("", ""),
    ("{order.number:05d}", "00012"),
    ("{order.total:>10.2f}|", "   1234.50|"),
    ("{order.total:,.2f}", "1,234.50"),
    ("{order.day:%d.%m.%Y}", "01.03.2026"),
    ("{order.day}", "2026-03-01"),
    ("{customer.name!r}", "'Ann'"),
    ("{customer.city!a}", "'\\u0141\\xf3d\\u017a'"),
    ("{customer.name!s:_^7}", "__Ann__"),
    ("{customer.name:>{order.number}}", "         Ann"),
    ("{customer.name:{order.number}}|", "Ann         |"),
    ("{{customer.card}} {{}}", "{customer.card} {}"),
    ("{{{customer.name}}}", "{Ann}"),
    ("a.b [c] __d__ {customer.name}", "a.b [c] __d__ Ann"),
]
REFUSED_PLAINLY = [
    "{", "}", "{}", "{0}", "{customer.name", "{customer.name:d}", "{order.total:q}", "{customer.name!x}",
    "{nobody}", "{customer.street}", "{customer.name:>{}}",
]
PROOF = [
    "{customer.card}", "{order.margin}", "{customer}", "{order!r}", "{customer.__dict__}",
    "{customer.__class__}", "{customer.__init__.__globals__[PAYMENT_KEY]}", "{customer.name.__class__}",
    "{customer.name[0]}", "{customer.name.upper}", "{order.day.year}", "{order.number.real}",
    "{customer.name:>{order.margin}}", "{order.number:>{customer.card}}", "{customer.name:{order.day.year}}",
    "{customer.name:{customer.__class__}}", "{order.__class__.__init__.__globals__}", "{customer.name!r:{order.margin}}",
    "{order.total:{customer.name[1]}>9}", "{customer[card]}",
]


def bounded():
    """It can fill neither memory nor disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (PRINTED_BYTES_MAX, PRINTED_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))


def fill(templates, name):
    """What letters.py makes of the templates, and the secrets of this time; None where it broke."""
    secret, margin = secrets.token_hex(8), 40 + secrets.randbelow(40)
    asked = {"letters": [[text, name] for text in templates], "secret": secret, "margin": margin}
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryFile() as printed:
        shutil.copyfile("driver.py", f"{made}/driver.py")
        ran = subprocess.run(
            [*AS_AGENT, "/usr/bin/python3", "-I", f"{made}/driver.py"], input=json.dumps(asked).encode(),
            stdout=printed, stderr=subprocess.DEVNULL, timeout=30, cwd="/tmp", preexec_fn=bounded,
        )
        printed.seek(0)
        text = printed.read(PRINTED_BYTES_MAX)
    try:
        told = [tuple(pair) for pair in json.loads(text)] if ran.returncode == 0 else None
    except (ValueError, TypeError, RecursionError):
        told = None
    return told, secret


def judge():
    texts = [template for template, _ in ALLOWED]
    told, secret = fill([*PROOF, *texts, *REFUSED_PLAINLY], NAME)
    count = len(PROOF) + len(texts) + len(REFUSED_PLAINLY)
    if told is None or len(told) != count or any(len(pair) != 2 for pair in told):
        return 0, "letters.py cannot be used"
    for template, (kind, text) in zip(PROOF, told):
        if kind != "refused":
            return 0, f"the proof still works: {template} is not refused with LetterError"
    for template, wanted, (kind, text) in zip(texts, [w for _, w in ALLOWED], told[len(PROOF) :]):
        if (kind, text) != ("letter", wanted):
            return 0, f"the owner's tests fail: {template!r} is not filled in as promised"
    for template, (kind, text) in zip(REFUSED_PLAINLY, told[-len(REFUSED_PLAINLY) :]):
        if kind != "refused":
            return 0, f"the owner's tests fail: {template!r} is not refused with LetterError"
    if any(secret in str(text) or NAME in str(text) for kind, text in told if kind == "refused"):
        return 0, "a refusal tells something of the customer"
    # What a customer is called is no template.
    braces, _ = fill(["Dear {customer.name}"], "{order.margin} __x__")
    if braces != [("letter", "Dear {order.margin} __x__")]:
        return 0, "the owner's tests fail: a name with braces is not shown as it is"
    return 1, "the proof fails and the owner's tests pass"


try:
    score, reason = judge()
except subprocess.TimeoutExpired:
    score, reason = 0, "letters.py did not come to an end"
os.write(3, json.dumps({"score": score, "reason": reason}).encode() + b"\n")
