"""Bodies of the API, read strictly: what two readers could read in two ways is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import flask_smorest
import marshmallow as ma
from flask import Request
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser, abort

Answer = TypeVar("Answer")
LONGEST_NUMBER = 400  # digits; Python spends long on more, and no field of ours takes as many


class StrictParser(FlaskParser):
    """Reads JSON in UTF-8 only; other types are 415, and anything doubtful in it is 400."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Give the body, or ``missing`` when there is none."""
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not is_json(req.mimetype) or req.headers.get("Content-Encoding"):
            abort(415)
        try:
            return read_json(body)
        except (ValueError, RecursionError) as error:  # the wrong bytes are a ValueError too
            abort(400, exc=error, messages={"json": {"_schema": ["Not plainly JSON in UTF-8."]}})


class ApiBlueprint(flask_smorest.Blueprint):
    """A blueprint of the API, whose bodies are read strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(
        self, schema: ma.Schema | type[ma.Schema], *, location: str = "json", **options: object
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Read arguments by a schema made once, not anew for each request."""
        made = schema() if isinstance(schema, type) else schema
        return super().arguments(made, location=location, **options)


def read_json(body: bytes) -> Any:
    """Read JSON; raises ``ValueError`` or ``RecursionError`` for what is not plainly JSON."""
    return json.loads(
        body.decode("utf-8"),
        object_pairs_hook=_object,
        parse_constant=_refuse_constant,
        parse_int=_whole_number,
    )


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return int(digits)
