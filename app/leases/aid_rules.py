"""Reads the rules of state aid from `config/network/aid.toml`; a wrong line is told."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from app.domain.aid import AidRule
from app.domain.money import Money

FILE = Path(__file__).parents[2] / "config" / "network" / "aid.toml"
KEYS = frozenset(AidRule.__dataclass_fields__)


class BadAidRules(ValueError):
    """The file of rules cannot be used; says which key and why."""


@lru_cache(maxsize=1)
def aid_rules() -> tuple[AidRule, ...]:
    """Give the rules, read once; raises BadAidRules."""
    return read_aid_rules(FILE.read_text())


def read_aid_rules(text: str) -> tuple[AidRule, ...]:
    """Read rules written as TOML; raises BadAidRules."""
    try:
        tables = tomllib.loads(text).get("rules", [])
    except tomllib.TOMLDecodeError as error:
        raise BadAidRules(str(error)) from error
    if not isinstance(tables, list) or not tables:
        raise BadAidRules("rules: at least one table is needed")
    return tuple(_rule(f"rules[{place}]", table) for place, table in enumerate(tables))


def _rule(where: str, table: dict[str, object]) -> AidRule:
    if set(table) != KEYS:
        raise BadAidRules(f"{where}: needs exactly {', '.join(sorted(KEYS))}")
    days = table["declaration_days"]
    if not isinstance(days, int) or not 0 < days <= 366:
        raise BadAidRules(f"{where}.declaration_days: a number of days from 1 to 366")
    rule = AidRule(
        valid_from=_day(f"{where}.valid_from", table["valid_from"]),
        valid_until=_day(f"{where}.valid_until", table["valid_until"]),
        ceiling=Money(int(_decimal(f"{where}.ceiling", table["ceiling"]) * 100)),
        regulation=str(table["regulation"]),
        discount_percent=_decimal(f"{where}.discount_percent", table["discount_percent"]),
        discount_source=str(table["discount_source"]),
        declaration_days=days,
    )
    if rule.valid_until < rule.valid_from:
        raise BadAidRules(f"{where}.valid_until: comes before valid_from")
    return rule


def _day(where: str, value: object) -> date:
    if type(value) is not date:
        raise BadAidRules(f"{where}: a date such as 2024-01-01")
    return value


def _decimal(where: str, value: object) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise BadAidRules(f"{where}: a number in quotes") from error
    if not isinstance(value, str) or not found.is_finite() or not 0 <= found <= 10**9:
        raise BadAidRules(f"{where}: a number in quotes")
    return found
