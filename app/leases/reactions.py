"""What leases do when something has happened to one: tenants and managers are written to."""

from __future__ import annotations

import base64
from datetime import date, datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.events import DomainEvent, LeaseAlarm, LeaseOffered, LeaseRevised, MailWanted
from app.domain.lease_states import LeaseState
from app.domain.titles import Alarm
from app.leases import notices
from app.leases.letters import offer_letter, revision_letter
from app.leases.notices import Written
from app.leases.queries import get_lease
from app.leases.queries.readers import Reader, managers_of, owners_of
from app.leases.service.revising import mark_told
from app.spaces.queries import find_network


def send_offer(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the offer to the owners of the organisation."""
    if not isinstance(event, LeaseOffered):
        return
    network = find_network(session)
    lease = get_lease(session, network, event.ref)
    if lease.state is not LeaseState.OFFERED:
        return
    letter = _attached(f"offre-{lease.ref}.pdf", offer_letter(session, network, lease))
    for owner in owners_of(session, lease.tenant.id):
        with force_locale(owner.locale):
            written = notices.offered(lease)
        _put(session, f"lease-{lease.ref}-offer-{lease.offered_on}", owner, written, [letter], now)


def send_revision(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the notice of a revision; none when it was settled since, because that tells itself."""
    if not isinstance(event, LeaseRevised):
        return
    network = find_network(session)
    lease = get_lease(session, network, event.ref)
    effective = date.fromisoformat(event.effective_on)
    revision = next((each for each in lease.revisions if each.effective_on == effective), None)
    if revision is None or revision.is_final != event.is_final:
        return
    name = f"revision-{lease.ref}-{event.effective_on}.pdf"
    letter = _attached(name, revision_letter(network, lease, revision))
    mark_told(session, revision.id, now=now)
    kind = "final" if event.is_final else "provisional"
    for owner in owners_of(session, lease.tenant.id):
        with force_locale(owner.locale):
            written = notices.revised(lease, revision)
        key = f"lease-{lease.ref}-revision-{event.effective_on}-{kind}"
        _put(session, key, owner, written, [letter], now)


def warn_managers(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the managers of the site what rings about a lease."""
    if not isinstance(event, LeaseAlarm):
        return
    lease = get_lease(session, find_network(session), event.ref)
    for manager in managers_of(session, lease.site.code):
        with force_locale(manager.locale):
            written = notices.alarm(lease, Alarm(event.alarm))
        key = f"lease-{lease.ref}-{event.alarm}-{lease.terms.last_day}"
        _put(session, key, manager, written, [], now)


def _put(
    session: Session,
    key: str,
    to: Reader,
    written: Written,
    attachments: list[dict[str, str]],
    now: datetime,
) -> None:
    mail = MailWanted(
        key=f"{key}-{to.id}",
        to=to.email,
        subject=written.subject,
        text=written.text,
        attachments=attachments,
    )
    outbox.put(session, mail, now=now)


def _attached(filename: str, content: bytes) -> dict[str, str]:
    return {
        "filename": filename,
        "content_type": "application/pdf",
        "content": base64.b64encode(content).decode("ascii"),
    }
