# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
import random

LIBRARY = "/lib/x86_64-linux-gnu/libc.so.6"
COPIES = "../../src/sanitizer_common_interceptors.inc"
STARTS = [
    [("convert", "convert.c", 88), ("main", "main.c", 41)],
    [("preview", "preview.c", 52), ("window_draw", "window.c", 117), ("main", "main.c", 63)],
    [("check_file", "check.c", 30), ("main", "main.c", 70)],
]
PUT = [("__interceptor_memcpy", COPIES, 827), ("buf_put", "buffer.c", 41)]
TAKE = [("__interceptor_memmove", COPIES, 850), ("buf_take", "buffer.c", 58)]
TAKE_DIRECTLY = [("buf_take", "buffer.c", 56)]
TILES, SHEET = [("read_tiles", "tiles.c", 140)], [("read_sheet", "sheet.c", 77)]
OVERFLOW, WILD = "heap-buffer-overflow", "SEGV"
# One line a cause: what it is called here, and the ways in which it shows.
CAUSES = {
    "tile_row": [
        (OVERFLOW, "WRITE", [*PUT, ("tile_row", "tiles.c", 96), *TILES]),
        (OVERFLOW, "WRITE", [*PUT, ("tile_row", "tiles.c", 98), *TILES]),
        (WILD, "WRITE", [*PUT, ("tile_row", "tiles.c", 96), *TILES, *SHEET]),
    ],
    "palette_merge": [
        (OVERFLOW, "WRITE", [*PUT, ("palette_merge", "palette.c", 61), *SHEET]),
        (OVERFLOW, "WRITE", [*PUT, ("palette_merge", "palette.c", 61), *TILES]),
    ],
    "tile_column": [
        (WILD, "WRITE", [("tile_column", "tiles.c", 121), *TILES]),
        (WILD, "WRITE", [("tile_column", "tiles.c", 121), *TILES, *SHEET]),
    ],
    "header parse_size": [
        (OVERFLOW, "READ", [*TAKE, ("parse_size", "header.c", 33), ("read_header", "header.c", 60)]),
        (WILD, "READ", [*TAKE_DIRECTLY, ("parse_size", "header.c", 33), ("read_header", "header.c", 60)]),
    ],
    "text parse_size": [
        (OVERFLOW, "READ", [*TAKE, ("parse_size", "text.c", 45), ("read_text", "text.c", 80)]),
        (OVERFLOW, "READ", [*TAKE_DIRECTLY, ("parse_size", "text.c", 45), ("read_text", "text.c", 80)]),
    ],
    "recursion": [
        ("stack-overflow", None, [("read_item", "group.c", 71)]),
        ("stack-overflow", None, [("read_group", "group.c", 39)]),
        ("stack-overflow", None, [("malloc", COPIES, 69), ("buf_grow", "buffer.c", 19), ("read_item", "group.c", 74)]),
    ],
    "scale": [("FPE", None, [("scale", "preview.c", 23)])],
}
SIZES = {"tile_row": 6, "palette_merge": 4, "tile_column": 3, "header parse_size": 4, "text parse_size": 3, "recursion": 4, "scale": 2}


def reports():
    """Each report by its name, and the name of its cause."""
    chance = random.Random("first-light triage-crashes 1")
    wanted = [(cause, turn) for cause, count in SIZES.items() for turn in range(count)]
    chance.shuffle(wanted)
    made = {}
    for number, (cause, turn) in enumerate(wanted):
        ways = CAUSES[cause]
        made[f"crash-{number:02}-{chance.randbytes(2).hex()}.txt"] = (write(chance, *ways[turn % len(ways)]), cause)
    return made


def write(chance, kind, access, top):
    start = chance.choice(STARTS)
    stack = list(top)
    if kind == "stack-overflow":
        cycle = [("read_group", "group.c", 39), ("read_item", "group.c", 71)]
        first = 0 if top[-1][0] == "read_item" else 1
        stack += [cycle[(first + depth) % 2] for depth in range(chance.randrange(238, 246))]
    stack += start
    process, place = chance.randrange(2000, 60000), f"0x{chance.randrange(0x602000000000, 0x62D000000000):x}"
    lines = ["=" * 65]
    registers = " ".join(f"{name} 0x{chance.getrandbits(47):012x}" for name in ("pc", "bp", "sp"))
    at = "at " if kind == OVERFLOW else "("
    lines.append(f"=={process}==ERROR: AddressSanitizer: {kind} on {'unknown ' if kind == WILD else ''}address {place} {at}{registers}{'' if kind == OVERFLOW else ' T0)'}")
    size = chance.choice([1, 2, 4, 16, 64, 300])
    if kind == OVERFLOW:
        lines.append(f"{access} of size {size} at {place} thread T0")
    elif kind == WILD:
        lines.append(f"=={process}==The signal is caused by a {access} memory access.")
    lines += frames(chance, stack[:247])
    if kind == OVERFLOW:
        lines += ["", f"{place} is located 0 bytes after {chance.randrange(1, 4000)}-byte region", "allocated by thread T0 here:"]
        lines += frames(chance, [("malloc", COPIES, 69), ("buf_grow", "buffer.c", 19), ("buf_new", "buffer.c", 11), *start])
    name, file, line = stack[0]
    lines += ["", f"SUMMARY: AddressSanitizer: {kind} {file}:{line} in {name}", f"=={process}==ABORTING", ""]
    return "\n".join(lines)


def frames(chance, stack):
    base, library = chance.getrandbits(28) << 12 | 0x550000000000, chance.getrandbits(28) << 12 | 0x7F0000000000
    said = []
    for depth, (name, file, line) in enumerate(stack):
        own = not file.startswith("..")
        address = (base if own else library) + 0x1000 + line * 16
        said.append(f"    #{depth} 0x{address:012x} in {name} {'/build/lumen/src/' if own else ''}{file}:{line}")
    if stack[-1][0] == "main":
        said.append(f"    #{len(stack)} 0x{library + 0x271C9:012x} in __libc_start_main ({LIBRARY}+0x271c9)")
    return said
