"""Reads the terms of giving a stay up, and what absences cost, from the tables of a card.

[terms]                             # all may be left out: then all comes back until the start
free_minutes = 30                   # after confirming, everything comes back; may be left out
tiers = [{ hours = 48, percent = 100 }, { hours = 24, percent = 50 }]
[families.seats.terms]              # of that family alone
tiers = [{ hours = 2, percent = 100 }]
[no_shows]
strikes = 3                         # from so many absences on
within_days = 90
suspended_days = 30                 # nobody books ahead
"""

from itertools import pairwise

from app.domain.absences import NO_STRIKES, StrikeRule
from app.domain.cancellation import WHOLE, Terms, Tier
from app.domain.tariffs.fault_finding import Table

NAME = "terms"
ABSENCES = "no_shows"


def terms_from(table: Table) -> Terms | None:
    """Read the terms under a table; None when it has none."""
    if not table.has(NAME):
        return None
    own = table.table(NAME)
    tiers = tuple(_tier(each) for each in own.list_of_tables("tiers"))
    for earlier, later in pairwise(tiers):
        if later.hours_before >= earlier.hours_before:
            own.fault("tiers", "the longest notice comes first, each once")
        if later.percent > earlier.percent:
            own.fault("tiers", "a shorter notice gives no more back")
    free_minutes = own.number("free_minutes") if own.has("free_minutes") else 0
    own.refuse_unknown()
    return Terms(tiers, free_minutes)


def strikes_from(top: Table) -> StrikeRule:
    """Read what absences cost; nothing when the card does not say."""
    if not top.has(ABSENCES):
        return NO_STRIKES
    own = top.table(ABSENCES)
    rule = StrikeRule(
        own.number("strikes"), own.number("within_days"), own.number("suspended_days")
    )
    own.refuse_unknown()
    return rule


def _tier(table: Table) -> Tier:
    tier = Tier(table.number("hours"), table.number("percent"))
    if tier.percent > WHOLE:
        table.fault("percent", "no more than everything comes back")
    table.refuse_unknown()
    return tier
