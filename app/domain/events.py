"""What features tell each other: frozen facts with JSON-able fields, written to the outbox."""

from dataclasses import dataclass, field
from typing import ClassVar

from app.domain.event import DomainEvent as DomainEvent
from app.domain.json_values import JsonObject
from app.domain.line_events import LineMoved as LineMoved
from app.domain.line_events import WaitOffered as WaitOffered


@dataclass(frozen=True, slots=True)
class BookingHeld(DomainEvent):
    """A place is kept while somebody reads and confirms."""

    kind: ClassVar[str] = "booking-held"
    booking_id: int


@dataclass(frozen=True, slots=True)
class BookingConfirmed(DomainEvent):
    """A booking stands; its pass and calendar entry may go out."""

    kind: ClassVar[str] = "booking-confirmed"
    booking_id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class BookingRequested(DomainEvent):
    """A booking waits for the staff's answer, and keeps its place meanwhile."""

    kind: ClassVar[str] = "booking-requested"
    booking_id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class RequestForgotten(DomainEvent):
    """A request has waited longer than the place promises; its approvers are reminded."""

    kind: ClassVar[str] = "request-forgotten"
    booking_id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class BookingRefused(DomainEvent):
    """The staff said no to a request, and why."""

    kind: ClassVar[str] = "booking-refused"
    booking_id: int
    version: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingMoved(DomainEvent):
    """A booking got another time, place or people; older passes are void unless it keeps them."""

    kind: ClassVar[str] = "booking-moved"
    booking_id: int
    version: int = 0
    keeps_pass: bool = False


@dataclass(frozen=True, slots=True)
class BookingCancelled(DomainEvent):
    """A booking was given up; its passes are void."""

    kind: ClassVar[str] = "booking-cancelled"
    booking_id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class BookingCheckedIn(DomainEvent):
    """The people of a booking have come."""

    kind: ClassVar[str] = "booking-checked-in"
    booking_id: int


@dataclass(frozen=True, slots=True)
class BookingCheckedOut(DomainEvent):
    """The people of a booking have left; its passes are void."""

    kind: ClassVar[str] = "booking-checked-out"
    booking_id: int


@dataclass(frozen=True, slots=True)
class SeriesBooked(DomainEvent):
    """Every date of a series stands; they are told in one mail."""

    kind: ClassVar[str] = "series-booked"
    series_id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class SeriesChanged(DomainEvent):
    """Dates of a series got another time, place or number of people; older passes are void."""

    kind: ClassVar[str] = "series-changed"
    series_id: int
    version: int
    moved: list[int] = field(default_factory=list)
    before_id: int | None = None  # the series they were split off from


@dataclass(frozen=True, slots=True)
class SeriesCancelled(DomainEvent):
    """Some dates of a series were given up, or all to come; their passes are void."""

    kind: ClassVar[str] = "series-cancelled"
    series_id: int
    version: int
    cancelled: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BookingsDisplaced(DomainEvent):
    """A place was closed and these bookings were given up for it; their passes are void."""

    kind: ClassVar[str] = "bookings-displaced"
    closure_id: int
    bookings: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BookingReleased(DomainEvent):
    """Nobody came to a booking, and its place was given back; its passes are void."""

    kind: ClassVar[str] = "booking-released"
    booking_id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class BookingHandedOver(DomainEvent):
    """A booking got another holder; the passes of the one before are void."""

    kind: ClassVar[str] = "booking-handed-over"
    booking_id: int
    version: int
    from_account: int


@dataclass(frozen=True, slots=True)
class HandOverOffered(DomainEvent):
    """A booking is offered by mail to somebody who may take it."""

    kind: ClassVar[str] = "hand-over-offered"
    offer_id: int


@dataclass(frozen=True, slots=True)
class DoorsTold(DomainEvent):
    """Doors must hear of something that is no booking: an order, a lost phone; `why` in a word."""

    kind: ClassVar[str] = "doors-told"
    why: str


@dataclass(frozen=True, slots=True)
class NetworkChanged(DomainEvent):
    """Places, doors or cards were loaded anew."""

    kind: ClassVar[str] = "network-changed"
    revision: int


@dataclass(frozen=True, slots=True)
class DoorReported(DomainEvent):
    """A door pushed new lines of its journal."""

    kind: ClassVar[str] = "door-reported"
    device_id: int
    upto_seq: int


@dataclass(frozen=True, slots=True)
class DoorAlarmRaised(DomainEvent):
    """Something at a door that a person must look at; the staff of its site is told, once."""

    kind: ClassVar[str] = "door-alarm-raised"
    alarm_id: int


@dataclass(frozen=True, slots=True)
class MailLinkAsked(DomainEvent):
    """Somebody needs a link by mail: to sign in, to confirm an address or to reset a password."""

    kind: ClassVar[str] = "mail-link-asked"
    account_id: int
    purpose: str
    token: str


