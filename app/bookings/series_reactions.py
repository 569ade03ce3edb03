"""What bookings do when something has happened to a series: one mail tells all its dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.bookings import series_letters as letters
from app.bookings.notices import Letter
from app.bookings.queries.series import dates_of_series, find_series_by_id
from app.bookings.series_dates import Dates
from app.db import outbox
from app.domain.events import (
    DomainEvent,
    MailWanted,
    SeriesBooked,
    SeriesCancelled,
    SeriesChanged,
)
from app.spaces.queries import find_network


def send_series(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail that a series stands, with every date and one calendar entry for all."""
    if isinstance(event, SeriesBooked):
        _send(session, event, letters.booked_text, "booked", now)


def send_changed_series(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail what the dates of a series have become, and what is left of the one they were of."""
    if isinstance(event, SeriesChanged):
        _send(session, event, letters.changed_text, "changed", now)


def send_cancelled_dates(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail which dates of a series are given up, with what takes them out of a calendar."""
    if not isinstance(event, SeriesCancelled):
        return
    dates = _dates(session, event.series_id, now)
    if dates is None:
        return
    gone = [each for each in dates.visits if each.booking.id in set(event.cancelled)]
    if not gone:
        return
    with force_locale(gone[0].person.locale):
        letter = letters.cancelled_text(dates, gone)
        attachments = [letters.cancellation(gone)]
    key = f"series-{dates.series.ref}-{gone[0].booking.id}-{gone[0].booking.version}-cancelled"
    outbox.put(session, _mail(dates, key, letter, attachments), now=now)


def _send(
    session: Session,
    event: SeriesBooked | SeriesChanged,
    write: Callable[[Dates], Letter],
    what: str,
    now: datetime,
) -> None:
    """Put the mail; none when the series has changed since, because that tells itself."""
    dates = _dates(session, event.series_id, now)
    if dates is None or dates.series.version != event.version or not dates.standing:
        return
    with force_locale(dates.visits[0].person.locale):
        letter = write(dates)
        attachments = [letters.invitation(dates)]
        before = event.before_id if isinstance(event, SeriesChanged) else None
        left = None if before is None else _dates(session, before, now)
        if left is not None and left.standing:
            # A mail carries one calendar message; the other is a file one may open.
            attachments.append(letters.invitation(left) | {"method": ""})
    key = f"series-{dates.series.ref}-{event.version}-{what}"
    outbox.put(session, _mail(dates, key, letter, attachments), now=now)


def _dates(session: Session, series_id: int, now: datetime) -> Dates | None:
    network = find_network(session)
    series = find_series_by_id(session, network, series_id)
    if series is None:
        return None
    dates = Dates(series, tuple(dates_of_series(session, network, series.id, now=now)))
    return dates.as_its_holder_has_it if dates.visits else None


def _mail(dates: Dates, key: str, letter: Letter, attachments: list[dict[str, str]]) -> MailWanted:
    return letter.mail(key, dates.visits[0].person.email, *attachments)
