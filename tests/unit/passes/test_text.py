"""Pass text: what is sealed is read back, by us and by a COSE library; nothing else is believed."""

import cbor2
import pytest
import qrcode.util
from cwt import COSE, COSEKey
from hypothesis import given
from hypothesis import strategies as st

from devices.passes import base45, cbor, cose
from devices.passes.claims import Claims, Curve, HolderKey
from devices.passes.keys import public_bytes
from devices.passes.reasons import InvalidPass, Reason
from devices.passes.rules import Refused, judge
from devices.passes.text import LONGEST_TEXT, PREFIX, read
from tests.unit.passes.papers import CLAIMS, ISSUER, KEYS, KID, KNOWN, STARTS, sealed

holders = st.none() | st.builds(
    HolderKey, st.just(Curve.P256), st.binary(min_size=32, max_size=32), st.booleans()
)
claims = st.builds(
    lambda start, length, pass_id, doors, holder: Claims(
        "mz", start, start + length, pass_id, tuple(sorted(doors)), holder
    ),
    st.integers(0, 2**33),
    st.integers(1, 10**6),
    st.binary(min_size=8, max_size=8),
    st.sets(st.integers(0, 2**32 - 1), min_size=1, max_size=24),
    holders,
)


@given(claims)
def test_what_is_sealed_is_read_back(one: Claims) -> None:
    text = sealed(one)
    assert len(text) <= LONGEST_TEXT
    assert read(text, KEYS).claims == one


@given(st.binary(max_size=200))
def test_base45_reads_back_what_it_wrote(content: bytes) -> None:
    text = base45.encode(content)
    assert base45.decode(text) == content
    assert text == text.rstrip(), "a scanner that trims cannot spoil a code"


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
def test_base45_accepts_only_what_it_would_write(text: str) -> None:
    try:
        content = base45.decode(text)
    except base45.NotBase45:
        return
    assert base45.encode(content) == text


json_like = st.recursive(
    st.integers(-(2**63), 2**63) | st.booleans() | st.binary(max_size=40) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(-70000, 70000) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=6,
)


@given(json_like)
def test_the_strict_reader_agrees_with_a_common_one(value: object) -> None:
    assert cbor.load(cbor2.dumps(value), cbor.SNAPSHOT_LIMITS) == value


@given(st.binary(max_size=120))
def test_the_strict_reader_takes_only_bytes_that_it_could_have_been_given(content: bytes) -> None:
    try:
        value = cbor.load(content)
    except cbor.NotStrictCbor:
        return
    assert cbor2.loads(content) == value
    assert cbor2.dumps(value) == content


def test_a_common_cose_library_verifies_our_pass() -> None:
    content = base45.decode(sealed()[len(PREFIX) :])
    key = COSEKey.new(
        {1: 1, 2: KID, 3: -8, -1: 6, -2: public_bytes(ISSUER)},
    )
    tagged = cbor2.dumps(cbor2.CBORTag(18, cbor2.loads(content)))
    protected, _, payload = COSE.new().decode_with_headers(tagged, key)
    assert protected == {1: -8, 4: KID}
    assert cbor2.loads(payload)[7] == CLAIMS.pass_id


def test_a_pass_fits_an_alphanumeric_code_of_version_seven() -> None:
    text = sealed()
    assert set(text) <= set(base45.ALPHABET)
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(qrcode.util.QRData(text.encode("ascii"), mode=2))  # 2: alphanumeric
    code.make()
    assert code.version <= 7


def test_the_signature_is_checked_before_any_claim_is_read() -> None:
    header, payload = cose.protected_header(KID), b"\xff not even CBOR"
    text = PREFIX + base45.encode(cbor2.dumps([header, {}, payload, bytes(64)]))
    with pytest.raises(InvalidPass) as refused:
        read(text, KEYS)
    assert refused.value.reason is Reason.BAD_SIGNATURE


@given(st.data())
def test_a_pass_with_one_byte_changed_opens_nothing(data: st.DataObject) -> None:
    content = bytearray(base45.decode(sealed()[len(PREFIX) :]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    decision = judge(PREFIX + base45.encode(bytes(content)), KNOWN, now=STARTS)
    assert isinstance(decision, Refused)
    assert decision.reason in {Reason.NOT_A_PASS, Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY}


@given(st.text(max_size=700) | st.text(alphabet=base45.ALPHABET, max_size=620).map(PREFIX.__add__))
def test_no_invented_text_opens_a_door_or_breaks_it(text: str) -> None:
    decision = judge(text, KNOWN, now=STARTS)
    assert isinstance(decision, Refused)
    assert decision.reason in {Reason.NOT_A_PASS, Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY}


@given(st.binary(max_size=300))
def test_no_invented_bytes_open_a_door_or_break_it(content: bytes) -> None:
    decision = judge(PREFIX + base45.encode(content), KNOWN, now=STARTS)
    assert isinstance(decision, Refused)
    assert decision.reason is not Reason.INTERNAL
