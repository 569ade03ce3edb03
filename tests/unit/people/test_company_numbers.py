"""French company numbers are read as people write them, and a wrong digit is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.company_numbers import has_luhn, siren_from
from app.gateways.vies import OfflineRegister, VatIdVerdict, VatRegister, vat_id_from

OVH_SIREN = "424761419"


@pytest.mark.parametrize(
    "typed", [OVH_SIREN, "424 761 419", " 424\u00a0761\u202f419 ", "424.761.419", "42476141900045"]
)
def test_a_siren_is_read_as_people_write_it(typed: str) -> None:
    assert siren_from(typed) == OVH_SIREN


@pytest.mark.parametrize(
    "typed", ["", "424761418", "42476141", "4247614190", "000000000", "42476141A", "٤٢٤٧٦١٤١٩"]
)
def test_what_is_no_siren_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="SIREN"):
        siren_from(typed)


@given(st.text())
def test_a_siren_is_nine_digits_or_refused(typed: str) -> None:
    try:
        read = siren_from(typed)
    except ValueError:
        return
    assert len(read) == 9
    assert has_luhn(read)


@given(st.integers(0, 99_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_siren_is_always_seen(stem: int, place: int, shift: int) -> None:
    digits = next(text for last in range(10) if has_luhn(text := f"{stem:08d}{last}"))
    wrong = (int(digits[place]) + shift) % 10
    assert not has_luhn(digits[:place] + str(wrong) + digits[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("FR22424761419", "FR22424761419"),
        ("fr 22 424 761 419", "FR22424761419"),
        ("DE136695976", "DE136695976"),
        ("LU 263 752 45", "LU26375245"),
        ("GR 123456783", "EL123456783"),
        ("el\u00a0123\u202f456.783", "EL123456783"),
    ],
)
def test_a_vat_number_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert vat_id_from(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        *("", "FR23424761419", "FR2242476141", "22424761419", "F", "FR", "DE-"),
        *("DE136695977", "LU12345678", "XI123456789", "CHE123456788", "été"),
    ],
)
def test_what_is_no_vat_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="VAT number"):
        vat_id_from(typed)


def test_the_offline_register_says_no_more_than_that_the_form_holds() -> None:
    register: VatRegister = OfflineRegister()
    assert register.ask("LU26375245") is VatIdVerdict.FORM_CHECKED
    assert register.ask("LU26375246") is VatIdVerdict.UNREGISTERED
