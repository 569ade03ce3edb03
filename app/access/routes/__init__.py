"""The pages of doors: one's pass, guests, and for staff the devices and what they reported."""

from app.access.routes import (
    cards,
    doors,
    fleet,
    guests,
    journal,
    live,
    paper_passes,
    passages,
    passes,
    phones,
    wallets,
)
from app.access.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "cards",
    "doors",
    "fleet",
    "guests",
    "journal",
    "live",
    "paper_passes",
    "passages",
    "passes",
    "phones",
    "wallets",
]
