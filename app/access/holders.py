"""Who holds passes: phones with a key of their own, guests of a booking, and what the desk gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.ids import AccountId, BookingId
from app.spaces.network import Door
from devices.passes.claims import HolderKey

MOST_PHONES: Final = 3
MOST_GUESTS: Final = 300  # the largest hall of the network seats fewer
NONCE_LIFE: Final = timedelta(minutes=10)
ENROLMENT: Final = b"RB-enrol-1\0"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that holds passes; its key never leaves it."""

    id: int
    code: str
    account_id: AccountId
    holder: HolderKey
    name: str
    enrolled_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Card:
    """A card that staff gave to a person; what it is known by is no number."""

    id: int
    code: str
    account_id: AccountId
    label: str
    given_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card nobody was given yet, as it was shown at a door not long ago."""

    fingerprint: bytes
    door: Door
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneAsking:
    """What a phone says to be enrolled: its key, a signature over our nonce, how it is called."""

    public_key: bytes
    signature: bytes
    nonce: bytes
    name: str

    @property
    def signed_message(self) -> bytes:
        """What the phone must have signed with the key it names."""
        return ENROLMENT + self.nonce + self.public_key


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is put on the list of a booking; without an address they come by name alone."""

    name: str
    email: str | None
    locale: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited to a booking, and whether they have come."""

    id: int
    code: str
    booking_id: BookingId
    name: str
    email: str | None
    locale: str
    invited_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_present(self) -> bool:
        """Whether they came and are not known to have left."""
        return self.arrived_at is not None and self.left_at is None
