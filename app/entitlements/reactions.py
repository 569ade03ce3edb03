"""What rights do when one of them runs out: they tell its holder."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.events import DomainEvent, MailWanted, RightRunsOut
from app.entitlements import notices
from app.entitlements.queries import find_holder_to_tell
from app.spaces.queries import find_network

_LETTERS = {"low": notices.low, "ending": notices.ending}


def send_notice(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the holder of a right; of what organisations share, who bought it."""
    if not isinstance(event, RightRunsOut):
        return
    found = find_holder_to_tell(session, find_network(session), event.right_id)
    if found is None:
        return
    right, person = found
    with force_locale(person.locale):
        letter = _LETTERS[event.about](right, person.name)
    mail = MailWanted(
        key=f"right-{right.id}-{event.about}",
        to=person.email,
        subject=letter.subject,
        text=letter.text,
    )
    outbox.put(session, mail, now=now)
