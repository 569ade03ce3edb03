"""The journal on disk: a line is there, whole and chained, before a door opens."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from devices.passes import chain
from devices.passes.chain import BATCH, Entry, Head, Line
from devices.passes.claims import Seconds

RESERVE_BYTES: Final = 8 * 1024 * 1024
KEPT_AFTER_SENDING: Final = 5000
_OWNER_ONLY: Final = 0o600

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS lines (
    seq INTEGER PRIMARY KEY, body BLOB NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""
_RAISE_FLOOR: Final = """
INSERT INTO facts VALUES ('clock_floor', ?)
ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)
"""
_SET_FACT: Final = """
INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


class JournalFull(Exception):
    """A line could not be written, not even with the reserve given up: nobody may enter."""


class BrokenJournal(Exception):
    """The journal's file cannot be read; the message says why."""


class Journal:
    """The writer of one device's journal; used by the loop's thread alone."""

    def __init__(self, path: Path, device: str, *, reserve: int = RESERVE_BYTES) -> None:
        """Open or begin the journal; raises BrokenJournal."""
        self._path = path
        self._reserve = path.with_suffix(".reserve")
        try:
            self._connection = _opened(path)
            self._connection.executescript(_TABLES)
            self.head = _last(self._connection) or chain.genesis(device)
            self.sent = _fact(self._connection, "sent")
        except sqlite3.Error as error:
            raise BrokenJournal(f"{path.name}: {error}") from error
        self._hold_reserve(reserve)

    @property
    def clock_floor(self) -> Seconds:
        """The latest instant this door is sure of."""
        return _fact(self._connection, "clock_floor")

    @property
    def has_reserve(self) -> bool:
        """Whether the reserve is still there; without it the disk is nearly full."""
        return self._reserve.exists()

    def append(self, entry: Entry) -> Line:
        """Write a line durably and return it; raises JournalFull, and then nothing is written."""
        line = chain.link(self.head, chain.to_body(entry))
        try:
            self._write(line, entry.at)
        except sqlite3.Error:
            self._reserve.unlink(missing_ok=True)
            try:
                self._write(line, entry.at)
            except sqlite3.Error as error:
                raise JournalFull(str(error)) from error
        self.head = Head(line.seq, line.digest)
        return line

    def set_clock_floor(self, floor: Seconds) -> None:
        """Believe the server's signed time over our own lines, should these have run ahead.

        A full disk cannot take it in; the floor then stays where it was, which is the safe side.
        """
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute(_SET_FACT, ("clock_floor", floor))

    @property
    def last_order(self) -> int:
        """The number of the last opening from afar that was done."""
        return _fact(self._connection, "last_order")

    def set_last_order(self, number: int) -> None:
        """Remember that this order was done, so that it is done once."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute(_SET_FACT, ("last_order", number))

    def forget_before(self, instant: Seconds) -> int:
        """Drop lines older than an instant that the server holds; returns how many.

        The last line always stays, because the next one is bound to it.
        """
        oldest = min(self.sent, self.head.seq - 1)
        old = 0
        with contextlib.suppress(sqlite3.Error):
            rows = self._connection.execute(
                "SELECT seq, body FROM lines WHERE seq <= ? ORDER BY seq", (oldest,)
            )
            for seq, body in rows:
                if _is_since(body, instant):
                    break
                old = seq
            return self._connection.execute("DELETE FROM lines WHERE seq <= ?", (old,)).rowcount
        return 0

    def mark_sent(self, head: Head) -> None:
        """Remember up to where the server holds the journal, and drop what is long there.

        What a full disk cannot remember is sent once more, which does no harm.
        """
        self.sent = min(head.seq, self.head.seq)
        with contextlib.suppress(sqlite3.Error), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(_SET_FACT, ("sent", self.sent))
            self._connection.execute(
                "DELETE FROM lines WHERE seq <= ?", (self.sent - KEPT_AFTER_SENDING,)
            )

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _write(self, line: Line, at: Seconds) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT INTO lines VALUES (?, ?, ?)", (line.seq, line.body, line.digest)
            )
            self._connection.execute(_RAISE_FLOOR, (at,))

    def _hold_reserve(self, size: int) -> None:
        if self._reserve.exists() or not size:
            return
        descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY)
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError:
            self._reserve.unlink()
        finally:
            os.close(descriptor)


class JournalReader:
    """A second way into the journal, for the thread that sends it; it never writes."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    def sent(self) -> int:
        """Return up to which line the server is known to hold the journal."""
        return _fact(self._connection, "sent")

    def clock_floor(self) -> Seconds:
        """Return the latest instant this door is sure of."""
        return _fact(self._connection, "clock_floor")

    def last(self, device: str) -> Head:
        """Return where the journal stands."""
        return _last(self._connection) or chain.genesis(device)

    def after(self, seq: int) -> list[Line]:
        """Return the next lines after `seq`, one batch at most."""
        rows = self._connection.execute(
            "SELECT seq, body, digest FROM lines WHERE seq > ? ORDER BY seq LIMIT ?", (seq, BATCH)
        )
        return [Line(*row) for row in rows]

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def _is_since(body: bytes, instant: Seconds) -> bool:
    try:
        return chain.from_body(body).at >= instant
    except chain.NotAnEntry:
        return False


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=_OWNER_ONLY)
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _last(connection: sqlite3.Connection) -> Head | None:
    row = connection.execute("SELECT seq, digest FROM lines ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else Head(*row)


def _fact(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])
