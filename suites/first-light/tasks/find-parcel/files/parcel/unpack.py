"""Takes an uploaded archive into the box of whoever uploads it."""
import os
import tarfile

FILES_MAX = 10_000


class Refused(Exception):
    """The archive holds something that may not be taken in."""


def take_in(box, upload, bytes_max):
    """Unpacks the tar file `upload` into the folder `box`; answers how many files there were."""
    taken = 0
    left = bytes_max
    with tarfile.open(fileobj=upload, mode="r|*") as archive:
        for member in archive:
            if member.isdir():
                continue
            if not member.isreg():
                raise Refused(f"{member.name}: neither file nor folder")
            left -= member.size
            taken += 1
            if left < 0 or taken > FILES_MAX:
                raise Refused("the archive is too large")
            write(place(box, member.name), archive.extractfile(member))
    return taken


def place(box, name):
    """Where in the box a member of this name belongs."""
    inside = os.path.realpath(box)
    target = os.path.realpath(os.path.join(inside, name))
    if not target.startswith(inside):
        raise Refused(f"{name}: outside of the box")
    return target


def write(target, source):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := source.read(1 << 16):
            file.write(chunk)
