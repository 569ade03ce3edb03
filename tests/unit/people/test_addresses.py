"""One mailbox has one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.addresses import normal_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Coworker@Totem.example", "coworker@totem.example"),
        ("  a@b.fr ", "a@b.fr"),
        ("a+b.c@exemple.fr", "a+b.c@exemple.fr"),
        ("a@münchen.de", "a@xn--mnchen-3ya.de"),
        ("concierge.thionville-3eme-lieu@totem.example",) * 2,
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "@b.fr",
        "a@",
        "a@b",
        "a b@c.fr",
        "a@b.fr\nBcc: x@y.fr",
        "é@b.fr",
        "a@b..fr",
        "x" * 300 + "@b.fr",
        "a\0@b.fr",
        "<a@b.fr>",
        "a@b.fr, c@d.fr",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        normal_email(typed)


@given(st.text(max_size=40) | st.emails())
def test_an_address_is_ascii_and_lower_case_and_stays_as_it_is(typed: str) -> None:
    try:
        kept = normal_email(typed)
    except ValueError:
        return
    assert kept.isascii()
    assert kept == kept.lower()
    assert normal_email(kept) == kept
