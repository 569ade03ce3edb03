"""Addresses of built files: the folder's name is the content's hash, so caches may keep them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Flask

BUILT = Path(__file__).parent.parent / "static" / "dist"


class NotBuilt(RuntimeError):
    """The front end was not built: run ``make setup``."""


@cache
def _manifest() -> tuple[str, frozenset[str]]:
    try:
        manifest = json.loads((BUILT / "manifest.json").read_text())
    except FileNotFoundError as error:
        raise NotBuilt("app/static/dist is missing: run make setup") from error
    return str(manifest["version"]), frozenset(manifest["files"])


def asset_url(name: str) -> str:
    """Give the address of a built file; raises ``LookupError`` for an unknown name."""
    version, files = _manifest()
    if name not in files:
        raise LookupError(f"no built file is called {name}")
    return f"/static/dist/{version}/{name}"


def built_files() -> list[str]:
    """Give the names of all built files, in order."""
    return sorted(_manifest()[1])


def register(app: Flask) -> None:
    """Let templates ask for ``asset_url``."""
    app.jinja_env.globals["asset_url"] = asset_url
