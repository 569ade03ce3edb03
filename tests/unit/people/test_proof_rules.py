"""The files of the charter's rules are read whole, and a wrong line is told by its key."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.proofs import ProofKind
from app.leases.aid_rules import FILE as AID_FILE
from app.leases.aid_rules import BadAidRules, aid_rules, read_aid_rules
from app.people.proof_rules import FILE, BadProofRules, proof_rules, read_proof_rules

RULES = FILE.read_text()
AID = AID_FILE.read_text()


def test_the_charter_has_a_rule_for_every_kind_of_proof() -> None:
    rules = proof_rules()
    assert set(rules.by_kind) == set(ProofKind)
    student = rules.by_kind[ProofKind.STUDENT]
    assert student.proposed_until(date(2026, 11, 23)) == date(2027, 10, 31)
    assert not student.organisations
    assert (rules.kept_undecided, rules.kept_accepted, rules.kept_refused) == (6, 3, 1)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('ends_on = "10-31"', 'ends_on = "02-30"', "rules.student.ends_on"),
        ('ends_on = "10-31"', "ends_on = 10", "rules.student.ends_on"),
        ("months = 60", "months = 0", "rules.startup.months"),
        ("months = 60", 'months = "60"', "rules.startup.months"),
        ("accepted = 3", "accepted = true", "kept.accepted"),
        ("[rules.partner]", "[rules.friend]", "rules.friend"),
        ("persons = false", "persons = 1", "rules.association.persons"),
        ("months = 60", "month = 60", "rules.startup.month"),
        ("[kept]", "[kept", "line"),
    ],
)
def test_a_wrong_rule_of_proofs_is_told(before: str, after: str, key: str) -> None:
    with pytest.raises(BadProofRules, match=key):
        read_proof_rules(RULES.replace(before, after))


def test_the_rules_of_aid_follow_one_another() -> None:
    days = sorted((rule.valid_from, rule.valid_until) for rule in aid_rules())
    assert days == [
        (date(2014, 1, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2030, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('ceiling = "300000.00"', "ceiling = 300000.0", "ceiling"),
        ('ceiling = "300000.00"', 'ceiling = "-1"', "ceiling"),
        ("valid_until = 2030-12-31", "valid_until = 2020-12-31", "valid_until"),
        ("valid_until = 2030-12-31", "valid_until = 2030", "valid_until"),
        ("declaration_days = 60", "declaration_days = 0", "declaration_days"),
        ("declaration_days = 60", "declared = 60", "needs exactly"),
        ("[[rules]]", "[[others]]", "at least one"),
        ("[[rules]]", "[[rules]", "line"),
    ],
)
def test_a_wrong_rule_of_aid_is_told(before: str, after: str, key: str) -> None:
    with pytest.raises(BadAidRules, match=key):
        read_aid_rules(AID.replace(before, after))
