"""Where this house is found from outside: the start of its addresses, and its mailbox."""

from __future__ import annotations

from flask import current_app, url_for

from config.settings import Settings


def base_url() -> str:
    """Give the start of every absolute address, without a slash at its end."""
    return _settings().base_url


def mailbox() -> str:
    """Give the address mails come from, and answers to invitations go to."""
    return _settings().mail_from


def address(endpoint: str, **values: object) -> str:
    """Give the address of a page; lists repeat, as several ticked boxes of a form do."""
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # any of url_for's own words


def _settings() -> Settings:
    settings: Settings = current_app.extensions["totem.settings"]
    return settings
