"""The life of a lease: its states, and the lawful moves between them."""

from enum import StrEnum

from app.domain.errors import WrongLeaseState


class LeaseState(StrEnum):
    """Where a lease stands."""

    DRAFT = "draft"
    OFFERED = "offered"
    SIGNED = "signed"
    ENTERED = "entered"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


# An offer may go back to a draft to be corrected; what was signed is only ended, by leaving.
MOVES: dict[LeaseState, frozenset[LeaseState]] = {
    LeaseState.DRAFT: frozenset({LeaseState.OFFERED, LeaseState.WITHDRAWN}),
    LeaseState.OFFERED: frozenset({LeaseState.SIGNED, LeaseState.DRAFT, LeaseState.WITHDRAWN}),
    LeaseState.SIGNED: frozenset({LeaseState.ENTERED, LeaseState.ENDED}),
    LeaseState.ENTERED: frozenset({LeaseState.ENDED}),
    LeaseState.ENDED: frozenset(),
    LeaseState.WITHDRAWN: frozenset(),
}
# Bound by a signature: the office is taken, rent runs, the years count.
BINDING = frozenset({LeaseState.SIGNED, LeaseState.ENTERED, LeaseState.ENDED})
# The tenant has the office, or is about to.
STANDING = frozenset({LeaseState.SIGNED, LeaseState.ENTERED})


def require_lease_move(state: LeaseState, wanted: LeaseState) -> None:
    """Let a lawful move pass; raises WrongLeaseState for any other."""
    if wanted not in MOVES[state]:
        raise WrongLeaseState(state, wanted)
