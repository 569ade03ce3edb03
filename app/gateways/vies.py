"""Whether a VAT number is one: by its form here, by the Union's register where one can be asked.

The law wants the number of a customer abroad checked before tax is left to them. Without a line to
the register the form is all that can be said, and the verdict that is kept says so.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Protocol

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

# Where the application keeps the register it asks.
REGISTER = "totem.vat_register"


class VatIdVerdict(StrEnum):
    """What is known of a number, kept with it and the instant it was asked."""

    FORM_CHECKED = "form-checked"  # well-formed with right check digits, not verified online
    REGISTERED = "registered"
    UNREGISTERED = "unregistered"


class RegisterUnavailable(Exception):
    """The register did not answer; asking later may help."""


class VatRegister(Protocol):
    """Says what is known of a well-formed number, or raises ``RegisterUnavailable``."""

    def ask(self, vat_id: str) -> VatIdVerdict:
        """Give the verdict on ``vat_id``; never called inside a transaction."""


class OfflineRegister:
    """Asks nobody: the form is checked, and that is what it says."""

    def ask(self, vat_id: str) -> VatIdVerdict:
        """Give FORM_CHECKED for a number whose form holds, UNREGISTERED for any other."""
        try:
            vat_id_from(vat_id)
        except ValueError:
            return VatIdVerdict.UNREGISTERED
        return VatIdVerdict.FORM_CHECKED


def vat_id_from(text: str) -> str:
    """Read a VAT number of a member state, written with or without spaces; raises ValueError.

    Length, letters and check digits are those of its country (python-stdnum); Greece writes EL.
    """
    number = re.sub(r"[\s.\-\u00a0\u202f]", "", text).upper()
    if number.startswith("GR"):
        number = f"EL{number[2:]}"
    try:
        return str(vat.validate(number))
    except ValidationError as error:
        raise ValueError("not a VAT number of a member state") from error
