"""The blueprint of people, and what it needs of the app it is attached to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, current_app, request, session
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from app.db.transaction import transaction
from app.people import service, words
from app.people.passwords import PasswordKeeper
from app.web import clock
from app.web.guards import SESSION_KEY
from config.settings import Settings

SEEN_KEY = "seen"
SEEN_EVERY = 3600  # seconds between two notes that a browser is in use
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ID = "int(max=9007199254740991)"  # larger numbers are unknown, not an error of the database

SiteNames = Callable[[Session], Iterable[tuple[str, str]]]
FindOffices = Callable[[Session, int], Iterable[tuple[str, str]]]

pages = Blueprint("people", __name__, template_folder="../templates")


@pages.record_once
def _attach(state: BlueprintSetupState) -> None:
    settings: Settings = state.app.extensions["totem.settings"]
    state.app.extensions["totem.passwords"] = PasswordKeeper(cheap=settings.cheap_passwords)


@pages.context_processor
def _words() -> dict[str, object]:
    return {"words": words}


@pages.after_app_request
def _note_seen(response: Response) -> Response:
    """Keep a browser in use from counting as idle: by writing requests only, once an hour."""
    if request.method not in WRITING or response.status_code >= 400:
        return response
    key, seen = session.get(SESSION_KEY), session.get(SEEN_KEY)
    if not isinstance(key, str) or not isinstance(seen, int):
        return response
    now = clock.now()
    if now.timestamp() - seen >= SEEN_EVERY:
        with transaction() as database:
            service.note_seen(database, key, now=now)
        session[SEEN_KEY] = int(now.timestamp())
    return response


def passwords() -> PasswordKeeper:
    """Give the app's keeper of passwords."""
    keeper: PasswordKeeper = current_app.extensions["totem.passwords"]
    return keeper


def offices_of(database: Session, organisation_id: int) -> list[tuple[str, str]]:
    """Name an organisation's offices that the reader may see, with their addresses.

    People stand below leases, so the factory hands the function in.
    """
    find: FindOffices = current_app.extensions["totem.offices"]
    return list(find(database, organisation_id))


def site_names(database: Session) -> list[tuple[str, str]]:
    """Give the codes and names of the sites, by the function the factory hands in.

    People stand below places, so they are told what sites there are.
    """
    find: SiteNames = current_app.extensions["totem.sites"]
    return [(str(code), str(name)) for code, name in find(database)]
