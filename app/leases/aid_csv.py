"""The ledger of aid as a table for the national register: its fields, one line an aid."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from app.domain.money import Money
from app.leases.aid import AidEntry, aid_number

INSTRUMENT = "rabais sur le prix de location ou de service"


def aid_register(entries: Sequence[AidEntry]) -> str:
    """Write entries, given the latest first, as CSV, the oldest first, with a mark for Excel."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(entry) for entry in reversed(entries))
    return "\ufeff" + out.getvalue()


# The names of the register, in French for its users; not translated.
_COLUMNS = (
    "numero_unique",
    "beneficiaire_siren",
    "beneficiaire_nom",
    "montant_esb_eur",
    "montant_nominal_eur",
    "date_octroi",
    "autorite",
    "financeur",
    "instrument",
    "secteur_nace",
    "reglement",
    "site",
    "objet",
    "annule_le_numero",
    "motif",
)


def _row(entry: AidEntry) -> list[str]:
    return [
        entry.number,
        entry.siren or "",
        _plain(entry.organisation),
        _euros(entry.amount),
        _euros(entry.nominal),
        entry.granted_on.isoformat(),
        _plain(entry.granter),
        "",
        INSTRUMENT,
        entry.nace,
        entry.regulation,
        entry.site,
        f"{entry.source} {entry.reference}",
        "" if entry.reverses_id is None else aid_number(entry.reverses_id),
        _plain(entry.reason) or _left_early(entry),
    ]


def _left_early(entry: AidEntry) -> str:
    left_on = entry.basis.get("left_on")
    return f"bail rendu avant son terme le {left_on}" if left_on else ""


def _plain(text: str) -> str:
    """Keep a spreadsheet from taking somebody's text for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _euros(amount: Money) -> str:
    return f"{Decimal(amount.minor) / 100:.2f}".replace(".", ",")
