"""The loop of a door: events come in, one at a time, and only here does anything happen."""

import contextlib
import queue
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from devices.drivers.protocol import Input, Lock, LockUnreachable
from devices.kiosk import health, orders, views
from devices.kiosk.clock import Clock, Moment
from devices.kiosk.contact import DoorContact
from devices.kiosk.events import (
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
)
from devices.kiosk.health import Health
from devices.kiosk.journal import Journal, JournalFull
from devices.kiosk.muster import Muster, MusterFile
from devices.kiosk.nonces import Nonces
from devices.kiosk.notes import State, notes_of
from devices.kiosk.pacing import Pacing
from devices.kiosk.screen import Screen
from devices.kiosk.state import StateFolder
from devices.kiosk.views import Tone, View, Wording, zone_of
from devices.kiosk.watchdog import Watchdog
from devices.passes.chain import Entry, Kind
from devices.passes.proofs import challenge_text
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import (
    Decision,
    DoorRules,
    Granted,
    Knowledge,
    Mode,
    Policy,
    Refused,
    judge,
)
from devices.passes.sheets import DoorSheet
from devices.passes.snapshot import Snapshot
from devices.passes.uses import Uses

TICK: Final = 1.0
A_MINUTE: Final = 60.0
A_DAY: Final = 86_400.0
THREE_MONTHS: Final = 92 * 86_400
VERDICT_SHOWN: Final = 5.0
LANGUAGE_KEPT: Final = 60.0
_NOWHERE: Final = DoorRules(site="", door=0)


@dataclass(frozen=True, slots=True)
class Doorway:
    """What one door is made of, and which door of the snapshot it is."""

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


def _nobody() -> None:
    """Tell nobody that a line was written."""


