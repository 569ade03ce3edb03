"""Keeps uploaded documents outside the database and outside the web root, under random names.

Only this process's user can read them; the name says nothing, and no path comes from outside.
Several web processes need one shared folder.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

KEY = re.compile(r"[0-9a-f]{48}")
EXTENSION = "totem.documents"


class DocumentMissing(LookupError):
    """No document lies under this key: it was deleted, or never came here."""


class DocumentStore(Protocol):
    """Where the contents of documents are."""

    def put(self, content: bytes) -> str:
        """Keep a content; gives the key that finds it."""
        ...

    def get(self, key: str) -> bytes:
        """Give a content; raises DocumentMissing."""
        ...

    def remove(self, key: str) -> None:
        """Delete a content for good; one that is gone already is no fault."""
        ...

    def older_than(self, instant: datetime) -> Iterator[str]:
        """Give the keys of what was put before that instant."""
        ...


class FolderStore:
    """Documents as files of one folder, mode 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Write a file whole and on disk before its key is given."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_hex(24)
        opened = os.open(self._folder / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return key

    def get(self, key: str) -> bytes:
        """Read a file; raises DocumentMissing."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise DocumentMissing(key) from error

    def remove(self, key: str) -> None:
        """Delete a file."""
        self._path(key).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """Give the keys of files last written before that instant, in order."""
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.iterdir()):
            if KEY.fullmatch(path.name) and _written_at(path) < instant:
                yield path.name

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise DocumentMissing(key)
        return self._folder / key


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
