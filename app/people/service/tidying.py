"""Removes what has run out; nothing that is read depends on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, not_
from sqlalchemy.orm import Session

from app.people.queries.signed_in import is_alive
from app.people.service.attempts import LONGEST
from app.people.service.organisations import forget_old_leavers
from app.people.tables import AttemptRow, MailTokenRow, SignInSessionRow

KEPT_LINKS = timedelta(days=30)  # so that "I never got a mail" can be looked into


def tidy(session: Session, now: datetime) -> None:
    """Remove old attempts, links long dead, ended sign-in sessions, and who left long ago."""
    session.execute(delete(AttemptRow).where(AttemptRow.at < now - LONGEST))
    session.execute(delete(MailTokenRow).where(MailTokenRow.expires_at < now - KEPT_LINKS))
    session.execute(delete(SignInSessionRow).where(not_(is_alive(now))))
    forget_old_leavers(session, now=now)
