"""The ways of a pass into the wallet of a phone, where there are any."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from app.access.holder import wallets
from app.access.passes import Pass


def ways_into_wallets(given: Pass) -> list[tuple[str, str]]:
    """Give the words and addresses of the wallets that this house can fill."""
    here = wallets()
    ref, day = given.booking.ref, given.day
    ways = []
    if here.apple is not None:
        ways.append((_("Ajouter à Apple Wallet"), url_for("access.apple_pass", ref=ref, day=day)))
    if here.google is not None:
        ways.append((_("Ajouter à Google Wallet"), url_for("access.google_pass", ref=ref, day=day)))
    return ways
