"""Reads the charter's rules of proofs from `config/network/proofs.toml`; a wrong line is told."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from app.domain.proofs import ProofKind, ProofRule, ProofRules

FILE = Path(__file__).parents[2] / "config" / "network" / "proofs.toml"
LONGEST = 120  # months
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_SHARED_DAYS = 28  # of every month: a rule must end in every year
_KNOWN = frozenset({"months", "ends_on", "turns_on", "persons", "organisations"})


class BadProofRules(ValueError):
    """The file of rules cannot be used; says which key and why."""


@lru_cache(maxsize=1)
def proof_rules() -> ProofRules:
    """Give the rules of the charter, read once; raises BadProofRules."""
    return read_proof_rules(FILE.read_text())


def read_proof_rules(text: str) -> ProofRules:
    """Read rules written as TOML; raises BadProofRules."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProofRules(str(error)) from error
    rules = _table(content, "rules")
    unknown = set(rules) - {kind.value for kind in ProofKind}
    if unknown:
        raise BadProofRules(f"rules.{min(unknown)}: no such kind of proof")
    kept = _table(content, "kept")
    return ProofRules(
        {kind: _rule(f"rules.{kind.value}", _table(rules, kind.value)) for kind in ProofKind},
        kept_undecided=_months("kept.undecided", kept.get("undecided")),
        kept_accepted=_months("kept.accepted", kept.get("accepted")),
        kept_refused=_months("kept.refused", kept.get("refused")),
    )


def _rule(where: str, table: Mapping[str, object]) -> ProofRule:
    if unknown := set(table) - _KNOWN:
        raise BadProofRules(f"{where}.{min(unknown)}: no such key")
    ends_on, turns_on = table.get("ends_on"), table.get("turns_on")
    return ProofRule(
        months=_months(f"{where}.months", table.get("months", 12)),
        ends_on=None if ends_on is None else _day(f"{where}.ends_on", ends_on),
        turns_on=(1, 1) if turns_on is None else _day(f"{where}.turns_on", turns_on),
        persons=_flag(f"{where}.persons", table.get("persons", True)),
        organisations=_flag(f"{where}.organisations", table.get("organisations", True)),
    )


def _table(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = content.get(key)
    if not isinstance(found, dict):
        raise BadProofRules(f"{key}: a table is missing")
    return found


def _months(where: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST:
        raise BadProofRules(f"{where}: a number of months from 1 to {LONGEST}")
    return value


def _day(where: str, value: object) -> tuple[int, int]:
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadProofRules(f"{where}: a day of the year such as 10-31")
    month, day = int(match[1]), int(match[2])
    if day > _SHARED_DAYS and (month, day) not in _ends_of_months():
        raise BadProofRules(f"{where}: a day that every year has")
    return month, day


def _ends_of_months() -> frozenset[tuple[int, int]]:
    long = {1, 3, 5, 7, 8, 10, 12}
    return frozenset(
        (month, day)
        for month in range(1, 13)
        if month != 2
        for day in range(29, 32 if month in long else 31)
    )


def _flag(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadProofRules(f"{where}: true or false")
    return value
