"""French company numbers: SIREN with its check digit, and the VAT number made of it."""

import re

_SIREN = re.compile(r"[0-9]{9}")
_VAT = re.compile(r"[A-Z]{2}[0-9A-Z]{2,12}")
_FRENCH_VAT = re.compile(r"FR[0-9A-HJ-NP-Z]{2}[0-9]{9}")


def siren_from(text: str) -> str:
    """Read a SIREN, or the SIREN of a SIRET, written with or without spaces; raises ValueError."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", text)
    if len(digits) == 14 and _is_siret(digits):
        digits = digits[:9]
    if not _SIREN.fullmatch(digits) or digits == "000000000" or not has_luhn(digits):
        raise ValueError("not a SIREN")
    return digits


def vat_id_from(text: str) -> str:
    """Read a European VAT number, written with or without spaces; raises ValueError.

    Of a French one the key is checked too (12 + 3 × (SIREN mod 97)) mod 97; those of other
    countries are only checked for their shape.
    """
    number = re.sub(r"[\s.\-\u00a0\u202f]", "", text).upper()
    if number.startswith("FR"):
        if not _FRENCH_VAT.fullmatch(number) or not _has_french_key(number):
            raise ValueError("not a French VAT number")
        return number
    if not _VAT.fullmatch(number):
        raise ValueError("not a VAT number")
    return number


def has_luhn(digits: str) -> bool:
    """Whether the last digit checks the others (Luhn, ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_siret(digits: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{14}", digits)) and has_luhn(digits)


def _has_french_key(number: str) -> bool:
    """Whether key and SIREN agree; keys with letters (new style) are only checked for shape."""
    key, siren = number[2:4], number[4:]
    if not key.isdigit():
        return True
    return has_luhn(siren) and int(key) == (12 + 3 * (int(siren) % 97)) % 97
