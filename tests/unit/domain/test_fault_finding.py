"""Each read of a table: what passes, what is told of the rest, and the harmless value it gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.tariffs.families import Family
from app.domain.tariffs.fault_finding import Table, open_table

NUMBER = "a whole number above zero"
PRICE = 'a price in euros such as "15.00", not negative'
FACTOR = 'a number such as "0.85", in quotes, not negative'
CLOCKS = 'two times such as ["18:00", "23:00"]'
FAMILIES = " ".join(Family)


def read(name: str, value: object, *more: object) -> tuple[object, list[str]]:
    """What that read of the value gives, and the faults it notes; None is a key left out."""
    faults: list[str] = []
    content = {} if value is None else {"key": value}
    table = Table(content, "rows.one", faults)
    found = getattr(table, name)("key", *more)
    table.refuse_unknown()
    return found, faults


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("number", 1, 1),
        ("number", 240, 240),
        ("flag", True, True),
        ("flag", False, False),
        ("flag", None, False),
        ("text", " a ", " a "),
        ("price", "0", 0),
        ("price", "15", 1500),
        ("price", "15.5", 1550),
        ("price", "999999999.99", 99_999_999_999),
        ("factor", "0", Decimal(0)),
        ("factor", "9999.123456", Decimal("9999.123456")),
        ("date", date(2027, 1, 1), date(2027, 1, 1)),
        ("date", "2027-01-01", date(2027, 1, 1)),
        ("clock", "00:00", 0),
        ("clock", "18:30", 18 * 60 + 30),
        ("clocks", ["18:00", "18:01"], (1080, 1081)),
    ],
)
def test_what_is_right_is_read_without_a_fault(name: str, value: object, found: object) -> None:
    assert read(name, value) == (found, [])
    assert type(read(name, value)[0]) is type(found)


@pytest.mark.parametrize(
    ("name", "value", "fault", "instead"),
    [
        ("number", 0, f"0 is not {NUMBER}", 1),
        ("number", True, f"True is not {NUMBER}", 1),
        ("number", 1.5, f"1.5 is not {NUMBER}", 1),
        ("number", None, f"missing; {NUMBER}", 1),
        ("flag", 1, "1 is not true or false", False),
        ("flag", "true", "'true' is not true or false", False),
        ("text", " ", "' ' is not a text", ""),
        ("text", 5, "5 is not a text", ""),
        ("text", None, "missing; a text", ""),
        ("price", "-1", f"'-1' is not {PRICE}", 0),
        ("price", "1.", f"'1.' is not {PRICE}", 0),
        ("price", "1.005", f"'1.005' is not {PRICE}", 0),
        ("price", "1000000000", f"'1000000000' is not {PRICE}", 0),
        ("price", 15, f"15 is not {PRICE}", 0),
        ("price", None, f"missing; {PRICE}", 0),
        ("factor", "-0.5", f"'-0.5' is not {FACTOR}", Decimal(1)),
        ("factor", "10000", f"'10000' is not {FACTOR}", Decimal(1)),
        ("factor", "0.1234567", f"'0.1234567' is not {FACTOR}", Decimal(1)),
        ("factor", None, f"missing; {FACTOR}", Decimal(1)),
        ("date", "soon", "'soon' is not a date such as 2026-01-01", date.min),
        ("date", None, "missing; a date such as 2026-01-01", date.min),
        ("clock", "25:00", "'25:00' is not a time of day such as \"18:00\"", 0),
        ("clock", None, 'missing; a time of day such as "18:00"', 0),
        ("clocks", ["18:00", "18:00"], f"['18:00', '18:00'] is not {CLOCKS}", (0, 1)),
        ("clocks", ["18:00"], f"['18:00'] is not {CLOCKS}", (0, 1)),
        ("clocks", "18:00", f"'18:00' is not {CLOCKS}", (0, 1)),
        ("clocks", None, f"missing; {CLOCKS}", (0, 1)),
    ],
)
def test_what_is_wrong_is_told_with_what_was_wanted(
    name: str, value: object, fault: str, instead: object
) -> None:
    assert read(name, value) == (instead, [f"rows.one.key: {fault}"])


def test_names_are_those_of_the_enumeration() -> None:
    assert read("choice", "rooms", Family) == (Family.ROOMS, [])
    for value, told in (("ROOMS", "'ROOMS' is not"), (7, "7 is not"), (None, "missing;")):
        assert read("choice", value, Family) == (None, [f"rows.one.key: {told} one of {FAMILIES}"])


def test_a_list_of_names_may_be_left_out_and_has_no_other_names() -> None:
    assert read("choices", ["rooms", "seats"], Family) == ([Family.ROOMS, Family.SEATS], [])
    assert read("choices", None, Family) == ([], [])
    for value in (["rooms", "pools"], "rooms"):
        fault = f"rows.one.key: {value!r} is not a list of {FAMILIES}"
        assert read("choices", value, Family) == ([], [fault])


def test_what_may_be_left_out_is_no_fault() -> None:
    faults: list[str] = []
    table = Table({"name": "given"}, "", faults)
    assert table.text("name", default="else") == "given"
    assert table.text("other", default="else") == "else"
    assert table.price("fee", required=False) is None
    assert faults == []


def test_both_wrong_times_of_two_are_told() -> None:
    found, faults = read("clocks", ["x", "y"])
    time = 'is not a time of day such as "18:00"'
    both = f"['x', 'y'] is not {CLOCKS}"
    assert found == (0, 1)
    assert faults == [f"rows.one.key: {told}" for told in (f"'x' {time}", f"'y' {time}", both)]


def test_a_table_within_tells_its_whole_path() -> None:
    faults: list[str] = []
    top = open_table({"rows": {"one": {"hour": "dear"}, "two": 5}}, faults)
    for _, table in top.tables("rows"):
        table.price("hour")
    assert [name for name, _ in top.tables("rows")] == ["one", "two"]
    assert faults[:3] == [
        "rows.two: 5 is not a table",
        f"rows.one.hour: 'dear' is not {PRICE}",
        f"rows.two.hour: missing; {PRICE}",
    ]


def test_a_missing_table_is_told_and_read_as_an_empty_one() -> None:
    faults: list[str] = []
    table = open_table({}, faults).table("site")
    assert (table.path, dict(table.content), faults) == ("site", {}, ["site: missing; a table"])
    assert open_table({}, []).tables("rows") == []


def test_the_tables_of_a_list_are_numbered_from_zero() -> None:
    faults: list[str] = []
    top = Table({"stages": [{"months": 12}, {"months": 0}, 5]}, "offices", faults)
    found = [(stage.path, stage.number("months")) for stage in top.list_of_tables("stages")]
    assert found == [
        ("offices.stages.0", 12),
        ("offices.stages.1", 1),
        ("offices.stages.2", 1),
    ]
    assert faults == [
        "offices.stages.2: 5 is not a table",
        f"offices.stages.1.months: 0 is not {NUMBER}",
        f"offices.stages.2.months: missing; {NUMBER}",
    ]


@pytest.mark.parametrize(
    ("value", "told"), [([], "[] is not"), ({}, "{} is not"), (None, "missing;")]
)
def test_a_list_of_tables_has_at_least_one(value: object, told: str) -> None:
    assert read("list_of_tables", value) == ([], [f"rows.one.key: {told} a list of tables"])


def test_keys_that_nobody_asked_for_are_told_each_by_its_path() -> None:
    faults: list[str] = []
    table = Table({"hour": "1", "huor": "1", "yes": 1, "day": "2"}, "rows.one", faults)
    table.price("hour")
    assert table.has("day")
    assert not table.has("evening")
    table.refuse_unknown()
    assert faults == ["rows.one.huor: unknown key", "rows.one.yes: unknown key"]
    Table({"genius": "1"}, "", faults := []).refuse_unknown("not a tariff profile")
    assert faults == ["genius: not a tariff profile"]


def test_a_fault_of_the_table_itself_needs_no_key() -> None:
    faults: list[str] = []
    Table({}, "rows.one", faults).fault("", "sells nothing")
    assert faults == ["rows.one: sells nothing"]
