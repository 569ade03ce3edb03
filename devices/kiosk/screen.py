"""The screen of a door in a terminal: word, shape, colour and sound say the same thing."""

import os
from typing import Final, Protocol, TextIO

from devices.kiosk.views import Tone, View

_SHAPES: Final = {
    Tone.IDLE: "[ ]",
    Tone.OPEN: "(✓)",
    Tone.SHUT: "<✗>",
    Tone.WAIT: "...",
    Tone.FAULT: "/!\\",
}
_COLOURS: Final = {
    Tone.IDLE: "\x1b[1m",
    Tone.OPEN: "\x1b[1;97;42m",
    Tone.SHUT: "\x1b[1;97;41m",
    Tone.WAIT: "\x1b[1;30;43m",
    Tone.FAULT: "\x1b[1;97;45m",
}
_SOUNDS: Final = {Tone.OPEN: "\a", Tone.SHUT: "\a\a"}
_PLAIN: Final = "\x1b[0m"


class Screen(Protocol):
    """Where a door shows what it thinks."""

    def show(self, view: View) -> None:
        """Show a view in place of the last one."""


class Screens:
    """Several screens that show the same."""

    def __init__(self, *screens: Screen) -> None:
        self._screens = screens

    def show(self, view: View) -> None:
        """Show a view on each of them."""
        for screen in self._screens:
            screen.show(view)


class TerminalScreen:
    """Writes each new view as lines; colour and sound only where a person is looking."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_tty = stream.isatty()
        self._is_lively = self._is_tty and "NO_COLOR" not in os.environ
        self._last: View | None = None

    def show(self, view: View) -> None:
        """Write the view unless it is what is there already; a dead terminal stops no door."""
        if view == self._last:
            return
        self._last = view
        headline = f" {_SHAPES[view.tone]} {view.word} "
        if self._is_lively:
            headline = f"{_SOUNDS.get(view.tone, '')}{_COLOURS[view.tone]}{headline}{_PLAIN}"
        # What is written here may be kept: names only where somebody reads them off the screen.
        people = view.people if self._is_tty else ()
        notes = [f"      {note}" for note in (*view.lines, *view.notes, *people)]
        try:
            self._stream.write("\n".join([headline, f"      {view.sentence}", *notes, ""]) + "\n")
            self._stream.flush()
        except OSError:
            self._is_lively = False
