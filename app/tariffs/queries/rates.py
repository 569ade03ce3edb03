"""Reads of the rates of VAT: the series that counts, and every entry of it with its source."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vat_rules import LEGAL_RATES, VatCode, VatRate, VatSeries
from app.people.tables import AccountRow
from app.tariffs.cards import VatEntry
from app.tariffs.tables import VatRateRow


def read_vat_series(session: Session) -> VatSeries:
    """Give the rates by code and day, the last revision of each; the law's before any was kept."""
    rows = session.execute(
        select(
            VatRateRow.code, VatRateRow.valid_from, VatRateRow.percent, VatRateRow.source
        ).order_by(VatRateRow.code, VatRateRow.valid_from, VatRateRow.revision)
    )
    last = {(row.code, row.valid_from): row for row in rows}
    if not last:
        return LEGAL_RATES
    return VatSeries(
        VatRate(VatCode(row.code), row.valid_from, Decimal(row.percent), row.source)
        for row in last.values()
    )


def read_vat_entries(session: Session) -> tuple[VatEntry, ...]:
    """Give everything ever recorded, by code, day and revision, with who did it."""
    rows = session.execute(
        select(VatRateRow, AccountRow.name)
        .outerjoin(AccountRow, AccountRow.id == VatRateRow.recorded_by)
        .order_by(VatRateRow.code, VatRateRow.valid_from.desc(), VatRateRow.revision.desc())
    )
    return tuple(
        VatEntry(
            rate=VatRate(VatCode(row.code), row.valid_from, Decimal(row.percent), row.source),
            revision=row.revision,
            recorded_at=row.recorded_at,
            recorded_by=name,
        )
        for row, name in rows
    )
