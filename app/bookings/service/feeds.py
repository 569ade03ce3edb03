"""Calendar addresses: opened, renewed when one leaked, closed; of a person or of a space."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.bookings.booking import Feed
from app.bookings.queries import feed_secret, find_own_feed, find_space_feed
from app.bookings.tables import CalendarFeedRow
from app.domain.ids import FeedId
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.network import Space
from app.spaces.queries import find_network


def open_feed(session: Session, actor: Actor, *, key: str, now: datetime) -> Feed:
    """Give one's own calendar address, made when there is none; ``key`` is the app's secret."""
    _require_own(actor)
    found = find_own_feed(session, actor.account_id, key=key)
    return found or _made(session, actor, None, key, now)


def renew_feed(session: Session, actor: Actor, *, key: str, now: datetime) -> Feed:
    """Give oneself a new calendar address; the old one answers no more."""
    close_feed(session, actor, now=now)
    return _made(session, actor, None, key, now)


def close_feed(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let one's own calendar address answer no more."""
    _require_own(actor)
    _revoke(session, CalendarFeedRow.account_id == actor.account_id, now)


def open_space_feed(session: Session, actor: Actor, code: str, *, key: str, now: datetime) -> Feed:
    """Give the calendar address of a space, made when there is none; for staff of its site."""
    network = find_network(session)
    space = _require_space(actor, network.get_space(code))
    found = find_space_feed(session, network, space, key=key)
    return found or _made(session, actor, space, key, now)


def renew_space_feed(session: Session, actor: Actor, code: str, *, key: str, now: datetime) -> Feed:
    """Give a space a new calendar address; the old one answers no more."""
    close_space_feed(session, actor, code, now=now)
    return _made(session, actor, find_network(session).get_space(code), key, now)


def close_space_feed(session: Session, actor: Actor, code: str, *, now: datetime) -> None:
    """Let the calendar address of a space answer no more."""
    space = _require_space(actor, find_network(session).get_space(code))
    _revoke(session, CalendarFeedRow.space_id == space.id, now)


def _require_own(actor: Actor) -> None:
    require(actor, Permission.FEED_OWN, Subject(owner_id=actor.account_id))


def _require_space(actor: Actor, space: Space) -> Space:
    require(actor, Permission.FEED_SPACE, Subject(site=space.site))
    return space


def _revoke(session: Session, whose: Any, now: datetime) -> None:
    session.connection().execute(
        update(CalendarFeedRow)
        .where(whose, CalendarFeedRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _made(session: Session, actor: Actor, space: Space | None, key: str, now: datetime) -> Feed:
    nonce = secrets.token_hex(16)
    account_id = actor.account_id if space is None else None
    number = (
        session.connection()
        .execute(
            insert(CalendarFeedRow).returning(CalendarFeedRow.id),
            {
                "account_id": account_id,
                "space_id": None if space is None else space.id,
                "nonce": nonce,
                "created_at": now,
            },
        )
        .scalar_one()
    )
    return Feed(FeedId(number), account_id, space, now, feed_secret(number, nonce, key))
