"""The pages of doors: one's pass, and for staff the devices and what they reported."""

<<<<<<< other
from app.access.routes import doors, emergencies, guests, journal, live, passes, phones
from app.access.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "doors",
    "emergencies",
    "guests",
    "journal",
    "live",
    "passes",
    "phones",
]
=======
from app.access.routes import doors, fleet, journal, live, passages, passes, phones
from app.access.routes.blueprint import blueprint

__all__ = ["blueprint", "doors", "fleet", "journal", "live", "passages", "passes", "phones"]
>>>>>>> kiosk
