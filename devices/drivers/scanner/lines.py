"""Lines out of bytes as scanners send them: capped, whole, and without their ends."""

from typing import Final

LONGEST_LINE: Final = 1024
_ENDS: Final = b"\r\n"


class LineAssembler:
    """Collects bytes into lines; what is too long is cut, so that no flood can fill memory."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._pending = bytearray()

    def feed(self, content: bytes) -> list[str]:
        """Take bytes in and return the lines they completed; empty lines are dropped."""
        lines: list[str] = []
        for byte in content:
            if byte not in _ENDS:
                if len(self._pending) < self._longest:
                    self._pending.append(byte)
            elif self._pending:
                lines.append(self._pending.decode("utf-8", errors="replace"))
                self._pending.clear()
        return lines

    def forget(self) -> None:
        """Drop an unfinished line: the scanner stopped in the middle of it."""
        self._pending.clear()
