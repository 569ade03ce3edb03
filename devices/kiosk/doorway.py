"""What one door is made of, and which door of the snapshot it is."""

from dataclasses import dataclass, field

from devices.drivers.protocol import Lock
from devices.kiosk.contact import DoorContact
from devices.kiosk.health import Health
from devices.kiosk.journal import Journal
from devices.kiosk.muster import MusterFile
from devices.kiosk.screen import Screen
from devices.kiosk.state import StateFolder


@dataclass(frozen=True, slots=True)
class Doorway:
    """The parts of one door, made by whoever starts it."""

    door: int | str
    lock: Lock
    journal: Journal
    state: StateFolder
    screen: Screen
    language: str
    fingerprint: str
    boot: bytes
    open_seconds: float
    health: Health = field(default_factory=Health)
    contact: DoorContact = field(default_factory=DoorContact)
    muster: MusterFile | None = None
