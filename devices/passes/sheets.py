"""The sheet of one door inside a snapshot: its rules, its names, and the day of its room."""

from collections.abc import Mapping
from dataclasses import dataclass

from devices.passes.cards import FINGERPRINT_LENGTH, CardStay
from devices.passes.cbor import Cbor
from devices.passes.claims import PASS_ID_LENGTH, Seconds
from devices.passes.rules import WINDOW, DoorRules, Mode, Policy


class NotASheet(ValueError):
    """A part of a snapshot is missing or of the wrong kind."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """One span of the room's day and the passes that belong to it; who they are is not told."""

    starts: Seconds
    ends: Seconds
    passes: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordered:
    """Staff asked to open this door once, from afar; orders are numbered upward for ever."""

    number: int
    until: Seconds


@dataclass(frozen=True, slots=True)
class Room:
    """How the room behind a door is given out to who stands there: grid, lengths, today's hours."""

    step: int
    lengths: tuple[int, ...]
    hours: tuple[tuple[Seconds, Seconds], ...]


@dataclass(frozen=True, slots=True)
class DoorSheet:
    """What one door must know of itself; `names` is by language and has at least `fr`.

    `openings` are to be done once each; a `muster` door shows who is inside when all must leave.
    `arrived` are the starts of those stays of the day whose people are known to have come, `cards`
    the cards that open it and when.
    """

    rules: DoorRules
    code: str
    names: Mapping[str, str]
    day: tuple[Occupied, ...] = ()
    openings: tuple[Ordered, ...] = ()
    is_muster: bool = False
    room: Room | None = None
    arrived: tuple[Seconds, ...] = ()
    cards: tuple[CardStay, ...] = ()


def to_map(sheet: DoorSheet) -> dict[str, object]:
    """Write a sheet as a CBOR map, always in the same order."""
    rules = sheet.rules
    only_where_there_is_one = {
        "openings": [[each.number, each.until] for each in sheet.openings],
        "muster": sheet.is_muster,
        "room": None if sheet.room is None else _room_map(sheet.room),
        "arrived": list(sheet.arrived),
        "cards": [_card_list(each) for each in sheet.cards],
    }
    return {
        "number": rules.door,
        "code": sheet.code,
        "names": sorted_names(sheet.names),
        "policy": str(rules.policy),
        "early": rules.early,
        "late": rules.late,
        "max_stale": rules.max_stale,
        "mode": str(rules.mode),
        "mode_until": rules.mode_until,
        "window": rules.window,
        "day": [[span.starts, span.ends, *span.passes] for span in sheet.day],
        **{name: value for name, value in only_where_there_is_one.items() if value},
    }


def from_map(fields: dict[int | str, Cbor], site: str) -> DoorSheet:
    """Read a sheet back; raises NotASheet."""
    try:
        policy = Policy(text_of(fields.get("policy")))
        mode = Mode(text_of(fields.get("mode")))
    except ValueError as error:
        raise NotASheet("policy or mode") from error
    rules = DoorRules(
        site=site,
        door=number_of(fields.get("number")),
        policy=policy,
        early=number_of(fields.get("early")),
        late=number_of(fields.get("late")),
        max_stale=number_of(fields.get("max_stale")),
        mode=mode,
        mode_until=number_of(fields.get("mode_until")),
        window=number_of(fields.get("window", WINDOW)),
    )
    return DoorSheet(
        rules,
        text_of(fields.get("code")),
        names_of(fields.get("names")),
        tuple(_occupied(item) for item in list_of(fields.get("day"))),
        tuple(_ordered(item) for item in list_of(fields.get("openings", []))),
        fields.get("muster") is True,
        _room(fields.get("room")),
        tuple(number_of(item) for item in list_of(fields.get("arrived", []))),
        tuple(_card(item) for item in list_of(fields.get("cards", []))),
    )


def _card_list(stay: CardStay) -> list[object]:
    return [stay.fingerprint, stay.starts, stay.ends, stay.pass_id]


def _card(item: Cbor) -> CardStay:
    match item:
        case [shown, int() as starts, int() as ends, pass_id]:
            known = bytes_of(shown, FINGERPRINT_LENGTH)
            return CardStay(known, starts, ends, bytes_of(pass_id, PASS_ID_LENGTH))
        case _:
            raise NotASheet("cards")


def _room_map(room: Room) -> dict[str, object]:
    return {
        "step": room.step,
        "lengths": list(room.lengths),
        "hours": [list(each) for each in room.hours],
    }


def _room(value: Cbor | None) -> Room | None:
    if value is None:
        return None
    fields = map_of(value)
    return Room(
        max(1, number_of(fields.get("step"))),
        tuple(number_of(item) for item in list_of(fields.get("lengths"))),
        tuple(_hours(item) for item in list_of(fields.get("hours"))),
    )


def _hours(item: Cbor) -> tuple[Seconds, Seconds]:
    match item:
        case [int() as starts, int() as ends]:
            return starts, ends
        case _:
            raise NotASheet("hours")


def _occupied(item: Cbor) -> Occupied:
    match item:
        case [int() as starts, int() as ends, *passes]:
            return Occupied(starts, ends, tuple(bytes_of(one, PASS_ID_LENGTH) for one in passes))
        case _:
            raise NotASheet("day")


def _ordered(item: Cbor) -> Ordered:
    match item:
        case [int() as number, int() as until]:
            return Ordered(number, until)
        case _:
            raise NotASheet("openings")


def sorted_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by language in one fixed order, so that equal names are equal bytes."""
    return dict(sorted(names.items()))


def number_of(value: Cbor | None) -> int:
    """Return a number that is not negative; raises NotASheet."""
    if type(value) is not int or value < 0:
        raise NotASheet("number")
    return value


def text_of(value: Cbor | None) -> str:
    """Return text that is not empty; raises NotASheet."""
    if not isinstance(value, str) or not value:
        raise NotASheet("text")
    return value


def bytes_of(value: Cbor | None, length: int) -> bytes:
    """Return exactly so many bytes; raises NotASheet."""
    if not isinstance(value, bytes) or len(value) != length:
        raise NotASheet("bytes")
    return value


def list_of(value: Cbor | None) -> list[Cbor]:
    """Return a list; raises NotASheet."""
    if not isinstance(value, list):
        raise NotASheet("list")
    return value


def map_of(value: Cbor | None) -> dict[int | str, Cbor]:
    """Return a map; raises NotASheet."""
    if not isinstance(value, dict):
        raise NotASheet("map")
    return value


def names_of(value: Cbor | None) -> dict[str, str]:
    """Return names by language; raises NotASheet unless French is among them."""
    names = {text_of(language): text_of(name) for language, name in map_of(value).items()}
    if "fr" not in names:
        raise NotASheet("names")
    return names
