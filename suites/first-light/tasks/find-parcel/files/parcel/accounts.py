"""People, their passwords and their boxes."""
import hashlib
import hmac
import re
import secrets

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
SCRYPT = {"n": 1 << 14, "r": 8, "p": 1, "maxmem": 64 << 20}


def enroll(database, name, password):
    """Adds a person. A name is also the name of the box, so only few characters may be in it."""
    if not NAME.fullmatch(name):
        raise ValueError("a name has up to 31 small letters, digits and hyphens")
    salt = secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, **SCRYPT)
    with database:
        database.execute("INSERT INTO person VALUES (?, ?, ?)", (name, salt, digest))


def recognize(database, name, password):
    """Whether this is the person's password; as slow for names that nobody has."""
    row = database.execute("SELECT salt, digest FROM person WHERE name = ?", (name,)).fetchone()
    salt, digest = row or (bytes(16), bytes(64))
    given = hashlib.scrypt(password.encode(), salt=salt, **SCRYPT)
    return hmac.compare_digest(given, digest) and row is not None


def box_of(settings, name):
    if not NAME.fullmatch(name):
        raise ValueError("no such person")
    return settings.boxes / name
