"""The browser in front of us: where it comes from, where it may go, signing it in and out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import g, request, session
from sqlalchemy.orm import Session

from app.domain.ids import AccountId
from app.people import service
from app.people.routes.blueprint import SEEN_KEY
from app.web import clock
from app.web.guards import SESSION_KEY
from app.web.languages import LANGUAGES

HOME = "/"
WISH_KEY = "wish"  # where somebody wanted to go before they had to sign in or sign up
_UNSAFE = re.compile(r"[\\\x00-\x20\x7f]")
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def own_path(text: str | None, default: str = HOME) -> str:
    """Give a path of this site as it was asked for, or the default for anything else.

    Browsers read `//host`, `/\\host` and a tab before a slash as another site.
    """
    if not text or len(text) > 2000 or not text.startswith("/") or _UNSAFE.search(text):
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc or text.startswith("//") else text


def keep_wish(path: str) -> None:
    """Remember where this browser wanted to go, for a way in that leads through the mail."""
    if path != HOME:
        session[WISH_KEY] = path


def kept_wish() -> str:
    """Give where this browser wanted to go; another browser goes home."""
    path = session.get(WISH_KEY)
    return own_path(path if isinstance(path, str) else None)


def session_key() -> str | None:
    """Give the key of this browser's sign-in session, if it has one."""
    key = session.get(SESSION_KEY)
    return key if isinstance(key, str) else None


def open_session(database: Session, account_id: AccountId) -> str:
    """Open a sign-in session for this browser in place of the one it had."""
    return service.open_session(
        database,
        account_id,
        agent=device_words(request.headers.get("User-Agent", "")),
        replaces=session_key(),
        now=clock.now(),
    )


def admit(key: str) -> None:
    """Sign this browser in: nothing of its cookie before is kept (no fixation)."""
    session.clear()
    session.permanent = True
    session[SESSION_KEY] = key
    session[SEEN_KEY] = int(clock.now().timestamp())
    g.pop("signed_in", None)


def dismiss() -> None:
    """Sign this browser out; only its language is kept."""
    language = session.get("language")
    session.clear()
    if language in LANGUAGES:
        session["language"] = language
    g.pop("signed_in", None)


def device_words(agent: str) -> str:
    """Name a browser and its system as people know them: « Firefox, Linux »."""
    named = [
        next((word for sign, word in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(word for word in named if word)
