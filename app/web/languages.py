"""Which language a person reads: their choice, else their account's, else their browser's.

Programs choose by ``Accept-Language`` first: a token's owner may serve readers of any language.
"""

from __future__ import annotations

from babel import Locale
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

LANGUAGES = {"fr": "Français", "de": "Deutsch", "en": "English"}
DEFAULT = "fr"
_LOCALES = {language: Locale(language) for language in LANGUAGES}


def choose() -> str:
    """Give the language of the present request; French when nobody says."""
    if not has_request_context():
        return DEFAULT
    if request.path.startswith("/api/") and request.accept_languages:
        return _best_of_browser()
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    signed_in = getattr(g, "signed_in", None)
    if signed_in is not None and signed_in.locale in LANGUAGES:
        return str(signed_in.locale)
    return _best_of_browser()


def _locale() -> Locale:
    return _LOCALES[choose()]


def _best_of_browser() -> str:
    """Give the language wished for most; who wishes for ``fr-CH`` before ``en`` gets French.

    Werkzeug's own ``best_match`` gives English there, the first to be named exactly.
    """
    for tag, quality in request.accept_languages:
        language = tag.partition("-")[0].lower()
        if quality > 0 and language in LANGUAGES:
            return language
    return DEFAULT


def register(app: Flask) -> None:
    """Attach Flask-Babel: catalogues in app/translations, msgids in French."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Paris")
    Babel(app, locale_selector=_locale)  # type: ignore[arg-type]  # takes a text, and parses it anew
