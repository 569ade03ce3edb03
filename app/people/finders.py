"""Who is behind a request: what `app.web.guards` is handed by the factory."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.people import queries
from app.web import clock
from app.web.guards import SignedIn


def find_by_session(session: Session, key: str) -> SignedIn | None:
    """Give the person signed in under this key, or None; one statement."""
    return _signed_in(queries.find_by_session(session, key, now=clock.now()))


def find_by_token(session: Session, token: str) -> SignedIn | None:
    """Give the person whose API token this is, held to its scopes, or None; one statement."""
    return _signed_in(queries.find_by_token(session, token, now=clock.now()))


def _signed_in(known: queries.Known | None) -> SignedIn | None:
    if known is None:
        return None
    return SignedIn(known.actor, known.name, known.email, known.locale)
