"""The worker: delivers the outbox and keeps the timers.

No answer of the product depends on it: it tells people and tidies up, and may be stopped for a
day. Any number of workers deliver (each row is leased to one); the timers run in one at a time,
behind a lock. Run it with ``flask --app wsgi worker``.
"""

from __future__ import annotations

import base64
import fcntl
import json
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.access import reactions as access
from app.access.service import tidy as tidy_access
from app.bookings import closure_reactions as closures
from app.bookings import life_reactions as lives
from app.bookings import reactions as bookings
from app.bookings import series_reactions as series
from app.bookings import wait_reactions as waits
from app.bookings.service import remind_approvers
from app.bookings.service import tidy as tidy_bookings
from app.bookings.service.waiting import offer_places
from app.db import idempotency, outbox
from app.db.base import db
from app.db.transaction import transaction
from app.domain.errors import DomainError
from app.domain.events import (
    BookingCancelled,
    BookingCheckedOut,
    BookingConfirmed,
    BookingHandedOver,
    BookingMoved,
    BookingRefused,
    BookingReleased,
    BookingRequested,
    BookingsDisplaced,
    CardGiven,
    ColleagueInvited,
    DomainEvent,
    DoorAlarmRaised,
    GuestInvited,
    HandOverOffered,
    LeaseAlarm,
    LeaseOffered,
    LeaseRevised,
    LineMoved,
    MailLinkAsked,
    MailWanted,
    PassesGivenUp,
    PasswordChanged,
    PhoneEnrolled,
    ProfileEnding,
    ProofAnswered,
    RequestForgotten,
    RightRunsOut,
    SeriesBooked,
    SeriesCancelled,
    SeriesChanged,
    WaitOffered,
    event_from,
)
from app.entitlements import reactions as entitlements
from app.entitlements.service import tell as tell_of_rights
from app.gateways import documents
from app.gateways.mail import Mailer, MailUnavailable, new_message
from app.leases import reactions as leases
from app.leases.service import tidy as tidy_leases
from app.people import reactions as people
from app.people.service import delete_documents, warn_of_endings
from app.people.service import tidy as tidy_people
from app.web import clock
from config.settings import Settings

Reaction = Callable[[Session, DomainEvent, datetime], None]
Tidy = Callable[..., object]
LOCK_NUMBER = 7_046_501  # any constant of ours, for pg_try_advisory_lock
DELIVERY_SECONDS = 1
TIDY_SECONDS = 60
log = structlog.get_logger("totem.worker")

# What each feature does when a lower one speaks; several may listen to one event.
REACTIONS: dict[str, tuple[Reaction, ...]] = {
    BookingCancelled.kind: (
        bookings.send_cancellation,
        access.tell_guests_cancelled,
        waits.offer_freed,
    ),
    BookingConfirmed.kind: (access.send_pass,),
    BookingRefused.kind: (bookings.send_refusal, waits.offer_freed),
    BookingRequested.kind: (bookings.send_request,),
    RequestForgotten.kind: (bookings.remind_of_request,),
    BookingHandedOver.kind: (access.send_handed_pass, lives.tell_giver),
    BookingReleased.kind: (lives.tell_release, waits.offer_freed),
    BookingsDisplaced.kind: (closures.tell_displaced, access.tell_guests_displaced),
    BookingCheckedOut.kind: (waits.offer_freed,),
    LineMoved.kind: (waits.offer_freed,),
    WaitOffered.kind: (waits.tell_offer,),
    HandOverOffered.kind: (lives.send_offer,),
    BookingMoved.kind: (access.send_moved_pass, access.send_moved_guest_passes, waits.offer_freed),
    CardGiven.kind: (access.tell_card_given,),
    DoorAlarmRaised.kind: (access.tell_staff_of_alarm,),
    ColleagueInvited.kind: (people.send_invitation,),
    LeaseAlarm.kind: (leases.warn_managers,),
    LeaseOffered.kind: (leases.send_offer,),
    LeaseRevised.kind: (leases.send_revision,),
    MailLinkAsked.kind: (people.send_link,),
    GuestInvited.kind: (access.send_guest_pass,),
    PassesGivenUp.kind: (access.tell_passes_given_up,),
    PhoneEnrolled.kind: (access.tell_phone_enrolled,),
    PasswordChanged.kind: (people.tell_password_changed,),
    ProfileEnding.kind: (people.tell_profile_ends,),
    ProofAnswered.kind: (people.tell_proof_answered,),
    SeriesBooked.kind: (series.send_series,),
    SeriesCancelled.kind: (
        series.send_cancelled_dates,
        access.tell_guests_of_series,
        waits.offer_freed,
    ),
    SeriesChanged.kind: (
        series.send_changed_series,
        access.send_guest_passes_of_series,
        waits.offer_freed,
    ),
    RightRunsOut.kind: (entitlements.send_notice,),
}


