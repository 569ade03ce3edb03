"""Passwords are verified whatever the keyboard, and nobody learns who has one."""

from __future__ import annotations

import threading
import time

import pytest

from app.domain.errors import WeakPassword
from app.people.passwords import LONGEST, PasswordKeeper, refuse_weak

KEEPER = PasswordKeeper(cheap=True)


def test_a_password_is_known_again_and_another_is_not() -> None:
    kept = KEEPER.hash("une phrase facile")
    assert kept.startswith("$argon2id$")
    assert KEEPER.verify(kept, "une phrase facile")
    assert not KEEPER.verify(kept, "une phrase difficile")


def test_the_same_phrase_from_another_keyboard_is_the_same_password() -> None:
    kept = KEEPER.hash("re\u0301sume\u0301 d’été")
    assert KEEPER.verify(kept, "résumé d’été")


@pytest.mark.parametrize("text", ["", "\0" * 20, "\ud800" * 12, "é" * 10_000])
def test_any_text_can_be_tried(text: str) -> None:
    assert not KEEPER.verify(KEEPER.hash("une phrase facile"), text)
    assert not KEEPER.verify(None, text)


def test_an_account_without_password_is_never_entered_by_one() -> None:
    assert not KEEPER.verify(None, "nobody has this password")
    assert not KEEPER.verify("not a hash", "x" * 12)


def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    keeper = PasswordKeeper(cheap=False)
    kept = keeper.hash("une phrase facile")

    def seconds(of: str | None) -> float:
        best = 9.0
        for _ in range(3):
            began = time.thread_time()  # work, not waiting: a busy machine changes nothing
            keeper.verify(of, "autre chose encore")
            best = min(best, time.thread_time() - began)
        return best

    assert seconds(None) > seconds(kept) / 2


def test_a_hash_by_older_parameters_is_seen() -> None:
    assert PasswordKeeper(cheap=False).is_outdated(KEEPER.hash("une phrase facile"))
    assert not KEEPER.is_outdated(KEEPER.hash("une phrase facile"))


def test_only_so_much_of_a_password_counts_as_forms_accept() -> None:
    assert KEEPER.verify(KEEPER.hash("a" * LONGEST + "b"), "a" * LONGEST + "c")


def test_many_at_once_are_hashed_a_few_at_a_time() -> None:
    keeper = PasswordKeeper(cheap=True)
    running: list[int] = []
    most: list[int] = []
    hasher = keeper._hasher

    class Watched:
        def hash(self, password: bytes) -> str:
            running.append(1)
            most.append(len(running))
            time.sleep(0.01)
            running.pop()
            return hasher.hash(password)

    keeper._hasher = Watched()  # type: ignore[assignment]
    threads = [threading.Thread(target=keeper.hash, args=("x" * 12,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 12
    assert max(most) <= keeper.at_once


@pytest.mark.parametrize("text", ["", "neuf sign", "          ", "\u00a0" * 12])
def test_a_short_password_is_refused(text: str) -> None:
    with pytest.raises(WeakPassword):
        refuse_weak(text)


def test_ten_characters_are_enough() -> None:
    refuse_weak("demo-totem")
