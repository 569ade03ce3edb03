"""Rate cards for tests: an app of its own to publish in, drafts, and changed contents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask import Flask

from app.db.transaction import reading, transaction
from app.domain.ids import AccountId, SiteCode
from app.domain.json_values import JsonObject, JsonValue
from app.domain.permissions import Actor, Grant, Role
from app.spaces.queries import find_network
from app.tariffs import queries, service
from app.tariffs.cards import Cards, Draft
from app.tariffs.charter import copied
from app.tariffs.preparing import Prepared
from app.tariffs.service import DraftWords
from tests import databases
from tests.conftest import NOW
from tests.members import acting, make_member

ACT = "Délibération n° 2026-42"
JANUARY = date(2027, 1, 1)


@contextmanager
def published_here(engine: str, folder: Path) -> Iterator[Flask]:
    """Lend an app with the Totems loaded in which cards may be published: they are never undone."""
    app = databases.network_app(engine, folder)
    try:
        yield app
    finally:
        databases.close(app)


def network_boss(app: Flask, name: str = "Boss") -> Actor:
    """Give a manager of the whole network."""
    return acting(app, make_member(app, name, role=Role.NETWORK_MANAGER))


def site_boss(app: Flask, site: str = "metz", name: str = "Chef") -> Actor:
    """Give a manager of one site."""
    return acting(app, make_member(app, name, role=Role.MANAGER, site=site))


def stranger() -> Actor:
    """Give somebody with no account here, who is a concierge at best."""
    return Actor(AccountId(999), frozenset({Grant(Role.CONCIERGE, SiteCode("metz"))}))


def changed(content: JsonObject, path: str, value: JsonValue) -> JsonObject:
    """Give the content with one value replaced, or taken out by None."""
    copy = copied(content)
    assert isinstance(copy, dict)
    *tables, key = path.split(".")
    table: JsonObject = copy
    for name in tables:
        inner = table.setdefault(name, {})
        assert isinstance(inner, dict)
        table = inner
    if value is None:
        del table[key]
    else:
        table[key] = value
    return copy


def charter_content() -> JsonObject:
    """Give what all cards share as published."""
    with reading() as session:
        return queries.find_standing(session, find_network(session)).charter_content


def own_content(site: str) -> JsonObject:
    """Give a site's own table as published."""
    with reading() as session:
        return queries.latest_versions(session)[SiteCode(site)].own


def make_draft(actor: Actor, content: JsonObject, site: str | None = None) -> int:
    """Write a draft with that content."""
    with transaction() as session:
        return service.start_draft(
            session,
            actor,
            site=None if site is None else SiteCode(site),
            now=NOW,
            words=DraftWords(content),
        )


def publish(actor: Actor, draft: int, on: date = JANUARY, act: str = ACT) -> Prepared:
    """Publish a draft."""
    with transaction() as session:
        return service.publish_draft(
            session, actor, draft, effective_on=on, deliberation=act, now=NOW
        )


def the_draft(number: int) -> Draft:
    """Read a draft."""
    with reading() as session:
        return queries.get_draft(session, number)


def the_cards() -> Cards:
    """Read the cards as every process does."""
    with reading() as session:
        return queries.find_cards(session, find_network(session))
