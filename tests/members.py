"""Accounts, signed-in browsers and mailed links for tests: functions with visible defaults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app import jobs
from app.db.base import db
from app.db.transaction import transaction
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Actor, Role
from app.gateways.mail import MemoryMailer
from app.people import queries, service
from tests.factories import csrf_of

PASSWORD = "une phrase facile"
BORN = datetime(2026, 1, 1, tzinfo=UTC)
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


@dataclass(frozen=True)
class Member:
    """An account of a test."""

    id: AccountId
    email: str
    name: str


def make_member(
    app: Flask,
    name: str = "Anaïs",
    *,
    email: str = "",
    password: str | None = PASSWORD,
    locale: str = "fr",
    role: Role | None = None,
    site: str | None = None,
) -> Member:
    """Make a confirmed account, with a role if asked."""
    address = email or f"{name.lower().replace(' ', '.').replace('ï', 'i')}@people.example"
    keeper = app.extensions["totem.passwords"]
    with app.app_context(), transaction() as session:
        account_id = service.create_account(
            session,
            email=address,
            name=name,
            locale=locale,
            password_hash=keeper.hash(password) if password else None,
            now=BORN,
        )
        if role is not None:
            service.grant_role(
                session,
                None,
                account_id=account_id,
                role=role,
                site=SiteCode(site) if site else None,
                now=BORN,
            )
    return Member(account_id, address, name)


def make_organisation(app: Flask, owner: Member, name: str = "Quetsche SAS") -> OrganisationId:
    """Found an organisation that somebody owns."""
    with app.app_context(), transaction() as session:
        return service.create_organisation(session, Actor(owner.id), name=name, now=BORN)


def add_member(app: Flask, organisation_id: OrganisationId, member: Member) -> None:
    """Let somebody belong to an organisation."""
    with app.app_context(), transaction() as session:
        service.add_member(session, organisation_id=organisation_id, account_id=member.id, now=BORN)


def acting(app: Flask, member: Member) -> Actor:
    """Give somebody as they act, with everything they hold."""
    with app.app_context(), transaction() as session:
        actor = queries.actor_of(session, member.id)
    assert actor is not None
    return actor


def try_sign_in(
    client: FlaskClient, email: str, password: str = PASSWORD, next_path: str = ""
) -> TestResponse:
    """Fill in the sign-in page and press its button."""
    path = f"/sign-in?next={next_path}" if next_path else "/sign-in"
    return client.post(
        "/sign-in",
        data={
            "csrf_token": csrf_of(client, path),
            "email": email,
            "password": password,
            "next": next_path,
        },
    )


def sign_in(app: Flask, member: Member, password: str = PASSWORD) -> FlaskClient:
    """Give a browser in which somebody is signed in."""
    client = app.test_client()
    answer = try_sign_in(client, member.email, password)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client


def press(client: FlaskClient, path: str, page: str = "/me", **fields: object) -> TestResponse:
    """Press a button of a page: a POST with its CSRF token."""
    return client.post(path, data={"csrf_token": csrf_of(client, page), **fields})


def delivered(app: Flask) -> list[tuple[str, str, str]]:
    """Deliver what is due; gives all mails so far as (to, subject, text)."""
    jobs.deliver_due(app)
    mailer = app.extensions["totem.mailer"]
    assert isinstance(mailer, MemoryMailer)
    return [(str(mail["To"]), str(mail["Subject"]), _words(mail)) for mail in mailer.sent]


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def mailed_path(app: Flask) -> str:
    """Give the path of the first link in the latest mail."""
    _to, _subject, body = delivered(app)[-1]
    found = LINK.search(body)
    assert found is not None, body
    return found.group(1)


def scalar(app: Flask, statement: str, **values: object) -> object:
    """Give one value of the database."""
    with app.app_context(), db.engine.connect() as connection:
        return connection.execute(text(statement), values).scalar()


def without_tokens(answer: TestResponse) -> str:
    """Give a page without what differs at every visit: the values of its fields and tokens."""
    page = answer.get_data(as_text=True)
    return re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", page)
