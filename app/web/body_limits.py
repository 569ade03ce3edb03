"""How large a request may be: small everywhere, larger only for the views that say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., object])
MARK = "__body_limit__"


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let this view be sent that many bytes; who may call it is asked before any is read."""

    def mark(view: View) -> View:
        setattr(view, MARK, size)
        return view

    return mark


def register(app: Flask) -> None:
    """Set each request's limit by its view, before anything reads its body."""

    @app.url_value_preprocessor
    def limit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        view = current_app.view_functions.get(endpoint or "")
        size = getattr(view, MARK, None)
        if isinstance(size, int):
            request.max_content_length = size
