"""The loop of a door: events come in, one at a time, and only here does anything happen."""

import contextlib
import queue
from collections.abc import Callable
from dataclasses import replace
from typing import Final, assert_never

from devices.drivers.protocol import Input
from devices.kiosk import health, orders, room, views
from devices.kiosk.clock import Clock, Moment
from devices.kiosk.counter import Counter
from devices.kiosk.display import Display
from devices.kiosk.doorway import Doorway
from devices.kiosk.events import (
    Answered,
    ContactChanged,
    Event,
    JournalTaken,
    LanguageChosen,
    LinkChanged,
    MusterCame,
    ReaderChanged,
    Scanned,
    SnapshotCame,
    Stop,
    Tick,
    WishChosen,
)
from devices.kiosk.health import Health
from devices.kiosk.knowing import Knowing
from devices.kiosk.muster import Muster
from devices.kiosk.notebook import Notebook
from devices.kiosk.notes import State, notes_of
from devices.kiosk.pacing import Pacing
from devices.kiosk.strike import Strike
from devices.kiosk.views import Tone, View, zone_of
from devices.kiosk.watchdog import Watchdog
from devices.kiosk.wishes import Ask, SendAsk
from devices.passes.chain import Kind
from devices.passes.proofs import challenge_text
from devices.passes.reasons import Opening
from devices.passes.rules import Decision, Granted, Mode, Policy
from devices.passes.snapshot import Snapshot

TICK: Final = 1.0
A_MINUTE: Final = 60.0
A_DAY: Final = 86_400.0
THREE_MONTHS: Final = 92 * 86_400


def _nobody() -> None:
    """Tell nobody that a line was written."""


def _unheard(_ask: Ask) -> None:
    """Ask nobody."""


