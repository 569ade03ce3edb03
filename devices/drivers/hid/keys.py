"""Texts out of the key presses of a scanner: US layout, capped, whole or not at all."""

import struct
from typing import Final

from devices.drivers.scanner.lines import LONGEST_LINE

EVENT: Final = struct.Struct("llHHi")
_SYN, _KEY = 0, 1
_SYN_REPORT, _SYN_DROPPED = 0, 3
_UP, _DOWN = 0, 1
_SHIFTS: Final = frozenset({42, 54})
_ENTERS: Final = frozenset({28, 96})
_ROWS: Final = ((2, "1234567890-=", "!@#$%^&*()_+"), (16, "qwertyuiop[]", "QWERTYUIOP{}"))
_ROWS_BELOW: Final = ((30, "asdfghjkl;'`", 'ASDFGHJKL:"~'), (44, "zxcvbnm,./", "ZXCVBNM<>?"))
_PLAIN: Final[dict[int, str]] = {57: " ", 43: "\\", 55: "*", 74: "-", 78: "+", 98: "/"} | {
    first + at: sign for first, row, _ in (*_ROWS, *_ROWS_BELOW) for at, sign in enumerate(row)
}
_SHIFTED: Final[dict[int, str]] = {57: " ", 43: "|", 55: "*", 74: "-", 78: "+", 98: "/"} | {
    first + at: sign for first, _, row in (*_ROWS, *_ROWS_BELOW) for at, sign in enumerate(row)
}


class KeyAssembler:
    """Collects `struct input_event` bytes into lines, as the kernel gives them, in any portions."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._bytes = bytearray()
        self._typed: list[str] = []
        self._shifts: set[int] = set()
        self._is_lost = False

    def feed(self, content: bytes) -> list[str]:
        """Take bytes in and return the texts they completed."""
        self._bytes += content
        whole = len(self._bytes) - len(self._bytes) % EVENT.size
        texts = []
        for _, _, kind, code, value in EVENT.iter_unpack(bytes(self._bytes[:whole])):
            text = self._event(kind, code, value)
            if text:
                texts.append(text)
        del self._bytes[:whole]
        return texts

    def forget(self) -> None:
        """Drop what was typed so far: the scanner stopped in the middle of it."""
        self._typed.clear()

    def _event(self, kind: int, code: int, value: int) -> str:
        if kind == _SYN:
            self._synchronise(code)
        elif kind == _KEY and not self._is_lost:
            return self._key(code, value)
        return ""

    def _synchronise(self, code: int) -> None:
        """After lost events nothing counts until the next report, and the text is spoilt."""
        if code == _SYN_DROPPED:
            self._is_lost = True
            self._shifts.clear()
            self.forget()
        elif code == _SYN_REPORT:
            self._is_lost = False

    def _key(self, code: int, value: int) -> str:
        if code in _SHIFTS:
            (self._shifts.discard if value == _UP else self._shifts.add)(code)
        elif value == _DOWN and code in _ENTERS:
            text = "".join(self._typed)
            self.forget()
            return text
        elif value == _DOWN and len(self._typed) < self._longest:
            sign = (_SHIFTED if self._shifts else _PLAIN).get(code)
            if sign is not None:
                self._typed.append(sign)
        return ""
