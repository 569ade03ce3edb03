"""Mailed links: one use, for their time, for their purpose; nobody learns who has an account."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain.errors import BadLink
from app.people import queries, service
from app.people.queries.links import LinkPurpose, find_link
from app.people.service.attempts import LINK_TO_EMAIL
from app.people.service.links import LIVES
from app.people.tables import AccountRow
from tests.members import Member, make_member, scalar


def ask(app: Flask, member: Member, purpose: LinkPurpose, now: datetime) -> str:
    """Ask for a link and give the token that the letter will carry."""
    with app.app_context(), transaction() as session:
        service.ask_link(session, email=member.email, purpose=purpose, now=now)
        return latest_token(session)


def latest_token(session: Session) -> str:
    payload = session.scalar(select(OutboxRow.payload).order_by(OutboxRow.id.desc()).limit(1))
    return str(json.loads(payload or "{}")["token"])


def spend(app: Flask, token: str, purpose: LinkPurpose, now: datetime) -> int:
    with app.app_context(), transaction() as session:
        return service.spend_link(session, token, purpose, now=now)


def test_a_link_signs_in_its_owner_once(app: Flask, now: datetime) -> None:
    member = make_member(app)
    token = ask(app, member, LinkPurpose.SIGN_IN, now)
    assert spend(app, token, LinkPurpose.SIGN_IN, now) == member.id
    with pytest.raises(BadLink):
        spend(app, token, LinkPurpose.SIGN_IN, now)


@pytest.mark.parametrize("purpose", [LinkPurpose.SIGN_IN, LinkPurpose.RESET])
def test_a_link_dies_with_its_time(app: Flask, now: datetime, purpose: LinkPurpose) -> None:
    token = ask(app, make_member(app), purpose, now)
    with pytest.raises(BadLink):
        spend(app, token, purpose, now + LIVES[purpose])
    spend(app, token, purpose, now + LIVES[purpose] - timedelta(seconds=1))


def test_a_link_to_sign_in_resets_no_password(app: Flask, now: datetime) -> None:
    token = ask(app, make_member(app), LinkPurpose.SIGN_IN, now)
    with pytest.raises(BadLink):
        spend(app, token, LinkPurpose.RESET, now)


def test_looking_at_a_link_does_not_spend_it(app: Flask, now: datetime) -> None:
    member = make_member(app)
    token = ask(app, member, LinkPurpose.SIGN_IN, now)
    with app.app_context(), reading() as session:
        for _ in range(3):
            found = find_link(session, token, LinkPurpose.SIGN_IN, now=now)
            assert found is not None
            assert found.email == member.email
    assert spend(app, token, LinkPurpose.SIGN_IN, now) == member.id


def test_using_one_link_voids_the_others_of_its_kind(app: Flask, now: datetime) -> None:
    member = make_member(app)
    first = ask(app, member, LinkPurpose.SIGN_IN, now)
    second = ask(app, member, LinkPurpose.SIGN_IN, now)
    spend(app, second, LinkPurpose.SIGN_IN, now)
    with pytest.raises(BadLink):
        spend(app, first, LinkPurpose.SIGN_IN, now)


def test_a_new_password_voids_every_link(app: Flask, now: datetime) -> None:
    member = make_member(app)
    token = ask(app, member, LinkPurpose.SIGN_IN, now)
    with app.app_context(), transaction() as session:
        service.set_password(session, member.id, "hash", now=now)
    with pytest.raises(BadLink):
        spend(app, token, LinkPurpose.SIGN_IN, now)


def test_a_closed_account_is_not_entered_by_a_link(app: Flask, now: datetime) -> None:
    member = make_member(app)
    token = ask(app, member, LinkPurpose.SIGN_IN, now)
    with app.app_context(), transaction() as session:
        session.execute(update(AccountRow).values(disabled_at=now))
    with pytest.raises(BadLink):
        spend(app, token, LinkPurpose.SIGN_IN, now)


@pytest.mark.parametrize("token", ["", "x", "é" * 3000, "\ud800", "a\0b", "' OR 1=1 --"])
def test_no_other_text_is_a_link(app: Flask, now: datetime, token: str) -> None:
    ask(app, make_member(app), LinkPurpose.SIGN_IN, now)
    with pytest.raises(BadLink):
        spend(app, token, LinkPurpose.SIGN_IN, now)


def test_only_the_hash_of_a_link_is_kept(app: Flask, now: datetime) -> None:
    token = ask(app, make_member(app), LinkPurpose.SIGN_IN, now)
    found = scalar(app, "SELECT count(*) FROM mail_tokens WHERE token_hash = :token", token=token)
    assert found == 0
    assert scalar(app, "SELECT length(token_hash) FROM mail_tokens") == 64


def test_of_many_who_press_at_once_one_is_signed_in(app: Flask, now: datetime) -> None:
    member = make_member(app)
    token = ask(app, member, LinkPurpose.SIGN_IN, now)
    passed: list[int] = []
    refused: list[int] = []
    start = threading.Barrier(8)

    def press() -> None:
        start.wait()
        try:
            passed.append(spend(app, token, LinkPurpose.SIGN_IN, now))
        except BadLink:
            refused.append(1)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (passed, len(refused)) == ([member.id], 7)


def test_an_unknown_address_gets_no_link_and_no_error(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        service.ask_link(session, email="nobody@people.example", purpose=LinkPurpose.RESET, now=now)
    assert scalar(app, "SELECT count(*) FROM outbox") == 0


def test_two_sign_ups_of_one_address_at_once_make_one_account(app: Flask, now: datetime) -> None:
    faults: list[BaseException] = []
    start = threading.Barrier(6)

    def sign_up() -> None:
        start.wait()
        try:
            with app.app_context(), transaction() as session:
                service.ask_sign_up(
                    session, email="anais@people.example", name="Anaïs", locale="fr", now=now
                )
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=sign_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert scalar(app, "SELECT count(*) FROM accounts") == 1


def test_an_unconfirmed_account_gets_its_latest_name(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        for name in ("Somebody Else", "Anaïs"):
            service.ask_sign_up(
                session, email="anais@people.example", name=name, locale="fr", now=now
            )
        found = queries.find_account_by_email(session, "anais@people.example")
    assert found is not None
    assert (found.name, found.confirmed_at) == ("Anaïs", None)


def test_what_has_run_out_is_tidied_away_and_the_rest_stays(app: Flask, now: datetime) -> None:
    member = make_member(app)
    ask(app, member, LinkPurpose.SIGN_IN, now)
    with app.app_context(), transaction() as session:
        service.open_session(session, member.id, agent="", now=now)
        service.note_attempt(session, [(LINK_TO_EMAIL, "x")], now=now)
        service.tidy(session, now + timedelta(hours=1))
    counts = [
        scalar(app, f"SELECT count(*) FROM {table}")  # noqa: S608 - names of our own
        for table in ("mail_tokens", "sign_in_sessions", "attempts")
    ]
    assert counts == [1, 1, 1]
    with app.app_context(), transaction() as session:
        service.tidy(session, now + timedelta(days=60))
    assert scalar(app, "SELECT count(*) FROM mail_tokens") == 0
    assert scalar(app, "SELECT count(*) FROM sign_in_sessions") == 0
    assert scalar(app, "SELECT count(*) FROM attempts") == 0