class Doorkeeper:
    """Acts on events for one door; every method is handed the moment at which it acts."""

    def __init__(
        self, doorway: Doorway, held: Snapshot | None, *, recorded: Callable[[], None] = _nobody
    ) -> None:
        """Begin with the snapshot held; `recorded` is called after each decision."""
        self._way = doorway
        self._tell = recorded
        self._pacing = Pacing()
        self._snapshot: Snapshot | None = None
        self._sheet: DoorSheet | None = None
        self._known = Knowledge(_NOWHERE)
        self._uses = Uses()
        self._words = Wording(doorway.language, ZoneInfo("UTC"))
        self._links = {"pull": "unreachable", "push": ""}
        self._offline_since: int | None = None
        self._reader_problem = ""
        self._verdict_until = 0.0
        self._language, self._language_until = doorway.language, 0.0
        self._nonces = Nonces()
        self._mode = Mode.NORMAL
        self._purged_at = self._wiped_at = 0.0
        if held is not None:
            self._learn(held)

    @property
    def health(self) -> Health:
        """How the door fares."""
        return self._way.health

    def start(self, moment: Moment) -> None:
        """Note that the door woke up, and show that it is there."""
        self._offline_since = moment.now
        self._uses = Uses(since=moment.now)
        self._note(Kind.BOOT, moment)
        self._show_idle(moment)

    def act(self, event: Event, moment: Moment) -> None:
        """Do what an event asks for."""
        match event:
            case Scanned(text):
                self._scanned(text, moment)
            case SnapshotCame() | JournalTaken() | LinkChanged():
                self._hear(event, moment)
            case MusterCame(muster):
                self._keep_muster(muster)
            case ContactChanged(which, is_away):
                self._contact(which, moment, is_away=is_away)
            case ReaderChanged(problem):
                self._reader_problem = problem
                self._way.health.set(health.READER_LOST, holds=bool(problem))
            case LanguageChosen(language):
                self._speak(language, moment.uptime + LANGUAGE_KEPT)
            case Tick() | Stop():
                pass
            case _:
                assert_never(event)
        self._follow_orders(moment)
        self._tidy(moment)
        self._show_idle(moment)

    def _hear(self, event: SnapshotCame | JournalTaken | LinkChanged, moment: Moment) -> None:
        """Take in what the server said, or that it says nothing."""
        match event:
            case SnapshotCame(snapshot, sealed):
                self._take_snapshot(snapshot, sealed)
            case JournalTaken(head):
                self._way.journal.mark_sent(head)
            case LinkChanged(problem, way):
                self._links[way] = problem
                self._note_link(moment)

    def _scanned(self, text: str, moment: Moment) -> None:
        if not self._pacing.admits(text, moment.uptime):
            return
        decision = self._recorded(self._decide(text, moment), moment)
        view = views.of_decision(decision, self._snapshot, self._sheet, self._words, moment.now)
        if isinstance(decision, Granted):
            self._pacing.was_granted()
            self._nonces.renew(moment.uptime)
            if decision.drawn_at is not None:
                self._uses.note(decision.pass_id, decision.drawn_at)
            view = self._opened(view, moment)
        else:
            self._pacing.was_denied(moment.uptime)
            if self._pacing.is_paused(moment.uptime):
                view = replace(view, notes=(self._words.say("paused"),))
        self._show(view)
        self._verdict_until = moment.uptime + VERDICT_SHOWN
        self._tell()

    def _decide(self, text: str, moment: Moment) -> Decision:
        floor = self._way.journal.clock_floor
        known = replace(
            self._known, clock_floor=floor, uses=self._uses, challenges=self._nonces.open
        )
        return judge(text, known, now=moment.now)

    def _recorded(self, decision: Decision, moment: Moment) -> Decision:
        """Return the decision once it is on disk; what cannot be written down is a refusal."""
        kind = Kind.GRANT if isinstance(decision, Granted) else Kind.DENY
        word = decision.opening if isinstance(decision, Granted) else decision.reason
        if self._note(kind, moment, str(word), decision.pass_id or b""):
            return decision
        return Refused(Reason.JOURNAL_FULL)

    def _opened(self, view: View, moment: Moment) -> View:
        if self._free(self._way.open_seconds, moment):
            return view
        return View(Tone.FAULT, self._words.say("word-fault"), self._words.say("lock-lost"))

    def _free(self, seconds: float, moment: Moment) -> bool:
        """Free the door; a lock that does not answer is noted once, until it answers again."""
        try:
            self._way.lock.pulse(seconds)
        except LockUnreachable as error:
            if self._way.health.set(health.LOCK_LOST, holds=True):
                self._note(Kind.FAULT, moment, str(error)[:80])
            return False
        self._way.health.set(health.LOCK_LOST, holds=False)
        self._way.contact.expect(moment.uptime)
        return True

    def _contact(self, which: Input, moment: Moment, *, is_away: bool) -> None:
        """Write down what a contact means; nothing here ever keeps a person in."""
        contact = self._way.contact
        match which:
            case Input.DOOR:
                kind = contact.moved(is_open=is_away, uptime=moment.uptime)
                if not is_away and self._mode is not Mode.UNLOCKED:
                    self._hold()
            case Input.EXIT:
                contact.expect(moment.uptime)
                kind = Kind.REX if is_away else None
            case Input.FIRE | Input.TAMPER:
                is_new = self._way.health.set(which, holds=is_away)
                kind = Kind(which) if is_new and is_away else None
            case _:
                assert_never(which)
        if kind is not None:
            self._note(kind, moment)
            self._tell()

    def _keep_muster(self, muster: Muster) -> None:
        """Keep how many may be inside, and at a muster point who; never names elsewhere."""
        if self._way.muster is None:
            return
        is_muster = self._sheet is not None and self._sheet.is_muster
        with contextlib.suppress(OSError):
            self._way.muster.keep(muster if is_muster else replace(muster, lines=()))

    def _people_inside(self, moment: Moment) -> Muster | None:
        return None if self._way.muster is None else self._way.muster.find(moment.now)

    def _hold(self) -> None:
        with contextlib.suppress(LockUnreachable):
            self._way.lock.hold()

    def _follow_orders(self, moment: Moment) -> None:
        """Do what staff ordered from afar: open once, or stay open until an instant."""
        journal, rules = self._way.journal, self._known.rules
        order = orders.due(self._sheet, journal, moment.now)
        if order is not None and self._note(Kind.GRANT, moment, Opening.REMOTE):
            journal.set_last_order(order.number)
            self._free(self._way.open_seconds, moment)
            self._tell()
        mode = orders.mode_now(rules, moment.now, journal.clock_floor)
        if mode is not self._mode and self._note(Kind.MODE, moment, mode):
            self._mode = mode
            self._tell()
        if mode is Mode.UNLOCKED:
            self._free(orders.HELD_OPEN, moment)

    def _tidy(self, moment: Moment) -> None:
        """Note how the disk fares, and once a day drop what is older than three months."""
        if self._way.contact.overdue(moment.uptime):
            self._note(Kind.HELD, moment)
            self._tell()
        self._way.health.set(health.DISK_LOW, holds=not self._way.journal.has_reserve)
        if moment.uptime - self._purged_at >= A_DAY or not self._purged_at:
            self._purged_at = moment.uptime
            self._way.journal.forget_before(moment.now - THREE_MONTHS)
        if moment.uptime - self._wiped_at >= A_MINUTE:
            self._wiped_at = moment.uptime
            self._people_inside(moment)  # reading a list that is over wipes it

    def _note(self, kind: Kind, moment: Moment, reason: str = "", pass_id: bytes = b"") -> bool:
        entry = Entry(
            at=moment.now,
            uptime_ms=int(moment.uptime * 1000),
            boot=self._way.boot,
            kind=kind,
            door=self._known.rules.door,
            reason=reason,
            pass_id=pass_id,
            online=not self._link_problem,
            snapshot=0 if self._snapshot is None else self._snapshot.version,
            clock_trusted=reason != Reason.CLOCK,
        )
        try:
            self._way.journal.append(entry)
        except JournalFull:
            self._way.health.set(health.JOURNAL_FULL, holds=True)
            return False
        self._way.health.set(health.JOURNAL_FULL, holds=False)
        return True

    def _take_snapshot(self, snapshot: Snapshot, sealed: bytes) -> None:
        if self._snapshot is None or snapshot.server_time > self._snapshot.server_time:
            self._way.journal.set_clock_floor(snapshot.server_time)
        self._learn(snapshot)
        try:
            self._way.state.keep_snapshot(sealed)
        except OSError as error:
            self._links["pull"] = f"disk: {error.strerror}"

    def _learn(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sheet = snapshot.find_door(self._way.door)
        self._words = Wording(self._language, zone_of(snapshot))
        if self._sheet is None:
            self._known = Knowledge(_NOWHERE)
        else:
            self._known = snapshot.knowledge(self._sheet, clock_floor=0)

    def _speak(self, language: str, until: float) -> None:
        self._language, self._language_until = language, until
        self._words = Wording(language, self._words.zone)

    def _note_link(self, moment: Moment) -> None:
        if not self._link_problem:
            self._offline_since = None
        elif self._offline_since is None:
            self._offline_since = moment.now

    @property
    def _link_problem(self) -> str:
        return self._links["pull"] or self._links["push"]

    def _show_idle(self, moment: Moment) -> None:
        if moment.uptime < self._verdict_until:
            return
        if self._language_until and moment.uptime >= self._language_until:
            self._speak(self._way.language, 0.0)
        if self._pacing.is_paused(moment.uptime):
            say = self._words.say
            self._show(View(Tone.WAIT, say("word-wait"), say("paused")))
            return
        view = views.of_idle(self._sheet, self._words, moment.now, self._notes(moment))
        if self._known.rules.policy is Policy.CHALLENGE:
            nonce = self._nonces.shown(moment.uptime)
            view = replace(view, challenge=challenge_text(self._known.rules.door, nonce))
        self._show(view)

    def _show(self, view: View) -> None:
        self._way.screen.show(replace(view, language=self._language))

    def _notes(self, moment: Moment) -> tuple[str, ...]:
        fire = health.FIRE in self._way.health.states
        return notes_of(
            self._words,
            State(
                link_problem=self._link_problem,
                offline_since=None if self._sheet is None else self._offline_since,
                fingerprint=self._way.fingerprint,
                reader_problem=self._reader_problem,
                has_reserve=self._way.journal.has_reserve,
                is_burning=fire,
                inside=self._people_inside(moment) if fire else None,
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
