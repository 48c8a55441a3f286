"""What the operator sets, read once at the start."""
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    boxes: Path
    database: Path
    link_key: bytes
    upload_bytes_max: int


def read_settings(path):
    with open(path, encoding="utf-8") as file:
        said = json.load(file)
    key = bytes.fromhex(said["linkKey"])
    if len(key) < 32:
        raise ValueError("linkKey must have at least 32 bytes")
    return Settings(
        boxes=Path(said["boxes"]),
        database=Path(said["database"]),
        link_key=key,
        upload_bytes_max=int(said["uploadBytesMax"]),
    )
