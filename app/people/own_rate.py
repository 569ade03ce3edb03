"""The rate of whoever pays, by the charter's factors, which people are handed from above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app
from sqlalchemy.orm import Session

from app.people.my_rate import FindFactors, MyRate, my_rate
from app.people.proof_rules import proof_rules
from app.people.queries.grants import GrantedProfile
from app.web import clock
from app.web.formats import PARIS


def rate_of(
    database: Session,
    profiles: Sequence[GrantedProfile],
    *,
    by_organisation: bool,
    created_on: date | None = None,
) -> MyRate:
    """Work out a rate by the function the factory hands in: people stand below cards."""
    find: FindFactors = current_app.extensions["totem.profile_factors"]
    today = local_today()
    return my_rate(
        profiles,
        find(database, today),
        proof_rules(),
        by_organisation=by_organisation,
        on=today,
        created_on=created_on,
    )


def local_today() -> date:
    """Give the date on the clocks of the Totems."""
    return clock.now().astimezone(PARIS).date()
