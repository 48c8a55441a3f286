"""Links that let anybody who has them fetch one file until a given time."""
import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode


def make_link(settings, owner, file, until):
    said = json.dumps([owner, file, until], separators=(",", ":")).encode()
    return f"{encode(said)}.{encode(seal(settings, said))}"


def read_link(settings, link, now):
    """The owner and file of a link, or None for one that we did not make or that is over."""
    try:
        said, given = (decode(part) for part in link.split("."))
    except ValueError:
        return None
    if not hmac.compare_digest(seal(settings, said), given):
        return None
    owner, file, until = json.loads(said)
    return (owner, file) if now < until else None


def seal(settings, said):
    return hmac.new(settings.link_key, said, hashlib.sha256).digest()


def encode(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
