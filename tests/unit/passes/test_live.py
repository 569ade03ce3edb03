"""A live code opens its door once, for half a minute; an answer opens the door that asked."""

from dataclasses import replace

import cbor2
import pytest
import qrcode.util
from cwt import COSEKey
from hypothesis import given
from hypothesis import strategies as st

from devices.passes import base45, proofs
from devices.passes.claims import Curve, HolderKey
from devices.passes.proofs import challenge_text, holder_key
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import Granted, Knowledge, Policy, Refused, judge
from devices.passes.text import LONGEST_TEXT, PREFIX
from devices.passes.uses import Uses
from tests.unit.passes.papers import (
    ASKING,
    BOUND,
    CLAIMS,
    DOOR,
    EDWARDS_BOUND,
    EDWARDS_PHONE,
    ENDS,
    KNOWN,
    NONCE,
    OTHER_DOOR,
    OTHER_PHONE,
    PASS_ID,
    PHONE_PUBLIC,
    STARTS,
    answered,
    knowing,
    live,
    phone_signs,
    sealed,
    staff_sealed,
)


def reason(text: str, known: Knowledge = KNOWN, now: int = STARTS) -> Reason | Opening:
    """Return the word with which the door answers."""
    decision = judge(text, known, now=now)
    return decision.opening if isinstance(decision, Granted) else decision.reason


@pytest.mark.parametrize("policy", [Policy.ANY, Policy.LIVE])
def test_a_live_code_opens_a_door_that_wants_one_and_one_that_does_not(policy: Policy) -> None:
    opened = judge(live(), knowing(policy=policy), now=STARTS)
    assert opened == Granted(Opening.LIVE, PASS_ID, ENDS, drawn_at=STARTS)
    edwards = live(STARTS, EDWARDS_BOUND, EDWARDS_PHONE.sign)
    assert reason(edwards, knowing(policy=policy)) is Opening.LIVE


@given(st.integers(15, 60), st.integers(-200, 200))
def test_a_live_code_lives_exactly_as_long_as_the_window(window: int, age: int) -> None:
    opened = judge(live(STARTS + 200 - age), knowing(window=window), now=STARTS + 200)
    assert isinstance(opened, Granted) is (abs(age) <= window)


def test_a_stale_code_says_what_the_phone_took_for_now() -> None:
    assert judge(live(STARTS - 74), KNOWN, now=STARTS) == Refused(Reason.STALE_CODE, at=STARTS - 74)


def test_the_window_is_asked_before_any_signature() -> None:
    stranger = live(STARTS - 74, sign=phone_signs(OTHER_PHONE))
    assert reason(stranger) is Reason.STALE_CODE
    assert reason(live(sign=phone_signs(OTHER_PHONE))) is Reason.BAD_SIGNATURE


def test_a_code_opens_a_door_once_and_no_older_one_after_it() -> None:
    uses = Uses()
    known = replace(KNOWN, uses=uses)
    opened = judge(live(), known, now=STARTS)
    assert isinstance(opened, Granted)
    assert opened.drawn_at is not None
    uses.note(opened.pass_id, opened.drawn_at)
    assert reason(live(), known) is Reason.USED
    assert reason(live(STARTS - 5), known) is Reason.USED
    assert reason(live(STARTS + 5), known) is Opening.LIVE
    other = replace(BOUND, pass_id=bytes(8))
    assert reason(live(claims=other), known) is Opening.LIVE, "another pass is another matter"


def test_a_door_that_woke_up_takes_no_code_drawn_before() -> None:
    known = replace(KNOWN, uses=Uses(since=STARTS))
    assert reason(live(STARTS), known) is Reason.USED
    assert reason(live(STARTS + 1), known) is Opening.LIVE


@given(st.lists(st.tuples(st.binary(min_size=8, max_size=8), st.integers(0, 10**6)), max_size=60))
def test_a_door_forgets_only_codes_that_are_long_stale(noted: list[tuple[bytes, int]]) -> None:
    uses = Uses()
    latest = 0
    for pass_id, at in sorted(noted, key=lambda each: each[1]):
        uses.note(pass_id, at)
        latest = at
    for pass_id, at in noted:
        assert uses.is_used(pass_id, at) or at < latest - 120
    assert len(uses) <= len({pass_id for pass_id, _ in noted})


def test_a_pass_of_a_phone_without_its_proof_opens_nothing_even_for_staff() -> None:
    assert reason(sealed(BOUND)) is Reason.LIVE_NEEDED
    assert reason(staff_sealed(BOUND)) is Reason.LIVE_NEEDED
    assert reason(staff_sealed()) is Opening.STAFF


def test_a_static_pass_is_not_made_live_by_any_signature() -> None:
    assert reason(live(claims=CLAIMS)) is Reason.BAD_SIGNATURE


def test_an_answer_opens_the_door_that_asked_and_no_other() -> None:
    strict = knowing(ASKING, policy=Policy.CHALLENGE)
    assert judge(answered(), strict, now=STARTS) == Granted(Opening.CHALLENGE, PASS_ID, ENDS)
    elsewhere = knowing(strict, door=100)
    assert reason(answered(), elsewhere) is Reason.BAD_SIGNATURE
    assert reason(answered(door=100), elsewhere) is Opening.CHALLENGE