@dataclass(frozen=True, slots=True)
class ColleagueInvited(DomainEvent):
    """An organisation invites somebody by mail."""

    kind: ClassVar[str] = "colleague-invited"
    invitation_id: int
    token: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(DomainEvent):
    """A password was set or changed; its owner is told, in case it was not them."""

    kind: ClassVar[str] = "password-changed"
    account_id: int
    at: str


@dataclass(frozen=True, slots=True)
class LeaseOffered(DomainEvent):
    """An office is offered; its tenant gets the letter."""

    kind: ClassVar[str] = "lease-offered"
    ref: str


@dataclass(frozen=True, slots=True)
class LeaseRevised(DomainEvent):
    """A year's rent was revised, for good or provisionally; its tenant gets the notice."""

    kind: ClassVar[str] = "lease-revised"
    ref: str
    effective_on: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class LeaseAlarm(DomainEvent):
    """Something about a lease that its managers must look at."""

    kind: ClassVar[str] = "lease-alarm"
    ref: str
    alarm: str


@dataclass(frozen=True, slots=True)
class ProofAnswered(DomainEvent):
    """Staff accepted or refused a request for a profile; who asked is told."""

    kind: ClassVar[str] = "proof-answered"
    request_id: int


@dataclass(frozen=True, slots=True)
class ProfileEnding(DomainEvent):
    """A profile ends within a month; its holder is told, once."""

    kind: ClassVar[str] = "profile-ending"
    profile_id: int


@dataclass(frozen=True, slots=True)
class MailWanted(DomainEvent):
    """A composed mail to be sent after the commit.

    `key` names it for ever (sent twice, it is the same message); the text may hold `{base_url}`.
    Attachments: `filename`, `content_type`, `content` (base64) and, for calendars, `method`.
    """

    kind: ClassVar[str] = "mail-wanted"
    key: str
    to: str
    subject: str
    text: str
    attachments: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PhoneEnrolled(DomainEvent):
    """A phone may hold somebody's passes, in the place of older ones when there were three."""

    kind: ClassVar[str] = "phone-enrolled"
    phone_id: int
    replaced: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PhoneRevoked(DomainEvent):
    """A phone holds no passes any more."""

    kind: ClassVar[str] = "phone-revoked"
    phone_id: int


@dataclass(frozen=True, slots=True)
class CardGiven(DomainEvent):
    """Staff gave somebody a card that opens doors; its holder is told, in case it was not them."""

    kind: ClassVar[str] = "card-given"
    card_id: int


@dataclass(frozen=True, slots=True)
class PassesGivenUp(DomainEvent):
    """Every phone and pass of a person was given up at once."""

    kind: ClassVar[str] = "passes-given-up"
    account_id: int
    at: str


@dataclass(frozen=True, slots=True)
class GuestInvited(DomainEvent):
    """Somebody is on the list of a booking; who has an address is mailed a pass."""

    kind: ClassVar[str] = "guest-invited"
    guest_id: int


@dataclass(frozen=True, slots=True)
class GuestRemoved(DomainEvent):
    """Somebody was taken off the list of a booking; their pass is void."""

    kind: ClassVar[str] = "guest-removed"
    guest_id: int


@dataclass(frozen=True, slots=True)
class EmergencyPassGiven(DomainEvent):
    """The desk gave somebody a pass on paper."""

    kind: ClassVar[str] = "emergency-pass-given"
    pass_row_id: int


@dataclass(frozen=True, slots=True)
class RightRunsOut(DomainEvent):
    """A pack is nearly used up (`low`), or a right is about to end (`ending`)."""

    kind: ClassVar[str] = "right-runs-out"
    right_id: int
    about: str


EVENTS: dict[str, type[DomainEvent]] = {
    event.kind: event
    for event in (
        BookingHeld,
        BookingConfirmed,
        BookingMoved,
        BookingRequested,
        BookingRefused,
        RequestForgotten,
        BookingCancelled,
        BookingCheckedIn,
        BookingCheckedOut,
        BookingReleased,
        BookingsDisplaced,
        BookingHandedOver,
        HandOverOffered,
        SeriesBooked,
        SeriesChanged,
        SeriesCancelled,
        LineMoved,
        WaitOffered,
        DoorsTold,
        NetworkChanged,
        DoorReported,
        DoorAlarmRaised,
        MailLinkAsked,
        ColleagueInvited,
        PasswordChanged,
        PhoneEnrolled,
        PhoneRevoked,
        CardGiven,
        PassesGivenUp,
        GuestInvited,
        GuestRemoved,
        EmergencyPassGiven,
        LeaseAlarm,
        LeaseOffered,
        LeaseRevised,
        ProofAnswered,
        ProfileEnding,
        RightRunsOut,
        MailWanted,
    )
}


def event_from(kind: str, payload: JsonObject) -> DomainEvent:
    """Rebuild an event from the outbox; raises KeyError for a kind nobody knows."""
    return EVENTS[kind](**payload)
