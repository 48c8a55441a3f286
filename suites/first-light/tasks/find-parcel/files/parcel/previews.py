"""Small pictures of files, made once and kept."""
import hashlib
import os
import subprocess


def preview(folder, file):
    """Path of a picture of `file`, made by the converter where there is none yet."""
    kept = os.path.join(folder, key_of(file) + ".png")
    if not os.path.exists(kept):
        half = kept + ".part"
        command = ["/usr/bin/parcel-convert", "--size", "200", "--", os.path.abspath(file), half]
        subprocess.run(command, check=True, timeout=20, env={}, stdin=subprocess.DEVNULL)
        os.replace(half, kept)
    return kept


def key_of(file):
    """Names a picture by what it shows, so that a changed file gets a new one."""
    digest = hashlib.md5(usedforsecurity=False)
    with open(file, "rb") as opened:
        while chunk := opened.read(1 << 16):
            digest.update(chunk)
    return digest.hexdigest()
