"""How the office enciphers telegrams. The key never leaves the office."""
import hashlib
import secrets

NONCE_BYTES = 3


def keystream(key, nonce, length):
    stream = b""
    block = 0
    while len(stream) < length:
        stream += hashlib.sha256(key + nonce + block.to_bytes(4, "big")).digest()
        block += 1
    return stream[:length]


def encipher(key, text):
    """One line of the journal: the nonce and the enciphered text, both in hexadecimal."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = text.encode()
    mixed = bytes(a ^ b for a, b in zip(plain, keystream(key, nonce, len(plain))))
    return f"{nonce.hex()} {mixed.hex()}"
