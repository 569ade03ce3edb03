"""Loading the network: twice changes nothing, changes are taken over, bookings are protected."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.bookings import service as bookings
from app.cli import load_network
from app.db import ddl
from app.db.base import db
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain.errors import BadNetwork, OverCapacity, RoomTaken, UnknownSpace
from app.domain.intervals import Span
from app.spaces.network import Network
from app.spaces.queries import find_network, find_revision, kept_network
from app.spaces.service import LoadReport, occupy
from app.spaces.tables import DoorRow, SiteRow, SpaceRow, UnitRow
from app.tariffs.files import read_network_folder
from app.tariffs.queries import find_cards
from app.tariffs.service import load_network_files
from app.tariffs.tables import RateCardRow
from app.web import clock
from tests.conftest import NOW
from tests.databases import close, counting, network_app
from tests.stays import make_person, stay

OURS = Path(__file__).parents[2] / "config" / "network"
TOMORROW = NOW + timedelta(days=1)

Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our files, to change."""
    return Path(shutil.copytree(OURS, tmp_path / "network"))


@pytest.fixture
def house(engine_name: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of its own with our network in it, so that changes stay here."""
    app = network_app(engine_name, tmp_path / "instance")
    with app.app_context():
        yield app
    close(app)


@pytest.fixture
def change(folder: Path) -> Change:
    """Replace the first occurrence of a text in a file of the copy."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def load(folder: Path, now: datetime = NOW) -> LoadReport:
    files = read_network_folder(folder)
    with transaction() as session:
        return load_network_files(session, files, now=now)


def network() -> Network:
    with reading() as session:
        return find_network(session)


def revision() -> int:
    with reading() as session:
        return find_revision(session)[0]


def without(folder: Path, name: str, first: str, following: str) -> None:
    """Cut a stretch out of a file, from one text up to another."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    start = text.index(first)
    path.write_text(text[:start] + text[text.index(following, start) :], encoding="utf-8")


def book(code: str, hours: tuple[float, float] = (1, 3), holder: int = 1) -> None:
    span = Span(TOMORROW + timedelta(hours=hours[0]), TOMORROW + timedelta(hours=hours[1]))
    with transaction() as session:
        occupy(
            session,
            space=find_network(session).get_space(code),
            span=span,
            units_wanted=1,
            kind="booking",
            holder_id=holder,
            expires_at=None,
            now=NOW,
        )


def refused(folder: Path) -> tuple[str, ...]:
    before = network()
    with pytest.raises(BadNetwork) as raised:
        load(folder)
    assert network() is before
    return raised.value.faults


def test_loading_twice_changes_nothing(house: Flask, folder: Path) -> None:
    before, number = network(), revision()
    report = load(folder, now=NOW + timedelta(days=3))
    assert (report.changed, report.warnings) == ((), ())
    assert revision() == number
    assert network() is before


def test_the_network_is_told_to_have_changed_once(house: Flask, folder: Path) -> None:
    load(folder)
    with reading() as session:
        kinds = session.scalars(select(OutboxRow.kind)).all()
    assert kinds == ["network-changed"]


def test_what_may_change_changes(house: Flask, folder: Path, change: Change) -> None:
    book("metz-mirabelle")
    change("sites/metz.toml", 'fr = "Salle Mirabelle"', 'fr = "Grande salle Mirabelle"')
    change(
        "sites/metz.toml", "capacity = 12\nsafe_capacity = 15", "capacity = 11\nsafe_capacity = 15"
    )
    report = load(folder)
    assert report.changed == (
        "door metz-mirabelle changed: name",
        "space metz-mirabelle changed: capacity 12 -> 11",
    )
    assert network().get_space("metz-mirabelle").capacity == 11
    assert revision() == 2


def test_a_process_that_missed_a_load_sells_by_the_new_network(
    house: Flask, folder: Path, change: Change
) -> None:
    person, twelve, eleven = make_person(house), "capacity = 12\n", "capacity = 11\n"
    known = network()
    change("sites/metz.toml", f"{twelve}safe_capacity = 15", f"{eleven}safe_capacity = 15")
    load(folder)
    with transaction() as session:
        assert kept_network(session) is known
        with pytest.raises(OverCapacity):
            bookings.book(session, person, stay(people=12), now=NOW)
    known = network()
    change("sites/metz.toml", f"{eleven}safe_capacity = 15", f"{twelve}safe_capacity = 15")
    load(folder)
    with transaction() as session:
        assert kept_network(session) is known
        booked = bookings.book(session, person, stay(people=12), now=NOW)
    assert booked.space is network().get_space("metz-mirabelle")


def test_a_place_nobody_booked_may_go_and_come_back(
    house: Flask, folder: Path, change: Change
) -> None:
    old = network().get_space("metz-quetsche")
    kept = (folder / "sites/metz.toml").read_text(encoding="utf-8")
    without(
        folder,
        "sites/metz.toml",
        '[[space]]\ncode = "metz-quetsche"',
        '[[space]]\ncode = "metz-bergamote"',
    )
    report = load(folder)
    assert "space metz-quetsche retired" in report.changed
    with pytest.raises(UnknownSpace):
        network().get_space("metz-quetsche")
    with reading() as session:
        assert session.scalars(select(SpaceRow.retired_at).where(SpaceRow.code == old.code)).one()
    (folder / "sites/metz.toml").write_text(kept, encoding="utf-8")
    load(folder)
    assert network().get_space("metz-quetsche").id == old.id


def test_a_booked_place_cannot_be_removed(house: Flask, folder: Path) -> None:
    book("metz-quetsche")
    book("metz-quetsche", (4, 5), holder=2)
    without(
        folder,
        "sites/metz.toml",
        '[[space]]\ncode = "metz-quetsche"',
        '[[space]]\ncode = "metz-bergamote"',
    )
    assert refused(folder) == ("space metz-quetsche cannot be removed: 2 booking(s) to come",)


def test_a_booked_place_keeps_its_kind_and_its_units(
    house: Flask, folder: Path, change: Change
) -> None:
    book("metz-moselle")
    change("sites/metz.toml", 'parts = ["metz-seille", "metz-cheneau"]', "count = 12")
    change(
        "sites/metz.toml",
        'code = "metz-moselle"\nbuilding = "metz-halle"\nkind = "meeting_room"',
        'code = "metz-moselle"\nbuilding = "metz-halle"\nkind = "videoconference"',
    )
    told = refused(folder)
    assert len(told) == 2
    assert all("metz-moselle cannot change: 1 booking(s) to come" in fault for fault in told)
    assert any("kind of" in fault and fault.startswith("sites/metz.toml:") for fault in told)


def test_a_floor_may_lose_free_seats_and_no_booked_one(
    house: Flask, folder: Path, change: Change
) -> None:
    book("nancy-rive")
    change("sites/nancy.toml", "count = 8\ncapacity = 8", "count = 7\ncapacity = 7")
    assert "unit nancy-rive-08 retired" in load(folder).changed
    assert len(network().get_space("nancy-rive").units) == 7
    for seat in range(2, 8):
        book("nancy-rive", holder=seat)
    change("sites/nancy.toml", "count = 7\ncapacity = 7", "count = 5\ncapacity = 5")
    assert refused(folder) == (
        "unit nancy-rive-06 cannot be removed: 1 booking(s) to come",
        "unit nancy-rive-07 cannot be removed: 1 booking(s) to come",
    )


def test_past_bookings_protect_nothing(house: Flask, folder: Path) -> None:
    book("metz-quetsche")
    without(
        folder,
        "sites/metz.toml",
        '[[space]]\ncode = "metz-quetsche"',
        '[[space]]\ncode = "metz-bergamote"',
    )
    assert load(folder, now=NOW + timedelta(days=3)).changed


def test_a_door_before_a_booked_place_cannot_be_removed(
    house: Flask, folder: Path, change: Change
) -> None:
    book("metz-mirabelle")
    without(folder, "sites/metz.toml", "[[door]]\nnumber = 104", "[[door]]\nnumber = 105")
    change(
        "sites/metz.toml", 'doors = ["metz-entree", "metz-mirabelle"]', 'doors = ["metz-entree"]'
    )
    assert refused(folder) == (
        "door metz-mirabelle cannot be removed: 1 booking(s) to come behind it",
    )


def test_numbers_that_stand_on_passes_never_change_hands(
    house: Flask, folder: Path, change: Change
) -> None:
    change("sites/metz.toml", "number = 104", "number = 190")
    change("sites/nancy.toml", 'pass_code = "nc"', 'pass_code = "ny"')
    change(
        "sites/epinal.toml",
        'code = "epinal-studio"\nname = { fr = "Studio Estampe", de',
        'code = "epinal-atelier"\nname = { fr = "Studio Estampe", de',
    )
    change(
        "sites/epinal.toml",
        'doors = ["epinal-entree", "epinal-studio"]',
        'doors = ["epinal-entree", "epinal-atelier"]',
    )
    told = refused(folder)
    assert any("door 'metz-mirabelle' is 104 on passes already" in fault for fault in told)
    assert any("passes in circulation say 'nc'" in fault for fault in told)
    assert any("304 was that of 'epinal-studio'" in fault for fault in told)


def test_a_code_stays_at_its_site(house: Flask, folder: Path) -> None:
    metz = folder / "sites/metz.toml"
    text = metz.read_text(encoding="utf-8")
    start = text.index('[[space]]\ncode = "metz-cafe"')
    moved = (
        text[start:].replace("metz-halle", "nancy-mediaparc").replace("metz-entree", "nancy-entree")
    )
    metz.write_text(text[:start], encoding="utf-8")
    nancy = folder / "sites/nancy.toml"
    nancy.write_text(nancy.read_text(encoding="utf-8") + "\n" + moved, encoding="utf-8")
    assert any("'metz-cafe' belongs to metz: use a new code" in fault for fault in refused(folder))


def test_shorter_hours_are_loaded_with_a_warning(
    house: Flask, folder: Path, change: Change
) -> None:
    book("metz-mirabelle", (9, 10))
    change("sites/metz.toml", 'tue = ["08:00-20:00"]', 'tue = ["08:00-17:00"]')
    assert load(folder).warnings == (
        "metz-mirabelle: 1 booking(s) to come lie outside the new hours",
    )


def test_a_changed_card_is_a_new_version_from_today(
    house: Flask, folder: Path, change: Change
) -> None:
    change("charter.toml", 'day = "140.00"', 'day = "145.00"')
    report = load(folder, now=NOW + timedelta(days=10))
    assert len(report.changed) == 5
    with reading() as session:
        rows = session.execute(
            select(RateCardRow.version, RateCardRow.effective_on).order_by(RateCardRow.id)
        ).all()
        cards = find_cards(session, find_network(session))
    assert [tuple(row) for row in rows] == [(1, date(2026, 1, 1))] * 5 + [
        (2, date(2026, 12, 3))
    ] * 5
    assert cards.card_for("metz", date(2026, 12, 2)).rows["meeting_12"].day == 14000
    assert cards.card_for("metz", date(2026, 12, 3)).rows["meeting_12"].day == 14500


def test_a_site_whose_card_did_not_change_keeps_its_version(
    house: Flask, folder: Path, change: Change
) -> None:
    later = NOW + timedelta(days=10)
    change("sites/epinal.toml", "floor = 0", "floor = 1")  # a place, not a price
    assert not any("rate card" in line for line in load(folder, now=later).changed)
    change("sites/thionville-gare.toml", 'coefficient = "1.10"', 'coefficient = "1.15"')
    changed = [line for line in load(folder, now=later).changed if "rate card" in line]
    assert changed == ["rate card thionville-gare version 2 from 2026-12-03"]
    with reading() as session:
        newest = session.execute(
            select(SiteRow.code, func.max(RateCardRow.version))
            .join(SiteRow, SiteRow.id == RateCardRow.site_id)
            .group_by(SiteRow.code)
            .order_by(SiteRow.code)
        ).all()
    assert {code for code, version in newest if version > 1} == {"thionville-gare"}
    assert len(newest) == 5


def test_a_new_network_costs_few_statements_and_a_known_one_a_single_one(
    house: Flask, folder: Path, change: Change
) -> None:
    change("sites/metz.toml", "floor = 0", "floor = 1")
    load(folder)
    with counting(house) as counted:
        network()
    assert len(counted) <= 10
    with counting(house) as counted:
        network()
    assert len(counted) == 1


def test_doors_and_units_of_all_sites_are_there(house: Flask) -> None:
    with reading() as session:
        assert len(session.scalars(select(UnitRow.id)).all()) >= 150
        numbers = session.scalars(select(DoorRow.number).order_by(DoorRow.number)).all()
    found = network()
    assert [door.number for site in found.sites for door in site.doors] == numbers
    assert found.get_door(104).code == "metz-mirabelle"
    assert all(space.doors for space in found.spaces)


def test_calendars_follow_the_commune(house: Flask) -> None:
    good_friday, boxing_day = date(2027, 3, 26), date(2026, 12, 26)
    closed = {
        site.code
        for site in network().sites
        if not site.calendar.hours_on(good_friday) and not site.calendar.hours_on(boxing_day)
    }
    assert closed == {"metz", "thionville-gare", "thionville-3eme-lieu"}
    metz, nancy = network().get_site("metz"), network().get_site("nancy")
    assert metz.calendar.reason_on(good_friday) == "Vendredi saint"
    assert nancy.calendar.hours_on(good_friday) == ((480, 1200),)
    assert metz.notes[date(2026, 12, 24)].get("de") == "Schließung zum Jahresende"


def test_a_site_may_open_on_a_holiday(house: Flask, folder: Path, change: Change) -> None:
    words = 'fr = "Portes ouvertes", de = "Offene Tür", en = "Open day"'
    change(
        "sites/nancy.toml",
        "open = []",
        f'open = [{{ on = 2027-05-01, hours = ["10:00-18:00"], {words} }}]',
    )
    load(folder)
    labour_day = date(2027, 5, 1)
    nancy, metz = network().get_site("nancy"), network().get_site("metz")
    assert nancy.calendar.hours_on(labour_day) == ((600, 1080),)
    assert network().get_space("nancy-callot").calendar.hours_on(labour_day) == ((600, 1080),)
    assert nancy.notes[labour_day].get("en") == "Open day"
    assert metz.calendar.hours_on(labour_day) == ()


def test_a_place_goes_on_holding_the_people_announced(
    house: Flask, folder: Path, change: Change
) -> None:
    person = make_person(house)
    with transaction() as session:
        bookings.book(session, person, stay("10:00-12:00", people=11), now=NOW)
    change(
        "sites/metz.toml", "capacity = 12\nsafe_capacity = 15", "capacity = 11\nsafe_capacity = 15"
    )
    assert any("capacity 12 -> 11" in line for line in load_network(folder))
    change(
        "sites/metz.toml", "capacity = 11\nsafe_capacity = 15", "capacity = 10\nsafe_capacity = 15"
    )
    with clock.freeze(NOW), pytest.raises(BadNetwork) as raised:
        load_network(folder)
    assert len(raised.value.faults) == 1
    assert "metz-mirabelle cannot fall to 10: 11 people are announced" in raised.value.faults[0]


def test_the_command_prints_one_fault_a_line(house: Flask, folder: Path, change: Change) -> None:
    change("sites/metz.toml", "number = 102", "number = 101")
    change("charter.toml", 'late = "1.25"', 'late = "0.75"')
    said = house.test_cli_runner().invoke(args=["network", "load", str(folder)])
    assert said.exit_code == 1
    first, second = said.output.removeprefix("Error: ").splitlines()
    assert first.startswith("charter.toml:")
    assert second.startswith("sites/metz.toml:")


def test_the_command_says_what_changed(house: Flask, folder: Path, change: Change) -> None:
    runner = house.test_cli_runner()
    change("sites/metz.toml", "safe_capacity = 420", "safe_capacity = 430")
    said = runner.invoke(args=["network", "load", str(folder)])
    assert said.output == "building metz-halle changed: safe_capacity 420 -> 430\n"
    assert runner.invoke(args=["network", "load", str(folder)]).output == "Nothing changed.\n"


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_overlaps_are_refused_where_the_extension_may_not_be_created(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ddl, "_has_btree_gist", lambda _: False)
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE allocations DROP CONSTRAINT {ddl.NO_OVERLAP}"))
        connection.execute(text("DROP EXTENSION btree_gist"))
        ddl.forbid_overlap(None, connection)
    book("metz-mirabelle")
    with pytest.raises(RoomTaken):
        book("metz-mirabelle", (2, 4), holder=2)
    monkeypatch.setattr("app.spaces.service.allocations.rows_around", lambda *_: [])
    with pytest.raises(RoomTaken):
        book("metz-mirabelle", (2, 4), holder=2)
    book("metz-quetsche", (2, 4), holder=3)
