"""The journal on disk: whole, chained, and stronger than a pulled plug or a full disk."""

import collections
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from devices.kiosk.journal import (
    KEPT_AFTER_SENDING,
    BrokenJournal,
    Journal,
    JournalFull,
    JournalReader,
)
from devices.passes.chain import BATCH, Entry, Head, Kind, extend, genesis
from tests.conftest import SOAK
from tests.kiosk.doors import DEVICE, entries_of
from tests.unit.passes.papers import PASS_ID, STARTS

KILLS = 40 if SOAK else 3


def entry(number: int = 0) -> Entry:
    return Entry(STARTS + number, number, b"bootboot", Kind.GRANT, 207, "static", PASS_ID)


def journal_in(folder: Path, reserve: int = 4096) -> Journal:
    return Journal(folder / "journal.db", DEVICE, reserve=reserve)


def test_a_journal_goes_on_where_it_stopped(tmp_path: Path) -> None:
    first = journal_in(tmp_path)
    for number in range(3):
        first.append(entry(number))
    first.close()
    again = journal_in(tmp_path)
    assert again.head == first.head
    assert again.append(entry(3)).seq == 4
    assert entries_of(tmp_path / "journal.db") == [entry(number) for number in range(4)]


def test_lines_are_read_in_batches(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for number in range(BATCH + 1):
        journal.append(entry(number))
    reader = JournalReader(tmp_path / "journal.db")
    first = reader.after(0)
    assert len(first) == BATCH
    assert [line.seq for line in reader.after(BATCH)] == [BATCH + 1]
    assert reader.last(DEVICE) == journal.head
    assert extend(extend(genesis(DEVICE), first), reader.after(BATCH)) == journal.head
    reader.close()


def test_sent_lines_are_kept_for_a_while_and_then_dropped(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for number in range(3):
        journal.append(entry(number))
    journal.mark_sent(journal.head)
    reader = JournalReader(tmp_path / "journal.db")
    assert reader.sent() == 3
    assert len(reader.after(0)) == 3, f"the last {KEPT_AFTER_SENDING} stay"
    journal.mark_sent(Head(99, bytes(32)))
    assert reader.sent() == 3, "the server cannot hold more than there is"
    reader.close()


def test_the_clock_floor_rises_with_each_line_and_falls_only_by_the_server_s_word(
    tmp_path: Path,
) -> None:
    journal = journal_in(tmp_path)
    journal.append(entry(50))
    journal.append(entry(20))
    assert journal.clock_floor == STARTS + 50
    journal.set_clock_floor(STARTS + 30)
    assert journal.clock_floor == STARTS + 30


def _fill(journal: Journal, pages: int) -> None:
    """Let the database grow no further, as a full disk would not."""
    connection = journal._connection
    used = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {used + pages}")


def test_a_full_disk_first_takes_the_reserve_and_then_refuses(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    assert (tmp_path / "journal.reserve").stat().st_size == 4096
    journal.append(entry())
    _fill(journal, 1)
    with pytest.raises(JournalFull):
        collections.deque(map(journal.append, map(entry, range(10_000))), maxlen=0)
    written = len(entries_of(tmp_path / "journal.db"))
    assert not journal.has_reserve
    assert journal.head.seq == written, "the line that failed is not in the chain"
    _fill(journal, 10)
    assert journal.append(entry()).seq == written + 1
    assert len(entries_of(tmp_path / "journal.db")) == written + 1


def test_a_journal_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    journal_in(tmp_path).append(entry())
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0}, modes


def test_a_spoilt_file_is_named_and_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(BrokenJournal, match=r"journal\.db"):
        journal_in(tmp_path)
    assert path.read_bytes().startswith(b"not a database")


def test_an_edited_line_is_found_by_whoever_checks(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for number in range(3):
        journal.append(entry(number))
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.execute("UPDATE lines SET body = (SELECT body FROM lines WHERE seq = 1)")
    with pytest.raises(Exception, match="chain at 2"):
        entries_of(tmp_path / "journal.db")


WRITER = """
import sys
from pathlib import Path
from tests.kiosk.test_journal import entry, journal_in
journal = journal_in(Path(sys.argv[1]))
while True:
    print(journal.append(entry()).seq, flush=True)
"""


def test_no_line_once_reported_is_lost_to_kill_minus_nine(tmp_path: Path) -> None:
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(25):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split("\n")
        writer.stdout.close()
        writer.wait()
        reported = [int(line) for line in rest[:-1] if line]
        kept = len(entries_of(tmp_path / "journal.db"))
        assert kept >= max(reported, default=25)
