"""Unsafe API calls that may be repeated: an ``Idempotency-Key`` gets its first answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import marshmallow as ma
from flask import Response, request
from sqlalchemy.orm import Session

from app.db.idempotency import find_answer, keep_answer
from app.web.api import Pattern

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
Done = TypeVar("Done")


class IdempotencyHeader(ma.Schema):
    """The header of a call that may safely be repeated for 24 hours."""

    key = ma.fields.String(
        data_key=HEADER,
        validate=[
            ma.validate.Length(min=1, max=LONGEST_KEY),
            Pattern(r"^[!-~]+$", error="Printable ASCII without spaces."),
        ],
        metadata={"description": "The same key gets the same answer for 24 hours."},
    )


def once(
    session: Session,
    *,
    owner: str,
    now: datetime,
    deed: Callable[[], Done],
    answer: Callable[[Done], Response],
    label: Callable[[Response], None] = lambda _: None,
) -> Callable[[], Response]:
    """Do ``deed`` unless this owner called with this key before; gives how to answer.

    Call what it gives after the commit: nobody who waits to write then waits for words. A refusal
    is not kept: nothing was done, so that the call may be repeated with the same key. The headers
    of a repeated answer are those that ``label`` reads out of it. Raises ``KeyReused`` when the
    key comes with another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        done = deed()
        return lambda: answer(done)
    kept = find_answer(session, owner=owner, key=key, request_hash=_fingerprint(), now=now)
    if kept is not None:
        replayed = Response(kept.body, status=kept.status, mimetype="application/json")
        replayed.headers[REPLAYED] = "true"
        label(replayed)
        return lambda: replayed
    response = answer(deed())
    body = response.get_data(as_text=True)
    keep_answer(session, owner=owner, key=key, status=response.status_code, body=body)
    return lambda: response


def _fingerprint() -> str:
    parts = (request.method.encode(), request.full_path.encode(), request.get_data())
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
