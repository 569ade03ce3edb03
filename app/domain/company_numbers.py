"""French company numbers: SIREN with its check digit."""

import re

_SIREN = re.compile(r"[0-9]{9}")


def siren_from(text: str) -> str:
    """Read a SIREN, or the SIREN of a SIRET, written with or without spaces; raises ValueError."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", text)
    if len(digits) == 14 and _is_siret(digits):
        digits = digits[:9]
    if not _SIREN.fullmatch(digits) or digits == "000000000" or not has_luhn(digits):
        raise ValueError("not a SIREN")
    return digits


def has_luhn(digits: str) -> bool:
    """Whether the last digit checks the others (Luhn, ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_siret(digits: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{14}", digits)) and has_luhn(digits)
