"""Contents of cards: laid over each other, compared, written as TOML and read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadRateCard
from app.domain.json_values import JsonObject
from app.tariffs.card_form import CardField, CardForm, FieldKind, charter_fields, parsed, put_at
from app.tariffs.charter import compose, json_object, own_of
from app.tariffs.comparing import Difference, compare
from app.tariffs.files import read_network_folder
from app.tariffs.toml_cards import from_toml, to_toml
from tests.databases import NETWORK_FOLDER

CHARTER = read_network_folder(NETWORK_FOLDER).cards[0].charter
KEYS = st.text(min_size=1, max_size=8)
SCALARS = st.text(max_size=12) | st.integers() | st.booleans()
LISTS = st.lists(SCALARS, max_size=3) | st.lists(
    st.dictionaries(KEYS, SCALARS, min_size=1, max_size=3), max_size=3
)
TABLES = st.recursive(
    st.dictionaries(KEYS, SCALARS | LISTS, max_size=4),
    lambda inner: st.dictionaries(KEYS, SCALARS | LISTS | inner, max_size=4),
    max_leaves=12,
)


@given(TABLES)
def test_any_content_is_read_back_from_toml_as_it_was(content: JsonObject) -> None:
    assert from_toml(to_toml(content, head="a\nb")) == content


def test_the_charter_of_the_house_survives_export_and_import() -> None:
    assert from_toml(to_toml(CHARTER)) == CHARTER


@pytest.mark.parametrize("text", ["[rows", "a = ", "a = 1\na = 2", "[" * 5000, "x" * 200_001])
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(BadRateCard):
        from_toml(text)


def test_a_site_lays_single_prices_over_the_charter_and_adds_lines() -> None:
    charter: JsonObject = {"rows": {"seat": {"day": "15.00", "half_day": "9.00"}}, "time": {}}
    own: JsonObject = {
        "reference_rent": "144.00",
        "rows": {"seat": {"day": "14.00"}, "oven": {"hour": "3.00"}},
    }
    content = compose(charter, own)
    assert content == {
        "rows": {"seat": {"day": "14.00", "half_day": "9.00"}, "oven": {"hour": "3.00"}},
        "time": {},
        "site": {"reference_rent": "144.00"},
    }
    assert own_of(content) == {"reference_rent": "144.00"}
    assert charter == {"rows": {"seat": {"day": "15.00", "half_day": "9.00"}}, "time": {}}


@given(TABLES)
def test_a_content_never_differs_from_itself(content: JsonObject) -> None:
    assert compare(content, content) == ()


@given(TABLES, TABLES)
def test_a_comparison_is_the_same_both_ways_round(first: JsonObject, second: JsonObject) -> None:
    there = {(each.path, each.before, each.after) for each in compare(first, second)}
    back = {(each.path, each.after, each.before) for each in compare(second, first)}
    assert there == back


def test_a_comparison_names_each_line_that_changes_comes_or_goes() -> None:
    before: JsonObject = {"rows": {"seat": {"day": "15.00", "evening": "9.00"}}, "free": ["seats"]}
    after: JsonObject = {"rows": {"seat": {"day": "16.00"}}, "free": ["seats"], "new": True}
    assert compare(before, after) == (
        Difference(("rows", "seat", "day"), "15.00", "16.00"),
        Difference(("new",), None, "true"),
        Difference(("rows", "seat", "evening"), "9.00", None),
    )


def test_dates_of_toml_are_kept_as_text_and_floats_as_no_number() -> None:
    content = from_toml("rent_dated = 2025-12-15\nprice = 15.5")
    assert content == {"rent_dated": "2025-12-15", "price": "15.5 without quotes"}
    assert json_object({"a": [1.5]}) == {"a": ["1.5 without quotes"]}


def test_a_form_shown_and_sent_back_untouched_changes_nothing() -> None:
    form = CardForm(CHARTER, tuple(charter_fields(CHARTER)))
    shown = {each.name: form.text(each.name) for each in form.fields}
    sent = CardForm(CHARTER, form.fields, shown)
    assert sent.read() == CHARTER
    assert sent.faults == {}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.PRICE, "15", "15.00"),
        (FieldKind.PRICE, " 1 250,5 € ", "1250.50"),
        (FieldKind.PRICE, "", None),
        (FieldKind.FACTOR, "0,4", "0.4"),
        (FieldKind.FACTOR, "1", "1.00"),
        (FieldKind.CLOCK, "8h", "08:00"),
        (FieldKind.CLOCK, "18 h 30", "18:30"),
        (FieldKind.NUMBER, "012", 12),
        (FieldKind.TEXT, "x" * 400, "x" * 300),
    ],
)
def test_what_people_type_is_kept_in_one_spelling(
    kind: FieldKind, typed: str, kept: str | int | None
) -> None:
    assert parsed(CardField(("a",), kind), typed) == kept


def test_an_emptied_table_goes_with_its_last_value() -> None:
    content: JsonObject = {"rows": {"laser": {"hour": "18.00"}}, "reason": "x"}
    put_at(content, ("rows", "laser", "hour"), None)
    assert content == {"reason": "x"}
