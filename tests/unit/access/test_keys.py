"""The keys of the house: read with every fault told, or made once on a single machine."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.access.keys import FILE, FOR_GOOD, keys_from, open_keys
from config.pass_keys import BadPassKeys, fresh_text, read_pass_keys
from config.settings import Settings, SettingsError
from devices.passes.claims import Claims
from devices.passes.text import read

CLAIMS = Claims("mz", 1_800_000_000, 1_800_003_600, b"12345678", (101, 104))
Content = dict[str, object]
SEED = base64.b64encode(b"s" * 32).decode()


def settings(folder: Path) -> Settings:
    return Settings(database_url="sqlite:///x", instance=folder, secret_key="s" * 32)


def opened(folder: str) -> str:
    return open_keys(settings(Path(folder))).seal(CLAIMS)


def test_many_processes_starting_together_get_the_same_keys(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        texts = list(pool.map(opened, [str(tmp_path)] * 8))
    assert len(set(texts)) == 1
    assert texts[0] == opened(str(tmp_path))


def test_kept_keys_are_readable_by_their_owner_only_and_leave_no_draft(tmp_path: Path) -> None:
    open_keys(settings(tmp_path))
    (kept,) = (tmp_path / "keys").iterdir()
    assert kept.name == FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_damaged_kept_keys_are_told_at_start(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / FILE).write_text("{}")
    with pytest.raises(SettingsError, match=FILE):
        open_keys(settings(tmp_path))


def test_a_pass_sealed_before_a_restart_is_believed_after_it(tmp_path: Path) -> None:
    text = opened(str(tmp_path))
    assert read(text, open_keys(settings(tmp_path)).ring).claims == CLAIMS


def test_a_fresh_set_is_read_back_and_is_nobody_elses() -> None:
    first, second = read_pass_keys(fresh_text()), read_pass_keys(fresh_text())
    assert first != second
    assert keys_from(first).public[0].not_after == FOR_GOOD


def test_a_key_with_a_last_day_is_believed_to_the_end_of_it() -> None:
    content = json.loads(fresh_text())
    content["keys"].append({"kid": "02", "seed": SEED, "until": "2026-12-31"})
    public = {key.kid: key for key in keys_from(read_pass_keys(json.dumps(content))).public}
    assert public[b"\x02"].not_after == 1_798_761_600  # 2027-01-01T00:00:00Z


def without(name: str) -> Callable[[Content], object]:
    return lambda content: content.pop(name)


def with_key(**key: object) -> Callable[[Content], object]:
    return lambda content: content["keys"].append({"kid": "02", "seed": SEED, **key})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without("secret"), "secret must be 32 octets"),
        (without("snapshot"), "snapshot must be 32 octets"),
        (without("keys"), "keys must be a list"),
        (without("sign_with"), "sign_with must be 1 or 2 octets"),
        (lambda content: content.update(secret="c2hvcnQ="), "secret must be 32 octets"),
        (lambda content: content.update(sign_with="07"), "sign_with must name one of the keys"),
        (lambda content: content.update(more=1), "more is not known"),
        (with_key(kid="01"), "the same kid"),
        (with_key(kid="010203"), "keys[2].kid must be 1 or 2 octets"),
        (with_key(seed="?"), "keys[2].seed must be 32 octets"),
        (with_key(until="soon"), "keys[2].until must be a day"),
        (with_key(staff="yes"), "keys[2].staff must be true or false"),
        (with_key(colour="red"), "keys[2].colour is not known"),
        (lambda content: content.update(keys=[1]), "keys[0] must be an object"),
        (lambda content: content.update(snapshot=content["keys"][0]["seed"]), "a seed of its own"),
    ],
)
def test_each_fault_of_a_set_is_told_without_its_secrets(
    spoil: Callable[[Content], object], said: str
) -> None:
    content = json.loads(fresh_text())
    seed = content["keys"][0]["seed"]
    spoil(content)
    with pytest.raises(BadPassKeys) as told:
        read_pass_keys(json.dumps(content))
    assert any(said in fault for fault in told.value.faults)
    assert seed not in str(told.value)


def test_a_staff_key_does_not_sign_passes_of_bookings() -> None:
    content = json.loads(fresh_text())
    content["keys"].append({"kid": "f0", "seed": SEED, "staff": True})
    content["sign_with"] = "f0"
    with pytest.raises(BadPassKeys, match="not for staff"):
        read_pass_keys(json.dumps(content))


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "3"])
def test_what_is_no_set_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadPassKeys, match="JSON"):
        read_pass_keys(text)


def test_no_secret_stands_in_what_is_printed_of_keys(tmp_path: Path) -> None:
    text = fresh_text()
    known = read_pass_keys(text)
    shown = repr(known) + repr(keys_from(known)) + repr(settings(tmp_path))
    for secret in (known.secret, known.snapshot, known.keys[0].seed):
        assert repr(secret) not in shown
        assert base64.b64encode(secret).decode() not in shown
