"""Reads `vat.toml`: the dated rates of VAT by code, each with the text that set it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.vat_rules import LEGAL_RATES, TAXED, VatCode, VatRate, VatSeries
from app.spaces.toml_tables import Source, Table


def read_vat(source: Source) -> VatSeries:
    """Read every `[[rate]]`; faults are noted in the source, and then the law's rates are given."""
    root = source.root()
    rates = [_rate(table) for table in root.tables("rate")]
    root.finish()
    if not source.faults and not rates:
        source.faults.append(source.at(()).fault("rate: at least one [[rate]] is needed"))
    if source.faults:
        return LEGAL_RATES
    try:
        return VatSeries(rates)
    except ValueError as error:
        source.faults.append(source.at(("rate",)).fault(f"rate: {error}"))
        return LEGAL_RATES


def _rate(table: Table) -> VatRate:
    code = table.choice("code", sorted(TAXED))
    percent = table.decimal("percent")
    if percent is None or percent > 100:
        table.fault("percent", 'must be a per cent written as text, such as "5.5"')
    rate = VatRate(
        code=VatCode(code) if code else VatCode.STANDARD,
        valid_from=_day(table, "valid_from"),
        percent=percent or Decimal(1),
        source=table.text("source"),
    )
    table.finish()
    return rate


def _day(table: Table, key: str) -> date:
    value = table.raw(key)
    if type(value) is date:
        return value
    if value is not None:
        table.fault(key, "must be a date such as 2014-01-01")
    return date.max
