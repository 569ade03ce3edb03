"""What the running app holds for this feature: its keys, and the address people reach it by."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.access.keys import IssuerKeys
from app.gateways.wallets import Wallets
from config.settings import Settings

EXTENSION = "totem.pass_keys"
WALLETS = "totem.wallets"


def issuer_keys() -> IssuerKeys:
    """Give the keys that the factory opened for this app."""
    return cast(IssuerKeys, current_app.extensions[EXTENSION])


def wallets() -> Wallets:
    """Give the wallets that the factory opened for this app."""
    return cast(Wallets, current_app.extensions[WALLETS])


def settings() -> Settings:
    """Give the settings of this app."""
    return cast(Settings, current_app.extensions["totem.settings"])
