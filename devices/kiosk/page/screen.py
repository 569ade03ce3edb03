"""The screen of a door in a browser: each view goes to whoever has the page open, at once."""

import json
import threading
from collections.abc import Iterator
from typing import Final

from devices.kiosk.views import View

ALIVE_EVERY: Final = 10.0
"""Seconds after which an open page hears that the door lives, though nothing changed."""


class PageScreen:
    """Keeps the view shown now; any number of threads wait for the next one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shown = "null"
        self._number = 0
        self._is_closed = False

    def show(self, view: View) -> None:
        """Show a view in place of the last one."""
        content = json.dumps(
            {
                "tone": str(view.tone),
                "word": view.word,
                "sentence": view.sentence,
                "notes": list(view.notes),
                "language": view.language,
                "challenge": view.challenge,
                "lines": list(view.lines),
                "buttons": [[each.name, each.label, each.is_enabled] for each in view.buttons],
                "people": list(view.people),
            },
            ensure_ascii=False,
        )
        with self._changed:
            if content != self._shown:
                self._shown = content
                self._number += 1
                self._changed.notify_all()

    def close(self) -> None:
        """Let everybody who waits go."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def views(self) -> Iterator[str]:
        """Yield the view shown now and each one after it, as JSON; empty text is a sign of life."""
        seen = -1
        while True:
            with self._changed:
                if self._number == seen and not self._is_closed:
                    self._changed.wait(ALIVE_EVERY)
                if self._is_closed:
                    return
                content = self._shown if self._number != seen else ""
                seen = self._number
            yield content
