"""Every refusal of the rules has a stable code, a status and a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain import errors
from app.domain.errors import DomainError
from app.web.errors import STATUS
from app.web.sentences import SENTENCES


def subclasses(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in parent.__subclasses__():
        yield child
        yield from subclasses(child)


REFUSALS = set(subclasses(DomainError))


def test_there_are_refusals() -> None:
    assert len(REFUSALS) > 40


def test_every_refusal_stands_in_the_table_of_http() -> None:
    assert set(STATUS) == REFUSALS
    # 503: what this installation cannot do yet, such as letters without Pango.
    assert set(STATUS.values()) <= {401, 403, 404, 409, 410, 412, 422, 429, 503}


def test_every_refusal_has_its_sentence() -> None:
    assert set(SENTENCES) == REFUSALS


def test_every_refusal_is_exported_by_its_name() -> None:
    assert {refusal for refusal in REFUSALS if not hasattr(errors, refusal.__name__)} == set()


def test_codes_are_kebab_case_and_each_means_one_thing() -> None:
    codes = [refusal.code for refusal in REFUSALS]
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []
    assert sorted(codes) == sorted(set(codes))
