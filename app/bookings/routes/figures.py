"""Which figure of a price is big: TTC for a person, HT where an organisation pays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.ids import OrganisationId
from app.domain.permissions import Actor
from app.people.queries import payer

NET, GROSS = "net", "gross"


def big_for(organisation_id: OrganisationId | None) -> str:
    """Give the big figure for whoever pays a booking."""
    return GROSS if organisation_id is None else NET


def big_figure(session: Session, actor: Actor | None, now: datetime) -> str:
    """Give the big figure for somebody who looks at prices; asks only for members of one."""
    if actor is None or not actor.organisations | actor.organisations_owned:
        return GROSS
    return big_for(payer(session, actor.account_id, on=now.date()).organisation_id)