@pytest.mark.parametrize("policy", [Policy.ANY, Policy.LIVE])
def test_a_phone_whose_clock_is_wrong_may_answer_any_door(policy: Policy) -> None:
    assert reason(answered(), knowing(ASKING, policy=policy)) is Opening.CHALLENGE


def test_a_door_that_wants_an_answer_takes_no_live_code() -> None:
    assert reason(live(), knowing(ASKING, policy=Policy.CHALLENGE)) is Reason.LIVE_NEEDED


def test_an_answer_serves_once_because_its_nonce_leaves_the_screen() -> None:
    assert reason(answered(), ASKING) is Opening.CHALLENGE
    assert reason(answered(), replace(ASKING, challenges=frozenset())) is Reason.STALE_CODE


def test_a_signature_made_for_an_instant_is_no_answer_and_the_other_way_round() -> None:
    content = base45.decode(sealed(BOUND)[len(PREFIX) :])
    nonce = STARTS.to_bytes(8, "big")
    _, drawn = proofs.unwrap(base45.decode(live()[len(PREFIX) :]))
    disguised = PREFIX + base45.encode(proofs.wrap(content, proofs.Answer(nonce, drawn.signature)))
    known = replace(ASKING, challenges=frozenset({nonce}))
    assert reason(disguised, known) is Reason.BAD_SIGNATURE


def test_a_live_code_revoked_or_too_early_is_told_so() -> None:
    assert reason(live(), replace(KNOWN, revoked=frozenset({PASS_ID}))) is Reason.REVOKED
    early = replace(KNOWN, server_time=STARTS - 3600, clock_floor=0)
    assert reason(live(STARTS - 3000), early, STARTS - 3000) is Reason.TOO_EARLY


@given(st.data())
def test_a_live_code_with_one_byte_changed_opens_nothing(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([live(), answered()]))
    content = bytearray(base45.decode(text[len(PREFIX) :]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    decision = judge(PREFIX + base45.encode(bytes(content)), ASKING, now=STARTS)
    assert isinstance(decision, Refused)
    assert decision.reason in {
        Reason.NOT_A_PASS,
        Reason.BAD_SIGNATURE,
        Reason.UNKNOWN_KEY,
        Reason.STALE_CODE,
    }


@given(
    st.binary(max_size=260),
    st.integers(-1, 2**64) | st.binary(max_size=12) | st.just(STARTS),
    st.binary(max_size=70) | st.binary(min_size=64, max_size=64),
)
def test_no_invented_envelope_opens_a_door_or_breaks_it(
    content: bytes, said: int | bytes, signature: bytes
) -> None:
    text = PREFIX + base45.encode(cbor2.dumps([content, said, signature]))
    decision = judge(text, ASKING, now=STARTS)
    assert isinstance(decision, Refused)
    assert decision.reason is not Reason.INTERNAL


@given(st.binary(min_size=32, max_size=32), st.booleans(), st.binary(min_size=64, max_size=64))
def test_no_invented_key_or_signature_breaks_a_door(x: bytes, odd: bool, signature: bytes) -> None:
    for holder in (HolderKey(Curve.P256, x, odd), HolderKey(Curve.ED25519, x)):
        bound = replace(CLAIMS, holder=holder)
        decision = judge(live(claims=bound, sign=lambda _: signature), KNOWN, now=STARTS)
        assert decision == Refused(Reason.BAD_SIGNATURE)


@given(st.binary(max_size=70))
def test_only_real_keys_of_a_phone_are_taken(public: bytes) -> None:
    try:
        taken = holder_key(public)
    except ValueError:
        return
    assert len(public) in {32, 65}
    assert taken.x in public


def test_a_browser_s_key_is_the_one_the_pass_names() -> None:
    taken = holder_key(PHONE_PUBLIC)
    assert (taken.curve, taken.x) == (Curve.P256, PHONE_PUBLIC[1:33])
    with pytest.raises(ValueError, match="EC key"):
        holder_key(PHONE_PUBLIC[:-1] + bytes([PHONE_PUBLIC[-1] ^ 1]))


def test_a_common_cose_library_checks_the_signature_of_the_phone() -> None:
    y = PHONE_PUBLIC[33:]
    key = COSEKey.new({1: 2, 3: -7, -1: 1, -2: PHONE_PUBLIC[1:33], -3: y})
    content, drawn = proofs.unwrap(base45.decode(live()[len(PREFIX) :]))
    key.verify(proofs.live_message(content, STARTS), drawn.signature)
    named = cbor2.loads(cbor2.loads(content)[2])[8][1]
    assert (named[-2], named[-3]) == (PHONE_PUBLIC[1:33], bool(y[-1] & 1))


def test_a_live_code_fits_an_alphanumeric_code_of_version_eleven() -> None:
    for text in (live(), answered()):
        assert set(text) <= set(base45.ALPHABET)
        assert len(text) <= 360 <= LONGEST_TEXT
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(qrcode.util.QRData(text.encode("ascii"), mode=2))  # 2: alphanumeric
        code.make()
        assert code.version <= 11


def test_the_challenge_a_door_shows_is_its_number_and_a_nonce() -> None:
    text = challenge_text(DOOR, NONCE)
    assert text.startswith("RBC1:")
    assert base45.decode(text[5:]) == DOOR.to_bytes(4, "big") + NONCE
    assert reason(text) is Reason.NOT_A_PASS
    assert challenge_text(OTHER_DOOR, NONCE) != text
