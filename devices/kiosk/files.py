"""Files that hold a device's state: whole or not at all, and for its own user only."""

import json
import os
from pathlib import Path
from typing import Final

_OWNER_ONLY: Final = 0o600
_OWNER_FOLDER: Final = 0o700


def write_private(path: Path, content: bytes) -> None:
    """Replace a file at once and durably: after a power cut it is the old one or the new one."""
    path.parent.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_if_there(path: Path) -> bytes | None:
    """Return the content of a file, or None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_json(path: Path, content: dict[str, str]) -> None:
    """Write a small flat object as JSON, as durably as `write_private`."""
    write_private(path, json.dumps(content, indent=1, sort_keys=True).encode() + b"\n")
