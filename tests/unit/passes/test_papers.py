"""Snapshot, journal chain and signed requests: what one side writes, only the other believes."""

import datetime
from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.passes import chain, cose
from devices.passes.chain import BrokenChain, Entry, Head, Kind, Line
from devices.passes.keys import KeyRing, PassKey, fingerprint, key_id, public_bytes
from devices.passes.letters import InvalidLetter, Letter, sign_letter, verify_letter
from devices.passes.rules import Mode
from devices.passes.sheets import DoorSheet, Occupied
from devices.passes.snapshot import (
    InvalidSnapshot,
    Snapshot,
    etag,
    may_replace,
    read_snapshot,
    seal_snapshot,
)
from tests.unit.passes.papers import ISSUER, KEYS_END, KID, PASS_ID, RULES, STAFF, STARTS, STRANGER

NOW = datetime.datetime(2026, 11, 22, 14, 0, tzinfo=datetime.UTC)
SHEET = DoorSheet(
    replace(RULES, mode=Mode.LOCKED_DOWN, mode_until=STARTS),
    "2.07",
    {"fr": "2.07 Marie Curie", "en": "2.07 Marie Curie", "de": "2.07 Marie Curie"},
    (Occupied(STARTS, STARTS + 3600, (PASS_ID,)), Occupied(STARTS + 7200, STARTS + 9000)),
)
SNAPSHOT = Snapshot(
    version=7,
    server_time=STARTS,
    device="dev-1",
    site="mz",
    zone="Europe/Paris",
    keys=(PassKey(KID, ISSUER.public_key(), KEYS_END),),
    revoked=frozenset({PASS_ID, bytes(8)}),
    doors=(SHEET,),
    others={209: {"fr": "2.09"}, 100: {"fr": "Entrée"}},
)
SNAPSHOT_KEY = STAFF


def test_a_snapshot_is_read_back_as_it_was_written() -> None:
    read = read_snapshot(seal_snapshot(SNAPSHOT, SNAPSHOT_KEY), SNAPSHOT_KEY.public_key())
    assert replace(read, keys=()) == replace(SNAPSHOT, keys=())
    assert [public_bytes(key.public) for key in read.keys] == [public_bytes(ISSUER)]
    assert seal_snapshot(read, SNAPSHOT_KEY) == seal_snapshot(SNAPSHOT, SNAPSHOT_KEY)


def test_a_snapshot_finds_its_door_by_number_or_code() -> None:
    assert SNAPSHOT.find_door(RULES.door) is SHEET
    assert SNAPSHOT.find_door("2.07") is SHEET
    assert SNAPSHOT.find_door(1) is None
    known = SNAPSHOT.knowledge(SHEET, clock_floor=5)
    assert isinstance(known.keys, KeyRing)
    assert (known.server_time, known.clock_floor) == (STARTS, 5)


def test_a_snapshot_signed_by_another_key_is_refused() -> None:
    for content in (
        seal_snapshot(SNAPSHOT, STRANGER),
        cose.sign(b"\xa0", kid=key_id(public_bytes(SNAPSHOT_KEY)), key=STRANGER),
        cose.sign(b"\xa0", kid=key_id(public_bytes(SNAPSHOT_KEY)), key=SNAPSHOT_KEY),
        b"",
    ):
        with pytest.raises(InvalidSnapshot):
            read_snapshot(content, SNAPSHOT_KEY.public_key())


@given(st.data())
def test_a_snapshot_with_a_part_of_the_wrong_kind_is_refused(data: st.DataObject) -> None:
    sealed = cose.split(seal_snapshot(SNAPSHOT, SNAPSHOT_KEY))
    content = cbor2.loads(sealed.payload)
    where = data.draw(st.sampled_from([content, content["doors"][0]]))
    name = data.draw(st.sampled_from(sorted(where)))
    where[name] = data.draw(st.sampled_from([None, -1, 1.5, b"", "", [["x"]], {"x": "y"}]))
    payload = cbor2.dumps(content)
    again = cose.sign(payload, kid=key_id(public_bytes(SNAPSHOT_KEY)), key=SNAPSHOT_KEY)
    with pytest.raises(InvalidSnapshot):
        read_snapshot(again, SNAPSHOT_KEY.public_key())


def test_an_etag_ignores_when_it_was_said_alone() -> None:
    assert etag(replace(SNAPSHOT, server_time=STARTS + 60)) == etag(SNAPSHOT)
    assert etag(replace(SNAPSHOT, version=8)) == etag(SNAPSHOT)
    assert etag(replace(SNAPSHOT, revoked=frozenset())) != etag(SNAPSHOT)


