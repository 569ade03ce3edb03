"""Where frames come from: a folder of pictures, a stream of JPEGs, or a camera's own command."""

import io
import subprocess
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from PIL import Image

from devices.drivers.protocol import ReaderUnreachable

_START: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_CHUNK: Final = 64 * 1024
_LARGEST_FRAME: Final = 8 * 1024 * 1024
_MOST_PIXELS: Final = 4096 * 4096
_SUFFIXES: Final = frozenset({".jpeg", ".jpg", ".png"})


def from_folder(folder: Path) -> Iterator[Image.Image]:
    """Yield the pictures of a folder by name, once; raises ReaderUnreachable without it."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise ReaderUnreachable(str(error)) from error
    for path in paths:
        picture = _decoded(path.read_bytes())
        if picture is not None:
            yield picture


def from_mjpeg(stream: IO[bytes]) -> Iterator[Image.Image]:
    """Yield each JPEG of a stream of JPEGs laid end to end, skipping what cannot be read."""
    pending = b""
    while content := stream.read(_CHUNK):
        pending += content
        while (frame := _first_frame(pending)) is not None:
            start, end = frame
            picture = _decoded(pending[start:end])
            pending = pending[end:]
            if picture is not None:
                yield picture
        if len(pending) > _LARGEST_FRAME:
            pending = b""


def from_mjpeg_file(path: Path) -> Iterator[Image.Image]:
    """Yield the frames of a file or named pipe; raises ReaderUnreachable without it."""
    try:
        with path.open("rb", buffering=0) as stream:
            yield from from_mjpeg(stream)
    except OSError as error:
        raise ReaderUnreachable(str(error)) from error


def from_command(command: Sequence[str]) -> Generator[Image.Image, None, None]:
    """Yield the frames that a program writes to its output as MJPEG, and end it afterwards.

    For a V4L2 camera: `v4l2-ctl --device /dev/video0 --stream-mmap --stream-to -` with its pixel
    format set to MJPG. Raises ReaderUnreachable when the program cannot run or ends by itself.
    """
    try:
        program = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)  # noqa: S603 — from settings
    except OSError as error:
        raise ReaderUnreachable(str(error)) from error
    try:
        if program.stdout is not None:
            with program.stdout as stream:
                yield from from_mjpeg(stream)
        raise ReaderUnreachable(f"{command[0]} ended")
    finally:
        program.terminate()
        program.wait()


def _first_frame(content: bytes) -> tuple[int, int] | None:
    start = content.find(_START)
    end = content.find(_END, start + len(_START)) if start >= 0 else -1
    return None if end < 0 else (start, end + len(_END))


def _decoded(content: bytes) -> Image.Image | None:
    try:
        picture = Image.open(io.BytesIO(content))
        return picture.convert("L") if picture.width * picture.height <= _MOST_PIXELS else None
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None  # OSError: what is no picture too
