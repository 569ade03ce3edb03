"""Serves who asks something of the room at its door: takes the wish, the pass, and the answer."""

from typing import Final, assert_never

from devices.kiosk import room_views
from devices.kiosk.asking import Answer, Booked, Done, Refusal
from devices.kiosk.clock import Moment
from devices.kiosk.display import Display
from devices.kiosk.knowing import Knowing
from devices.kiosk.notebook import Notebook
from devices.kiosk.strike import Strike
from devices.kiosk.views import View, of_lost_lock
from devices.kiosk.wishes import ANSWER_LASTS, Deed, SendAsk, Wish, Wishes
from devices.passes.chain import Kind
from devices.passes.reasons import MUSTER, STAFF_ONLY, Opening
from devices.passes.rules import Decision, Granted, Policy

MUSTER_SHOWN: Final = 300.0


class Counter:
    """One wish at a time; the door still opens by its own decision only."""

    def __init__(
        self,
        knowing: Knowing,
        notebook: Notebook,
        strike: Strike,
        display: Display,
        ask: SendAsk,
    ) -> None:
        self._knowing = knowing
        self._notebook = notebook
        self._strike = strike
        self._display = display
        self._wishes = Wishes(ask)

    def choose(self, wish: Wish | None, moment: Moment) -> None:
        """Remember what somebody wants, or that they want nothing any more."""
        self._wishes.choose(wish, moment.uptime)
        self._display.free()

    def view(self, moment: Moment) -> View | None:
        """Return what asks for the pass that a wish needs; None while nobody wants anything."""
        wish = self._wishes.standing(moment.uptime)
        if wish is None:
            return None
        return room_views.of_wish(wish, self._knowing.sheet, self._display.words, moment.now)

    def scanned(self, text: str, moment: Moment) -> bool:
        """Take a pass that was shown for a wish; False when the door has to decide as always."""
        wish = self._wishes.standing(moment.uptime)
        if wish is None or wish.deed is Deed.CHECK_IN:
            return False
        self._wishes.choose(None, moment.uptime)
        if wish.deed is Deed.MUSTER:
            self._show_people(self._knowing.decide(text, moment.now), moment)
        else:
            self._ask(wish, text, moment)
            view = room_views.of_asking(self._display.words)
            self._display.say(view, moment.uptime, lasts=ANSWER_LASTS)
        return True

    def decided(self, text: str, moment: Moment, *, is_open: bool) -> None:
        """Tell the server at once of somebody who said they are here, and whom the door let in."""
        wish = self._wishes.standing(moment.uptime)
        self._wishes.choose(None, moment.uptime)
        if wish is not None and is_open:
            self._ask(wish, text, moment)

    def answered(self, number: int, answer: Answer, moment: Moment) -> None:
        """Tell whoever still stands there what came of it."""
        wish = self._wishes.answered(number, moment.uptime)
        if wish is not None:
            self._display.say(self._view_of(wish, answer, moment), moment.uptime)

    def _ask(self, wish: Wish, text: str, moment: Moment) -> None:
        self._wishes.ask(wish, text, self._display.words.language, moment.uptime)

    def _view_of(self, wish: Wish, answer: Answer, moment: Moment) -> View:
        words = self._display.words
        match answer:
            case Booked():
                return self._let_in(answer, moment)
            case Done():
                return room_views.of_done(wish, words)
            case Refusal():
                return room_views.of_refusal(answer, words)
            case _:
                assert_never(answer)

    def _let_in(self, booked: Booked, moment: Moment) -> View:
        """Open to what was booked: the door judges the pass that came, proven a moment ago."""
        words = self._display.words
        decision = self._knowing.decide(booked.text, moment.now, Policy.ANY)
        is_open = isinstance(self._notebook.recorded(decision, moment), Granted)
        if is_open and not self._strike.open(moment):
            return of_lost_lock(words)
        return room_views.of_booked(booked, words, moment.now, is_open=is_open)

    def _show_people(self, decision: Decision, moment: Moment) -> None:
        """Show who is to be found to whoever holds the staff's pass; the door stays as it is."""
        words, pass_id = self._display.words, decision.pass_id or b""
        is_staff = isinstance(decision, Granted) and decision.opening is Opening.STAFF
        may_see = is_staff and self._knowing.is_muster
        if may_see and self._notebook.note(Kind.MODE, moment, MUSTER, pass_id):
            view = room_views.of_muster(self._knowing.people(moment.now), words)
            self._display.say(view, moment.uptime, lasts=MUSTER_SHOWN)
            return
        self._notebook.note(Kind.DENY, moment, STAFF_ONLY, pass_id)
        self._display.say(room_views.of_staff_only(words), moment.uptime)
