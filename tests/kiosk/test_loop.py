"""A door in operation: what it opens for, what it writes first, and what it tells people."""

from dataclasses import replace
from pathlib import Path

import pytest

from devices.drivers.fake.driver import FakeLock
from devices.drivers.protocol import LockUnreachable
from devices.kiosk.events import JournalTaken, LinkChanged, ReaderChanged, SnapshotCame, Tick
from devices.kiosk.journal import JournalFull
from devices.kiosk.state import StateFolder
from devices.kiosk.views import Tone
from devices.passes.chain import Entry, Head, Kind, Line
from devices.passes.rules import Mode
from tests.kiosk.doors import (
    DEVICE,
    IDENTITY,
    SNAPSHOT,
    entries_of,
    kinds,
    open_door,
    sealed,
    snapshot_with,
)
from tests.unit.passes.papers import CLAIMS, OTHER_DOOR, PASS_ID, RULES, STARTS, live
from tests.unit.passes.papers import sealed as pass_text


class WatchfulLock:
    """A lock that looks into the journal at the moment it is told to open."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self.seen: list[list[tuple[str, str]]] = []

    def pulse(self, seconds: float) -> None:
        """Note what another process would find on disk right now."""
        self.seen.append(kinds(entries_of(self._journal)))

    def close(self) -> None:
        """Do nothing."""


class DeadLock:
    """A lock whose wire is cut."""

    def pulse(self, seconds: float) -> None:
        """Fail."""
        raise LockUnreachable("cut")

    def close(self) -> None:
        """Do nothing."""


def pulses(lock: object) -> list[float]:
    assert isinstance(lock, FakeLock)
    return lock.pulses


def test_a_pass_opens_the_door_and_the_journal_says_so(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    view = door.scan(pass_text())
    assert (view.tone, view.word) == (Tone.OPEN, "OUVERT")
    assert view.sentence == "2.07\xa0: entrez. Réservation jusqu’à 17\xa0h\xa000."
    assert pulses(door.lock) == [5.0]
    assert kinds(door.entries()) == [("boot", ""), ("grant", "static")]
    assert door.entries()[1] == Entry(
        at=STARTS + 5,
        uptime_ms=1_005_000,
        boot=b"bootboot",
        kind=Kind.GRANT,
        door=RULES.door,
        reason="static",
        pass_id=PASS_ID,
        online=False,
        snapshot=1,
    )
    assert door.woken, "the sending thread is told at once"


def test_the_line_is_on_disk_before_the_lock_is_told(tmp_path: Path) -> None:
    lock = WatchfulLock(tmp_path / f"journal-{DEVICE}.db")
    open_door(tmp_path, lock=lock).scan(pass_text())
    assert lock.seen == [[("boot", ""), ("grant", "static")]]


def test_a_refusal_is_written_down_and_tells_the_person_what_to_do(tmp_path: Path) -> None:
    door = open_door(tmp_path, now=STARTS - 3600, held=snapshot_with(server_time=STARTS - 3700))
    view = door.scan(pass_text())
    assert (view.tone, view.word) == (Tone.SHUT, "FERMÉ")
    assert view.sentence == "Trop tôt\xa0: ouvre à 14\xa0h\xa050."
    assert pulses(door.lock) == []
    assert kinds(door.entries())[1:] == [("deny", "too-early")]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Ici 2.07, la vôtre est 2.09."),
        ("en", "This is 2.07, yours is 2.09."),
        ("de", "Hier ist 2.07, Ihre Tür ist 2.09."),
    ],
)
def test_the_wrong_door_names_the_right_one(tmp_path: Path, language: str, sentence: str) -> None:
    door = open_door(tmp_path, language=language)
    assert door.scan(pass_text(replace(CLAIMS, doors=(OTHER_DOOR,)))).sentence == sentence


def test_several_right_doors_are_all_named(tmp_path: Path) -> None:
    view = open_door(tmp_path).scan(pass_text(replace(CLAIMS, doors=(100, OTHER_DOOR))))
    assert view.sentence == "Ici 2.07, la vôtre est Entrée ou 2.09."


def test_a_pass_for_a_door_nobody_knows_is_sent_to_the_booking(tmp_path: Path) -> None:
    view = open_door(tmp_path).scan(pass_text(replace(CLAIMS, doors=(9999,))))
    assert view.sentence.startswith("Ce code est pour une autre porte")


def test_a_pass_for_tomorrow_is_told_the_day_too(tmp_path: Path) -> None:
    tomorrow = replace(CLAIMS, not_before=STARTS + 86_400, not_after=STARTS + 90_000)
    view = open_door(tmp_path).scan(pass_text(tomorrow))
    assert view.sentence == "Trop tôt\xa0: ouvre le 23/11 à 14\xa0h\xa050."


def test_a_revoked_pass_is_refused_once_the_snapshot_came(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    assert door.scan(pass_text()).tone is Tone.OPEN
    later = snapshot_with(version=2, server_time=door.now, revoked=frozenset({PASS_ID}))
    door.act(SnapshotCame(later, sealed(later)))
    view = door.scan(pass_text())
    assert view.tone is Tone.SHUT
    assert view.sentence.startswith("Code annulé ou remplacé")
    kept = StateFolder(tmp_path).find_snapshot(IDENTITY)
    assert kept is not None
    assert kept.version == 2


def test_a_locked_down_door_says_so(tmp_path: Path) -> None:
    rules = replace(RULES, mode=Mode.LOCKED_DOWN, mode_until=STARTS + 3600)
    door = open_door(tmp_path, held=snapshot_with(rules=rules))
    assert door.scan(pass_text()).sentence.startswith("Porte fermée par le personnel")


def test_a_door_without_a_snapshot_opens_for_nobody(tmp_path: Path) -> None:
    door = open_door(tmp_path, held=None)
    assert door.screen.shown[-1].tone is Tone.WAIT
    view = door.scan(pass_text())
    assert view.sentence.startswith("Cette porte n’est pas encore en service")
    assert kinds(door.entries())[1:] == [("deny", "offline-too-long")]
    assert door.act(SnapshotCame(SNAPSHOT, sealed(SNAPSHOT))).tone is Tone.IDLE
    assert door.scan(pass_text()).tone is Tone.OPEN


def test_a_snapshot_without_this_door_opens_for_nobody(tmp_path: Path) -> None:
    door = open_door(tmp_path, held=replace(SNAPSHOT, doors=()))
    assert door.scan(pass_text()).tone is Tone.SHUT


def test_what_cannot_be_written_down_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = open_door(tmp_path)

    def full(entry: Entry) -> Line:
        raise JournalFull("disk")

    monkeypatch.setattr(door.journal, "append", full)
    view = door.scan(pass_text())
    assert view.tone is Tone.SHUT
    assert view.sentence.startswith("Cette porte ne peut plus noter les entrées")
    assert pulses(door.lock) == []


def test_a_dead_lock_is_shown_and_written_down(tmp_path: Path) -> None:
    door = open_door(tmp_path, lock=DeadLock())
    view = door.scan(pass_text())
    assert view.tone is Tone.FAULT
    assert kinds(door.entries())[1:] == [("grant", "static"), ("fault", "cut")]


def test_a_clock_set_back_opens_for_nobody_until_it_is_right_again(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    assert door.scan(pass_text()).tone is Tone.OPEN
    door.now -= 600
    assert door.scan(pass_text()).sentence.startswith("L’horloge de cette porte est fausse")
    assert not door.entries()[-1].clock_trusted
    door.now += 600
    assert door.scan(pass_text()).tone is Tone.OPEN


def test_the_clock_floor_survives_a_restart(tmp_path: Path) -> None:
    first = open_door(tmp_path)
    first.act(Tick(), after=3000)
    first.scan(pass_text())
    first.journal.close()
    again = open_door(tmp_path, now=STARTS + 10)
    assert again.scan(pass_text()).sentence.startswith("L’horloge")


def test_the_server_s_signed_time_mends_a_clock_that_had_run_ahead(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.now += 10**6
    door.scan(pass_text())
    door.now = STARTS + 60
    assert door.scan(pass_text()).sentence.startswith("L’horloge")
    later = snapshot_with(version=2, server_time=STARTS + 50)
    door.act(SnapshotCame(later, sealed(later)))
    assert door.scan(pass_text()).tone is Tone.OPEN


def test_one_code_held_before_the_reader_is_judged_once(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    for _ in range(50):
        door.scan(pass_text(), after=0.1)
    assert pulses(door.lock) == [5.0]
    door.scan(pass_text(), after=3.1)
    assert pulses(door.lock) == [5.0, 5.0]


def test_a_flood_of_codes_is_judged_a_few_at_a_time_and_then_paused(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    for number in range(1000):
        door.scan(f"RB1:{number}", after=0.01)
    denials = [entry for entry in door.entries() if entry.kind is Kind.DENY]
    assert len(denials) == 5
    assert "Trop d’essais\xa0: attendez dix secondes, puis montrez votre code." in {
        note for view in door.screen.shown for note in view.notes
    }
    assert door.scan(pass_text(), after=0.5).tone is Tone.WAIT, "still paused"
    assert door.scan(pass_text(), after=10).tone is Tone.OPEN


def test_a_grant_forgets_the_refusals_before_it(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    for number in range(12):
        door.scan(f"RB1:{number}", after=1)
        if number % 3 == 2:
            assert door.scan(pass_text(), after=4).tone is Tone.OPEN


def test_the_screen_goes_back_to_idle_and_says_whether_the_room_is_free(tmp_path: Path) -> None:
    door = open_door(tmp_path, now=STARTS - 700)
    door.act(LinkChanged())
    idle = door.screen.shown[-1]
    assert (idle.tone, idle.word) == (Tone.IDLE, "2.07")
    assert idle.lines == (
        "Libre jusqu’à 15\xa0h\xa000",
        "Ensuite\xa0: 15\xa0h\xa000\u202f–\u202f17\xa0h\xa000",
    )
    assert idle.notes == ()
    assert door.scan("x").tone is Tone.SHUT
    assert door.act(Tick(), after=2).tone is Tone.SHUT
    assert door.act(Tick(), after=4).tone is Tone.IDLE
    taken = door.act(Tick(), after=800)
    assert (taken.lines, taken.notes) == (("Occupée jusqu’à 17\xa0h\xa000",), ())


def test_the_screen_says_since_when_it_is_offline_and_why_it_is_refused(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    online = door.act(LinkChanged())
    assert (online.lines, online.notes) == (("Occupée jusqu’à 17\xa0h\xa000",), ())
    offline = door.act(LinkChanged("unreachable"), after=60)
    assert offline.notes[0].startswith("Sans réseau depuis 15\xa0h\xa001")
    pending = door.act(LinkChanged("device-pending"))
    assert "3F2A-91C0-7B44-E801" in pending.notes[0]
    refused = door.act(LinkChanged("device-revoked"))
    assert refused.notes[0] == "Le serveur refuse cette porte\xa0: device-revoked"
    lost = door.act(ReaderChanged("gone"))
    assert lost.notes[1] == "Lecteur débranché\xa0: gone"


def test_a_line_says_whether_the_door_was_online(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.scan(pass_text())
    door.act(LinkChanged())
    door.scan(pass_text())
    assert [entry.online for entry in door.entries()] == [False, False, True]


def test_what_the_server_holds_is_remembered(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.act(JournalTaken(Head(1, bytes(32))))
    assert door.journal.sent == 1


def test_a_live_code_opens_once_and_its_picture_never_again(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    code = live(at=STARTS + 5)
    assert door.scan(code).tone is Tone.OPEN
    assert door.scan(code).sentence.startswith("Ce code a déjà servi")
    assert door.scan(live(at=STARTS + 15)).tone is Tone.OPEN
    assert [reason for _, reason in kinds(door.entries())[1:]] == ["live", "used", "live"]


def test_a_door_that_woke_up_takes_no_code_drawn_before(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    assert door.scan(live(at=STARTS - 1)).sentence.startswith("Ce code a déjà servi")
