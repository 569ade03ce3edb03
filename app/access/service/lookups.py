"""Looking up where a person passed: with a reason, at one site, and itself written down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.journal import KEPT, JournalLine
from app.access.orders import LONGEST_REASON
from app.access.queries.passages import lines_about
from app.access.tables import LookupRow
from app.domain.errors import UnknownAccount
from app.domain.permissions import Actor, Permission, Subject, require
from app.people.queries import Person, find_account_by_email
from app.spaces.queries import find_network


def look_up_passages(
    session: Session, actor: Actor, site: str, email: str, reason: str, *, now: datetime
) -> tuple[Person, list[JournalLine]]:
    """Give where a person passed at a site, having written down who asked and why.

    Raises ``UnknownSite``, ``NotAllowed``, ``UnknownAccount``.
    """
    network = find_network(session)
    place = network.get_site(site)
    require(actor, Permission.PASSAGES_LOOK_UP, Subject(site=place.code))
    person = find_account_by_email(session, email)
    if person is None:
        raise UnknownAccount(email)
    session.add(
        LookupRow(
            site_id=place.id,
            account_id=actor.account_id,
            about_id=person.id,
            reason=reason[:LONGEST_REASON],
            at=now,
        )
    )
    session.flush()
    return person, lines_about(session, network, person.id, now=now, site=place)


def forget_old_lookups(session: Session, *, now: datetime) -> None:
    """Delete lookups as old as the lines they were about."""
    session.execute(delete(LookupRow).where(LookupRow.at < now - KEPT))