class Doorkeeper:
    """Acts on events for one door; every method is handed the moment at which it acts."""

    def __init__(
        self,
        doorway: Doorway,
        held: Snapshot | None,
        *,
        recorded: Callable[[], None] = _nobody,
        ask: SendAsk = _unheard,
    ) -> None:
        """Begin with the snapshot held; `recorded` is called after each decision.

        `ask` has the server asked something; its answer comes back as an event.
        """
        self._way = doorway
        self._tell = recorded
        self._pacing = Pacing()
        self._knowing = Knowing(doorway, held)
        self._notebook = Notebook(doorway, self._knowing)
        self._strike = Strike(doorway, self._notebook)
        self._display = Display(doorway.screen, doorway.language)
        self._counter = Counter(self._knowing, self._notebook, self._strike, self._display, ask)
        self._reader_problem = ""
        self._mode = Mode.NORMAL
        self._purged_at = self._wiped_at = 0.0
        if held is not None:
            self._display.place(zone_of(held))

    @property
    def health(self) -> Health:
        """How the door fares."""
        return self._way.health

    def start(self, moment: Moment) -> None:
        """Note that the door woke up, and show that it is there."""
        self._knowing.wake(moment.now)
        self._notebook.note(Kind.BOOT, moment)
        self._show_idle(moment)

    def act(self, event: Event, moment: Moment) -> None:
        """Do what an event asks for."""
        match event:
            case Scanned(text):
                self._scanned(text, moment)
            case SnapshotCame() | JournalTaken() | LinkChanged() | MusterCame():
                self._hear(event, moment)
            case ContactChanged(which, is_away):
                self._contact(which, moment, is_away=is_away)
            case ReaderChanged(problem):
                self._reader_problem = problem
                self._way.health.set(health.READER_LOST, holds=bool(problem))
            case LanguageChosen() | WishChosen() | Answered():
                self._serve(event, moment)
            case Tick() | Stop():
                pass
            case _:
                assert_never(event)
        self._follow_orders(moment)
        self._tidy(moment)
        self._show_idle(moment)

    def _hear(
        self, event: SnapshotCame | JournalTaken | LinkChanged | MusterCame, moment: Moment
    ) -> None:
        """Take in what the server said, or that it says nothing."""
        match event:
            case SnapshotCame(snapshot, sealed):
                self._knowing.take(snapshot, sealed)
                self._display.place(zone_of(snapshot))
            case JournalTaken(head):
                self._way.journal.mark_sent(head)
            case LinkChanged(problem, way):
                self._knowing.hear(way, problem, moment.now)
            case MusterCame(muster):
                self._keep_muster(muster)

    def _serve(self, event: LanguageChosen | WishChosen | Answered, moment: Moment) -> None:
        """Do what somebody at the screen tapped, or tell them what came of it."""
        match event:
            case LanguageChosen(language):
                self._display.lend(language, moment.uptime)
            case WishChosen(wish):
                self._counter.choose(wish, moment)
            case Answered(number, answer):
                self._counter.answered(number, answer, moment)
                self._tell()

    def _scanned(self, text: str, moment: Moment) -> None:
        if not self._pacing.admits(text, moment.uptime):
            return
        if self._counter.scanned(text, moment):
            self._tell()
            return
        decision = self._notebook.recorded(self._knowing.decide(text, moment.now), moment)
        self._display.say(self._verdict(decision, moment), moment.uptime)
        self._counter.decided(text, moment, is_open=isinstance(decision, Granted))
        self._tell()

    def _verdict(self, decision: Decision, moment: Moment) -> View:
        """Open or stay shut, and return what is said of it."""
        knowing, words = self._knowing, self._display.words
        view = views.of_decision(decision, knowing.snapshot, knowing.sheet, words, moment.now)
        if isinstance(decision, Granted):
            self._pacing.was_granted()
            knowing.use(decision, moment.uptime)
            return view if self._strike.open(moment) else views.of_lost_lock(words)
        self._pacing.was_denied(moment.uptime)
        if self._pacing.is_paused(moment.uptime):
            return replace(view, notes=(words.say("paused"),))
        return view

    def _contact(self, which: Input, moment: Moment, *, is_away: bool) -> None:
        """Write down what a contact means; nothing here ever keeps a person in."""
        contact = self._way.contact
        match which:
            case Input.DOOR:
                kind = contact.moved(is_open=is_away, uptime=moment.uptime)
                if not is_away and self._mode is not Mode.UNLOCKED:
                    self._strike.hold()
            case Input.EXIT:
                contact.expect(moment.uptime)
                kind = Kind.REX if is_away else None
            case Input.FIRE | Input.TAMPER:
                is_new = self._way.health.set(which, holds=is_away)
                kind = Kind(which) if is_new and is_away else None
            case _:
                assert_never(which)
        if kind is not None:
            self._notebook.note(kind, moment)
            self._tell()

    def _keep_muster(self, muster: Muster) -> None:
        """Keep how many may be inside, and at a muster point who; never names elsewhere."""
        if self._way.muster is None:
            return
        kept = muster if self._knowing.is_muster else replace(muster, lines=())
        with contextlib.suppress(OSError):
            self._way.muster.keep(kept)

    def _follow_orders(self, moment: Moment) -> None:
        """Do what staff ordered from afar: open once, or stay open until an instant."""
        journal, note = self._way.journal, self._notebook.note
        order = orders.due(self._knowing.sheet, journal, moment.now)
        if order is not None and note(Kind.GRANT, moment, Opening.REMOTE):
            journal.set_last_order(order.number)
            self._strike.open(moment)
            self._tell()
        mode = orders.mode_now(self._knowing.rules, moment.now, journal.clock_floor)
        if mode is not self._mode and note(Kind.MODE, moment, mode):
            self._mode = mode
            self._tell()
        if mode is Mode.UNLOCKED:
            self._strike.free(orders.HELD_OPEN, moment)

    def _tidy(self, moment: Moment) -> None:
        """Note how the disk fares, and once a day drop what is older than three months."""
        if self._way.contact.overdue(moment.uptime):
            self._notebook.note(Kind.HELD, moment)
            self._tell()
        self._way.health.set(health.DISK_LOW, holds=not self._way.journal.has_reserve)
        if moment.uptime - self._purged_at >= A_DAY or not self._purged_at:
            self._purged_at = moment.uptime
            self._way.journal.forget_before(moment.now - THREE_MONTHS)
        if moment.uptime - self._wiped_at >= A_MINUTE:
            self._wiped_at = moment.uptime
            self._knowing.people(moment.now)  # reading a list that is over wipes it

    def _show_idle(self, moment: Moment) -> None:
        if self._display.is_busy(moment.uptime):
            return
        words = self._display.words
        if self._pacing.is_paused(moment.uptime):
            view = View(Tone.WAIT, words.say("word-wait"), words.say("paused"))
        else:
            view = self._with_challenge(self._counter.view(moment) or self._idle(moment), moment)
        self._display.show(view)

    def _with_challenge(self, view: View, moment: Moment) -> View:
        if self._knowing.rules.policy is not Policy.CHALLENGE:
            return view
        nonce = self._knowing.nonces.shown(moment.uptime)
        return replace(view, challenge=challenge_text(self._knowing.rules.door, nonce))

    def _idle(self, moment: Moment) -> View:
        """Return the door at rest: its room, what may be asked, and what is amiss."""
        words, sheet = self._display.words, self._knowing.sheet
        view = views.of_idle(sheet, words, self._notes(moment))
        if sheet is None:
            return view
        is_online = not self._knowing.link_problem
        buttons = room.buttons(sheet, words, moment.now, is_online=is_online)
        if not all(button.is_enabled for button in buttons):
            view = replace(view, notes=(*view.notes, words.say("room-offline")))
        found = self._knowing.people(moment.now) if self._is_burning else None
        return replace(
            view,
            lines=tuple(room.lines(sheet, words, moment.now)),
            buttons=buttons,
            people=() if found is None else found.lines,
        )

    @property
    def _is_burning(self) -> bool:
        return health.FIRE in self._way.health.states

    def _notes(self, moment: Moment) -> tuple[str, ...]:
        knowing = self._knowing
        return notes_of(
            self._display.words,
            State(
                link_problem=knowing.link_problem,
                offline_since=None if knowing.sheet is None else knowing.offline_since,
                fingerprint=self._way.fingerprint,
                reader_problem=self._reader_problem,
                has_reserve=self._way.journal.has_reserve,
                is_burning=self._is_burning,
                inside=knowing.people(moment.now) if self._is_burning else None,
            ),
            moment.now,
        )


def run(
    keeper: Doorkeeper,
    events: "queue.SimpleQueue[Event]",
    clock: Clock,
    watchdog: Watchdog | None = None,
) -> None:
    """Act on events until Stop; a second without one counts as a Tick."""
    keeper.start(clock())
    watchdog = watchdog or Watchdog("")
    watchdog.ready()
    while True:
        try:
            event = events.get(timeout=TICK)
        except queue.Empty:
            event = Tick()
        if isinstance(event, Stop):
            return
        moment = clock()
        keeper.act(event, moment)
        watchdog.alive(moment.uptime)
