"""Holders are told, once, that a pack is nearly used up or that a right is about to end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from app import jobs
from app.bookings import service as bookings
from app.db.transaction import transaction
from app.entitlements import service
from app.web import clock
from tests.members import delivered
from tests.rights import bought, credited, wish
from tests.stays import SEATS, make_person, stay


def told(app: Flask, at: datetime) -> list[str]:
    """Run the timers and the worker; gives the subjects of all mails about rights so far."""
    with clock.freeze(at):
        for _ in range(2):
            with app.app_context(), transaction() as session:
                service.tell(session, now=at)
        jobs.deliver_due(app)
        mails = delivered(app)
    return [subject for _to, subject, _text in mails if "Réservation" not in subject]


def test_a_pack_that_ends_within_thirty_days_is_told_once(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    bought(app, anais, wish(), now)  # until 22 November 2027
    assert told(app, datetime(2027, 10, 22, 9, 0, tzinfo=UTC)) == []
    (subject,) = told(app, datetime(2027, 10, 23, 9, 0, tzinfo=UTC))
    assert "22" in subject
    assert "carnet de 10 demi-journées" in subject
    assert len(told(app, datetime(2027, 11, 1, 9, 0, tzinfo=UTC))) == 1


def test_a_month_is_told_five_days_before_unless_the_next_is_bought(
    app: Flask, now: datetime
) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    for person in (anais, basile):
        bought(app, person, wish("month_any_seat"), now)  # until 22 December
    bought(app, basile, wish("month_any_seat", first=date(2026, 12, 23)), now)
    assert told(app, datetime(2026, 12, 16, 9, 0, tzinfo=UTC)) == []
    assert len(told(app, datetime(2026, 12, 17, 9, 0, tzinfo=UTC))) == 1


def test_a_pack_nearly_used_up_is_told_and_a_small_gift_is_not(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    basile = make_person(app, "Basile")
    credited(app, odile, basile.account_id, now, amount=1, until=date(2027, 11, 1))
    bought(app, anais, wish(), now)
    days = [date(2026, 12, 1) + timedelta(days=number) for number in (0, 1, 2, 3)]
    for day in days:
        with app.app_context(), transaction() as session:
            wanted = stay("09:00-17:00", SEATS, day, people=1)
            assert bookings.book(session, anais, wanted, now=now).gross.minor == 0
    (subject,) = told(app, now + timedelta(hours=1))
    assert "il reste 2 demi-journées" in subject.replace("\u00a0", " ")
