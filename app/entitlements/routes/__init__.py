"""The pages of rights: one's own, at the desk, and what operators owe one another."""

from app.entitlements.routes import desk, mine, roaming
from app.entitlements.routes.blueprint import blueprint

__all__ = ["blueprint", "desk", "mine", "roaming"]
