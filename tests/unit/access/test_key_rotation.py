"""Keys change without a gap for anybody, and a leaked one dies with the next snapshot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.access.keys import IssuerKeys, keep_set, keys_from, open_keys, read_set
from config.key_rotation import KeyChangeRefused, publish, remove, sign_with, to_text
from config.pass_keys import PassKeySet, fresh_text, read_pass_keys
from config.settings import Settings
from devices.passes.claims import Claims
from devices.passes.reasons import Reason
from devices.passes.rules import Decision, DoorRules, Granted, Knowledge, Refused, judge

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TWO_DAYS = timedelta(hours=48)
T = int(NOW.timestamp())
CLAIMS = Claims("mz", T - 60, T + 3600, b"12345678", (104,))


def fresh() -> PassKeySet:
    return read_pass_keys(fresh_text())


def opens(text: str, door_knows: IssuerKeys) -> Decision:
    """Show a pass to a door whose last snapshot carried these keys."""
    known = Knowledge(DoorRules("mz", 104), door_knows.ring, server_time=T, clock_floor=T)
    return judge(text, known, now=T)


def test_a_published_key_signs_after_two_days_and_no_door_refuses_anybody_meanwhile() -> None:
    first = fresh()
    published, kid = publish(first, now=NOW)
    switched = sign_with(published, kid, now=NOW + TWO_DAYS)
    before, between, after = (keys_from(each) for each in (first, published, switched))
    assert after.kid == kid != before.kid
    for sealed_by in (before, between):
        for door_knows in (before, between, after):
            assert isinstance(opens(sealed_by.seal(CLAIMS), door_knows), Granted)
    assert isinstance(opens(after.seal(CLAIMS), between), Granted), "a door two days behind"
    assert isinstance(opens(after.seal(CLAIMS), after), Granted)


def test_a_key_does_not_sign_before_every_door_can_know_it() -> None:
    published, kid = publish(fresh(), now=NOW)
    with pytest.raises(KeyChangeRefused, match="48 hours"):
        sign_with(published, kid, now=NOW + TWO_DAYS - timedelta(seconds=1))
    with pytest.raises(KeyChangeRefused, match="no key ff"):
        sign_with(published, b"\xff", now=NOW)


def test_a_removed_key_opens_nothing_once_a_door_heard_of_it() -> None:
    leaked = fresh()
    left = remove(leaked, leaked.sign_with, now=NOW)
    stolen = keys_from(leaked).seal(CLAIMS)
    assert opens(stolen, keys_from(left)) == Refused(Reason.UNKNOWN_KEY)
    assert left.sign_with != leaked.sign_with, "a kid never serves twice"
    assert isinstance(opens(keys_from(left).seal(CLAIMS), keys_from(left)), Granted)
    assert (left.secret, left.snapshot) == (leaked.secret, leaked.snapshot)


def test_a_leaked_key_gives_way_to_one_that_doors_already_know() -> None:
    published, kid = publish(fresh(), now=NOW)
    left = remove(published, published.sign_with, now=NOW)
    assert left.sign_with == kid
    assert isinstance(opens(keys_from(left).seal(CLAIMS), keys_from(published)), Granted)


def test_a_set_written_down_is_the_same_when_read() -> None:
    published, kid = publish(fresh(), now=NOW)
    assert read_pass_keys(to_text(published)) == published
    assert remove(published, kid, now=NOW).keys == published.keys[:-1]


def test_a_changed_set_takes_the_place_of_the_kept_one(tmp_path: Path) -> None:
    settings = Settings(database_url="sqlite:///x", instance=tmp_path, secret_key="s" * 32)
    first = open_keys(settings)
    published, kid = publish(read_set(settings), now=NOW)
    assert keep_set(settings, sign_with(published, kid, now=NOW + TWO_DAYS))
    assert open_keys(settings).kid == kid != first.kid


def test_keys_given_by_a_setting_are_not_written_anywhere(tmp_path: Path) -> None:
    settings = Settings(
        database_url="sqlite:///x",
        instance=tmp_path,
        secret_key="s" * 32,
        pass_keys=fresh(),
    )
    assert not keep_set(settings, fresh())
