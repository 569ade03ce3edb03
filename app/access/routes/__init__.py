"""The pages of doors: one's pass, and for staff the devices and what they reported."""

from app.access.routes import doors, journal, live, passes, phones
from app.access.routes.blueprint import blueprint

__all__ = ["blueprint", "doors", "journal", "live", "passes", "phones"]
