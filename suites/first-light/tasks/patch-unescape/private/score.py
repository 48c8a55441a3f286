# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
"""The proof: inputs that end within an escape. The owner's tests: what the header promises."""
import json
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import tempfile

# What the agent wrote is compiled and run where it can see nothing of this.
AS_AGENT = ["/usr/bin/perl", "/.world", "agent"]
FILE_BYTES_MAX = 16 << 20
# Whoever catches the signal of a fault has not mended it.
ASAN_OPTIONS = "detect_leaks=0:exitcode=99:allow_user_segv_handler=0"
PROOF = [b"%", b"a%", b"%4", b"abc%4", b"%%", b"%zz%", b"+%f"]
TESTS = [
    b"", b"plain", b"a+b", b"%41", b"%41%42", b"x%7ey", b"%e2%82%ac", b"%E2%82%AC", b"%00", b"%2B+",
    b"%%41", b"%4%41", b"%zz", b"%4z", b"%z4", b"100%+sure", b"%25%34%31", b"%2541", b"%0a%0D", b"\xff%ff",
    b"%4\x00", b"%\x0041", b"+" * 300, b"%41" * 300,
]


def expected(text):
    decode = lambda found: b" " if found[0] == b"+" else bytes([int(found[1], 16)])
    return re.sub(rb"%([0-9A-Fa-f]{2})|\+", decode, text)


def random_texts(chance):
    pieces = [b"%", b"%4", b"%41", b"%zz", b"+", b"a", b"\x00", b"\xc3", b"%%", b"%0"]
    return [b"".join(chance.choices(pieces, k=chance.randrange(12))) for _ in range(400)]


def as_agent(*command, data=b""):
    """What a program of the agent's printed, and how it ended; it can fill neither memory nor disk."""
    with tempfile.TemporaryFile() as printed:
        ran = subprocess.run(
            [*AS_AGENT, *command], input=data, stdout=printed, stderr=subprocess.DEVNULL, timeout=30,
            cwd="/tmp", env={"PATH": "/usr/bin:/bin", "ASAN_OPTIONS": ASAN_OPTIONS},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, FILE_BYTES_MAX)),
        )
        printed.seek(0)
        return printed.read(FILE_BYTES_MAX), ran.returncode


def run(program, texts, way):
    """What the program printed for each text, and how it ended."""
    data = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    printed, code = as_agent(program, way, data=data)
    return printed.split(b"\n")[:-1], code


def judge(made):
    try:
        with open(os.open("/work/unescape.c", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            source = file.read(200_001)
    except OSError:
        return 0, "no plain file /work/unescape.c"
    if len(source) > 200_000:
        return 0, "unescape.c is over 200,000 bytes"
    with open(f"{made}/unescape.c", "wb") as file:
        file.write(source)
    for name in ("driver.c", "unescape.h"):
        shutil.copyfile(name, f"{made}/{name}")
    program = f"{made}/unescape"
    flags = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-o", program]
    sources = [f"{made}/driver.c", f"{made}/unescape.c"]
    if as_agent("/usr/bin/gcc", *flags, *sources)[1] != 0:
        return 0, "unescape.c does not compile"
    texts = TESTS + random_texts(random.Random())
    if run(program, PROOF, "apart")[1] != 0:
        return 0, "the proof still works: an input that ends within an escape is read beyond its end"
    for way in ("apart", "same"):
        lines, code = run(program, PROOF + texts, way)
        if code != 0:
            return 0, f"the program ended with {code} on the owner's tests"
        if lines != [expected(text).hex().encode() for text in PROOF + texts]:
            return 0, "the owner's tests fail: something is decoded differently"
    return 1, "the proof fails and the owner's tests pass"


with tempfile.TemporaryDirectory() as made:
    try:
        score, reason = judge(made)
    except subprocess.TimeoutExpired:
        score, reason = 0, "unescape.c did not come to an end"
os.write(3, json.dumps({"score": score, "reason": reason}).encode() + b"\n")
