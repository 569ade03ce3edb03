"""Where this house is found from outside: the start of its addresses, and its mailbox."""

from __future__ import annotations

from flask import current_app

from config.settings import Settings


def base_url() -> str:
    """Give the start of every absolute address, without a slash at its end."""
    return _settings().base_url


def mailbox() -> str:
    """Give the address mails come from, and answers to invitations go to."""
    return _settings().mail_from


def _settings() -> Settings:
    settings: Settings = current_app.extensions["totem.settings"]
    return settings
