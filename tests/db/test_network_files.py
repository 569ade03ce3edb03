"""The files of the network: ours are good, and every fault is told at once, where it stands."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from app.domain.errors import BadNetwork
from app.domain.kinds import SpaceKind
from app.spaces.plan import EQUIPMENT
from app.tariffs.files import NetworkFiles, read_network_folder

OURS = Path(__file__).parents[2] / "config" / "network"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our files, to break."""
    return Path(shutil.copytree(OURS, tmp_path / "network"))


@pytest.fixture(scope="module")
def files() -> NetworkFiles:
    return read_network_folder(OURS)


def change(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first ``old`` of a file; gives the line it stood on."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BadNetwork) as raised:
        read_network_folder(folder)
    return raised.value.faults


def test_there_is_enough_for_real_use(files: NetworkFiles) -> None:
    units = {unit.code for space in files.plan.spaces for unit in space.own_units}
    assert len(files.plan.spaces) >= 60
    assert len(units) >= 150
    assert {site.code: site.pass_code for site in files.plan.sites} == {
        "metz": "mz",
        "nancy": "nc",
        "epinal": "ep",
        "thionville-gare": "tg",
        "thionville-3eme-lieu": "t3",
    }


def test_every_kind_of_place_of_the_seeds_is_there(files: NetworkFiles) -> None:
    kinds = Counter(space.kind for space in files.plan.spaces)
    assert set(kinds) == {kind.value for kind in SpaceKind}
    assert sum(1 for space in files.plan.spaces if space.parts) >= 4


def test_metz_has_a_meeting_room_for_twelve(files: NetworkFiles) -> None:
    mirabelle = next(space for space in files.plan.spaces if space.code == "metz-mirabelle")
    assert (mirabelle.kind, mirabelle.capacity, mirabelle.rate) == ("meeting_room", 12, None)


def test_every_piece_of_equipment_is_somewhere(files: NetworkFiles) -> None:
    assert {code for space in files.plan.spaces for code in space.equipment} == EQUIPMENT


def test_french_text_is_typographically_right(files: NetworkFiles) -> None:
    texts = [site.name for site in files.plan.sites]
    for told in (
        *((space.name, space.description, space.way) for space in files.plan.spaces),
        *((site.description, site.arrival) for site in files.plan.sites),
        *((door.name,) for door in files.plan.doors),
        *((building.name,) for building in files.plan.buildings),
    ):
        texts += [words["fr"] for words in told]
    wrong = re.compile(r"'|\"|\.\.\.| [;:!?%€]|« | »|\d m²|^\s|\s$|  ")
    assert [text for text in texts if wrong.search(text)] == []


def test_every_fault_is_told_at_once_with_file_and_line(folder: Path) -> None:
    lines = {
        "unknown key": change(
            folder, "sites/metz.toml", "floor = 0\n", 'colour = "red"\nfloor = 0\n'
        ),
        "wrong type": change(folder, "sites/nancy.toml", "capacity = 24", 'capacity = "24"'),
        "missing": change(folder, "operators.toml", 'legal_form = "Commune"\n', ""),
        "price": change(folder, "charter.toml", 'half_day = "9.00"', "half_day = 9.0"),
    }
    told = faults(folder)
    assert f"sites/metz.toml:{lines['unknown key']}: colour: is not known here" in told
    assert any(
        fault.startswith(
            f"sites/nancy.toml:{lines['wrong type']}: capacity: must be a whole number"
        )
        for fault in told
    )
    assert any(
        fault.startswith("operators.toml:") and "legal_form: is missing" in fault for fault in told
    )
    assert any(
        fault.startswith(f"charter.toml:{lines['price']}: rows.seat.half_day") for fault in told
    )
    assert len(told) == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('operator = "metz"', 'operator = "mars"', "operator: 'mars' is not known"),
        ('zone = "Europe/Paris"', 'zone = "Europe/Metz"', "zone: 'Europe/Metz' is none of"),
        ('pass_code = "mz"', 'pass_code = "nc"', "pass_code: 'nc' is already that of"),
        ('sat = ["09:00-18:00"]', 'sat = ["09:00-18:00", "17:00-19:00"]', "sat: the ranges"),
        ('sat = ["09:00-18:00"]', 'sat = ["18:00-09:00"]', "does not open before it closes"),
        ("number = 102", "number = 101", "number: 101 is already that of door 'metz-entree'"),
        ('code = "metz-cour"', 'code = "metz-entree"', "code: 'metz-entree' is already that of"),
        ("safe_capacity = 40", "safe_capacity = 30", "capacity: 32 is above safe_capacity 30"),
        ("safe_capacity = 40", "safe_capacity = 421", "is above that of its building"),
        ("safe_capacity = 420", "safe_capacity = 700", "safe_capacity: is above that of its site"),
        ("count = 32", "count = 31", "count: 31 places do not make a capacity of 32"),
        ('building = "metz-halle"', 'building = "nancy-mediaparc"', "is no building of this site"),
        ('doors = ["metz-entree"]', "doors = []", "doors: names no door to come in by"),
        ('doors = ["metz-entree"]', 'doors = ["th3-entree"]', "'th3-entree' is no door"),
        ('induction = "laser"', 'induction = "sewing"', "induction 'sewing' is none of"),
        ("theatre = 80, ", "theatre = 90, ", "'theatre' holds more than capacity 80"),
        ("theatre = 80, ", "opera = 80, ", "set-up 'opera' is none of"),
        ("rules = { induction", "rules = { approval = 1, induction", "approval: must be true"),
        ("rules = { induction", "rules = { colour = 1, induction", "colour: is not known here"),
        ("rules = { induction", 'rules = { linked = ["x"], induction', "'x' is nothing of"),
        ('"metz-cheneau"]', '"metz-moselle"]', "parts: 'metz-moselle' is itself divisible"),
        ('rate = "laser"', 'rate = "lasso"', "rate: the card has no row named 'lasso'"),
        ("capacity = 12\nsafe_capacity = 15", "capacity = 13\nsafe_capacity = 15", "no row for a"),
        ('"wifi", "screen"', '"wifi", "jacuzzi"', "equipment: 'jacuzzi' is not known"),
        ('area_m2 = "18"\nfloor = 1', "floor = 1", "area_m2: an office is let by the square metre"),
        ('area_m2 = "18"\nfloor = 1', 'area_m2 = "1e6"\nfloor = 1', "no office has more than"),
        ('closed_reason = "leased"', 'closed_reason = "tired"', "'tired' is none of"),
        ("on = 2026-12-24", "on = 2026-12-31", "holidays: 2026-12-31 is named twice"),
        ("on = 2026-12-24", 'on = "soon"', "on: must be a date"),
        ('reference_rent = "150.00"', 'rent = "150.00"', "site.reference_rent: needed"),
        ('code = "metz-verriere"', 'code = "Metz Verrière"', "must be small letters"),
        ("[site]", "[site", "not TOML"),
    ],
)  # fmt: skip
def test_each_contradiction_is_told(folder: Path, old: str, new: str, said: str) -> None:
    change(folder, "sites/metz.toml", old, new)
    told = faults(folder)
    assert any(said in fault for fault in told), told
    assert all(fault.startswith(("sites/", "charter.toml:")) for fault in told)


def test_the_faults_of_a_charter_are_not_repeated_for_each_site(folder: Path) -> None:
    line = change(folder, "charter.toml", 'late = "1.25"', 'late = "0.75"')
    told = faults(folder)
    assert len(told) == 1
    assert told[0].startswith(f"charter.toml:{line}: time.late")


def test_a_charter_does_not_number_itself(folder: Path) -> None:
    change(folder, "charter.toml", "[time]", "[site]\n\n[time]")
    assert any("site: is not written here" in fault for fault in faults(folder))


def test_missing_files_are_faults(folder: Path) -> None:
    (folder / "charter.toml").unlink()
    (folder / "operators.toml").unlink()
    told = faults(folder)
    assert any(fault.startswith("charter.toml:1: cannot be read") for fault in told)
    assert any(fault.startswith("operators.toml:1: cannot be read") for fault in told)


def test_a_folder_without_sites_is_a_fault(folder: Path) -> None:
    shutil.rmtree(folder / "sites")
    assert any("there is no site file" in fault for fault in faults(folder))