def test_nothing_in_a_snapshot_may_go_back() -> None:
    assert may_replace(SNAPSHOT, None)
    assert may_replace(SNAPSHOT, SNAPSHOT)
    assert may_replace(replace(SNAPSHOT, version=8, server_time=STARTS + 1), SNAPSHOT)
    assert not may_replace(replace(SNAPSHOT, version=6, server_time=STARTS + 1), SNAPSHOT)
    assert not may_replace(replace(SNAPSHOT, version=8, server_time=STARTS - 1), SNAPSHOT)
    assert not may_replace(replace(SNAPSHOT, device="dev-2"), SNAPSHOT)


def test_a_fingerprint_can_be_read_aloud() -> None:
    assert fingerprint(bytes(32)) == "6668-7AAD-F862-BD77"


def entry(at: int = STARTS) -> Entry:
    return Entry(at, 1234, b"bootboot", Kind.GRANT, RULES.door, "static", PASS_ID, True, 7)


def lines(count: int) -> list[Line]:
    head, made = chain.genesis("dev-1"), []
    for number in range(count):
        line = chain.link(head, chain.to_body(entry(STARTS + number)))
        made.append(line)
        head = Head(line.seq, line.digest)
    return made


def test_an_entry_is_read_back_as_it_was_written() -> None:
    assert chain.from_body(chain.to_body(entry())) == entry()
    for body in (b"", b"\x80", cbor2.dumps([1, 2]), chain.to_body(entry()) + b"\x00"):
        with pytest.raises(chain.NotAnEntry):
            chain.from_body(body)


def test_a_chain_is_extended_line_by_line_or_at_once() -> None:
    made = lines(5)
    start = chain.genesis("dev-1")
    assert chain.extend(start, made) == Head(5, made[-1].digest)
    assert chain.extend(chain.extend(start, made[:2]), made[2:]) == Head(5, made[-1].digest)


def test_a_chain_changed_anywhere_is_broken_there() -> None:
    made = lines(5)
    start = chain.genesis("dev-1")
    edited = [*made[:2], replace(made[2], body=chain.to_body(entry(0))), *made[3:]]
    for tampered, why, seq in (
        (edited, "chain", 3),
        ([*made[:2], *made[3:]], "gap", 3),
        (made[1:], "gap", 1),
        ([made[1], made[0]], "gap", 1),
    ):
        with pytest.raises(BrokenChain) as broken:
            chain.extend(start, tampered)
        assert (broken.value.why, broken.value.seq) == (why, seq)
    with pytest.raises(BrokenChain):
        chain.extend(chain.genesis("dev-2"), made)


def letter(body: bytes = b"{}") -> Letter:
    signed = Letter("POST", "https://totem.example/api/v1/devices/journal?x=1", body)
    signed.headers = sign_letter(signed, device="dev-1", key=ISSUER, now=NOW)
    return signed


def believed(one: Letter, now: datetime.datetime = NOW) -> str:
    return verify_letter(one, find_key={"dev-1": ISSUER.public_key()}.get, now=now)


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_a_letter_names_the_device_that_signed_it(body: bytes) -> None:
    assert believed(letter(body)) == "dev-1"


def test_a_letter_lives_for_a_minute() -> None:
    assert believed(letter(), NOW + datetime.timedelta(seconds=60)) == "dev-1"
    for seconds in (61, -6):
        with pytest.raises(InvalidLetter):
            believed(letter(), NOW + datetime.timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"url": "https://totem.example/api/v1/devices/heartbeat"},
        {"body": b"{ }"},
        {"headers": {}},
    ],
)
def test_a_letter_changed_on_the_way_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidLetter):
        believed(replace(letter(), **change))  # type: ignore[arg-type]


def test_a_letter_from_an_unknown_device_or_by_another_key_is_refused() -> None:
    with pytest.raises(InvalidLetter):
        verify_letter(letter(), find_key=lambda _: None, now=NOW)
    with pytest.raises(InvalidLetter):
        verify_letter(letter(), find_key={"dev-1": STRANGER.public_key()}.get, now=NOW)


def test_a_letter_must_cover_its_body() -> None:
    bare = letter()
    bare.headers["Signature-Input"] = bare.headers["Signature-Input"].replace(
        ' "content-digest"', ""
    )
    with pytest.raises(InvalidLetter):
        believed(bare)
