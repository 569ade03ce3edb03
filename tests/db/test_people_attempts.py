"""Tries are counted in the database, for all processes together and at the same moment."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.db.transaction import transaction
from app.domain.errors import TooManyAttempts
from app.people import service
from app.people.service.attempts import (
    PASSWORD_FROM_ADDRESS,
    PASSWORD_OF_EMAIL,
    Limit,
    Try,
)
from tests.members import scalar

EMAIL, OTHER, HERE = "anais@people.example", "bruno@people.example", "192.0.2.7"


def tries(email: str = EMAIL, address: str = HERE) -> list[Try]:
    return [(PASSWORD_OF_EMAIL, email), (PASSWORD_FROM_ADDRESS, address)]


def attempt(app: Flask, now: datetime, email: str = EMAIL, address: str = HERE) -> None:
    with app.app_context(), transaction() as session:
        service.note_attempt(session, tries(email, address), now=now)


def test_the_sixth_try_on_an_address_is_refused_until_the_first_is_old(
    app: Flask, now: datetime
) -> None:
    for minute in range(5):
        attempt(app, now + timedelta(minutes=minute))
    with pytest.raises(TooManyAttempts) as refused:
        attempt(app, now + timedelta(minutes=6))
    assert refused.value.retry_at == now + timedelta(minutes=15)
    attempt(app, now + timedelta(minutes=15))


def test_a_refused_try_is_not_counted(app: Flask, now: datetime) -> None:
    for _ in range(5):
        attempt(app, now)
    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            attempt(app, now + timedelta(minutes=14))
    attempt(app, now + timedelta(minutes=16))


def test_one_place_that_tries_many_addresses_is_stopped(app: Flask, now: datetime) -> None:
    for number in range(30):
        attempt(app, now, email=f"person{number}@people.example")
    with pytest.raises(TooManyAttempts):
        attempt(app, now, email="one.more@people.example")
    attempt(app, now, email="one.more@people.example", address="192.0.2.8")


def test_a_success_forgets_the_tries_on_that_address(app: Flask, now: datetime) -> None:
    for _ in range(5):
        attempt(app, now)
    with app.app_context(), transaction() as session:
        service.forget_attempts(session, tries(), at=now)
    attempt(app, now)


def test_a_success_forgets_only_its_own_try_of_the_place(app: Flask, now: datetime) -> None:
    for number in range(29):
        attempt(app, now, email=f"person{number}@people.example")
    attempt(app, now, email=OTHER)
    with app.app_context(), transaction() as session:
        service.forget_attempts(session, tries(OTHER), at=now)
    attempt(app, now, email="first@people.example")
    with pytest.raises(TooManyAttempts):
        attempt(app, now, email="second@people.example")


def test_no_address_lies_in_the_table(app: Flask, now: datetime) -> None:
    attempt(app, now)
    assert scalar(app, "SELECT count(*) FROM attempts") == 2
    assert scalar(app, "SELECT count(*) FROM attempts WHERE key LIKE '%anais%'") == 0


@pytest.mark.parametrize("subject", ["", "é" * 5000, "\ud800", "a\0b", "'; DROP TABLE attempts"])
def test_any_text_can_be_counted(app: Flask, now: datetime, subject: str) -> None:
    attempt(app, now, email=subject)
    assert scalar(app, "SELECT count(*) FROM attempts") == 2


def test_of_many_tries_at_once_exactly_so_many_pass_as_are_allowed(
    app: Flask, now: datetime
) -> None:
    passed: list[int] = []
    refused: list[int] = []
    others: list[BaseException] = []
    start = threading.Barrier(16)

    def hammer(number: int) -> None:
        start.wait()
        try:
            attempt(app, now)
        except TooManyAttempts:
            refused.append(number)
        except BaseException as error:
            others.append(error)
        else:
            passed.append(number)

    threads = [threading.Thread(target=hammer, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert others == []
    assert (len(passed), len(refused)) == (5, 11)


def test_two_limits_are_taken_in_one_order_so_that_nobody_waits_for_ever(
    app: Flask, now: datetime
) -> None:
    wide = Limit("wide-a", 1000, timedelta(minutes=1)), Limit("wide-b", 1000, timedelta(minutes=1))
    faults: list[BaseException] = []

    def hammer(first: Limit, second: Limit) -> None:
        try:
            for _ in range(20):
                with app.app_context(), transaction() as session:
                    service.note_attempt(session, [(first, "x"), (second, "x")], now=now)
        except BaseException as error:
            faults.append(error)

    threads = [
        threading.Thread(target=hammer, args=order)
        for order in (wide, wide[::-1], wide, wide[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert scalar(app, "SELECT count(*) FROM attempts") == 160
