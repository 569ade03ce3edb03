"""May this pass open this door now? One order of questions, the same offline as online."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from cryptography.exceptions import InternalError, UnsupportedAlgorithm

from devices.passes.cards import PREFIX, CardStay, NotACard, best_of, fingerprint, number_of
from devices.passes.claims import Claims, Seconds
from devices.passes.keys import KeyRing
from devices.passes.proofs import Answer, Live, Proof
from devices.passes.reasons import InvalidPass, Opening, Reason
from devices.passes.text import Pass, believe, take_apart
from devices.passes.uses import Uses

CLOCK_TOLERANCE: Final[Seconds] = 120
"""How far a kiosk's clock may lie behind the last instant it is sure of."""
WINDOW: Final[Seconds] = 30
"""How far a phone's clock may lie from the kiosk's, and how long a picture of a code lives."""


class Policy(StrEnum):
    """What a door asks of a pass beyond its signature."""

    ANY = "any"
    LIVE = "live"
    CHALLENGE = "challenge"


class Mode(StrEnum):
    """How a door is run just now; anything but normal ends by itself."""

    NORMAL = "normal"
    UNLOCKED = "unlocked"
    LOCKED_DOWN = "locked-down"


@dataclass(frozen=True, slots=True)
class DoorRules:
    """How one door judges: hours of grace in seconds, policy, and its mode until an instant.

    A live code opens it within `window` seconds of the kiosk's own clock.
    """

    site: str
    door: int
    policy: Policy = Policy.ANY
    early: Seconds = 600
    late: Seconds = 300
    max_stale: Seconds = 129_600
    mode: Mode = Mode.NORMAL
    mode_until: Seconds = 0
    window: Seconds = WINDOW


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a door knows of the world when a pass is shown: rules, keys, revocations, two clocks.

    `uses` are the live codes it has let in, `challenges` the nonces on its screen that await an
    answer; both are kept by the loop of the door, which also takes an answered nonce off. `cards`
    are those that open this door, by their fingerprints under `card_key`.
    """

    rules: DoorRules
    keys: KeyRing = field(default_factory=KeyRing)
    revoked: frozenset[bytes] = frozenset()
    server_time: Seconds = 0
    clock_floor: Seconds = 0
    uses: Uses = field(default_factory=Uses)
    challenges: frozenset[bytes] = frozenset()
    card_key: bytes = b""
    cards: tuple[CardStay, ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """The door opens; `until` is the end written in the pass.

    `drawn_at` is when the phone drew a live code: the loop notes it, and the code is used up.
    """

    opening: Opening
    pass_id: bytes
    until: Seconds
    drawn_at: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The door stays shut: why, with the claims once they could be believed.

    `at` is when the door will open (`too-early`), when the pass ended (`ended`), when the server
    was last heard (`offline-too-long`) or what the phone took for now (`stale-code`). `card` is
    the fingerprint of an `unknown-card`, by which staff may give it to somebody.
    """

    reason: Reason
    claims: Claims | None = None
    at: Seconds | None = None
    card: bytes | None = None

    @property
    def pass_id(self) -> bytes | None:
        """The id of the pass that was refused, when it could be believed, or that of the card."""
        return self.card if self.claims is None else self.claims.pass_id


Decision: TypeAlias = Granted | Refused

# What a mistake in our own code or in a library below would raise: it must never open a door.
_MISTAKES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InternalError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
)


def judge(text: str, known: Knowledge, *, now: Seconds) -> Decision:
    """Decide on the text a reader saw; whatever goes wrong inside, the door stays shut."""
    try:
        if text.startswith(PREFIX):
            return _judge_card(text, known, now)
        shown = take_apart(text)
        stale = _refused_by_window(shown.proof, known, now)
        if stale is not None:
            return stale
        return decide(believe(shown, known.keys, door=known.rules.door), known, now=now)
    except InvalidPass as error:
        if error.reason is Reason.UNKNOWN_KEY and not len(known.keys):
            return Refused(Reason.OFFLINE_TOO_LONG)
        return Refused(error.reason)
    except _MISTAKES:
        return Refused(Reason.INTERNAL)


