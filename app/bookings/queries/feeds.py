"""Calendar feeds: found by the secret of their address, which is derived and never stored."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.bookings.booking import Feed
from app.bookings.tables import CalendarFeedRow
from app.domain.errors import UnknownFeed
from app.domain.ids import AccountId, FeedId
from app.spaces.network import Network, Space

MAC_LENGTH = 32  # hex digits: 128 bits
LONGEST_ID = 18


def feed_secret(feed_id: int, nonce: str, key: str) -> str:
    """Derive the secret of a feed's address from the app's key and the feed's nonce."""
    text = f"calendar-feed:{feed_id}:{nonce}".encode()
    mac = hmac.new(key.encode(), text, hashlib.sha256).hexdigest()
    return f"{feed_id}-{mac[:MAC_LENGTH]}"


def site_secret(feed: Feed, site: str, *, key: str) -> str:
    """Derive the secret of a site's calendar for who has that feed; it dies with the feed's own.

    Who knows one of both cannot make the other: a person may show their own calendar to anybody.
    """
    text = f"site-calendar:{feed.secret}:{site}"
    mac = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{feed.id}-{mac[:MAC_LENGTH]}"


def get_feed(
    session: Session, network: Network, secret: str, *, key: str, site: str | None = None
) -> Feed:
    """Give the feed that answers to a secret, of its own or of a site's calendar.

    Raises ``UnknownFeed`` for any other.
    """
    number, _, _ = secret.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_ID):
        raise UnknownFeed
    row = session.execute(_feeds().where(CalendarFeedRow.id == int(number))).one_or_none()
    if row is None:
        raise UnknownFeed
    feed = _feed(row, network, key)
    known = feed.secret if site is None else site_secret(feed, site, key=key)
    if not hmac.compare_digest(known.encode(), secret.encode()):
        raise UnknownFeed
    return feed


def find_own_feed(session: Session, account_id: AccountId, *, key: str) -> Feed | None:
    """Give a person's live feed, or None."""
    row = session.execute(
        _feeds().where(CalendarFeedRow.account_id == account_id).limit(1)
    ).one_or_none()
    return None if row is None else _feed(row, None, key)


def find_space_feed(session: Session, network: Network, space: Space, *, key: str) -> Feed | None:
    """Give the live feed of a space, or None."""
    row = session.execute(
        _feeds().where(CalendarFeedRow.space_id == space.id).limit(1)
    ).one_or_none()
    return None if row is None else _feed(row, network, key)


def _feeds() -> Any:
    return (
        select(*CalendarFeedRow.__table__.columns)
        .where(CalendarFeedRow.revoked_at.is_(None))
        .order_by(CalendarFeedRow.id.desc())
    )


def _feed(row: Row[Any], network: Network | None, key: str) -> Feed:
    space = None
    if row.space_id is not None and network is not None:
        space = network.space_by_id(row.space_id)
    return Feed(
        id=FeedId(row.id),
        account_id=None if row.account_id is None else AccountId(row.account_id),
        space=space,
        created_at=row.created_at,
        secret=feed_secret(row.id, row.nonce, key),
    )
