"""A call told twice counts once; its key is bound to its owner and its request for a day."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db.idempotency import KEPT, IdempotencyKeyRow, KeptAnswer, find_answer, forget_old
from app.db.idempotency import keep_answer as keep
from app.db.transaction import reading, transaction
from app.domain.errors import KeyReused
from tests.conftest import NOW


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def call(owner: str = "account:1", key: str = "k", request: str = "r", body: str = "{}") -> str:
    """Make the call: its answer, or the one kept from before."""
    with transaction() as session:
        kept = find_answer(session, owner=owner, key=key, request_hash=request, now=NOW)
        if kept is not None:
            return kept.body
        keep(session, owner=owner, key=key, status=201, body=body)
        return body


def test_the_second_call_gets_the_answer_of_the_first(house: Flask) -> None:
    assert call(body='{"id": 1}') == '{"id": 1}'
    assert call(body='{"id": 2}') == '{"id": 1}'


def test_the_status_is_kept_too(house: Flask) -> None:
    call(body="{}")
    with transaction() as session:
        kept = find_answer(session, owner="account:1", key="k", request_hash="r", now=NOW)
    assert kept == KeptAnswer(201, "{}")


def test_a_key_of_another_request_is_refused(house: Flask) -> None:
    call()
    with pytest.raises(KeyReused):
        call(request="another")


def test_a_key_belongs_to_its_owner(house: Flask) -> None:
    assert call(body="mine") == "mine"
    assert call(owner="account:2", request="another", body="theirs") == "theirs"


def test_a_call_that_failed_leaves_its_key_free(house: Flask) -> None:
    def failing() -> None:
        with transaction() as session:
            find_answer(session, owner="account:1", key="k", request_hash="r", now=NOW)
            raise KeyReused

    with pytest.raises(KeyReused):
        failing()
    assert call(request="corrected", body="done") == "done"


def test_of_two_calls_at_once_one_is_made_and_both_get_its_answer(house: Flask) -> None:
    together = threading.Barrier(8)
    answers: list[str] = []

    def tell(number: int) -> None:
        with house.app_context():
            together.wait()
            answers.append(call(body=str(number)))

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_a_key_is_kept_for_a_day(house: Flask) -> None:
    call(body="old")
    later = NOW + KEPT + timedelta(seconds=1)
    with transaction() as session:
        assert find_answer(session, owner="account:1", key="k", request_hash="x", now=later) is None


def test_old_keys_are_tidied_away(house: Flask) -> None:
    call()
    with transaction() as session:
        forget_old(session, now=NOW + KEPT + timedelta(seconds=1))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyKeyRow)) == 0
