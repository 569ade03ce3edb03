"""Where each key of a TOML file stands: tomllib reads the values but forgets the lines."""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_PART = re.compile(_NAME)
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_STRINGS = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')


class LineIndex:
    """Knows the line of every table and key of one file."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[tuple[str, ...], int] = {}
        self._scan(text)

    def line_of(self, path: Path) -> int:
        """Give the line of that key, or of the nearest table around it; 1 if nothing is known."""
        for length in range(len(path), 0, -1):
            if (line := self._lines.get(path[:length])) is not None:
                return line
        return 1

    def _scan(self, text: str) -> None:
        table: Path = ()
        depth, quote = 0, ""
        for number, line in enumerate(text.splitlines(), start=1):
            if depth == 0 and not quote:
                if header := _HEADER.match(line):
                    table = self._enter(header[1] == "[[", _parts(header[2]))
                    self._lines.setdefault(table, number)
                    continue
                if key := _KEY.match(line):
                    self._note((*table, *_parts(key[1])), number)
                    line = line[key.end() :]
            depth, quote = _after(line, depth, quote)

    def _note(self, path: Path, number: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], number)

    def _enter(self, is_array: bool, names: tuple[str, ...]) -> Path:
        """Give the path of a header: arrays of tables on the way stand at their last element."""
        if is_array:
            self._counts[names] = self._counts.get(names, -1) + 1
        path: list[str | int] = []
        for length, name in enumerate(names, start=1):
            path.append(name)
            if (index := self._counts.get(names[:length])) is not None:
                path.append(index)
        return tuple(path)


def line_of_error(error: tomllib.TOMLDecodeError) -> int:
    """Give the line a syntax error names, or 1 when it stands at the end of the file."""
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Follow brackets and long strings to the end of a line: how deep, and in which quotes."""
    position = 0
    while position < len(line):
        if quote:
            end = line.find(quote, position)
            if end < 0:
                return depth, quote
            position, quote = end + 3, ""
            continue
        token = _STRINGS.search(line, position)
        if token is None:
            break
        position = token.end()
        if token[0] in ('"""', "'''"):
            quote = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
    return depth, quote