def decide(shown: Pass, known: Knowledge, *, now: Seconds) -> Decision:
    """Decide on a pass whose signatures are good, by the order of questions doors agreed on."""
    claims, proof = shown.claims, shown.proof
    refused = (
        _refused_by_clock(claims, known, now)
        or _refused_by_place(shown, known.rules, now)
        or _refused_by_hours(claims, known, now)
    )
    if refused is not None:
        return refused
    if not _suffices(shown, known.rules.policy):
        return Refused(Reason.LIVE_NEEDED, claims)
    drawn_at = proof.at if isinstance(proof, Live) else None
    if drawn_at is not None and known.uses.is_used(claims.pass_id, drawn_at):
        return Refused(Reason.USED, claims)
    return Granted(_opening(shown), claims.pass_id, claims.not_after, drawn_at)


def _judge_card(text: str, known: Knowledge, now: Seconds) -> Decision:
    """Decide on a card by the same order of questions as on a pass that was not drawn live."""
    if not known.card_key:
        return Refused(Reason.NOT_A_PASS)
    try:
        shown = fingerprint(known.card_key, number_of(text))
    except NotACard:
        return Refused(Reason.NOT_A_PASS)
    rules = known.rules
    if refused := _refused_by_clock(None, known, now):
        return refused
    stay = best_of(known.cards, shown, now)
    if stay is None:
        return Refused(Reason.UNKNOWN_CARD, card=shown)
    claims = Claims(rules.site, stay.starts, stay.ends, stay.pass_id, (rules.door,))
    if _is_locked_down(rules, now):
        return Refused(Reason.LOCKED_DOWN, claims)
    if refused := _refused_by_hours(claims, known, now):
        return refused
    if rules.policy is not Policy.ANY:
        return Refused(Reason.LIVE_NEEDED, claims)
    return Granted(Opening.STATIC, stay.pass_id, stay.ends)


def _suffices(shown: Pass, policy: Policy) -> bool:
    """Say whether the door takes this kind of proof; a pass made for a phone needs the phone."""
    if shown.proof is None and shown.claims.holder is not None:
        return False
    if shown.key.staff or policy is Policy.ANY:
        return True
    return shown.proof is not None and (
        policy is not Policy.CHALLENGE or isinstance(shown.proof, Answer)
    )


def _opening(shown: Pass) -> Opening:
    if shown.key.staff:
        return Opening.STAFF
    if shown.proof is None:
        return Opening.STATIC
    return Opening.LIVE if isinstance(shown.proof, Live) else Opening.CHALLENGE


def _refused_by_window(proof: Proof | None, known: Knowledge, now: Seconds) -> Refused | None:
    if isinstance(proof, Live) and abs(now - proof.at) > known.rules.window:
        return Refused(Reason.STALE_CODE, at=proof.at)
    if isinstance(proof, Answer) and proof.nonce not in known.challenges:
        return Refused(Reason.STALE_CODE)
    return None


def _refused_by_clock(claims: Claims | None, known: Knowledge, now: Seconds) -> Refused | None:
    if now < max(known.clock_floor, known.server_time) - CLOCK_TOLERANCE:
        return Refused(Reason.CLOCK, claims)
    if now - known.server_time > known.rules.max_stale:
        return Refused(Reason.OFFLINE_TOO_LONG, claims, at=known.server_time)
    return None


def _refused_by_place(shown: Pass, rules: DoorRules, now: Seconds) -> Refused | None:
    claims = shown.claims
    if now >= shown.key.not_after:
        return Refused(Reason.UNKNOWN_KEY, claims)
    if claims.site != rules.site:
        return Refused(Reason.OTHER_SITE, claims)
    if rules.door not in claims.doors:
        return Refused(Reason.OTHER_DOOR, claims)
    if _is_locked_down(rules, now) and not shown.key.staff:
        return Refused(Reason.LOCKED_DOWN, claims)
    return None


def _is_locked_down(rules: DoorRules, now: Seconds) -> bool:
    return rules.mode is Mode.LOCKED_DOWN and now < rules.mode_until


def _refused_by_hours(claims: Claims, known: Knowledge, now: Seconds) -> Refused | None:
    opens_at = claims.not_before - known.rules.early
    if now < opens_at:
        return Refused(Reason.TOO_EARLY, claims, at=opens_at)
    if now >= claims.not_after + known.rules.late:
        return Refused(Reason.ENDED, claims, at=claims.not_after)
    if claims.pass_id in known.revoked:
        return Refused(Reason.REVOKED, claims)
    return None
