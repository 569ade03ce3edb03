"""Which language a person reads: their choice, else their account's, else their browser's.

Programs choose by ``Accept-Language`` first: a token's owner may serve readers of any language.
"""

from __future__ import annotations

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

LANGUAGES = {"fr": "Français", "de": "Deutsch", "en": "English"}
DEFAULT = "fr"


def choose() -> str:
    """Give the language of the present request; French when nobody says."""
    if not has_request_context():
        return DEFAULT
    if request.path.startswith("/api/") and request.accept_languages:
        return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    signed_in = getattr(g, "signed_in", None)
    if signed_in is not None and signed_in.locale in LANGUAGES:
        return str(signed_in.locale)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def register(app: Flask) -> None:
    """Attach Flask-Babel: catalogues in app/translations, msgids in French."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Paris")
    Babel(app, locale_selector=choose)
