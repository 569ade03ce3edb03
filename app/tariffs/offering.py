"""Which profiles a payer may be told of: nobody is offered what they could never prove."""

from __future__ import annotations

from app.domain.profiles import Profile
from app.domain.vat_rules import CustomerKind
from app.people.proof_rules import proof_rules


def offered_to(payer: CustomerKind) -> frozenset[Profile]:
    """Give what may lower the price for such a payer.

    A person is told of all of them: they may belong to an organisation, or found one.
    """
    if payer is CustomerKind.PERSON:
        return frozenset(Profile)
    return proof_rules().open_to(organisation=True)
