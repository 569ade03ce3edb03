"""What a person sees at the door: a word, a shape, a colour, and a sentence saying what to do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from devices.kiosk import sentences
from devices.kiosk.clock import as_instant
from devices.passes.claims import Claims, Seconds
from devices.passes.reasons import Reason
from devices.passes.rules import Decision, Granted, Refused
from devices.passes.sheets import DoorSheet
from devices.passes.snapshot import Snapshot


class Tone(StrEnum):
    """What kind of view it is; screens give each its own shape, colour and sound."""

    IDLE = "idle"
    OPEN = "open"
    SHUT = "shut"
    WAIT = "wait"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to be tapped; one that is not enabled says that it would be there."""

    name: str
    label: str
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """One picture of the screen; `notes` are small print below the sentence.

    `lines` tell of the room behind the door. `people` are names, for a muster point when all must
    leave: they go to the screen before one's eyes and nowhere else.
    """

    tone: Tone
    word: str
    sentence: str
    notes: tuple[str, ...] = ()
    language: str = "fr"
    challenge: str = ""
    lines: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts facts into the words of one language, in the hours of one place."""

    language: str
    zone: ZoneInfo

    def say(self, name: str, **facts: str) -> str:
        """Return the sentence of this name."""
        return sentences.SENTENCES[name][self.language].format_map(facts)

    def clock(self, at: Seconds) -> str:
        """Write the hour as people here do: `13 h 50`, `13:50`."""
        local = self._local(at)
        return sentences.CLOCK[self.language].format(hour=local.hour, minute=local.minute)

    def money(self, minor: int) -> str:
        """Write an amount of cents as people here do: `12,50 €`, `€12.50`."""
        euros, cents = divmod(minor, 100)
        return sentences.MONEY[self.language].format(euros=euros, cents=cents)

    def instant(self, preposition: str, at: Seconds, now: Seconds) -> str:
        """Write `at`, `until` or `since` an hour, with the day when it is not today."""
        local, hour = self._local(at), self.clock(at)
        if local.date() == self._local(now).date():
            return self.say(preposition, hour=hour)
        day = sentences.DAY[self.language].format(day=local.day, month=local.month)
        return self.say(f"{preposition}-on-day", day=day, hour=hour)

    def name(self, names: dict[str, str]) -> str:
        """Return a name in this language, or in French."""
        return names.get(self.language, names["fr"])

    def _local(self, at: Seconds) -> datetime:
        return as_instant(at).astimezone(self.zone)


def zone_of(snapshot: Snapshot) -> ZoneInfo:
    """Return the hours of the snapshot's place, or UTC when this machine does not know them."""
    try:
        return ZoneInfo(snapshot.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def of_decision(
    decision: Decision, snapshot: Snapshot | None, sheet: DoorSheet | None, words: Wording, now: int
) -> View:
    """Return what the person who showed a code is told."""
    if isinstance(decision, Granted):
        name = "" if sheet is None else words.name(dict(sheet.names))
        sentence = words.say(
            "granted", door=name, until=words.instant("until", decision.until, now)
        )
        return View(Tone.OPEN, words.say("word-open"), sentence)
    return View(Tone.SHUT, words.say("word-shut"), _refusal(decision, snapshot, sheet, words, now))


def _refusal(
    refused: Refused, snapshot: Snapshot | None, sheet: DoorSheet | None, words: Wording, now: int
) -> str:
    if refused.reason is Reason.OTHER_DOOR and snapshot is not None and sheet is not None:
        theirs = _names_of_doors(refused.claims, snapshot, words)
        if theirs:
            return words.say("other-door", door=words.name(dict(sheet.names)), theirs=theirs)
        return words.say("other-door-unnamed")
    if refused.reason is Reason.STALE_CODE and refused.at is not None:
        return _stale(now - refused.at, words)
    if refused.at is not None:
        at, since = (words.instant(name, refused.at, now) for name in ("at", "since"))
        return words.say(str(refused.reason), at=at, since=since)
    return words.say(_WITHOUT_HOUR.get(refused.reason, str(refused.reason)))


def _stale(age: Seconds, words: Wording) -> str:
    """Say by how much; beyond an hour it is a picture, and no phone's clock."""
    if abs(age) > _HOUR:
        return words.say("stale-code")
    name = "stale-code-behind" if age > 0 else "stale-code-ahead"
    return words.say(name, seconds=str(abs(age)))


_HOUR = 3600
_WITHOUT_HOUR = {
    Reason.OTHER_DOOR: "other-door-unnamed",
    Reason.OFFLINE_TOO_LONG: "never-online",
}


def _names_of_doors(claims: Claims | None, snapshot: Snapshot, words: Wording) -> str:
    if claims is None:
        return ""
    names = {sheet.rules.door: dict(sheet.names) for sheet in snapshot.doors}
    names |= {number: dict(name) for number, name in snapshot.others.items()}
    known = [words.name(names[number]) for number in claims.doors if number in names]
    return words.say("or").join(known)


def of_idle(sheet: DoorSheet | None, words: Wording, notes: tuple[str, ...] = ()) -> View:
    """Return what the screen shows while nobody is there: which door it is and how to use it."""
    if sheet is None:
        return View(Tone.WAIT, words.say("word-wait"), words.say("not-ready"), notes)
    return View(Tone.IDLE, words.name(dict(sheet.names)), words.say("idle"), notes)


def of_lost_lock(words: Wording) -> View:
    """Return what is told to somebody who may enter while the lock does not answer."""
    return View(Tone.FAULT, words.say("word-fault"), words.say("lock-lost"))
