"""What a door knows: its snapshot, the codes it let in, its nonces, whether the server speaks."""

from dataclasses import replace
from typing import Final

from devices.kiosk.doorway import Doorway
from devices.kiosk.muster import Muster
from devices.kiosk.nonces import Nonces
from devices.passes.claims import Seconds
from devices.passes.rules import Decision, DoorRules, Granted, Knowledge, Policy, judge
from devices.passes.sheets import DoorSheet
from devices.passes.snapshot import Snapshot
from devices.passes.uses import Uses

_NOWHERE: Final = DoorRules(site="", door=0)


class Knowing:
    """Kept by the loop alone; deciding changes nothing of it."""

    def __init__(self, way: Doorway, held: Snapshot | None) -> None:
        self._way = way
        self._known = Knowledge(_NOWHERE)
        self._uses = Uses()
        self._links = {"pull": "unreachable", "push": ""}
        self.snapshot: Snapshot | None = None
        self.sheet: DoorSheet | None = None
        self.nonces = Nonces()
        self.offline_since: Seconds | None = None
        if held is not None:
            self._learn(held)

    @property
    def rules(self) -> DoorRules:
        """How this door judges."""
        return self._known.rules

    @property
    def link_problem(self) -> str:
        """The word for why the server is not heard; empty while it is."""
        return self._links["pull"] or self._links["push"]

    @property
    def is_muster(self) -> bool:
        """Whether people gather here when all must leave."""
        return self.sheet is not None and self.sheet.is_muster

    def wake(self, now: Seconds) -> None:
        """Begin: nothing was heard yet, and codes drawn before now count as used."""
        self.offline_since = now
        self._uses = Uses(since=now)

    def take(self, snapshot: Snapshot, sealed: bytes) -> None:
        """Believe a newer snapshot, and keep it on disk as it was signed."""
        if self.snapshot is None or snapshot.server_time > self.snapshot.server_time:
            self._way.journal.set_clock_floor(snapshot.server_time)
        self._learn(snapshot)
        try:
            self._way.state.keep_snapshot(sealed)
        except OSError as error:
            self._links["pull"] = f"disk: {error.strerror}"

    def hear(self, way: str, problem: str, now: Seconds) -> None:
        """Note whether the server answers on one of its ways."""
        self._links[way] = problem
        if not self.link_problem:
            self.offline_since = None
        elif self.offline_since is None:
            self.offline_since = now

    def decide(self, text: str, now: Seconds, policy: Policy | None = None) -> Decision:
        """Judge a code by what is known now; another policy stands for what was proven before."""
        rules = self.rules if policy is None else replace(self.rules, policy=policy)
        known = replace(
            self._known,
            rules=rules,
            clock_floor=self._way.journal.clock_floor,
            uses=self._uses,
            challenges=self.nonces.open,
        )
        return judge(text, known, now=now)

    def use(self, granted: Granted, uptime: float) -> None:
        """Remember that a code opened the door: neither it nor its nonce opens it again."""
        self.nonces.renew(uptime)
        if granted.drawn_at is not None:
            self._uses.note(granted.pass_id, granted.drawn_at)

    def people(self, now: Seconds) -> Muster | None:
        """Give who may be inside, as last heard; None when nobody knows, or it is over."""
        return None if self._way.muster is None else self._way.muster.find(now)

    def _learn(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sheet = snapshot.find_door(self._way.door)
        if self.sheet is None:
            self._known = Knowledge(_NOWHERE)
        else:
            self._known = snapshot.knowledge(self.sheet, clock_floor=0)
