"""How often somebody may try: counted in the database, true for all processes together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.domain.errors import TooManyAttempts
from app.people.tables import AttemptRow


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries within so long."""

    name: str
    most: int
    within: timedelta


PASSWORD_OF_EMAIL = Limit("password-email", 5, timedelta(minutes=15))
PASSWORD_FROM_ADDRESS = Limit("password-address", 30, timedelta(minutes=15))
LINK_TO_EMAIL = Limit("link-email", 5, timedelta(hours=1))
LINK_FROM_ADDRESS = Limit("link-address", 30, timedelta(minutes=15))
INVITATION_FROM = Limit("invitation", 30, timedelta(days=1))
LONGEST = timedelta(days=1)

Try = tuple[Limit, str]


def note_attempt(session: Session, tries: Iterable[Try], *, now: datetime) -> None:
    """Count one try against each limit, before it is made.

    Raises TooManyAttempts with the instant from which trying is worth it; a refused try is not
    counted, so that hammering does not lock anybody out for longer.
    """
    limits = {_key(limit, subject): limit for limit, subject in tries}
    counted = sorted(limits.items(), key=itemgetter(0))
    retry_at: list[datetime] = []
    for key, limit in counted:
        _lock(session, key)
        recent = session.scalars(
            select(AttemptRow.at)
            .where(AttemptRow.key == key, AttemptRow.at > now - limit.within)
            .order_by(AttemptRow.at.desc(), AttemptRow.id.desc())
            .limit(limit.most)
        ).all()
        if len(recent) >= limit.most:
            retry_at.append(recent[-1] + limit.within)
    if retry_at:
        raise TooManyAttempts(max(retry_at))
    session.execute(insert(AttemptRow), [{"key": key, "at": now} for key, _ in counted])


def forget_attempts(session: Session, tries: Sequence[Try], *, at: datetime) -> None:
    """Forget, after a success, all tries of the first subject and this one try of the others.

    So a class that signs in from one address is not stopped, and an intruder with an account of
    their own cannot wipe out the count of the tries on somebody else's.
    """
    (limit, subject), *others = tries
    session.execute(delete(AttemptRow).where(AttemptRow.key == _key(limit, subject)))
    for limit, subject in others:
        session.execute(
            delete(AttemptRow).where(
                AttemptRow.id
                == select(func.max(AttemptRow.id))
                .where(AttemptRow.key == _key(limit, subject), AttemptRow.at == at)
                .scalar_subquery()
            )
        )


def _key(limit: Limit, subject: str) -> str:
    return hashlib.sha256(f"{limit.name}|{subject}".encode("utf-8", "replace")).hexdigest()


def _lock(session: Session, key: str) -> None:
    """Of two tries at once the second waits; on SQLite the transaction itself sees to that."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(key[:16]), signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))
