"""Who may call a view. Every view names its guard; one that does not is refused.

The features' finders (who does this cookie, token or device key belong to?) are handed in by
``app.factory``, so that this package knows no feature.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Flask, abort, current_app, g, request, session
from flask.typing import RouteCallable
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, NotSignedIn
from app.domain.permissions import Actor, Permission, may_somewhere

View = TypeVar("View", bound=Callable[..., object])
SESSION_KEY = "sid"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class GuardKind(StrEnum):
    """How a view is guarded."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PERMISSION = "permission"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Guard:
    """The guard of one view; ``permissions`` are alternatives, asked somewhere in the network."""

    kind: GuardKind
    permissions: tuple[Permission, ...] = ()

    def __str__(self) -> str:
        return "/".join(self.permissions) if self.permissions else str(self.kind)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request."""

    actor: Actor
    name: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class Finders:
    """What the features give: a person by session cookie, or by API token."""

    by_session: Callable[[Session, str], SignedIn | None]
    by_token: Callable[[Session, str], SignedIn | None]
    device: Callable[[], object]
    reading: Callable[[], AbstractContextManager[Session]]


def public(view: View) -> View:
    """Let anybody call this view."""
    return _mark(view, Guard(GuardKind.PUBLIC))


def signed_in(view: View) -> View:
    """Let any signed-in person call this view; the service asks for more where it must."""
    return _mark(view, Guard(GuardKind.SIGNED_IN))


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let those call this view who hold one of ``permissions`` at some site."""
    return lambda view: _mark(view, Guard(GuardKind.PERMISSION, permissions))


def device_signed(view: View) -> View:
    """Let an approved door device call this view, by its signature (RFC 9421)."""
    return _mark(view, Guard(GuardKind.DEVICE))


def _mark(view: View, guard: Guard) -> View:
    view.__guard__ = guard  # type: ignore[attr-defined]  # a function may carry attributes
    return view


def guard_of(view: RouteCallable | None, method: str) -> Guard | None:
    """Give the guard that ``view`` names for ``method``; None when it names none."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        handler = getattr(view_class, method.lower(), None)
        if handler is None and method == "HEAD":
            handler = getattr(view_class, "get", None)
        found = getattr(handler, "__guard__", None)
        if found is not None:
            return found if isinstance(found, Guard) else None
    found = getattr(view, "__guard__", None)
    return found if isinstance(found, Guard) else None


def maybe_signed_in() -> SignedIn | None:
    """Give the person behind this request, or None; looked up once a request."""
    if "signed_in" not in g:
        g.signed_in = None
        g.signed_in = _find()
    found: SignedIn | None = g.signed_in
    return found


def maybe_actor() -> Actor | None:
    """Give the actor behind this request, or None."""
    found = maybe_signed_in()
    return found.actor if found else None


def actor() -> Actor:
    """Give the actor behind this request; raises ``NotSignedIn``."""
    found = maybe_actor()
    if found is None:
        raise NotSignedIn
    return found


def device() -> object:
    """Give the door device that signed this request."""
    return g.device


def _find() -> SignedIn | None:
    finders: Finders = current_app.extensions["totem.finders"]
    header = request.headers.get("Authorization", "")
    if request.path.startswith("/api/") and header:
        return _by_token(finders, header)
    if request.path.startswith("/api/") and request.method not in SAFE:
        return None  # the API has no CSRF token, so a cookie alone changes nothing there
    key = session.get(SESSION_KEY)
    if not isinstance(key, str):
        return None
    with finders.reading() as database:
        return finders.by_session(database, key)


def _by_token(finders: Finders, header: str) -> SignedIn:
    """Give whose token this is; a dead one is refused even where nobody need be known.

    Else a program would go on with prices that are not its person's, and never hear of it.
    """
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    with finders.reading() as database:
        found = finders.by_token(database, token.strip())
    if found is None:
        raise NotSignedIn
    return found


def register(app: Flask, finders: Finders) -> None:
    """Ask every request's guard before its view."""
    app.extensions["totem.finders"] = finders
    _mark(app.view_functions["static"], Guard(GuardKind.PUBLIC))
    app.before_request(_ask)


def _ask() -> None:
    if request.endpoint is None:  # unknown address: 404 follows
        return
    view = current_app.view_functions.get(request.endpoint)
    if request.method == "OPTIONS":
        return
    guard = guard_of(view, request.method)
    if guard is None:
        abort(405 if getattr(view, "view_class", None) else 403)
    check(guard)


def check(guard: Guard) -> None:
    """Let the request pass or raise: ``NotSignedIn``, ``NotAllowed``, or the device's refusal."""
    if guard.kind is GuardKind.PUBLIC:
        return
    if guard.kind is GuardKind.DEVICE:
        finders: Finders = current_app.extensions["totem.finders"]
        g.device = finders.device()
        return
    asking = actor()
    if guard.permissions and not any(
        may_somewhere(asking, permission) for permission in guard.permissions
    ):
        raise NotAllowed(guard.permissions[0])
