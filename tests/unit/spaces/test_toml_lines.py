"""Where keys stand in a file: tables, lists of tables, long lists, dotted keys."""

from __future__ import annotations

import tomllib

import pytest

from app.spaces.toml_lines import LineIndex, line_of_error

TEXT = '''# a comment
[site]
code = "metz"          # line 3
name.fr = "Totem"
hours = [
    "[not a header]",
    "08:00-20:00",
]

[site.holidays]
closed = [
    { on = 2026-12-24 },
]

[[space]]
code = "a"
text = """
[[space]]
code = "not me"
"""

[[space]]
code = "b"

[space.hours]
mon = []
'''


def test_the_sample_is_toml() -> None:
    assert [space["code"] for space in tomllib.loads(TEXT)["space"]] == ["a", "b"]


def test_keys_have_the_line_they_stand_on() -> None:
    index = LineIndex(TEXT)
    assert index.line_of(("site",)) == 2
    assert index.line_of(("site", "code")) == 3
    assert index.line_of(("site", "name", "fr")) == 4
    assert index.line_of(("site", "holidays", "closed")) == 11


def test_tables_of_a_list_are_told_apart() -> None:
    index = LineIndex(TEXT)
    assert index.line_of(("space", 0, "code")) == 16
    assert index.line_of(("space", 1, "code")) == 23
    assert index.line_of(("space", 1, "hours", "mon")) == 26


def test_what_is_missing_has_the_line_of_its_table() -> None:
    index = LineIndex(TEXT)
    assert index.line_of(("space", 1, "capacity")) == 22
    assert index.line_of(("site", "holidays", "closed", 0, "on")) == 11
    assert index.line_of(("nowhere",)) == 1


def test_text_in_long_strings_and_lists_is_no_key() -> None:
    index = LineIndex(TEXT)
    assert index.line_of(("space", 2)) == index.line_of(("space",))
    assert index.line_of(("[not a header]",)) == 1


def test_a_syntax_error_has_its_line() -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads("a = 1\nb = = 2\n")
    assert line_of_error(raised.value) == 2