def _delete_documents(session: Session, *, now: datetime) -> None:
    delete_documents(session, current_app.extensions[documents.EXTENSION], now=now)


# What the timers put in order; nothing read depends on it.
TIDIES: tuple[Tidy, ...] = (
    outbox.forget_old,
    idempotency.forget_old,
    tidy_people,
    warn_of_endings,
    _delete_documents,
    tell_of_rights,
    tidy_bookings,
    offer_places,
    remind_approvers,
    tidy_leases,
    tidy_access,
)


@dataclass(frozen=True, slots=True)
class Leased:
    """One outbox row that this worker took."""

    id: int
    kind: str
    payload: str


def deliver_due(app: Flask) -> int:
    """Deliver what is due, oldest first, until nothing is; gives how many rows were told."""
    told = 0
    with app.app_context():
        while leased := _lease():
            told += sum(_deliver(app, row) for row in leased)
    return told


def _lease() -> list[Leased]:
    with transaction() as session:
        return [
            Leased(row.id, row.kind, row.payload)
            for row in outbox.lease_due(session, now=clock.now())
        ]


def _deliver(app: Flask, row: Leased) -> bool:
    """Tell one event; a failure is kept on its row and tried again later."""
    try:
        event = event_from(row.kind, json.loads(row.payload))
        if isinstance(event, MailWanted):
            _send(app, event)
        with transaction() as session:
            for reaction in REACTIONS.get(row.kind, ()):
                reaction(session, event, clock.now())
            outbox.mark_delivered(session, row.id, now=clock.now())
    except (
        MailUnavailable,
        DomainError,
        SQLAlchemyError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        log.exception("undelivered", kind=row.kind, row=row.id)
        with transaction() as session:
            outbox.put_off(session, row.id, f"{type(error).__name__}: {error}", now=clock.now())
        return False
    return True


def _send(app: Flask, mail: MailWanted) -> None:
    settings: Settings = app.extensions["totem.settings"]
    mailer: Mailer = app.extensions["totem.mailer"]
    message = new_message(
        to=mail.to,
        subject=mail.subject,
        text=mail.text.replace("{base_url}", settings.base_url),
        sender=settings.mail_from,
        key=mail.key,
        at=clock.now(),
    )
    for attachment in mail.attachments:
        _attach(message, attachment)
    mailer.send(message)


def _attach(message: EmailMessage, attachment: Mapping[str, str]) -> None:
    content = base64.b64decode(attachment["content"])
    maintype, _, subtype = attachment["content_type"].partition("/")
    if attachment.get("method"):  # an invitation is an alternative body (RFC 6047 §2.4)
        message.add_alternative(
            content.decode(),
            subtype=subtype,
            params={"method": attachment["method"]},
            cte="base64",
        )
        return
    message.add_attachment(
        content, maintype=maintype, subtype=subtype, filename=attachment["filename"]
    )


def tidy_up(app: Flask) -> None:
    """Put the database in order: each task in a transaction of its own."""
    with app.app_context():
        for task in TIDIES:
            with transaction() as session:
                task(session, now=clock.now())


def tidy_alone(app: Flask) -> None:
    """Tidy up unless another worker is at it; when a worker dies, the next one goes on."""
    with timers_lock(app) as held:
        if held:
            tidy_up(app)


@contextmanager
def timers_lock(app: Flask) -> Iterator[bool]:
    """Hold the lock of the timers; gives False at once when another worker holds it."""
    settings: Settings = app.extensions["totem.settings"]
    if settings.uses_sqlite:
        with (settings.instance / "worker.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        return
    with app.app_context(), db.engine.connect() as connection:
        held = connection.execute(
            text("SELECT pg_try_advisory_lock(:number)"), {"number": LOCK_NUMBER}
        ).scalar()
        connection.commit()  # the lock belongs to the connection, not to a transaction
        try:
            yield bool(held)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock_all()"))


def run_worker(app: Flask, *, stop: threading.Event | None = None) -> None:
    """Deliver and tidy until told to stop (SIGTERM, SIGINT or ``stop``)."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    scheduler = BackgroundScheduler(
        timezone="UTC",  # a local 02:30 runs twice in October and never in March
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(deliver_due, "interval", [app], seconds=DELIVERY_SECONDS, id="deliver")
    scheduler.add_job(tidy_alone, "interval", [app], seconds=TIDY_SECONDS, id="tidy")
    scheduler.start()
    log.info("worker started")
    stop.wait()
    scheduler.shutdown(wait=True)
    log.info("worker stopped")
