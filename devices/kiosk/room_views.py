"""What is shown to somebody who asked something of a room at its door."""

from devices.kiosk import room
from devices.kiosk.asking import NO_ANSWER, Booked, Refusal
from devices.kiosk.muster import Muster
from devices.kiosk.views import Button, Tone, View, Wording
from devices.kiosk.wishes import Deed, Wish
from devices.passes.claims import Seconds
from devices.passes.reasons import Reason
from devices.passes.sheets import DoorSheet

CANCEL = "cancel"
# For these the door has a sentence of its own that needs no fact; else the server's is shown.
_OWN = frozenset(
    {
        NO_ANSWER,
        "not-the-holder",
        Reason.BAD_SIGNATURE,
        Reason.LIVE_NEEDED,
        Reason.NOT_A_PASS,
        Reason.OTHER_SITE,
        Reason.REVOKED,
        Reason.STALE_CODE,
        Reason.UNKNOWN_KEY,
    }
)


def of_wish(wish: Wish, sheet: DoorSheet | None, words: Wording, now: Seconds) -> View:
    """Ask for the pass that a wish needs, and offer to take the wish back."""
    until = ""
    if sheet is not None and sheet.room is not None:
        until = words.instant("until", room.end_of(sheet.room, wish.minutes, now), now)
    sentence = words.say(f"show-{wish.deed}", minutes=str(wish.minutes), until=until)
    cancel = Button(CANCEL, words.say("button-cancel"))
    return View(Tone.WAIT, words.say("word-show"), sentence, buttons=(cancel,))


def of_asking(words: Wording) -> View:
    """Ask for patience."""
    return View(Tone.WAIT, words.say("word-wait"), words.say("asking"))


def of_booked(booked: Booked, words: Wording, now: Seconds, *, is_open: bool) -> View:
    """Tell what was booked and what it costs; the door is open, or will be when it begins."""
    facts = {
        "start": words.instant("at", booked.starts, now),
        "until": words.instant("until", booked.ends, now),
        "price": words.money(booked.minor),
    }
    if is_open:
        return View(Tone.OPEN, words.say("word-open"), words.say("booked-open", **facts))
    return View(Tone.WAIT, words.say("word-booked"), words.say("booked-later", **facts))


def of_done(wish: Wish, words: Wording) -> View:
    """Tell that it was done."""
    name = "ended-now" if wish.deed is Deed.END else "arrival-noted"
    tone = Tone.WAIT if wish.deed is Deed.END else Tone.OPEN
    return View(tone, words.say("word-done"), words.say(name))


def of_refusal(refusal: Refusal, words: Wording) -> View:
    """Tell why it was not done."""
    if refusal.code in _OWN:
        sentence = words.say(str(refusal.code))
    else:
        sentence = refusal.sentence or words.say("internal")
    return View(Tone.SHUT, words.say("word-shut"), sentence)


def of_muster(muster: Muster | None, words: Wording) -> View:
    """Tell who is to be found."""
    word = words.say("button-muster")
    if muster is None:
        return View(Tone.WAIT, word, words.say("nobody-listed"))
    hour = words.clock(muster.made_at)
    sentence = words.say("inside", count=str(muster.count), hour=hour)
    return View(Tone.WAIT, word, sentence, people=muster.lines)


def of_staff_only(words: Wording) -> View:
    """Tell that the list of people is not for everybody."""
    return View(Tone.SHUT, words.say("word-shut"), words.say("staff-only"))
