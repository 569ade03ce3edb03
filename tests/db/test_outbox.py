"""The outbox and its workers: told after the commit, each event by one worker, safe when twice."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from app.db import outbox
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain.errors import DomainError, UnknownBooking
from app.domain.events import BookingConfirmed, DomainEvent, MailWanted
from app.gateways.mail import FolderMailer, MailUnavailable, MemoryMailer, kept_mails
from app.web import clock
from tests.conftest import NOW

MAIL = MailWanted(
    key="welcome-1", to="lea@totem.example", subject="Bienvenue à l’étage", text="{base_url}/me"
)


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    """A house without a booking, whose clock stands still."""
    with app.app_context(), clock.freeze(NOW):
        yield app


def put(*events: DomainEvent) -> None:
    with transaction() as session:
        outbox.put(session, *events, now=clock.now())


def rows() -> list[OutboxRow]:
    with reading() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def lease(now: datetime = NOW) -> list[int]:
    with transaction() as session:
        return [row.id for row in outbox.lease_due(session, now=now)]


class Listener:
    """A reaction that remembers what it was told, and refuses while it is told to."""

    def __init__(self) -> None:
        self.heard: list[DomainEvent] = []
        self.refusal: DomainError | None = None

    def __call__(self, session: Session, event: DomainEvent, now: datetime) -> None:
        if self.refusal:
            raise self.refusal
        self.heard.append(event)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    """Somebody who hears of every confirmed booking."""
    hearing = Listener()
    monkeypatch.setitem(jobs.REACTIONS, BookingConfirmed.kind, (hearing,))
    return hearing


def test_an_event_is_told_once_after_the_commit(house: Flask, listener: Listener) -> None:
    put(BookingConfirmed(7, version=2))
    assert listener.heard == []
    assert jobs.deliver_due(house) == 1
    assert jobs.deliver_due(house) == 0
    assert listener.heard == [BookingConfirmed(7, version=2)]
    assert rows()[0].delivered_at == NOW


def test_what_a_told_event_held_is_not_kept(house: Flask) -> None:
    put(MAIL)
    jobs.deliver_due(house)
    assert rows()[0].payload == "{}"


def test_an_event_of_a_transaction_that_rolls_back_is_never_told(
    house: Flask, listener: Listener
) -> None:
    def put_then_refuse() -> None:
        with transaction() as session:
            outbox.put(session, BookingConfirmed(7), now=NOW)
            raise UnknownBooking("x")

    with pytest.raises(UnknownBooking):
        put_then_refuse()
    assert jobs.deliver_due(house) == 0
    assert rows() == []
    assert listener.heard == []


def test_a_leased_event_is_nobody_elses_until_the_lease_ends(house: Flask) -> None:
    put(BookingConfirmed(7))
    assert len(lease()) == 1
    assert lease(NOW + outbox.LEASE - timedelta(seconds=1)) == []
    assert len(lease(NOW + outbox.LEASE)) == 1


def test_workers_side_by_side_tell_each_event_once(house: Flask, listener: Listener) -> None:
    put(*(BookingConfirmed(number) for number in range(60)))
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        jobs.deliver_due(house)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(listener.heard) == 60
    assert set(listener.heard) == {BookingConfirmed(number) for number in range(60)}


def test_a_refused_event_is_put_off_longer_each_time_and_keeps_its_reason(
    house: Flask, listener: Listener
) -> None:
    put(BookingConfirmed(7))
    listener.refusal = UnknownBooking("x")
    pauses = []
    now = NOW
    for _ in range(12):
        with clock.freeze(now):
            assert jobs.deliver_due(house) == 0
        due = rows()[0].available_at
        pauses.append((due - now).total_seconds())
        now = due
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 3600
    assert "unknown-booking" in str(rows()[0].last_error)
    listener.refusal = None
    with clock.freeze(now):
        assert jobs.deliver_due(house) == 1


def test_what_can_never_be_told_is_given_up_and_stays_in_sight(
    house: Flask, listener: Listener
) -> None:
    put(BookingConfirmed(7))
    listener.refusal = UnknownBooking("x")
    for attempt in range(outbox.MOST_ATTEMPTS + 5):
        with clock.freeze(NOW + timedelta(hours=attempt)):
            jobs.deliver_due(house)
    assert rows()[0].attempts == outbox.MOST_ATTEMPTS
    assert "UnknownBooking" in str(rows()[0].last_error)
    with reading() as session:
        assert outbox.count_stuck(session, now=NOW + timedelta(days=30)) == 1


def test_one_refused_event_does_not_hold_up_the_others(house: Flask, listener: Listener) -> None:
    put(BookingConfirmed(7), MAIL)
    listener.refusal = UnknownBooking("x")
    assert jobs.deliver_due(house) == 1
    assert [row.delivered_at for row in rows()] == [None, NOW]


def test_what_a_refused_reaction_wrote_is_rolled_back(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_then_refuse(session: Session, event: DomainEvent, now: datetime) -> None:
        outbox.put(session, MAIL, now=now)
        raise UnknownBooking("x")

    monkeypatch.setitem(jobs.REACTIONS, BookingConfirmed.kind, (write_then_refuse,))
    put(BookingConfirmed(7))
    jobs.deliver_due(house)
    assert [row.kind for row in rows()] == [BookingConfirmed.kind]


def test_an_event_of_a_kind_nobody_knows_waits_for_a_newer_worker(house: Flask) -> None:
    with transaction() as session:
        session.add(
            OutboxRow(
                kind="of-tomorrow", payload="{}", created_at=NOW, available_at=NOW, attempts=0
            )
        )
    assert jobs.deliver_due(house) == 0
    assert rows()[0].delivered_at is None


def test_a_mail_carries_its_invitation_as_an_alternative_body(house: Flask) -> None:
    calendar = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    invitation = {
        "filename": "totem.ics",
        "content_type": "text/calendar",
        "content": base64.b64encode(calendar).decode(),
        "method": "REQUEST",
    }
    put(MailWanted("b-7-1", "lea@totem.example", "Réservation", "Bonjour", [invitation]))
    jobs.deliver_due(house)
    (sent,) = house.extensions["totem.mailer"].sent
    assert sent.get_content_type() == "multipart/alternative"
    part = sent.get_payload(1)
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    assert part.get_payload(decode=True) == calendar


def test_a_mail_sent_twice_after_a_crash_is_the_same_message(house: Flask, tmp_path: Path) -> None:
    house.extensions["totem.mailer"] = FolderMailer(tmp_path / "mail")
    put(MAIL, MAIL)
    assert jobs.deliver_due(house) == 2
    ((_, mail),) = kept_mails(tmp_path / "mail")
    assert mail["Subject"] == "Bienvenue à l’étage"
    assert mail.get_content().strip() == "http://127.0.0.1:8000/me"


def test_a_mail_server_that_is_down_puts_the_mail_off(house: Flask) -> None:
    class Down:
        def send(self, message: object) -> None:
            raise MailUnavailable("connection refused")

    house.extensions["totem.mailer"] = Down()
    put(MAIL)
    assert jobs.deliver_due(house) == 0
    assert rows()[0].last_error == "MailUnavailable: connection refused"
    house.extensions["totem.mailer"] = MemoryMailer()
    with clock.freeze(NOW + timedelta(seconds=5)):
        assert jobs.deliver_due(house) == 1


def test_only_one_worker_keeps_the_timers(house: Flask) -> None:
    with jobs.timers_lock(house) as first, jobs.timers_lock(house) as second:
        assert (first, second) == (True, False)
    with jobs.timers_lock(house) as later:
        assert later


def test_what_was_told_long_ago_is_tidied_away(house: Flask) -> None:
    put(MAIL)
    jobs.deliver_due(house)
    put(BookingConfirmed(7))
    with clock.freeze(NOW + outbox.KEPT + timedelta(seconds=1)):
        jobs.tidy_up(house)
    assert [row.kind for row in rows()] == [BookingConfirmed.kind]


def test_the_timers_go_on_in_another_worker_when_theirs_dies(house: Flask) -> None:
    put(MAIL)
    jobs.deliver_due(house)
    with clock.freeze(NOW + outbox.KEPT + timedelta(seconds=1)):
        with jobs.timers_lock(house):
            jobs.tidy_alone(house)
        assert len(rows()) == 1
        jobs.tidy_alone(house)
    assert rows() == []


def test_a_worker_delivers_until_it_is_stopped(house: Flask, mails: MemoryMailer) -> None:
    put(MAIL)
    stop = threading.Event()
    worker = threading.Thread(target=jobs.run_worker, args=(house,), kwargs={"stop": stop})
    worker.start()
    for _ in range(200):
        if mails.sent:
            break
        stop.wait(0.05)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
    assert [mail["Subject"] for mail in mails.sent] == ["Bienvenue à l’étage"]
