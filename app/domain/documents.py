"""What an uploaded document really is, by its content; its name and its claims are not believed.

Only the shape is walked, nothing is ever unpacked, so that a bomb stays shut; what stands behind
the end of a document is cut off, and a picture too large for a screen is refused by its header.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import BadDocument

LARGEST = 5 * 1024 * 1024
MOST_DOCUMENTS = 5
MOST_PIXELS = 60_000_000
PNG_START = b"\x89PNG\r\n\x1a\n"
PDF_STARTS = (b"%PDF-1.", b"%PDF-2.")
PDF_TAIL = 1024  # ISO 32000-1 annex H: readers look for %%EOF in the last 1024 bytes
# Programs and foreign files have no place in a proof.
PDF_REFUSED = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
LONGEST_NAME = 120
_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class DocumentKind(StrEnum):
    """What is taken: a PDF or a photograph."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


MIME: dict[DocumentKind, str] = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.JPEG: "image/jpeg",
    DocumentKind.PNG: "image/png",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was found in order; `content` ends where the format says it does."""

    name: str
    kind: DocumentKind
    content: bytes


def document_from(name: str, content: bytes) -> Document:
    """Judge an upload by its content; raises BadDocument with a reason and the name."""
    shown = safe_name(name)
    if not content:
        raise BadDocument(shown, "empty")
    if len(content) > LARGEST:
        raise BadDocument(shown, "too-large")
    try:
        kind, whole = _judged(content)
    except (struct.error, IndexError) as error:
        raise BadDocument(shown, "broken") from error
    except _Refused as error:
        raise BadDocument(shown, str(error)) from error
    return Document(shown, kind, whole)


def safe_name(name: str) -> str:
    """Give the last part of a name, without paths and signs no page should show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')
    kept = kept.strip(" .")
    if len(kept) > LONGEST_NAME:
        kept = kept[: LONGEST_NAME - 8] + "…" + kept[-7:]
    return kept or "document"


class _Refused(Exception):
    """Why a content is no document of ours."""


def _judged(content: bytes) -> tuple[DocumentKind, bytes]:
    if content.startswith(PNG_START):
        return DocumentKind.PNG, _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return DocumentKind.JPEG, _jpeg(content)
    if content.startswith(PDF_STARTS):
        return DocumentKind.PDF, _pdf(content)
    raise _Refused("unknown-kind")


def _pdf(content: bytes) -> bytes:
    end = content.rfind(b"%%EOF")
    if end < 0 or end < len(content) - PDF_TAIL:
        raise _Refused("broken")
    if any(token in content for token in PDF_REFUSED):
        raise _Refused("active")
    return content[:end] + b"%%EOF\n"


def _png(content: bytes) -> bytes:
    """Walk the chunks with their checksums, up to the end that the format names."""
    place = len(PNG_START)
    first = True
    while True:
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise _Refused("broken")
        (checksum,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[place + 4 : end - 4]) != checksum or first != (kind == b"IHDR"):
            raise _Refused("broken")
        if first:
            _refuse_vast(*struct.unpack_from(">II", content, place + 8))
        if kind == b"IEND":
            return content[:end]
        place, first = end, False


def _jpeg(content: bytes) -> bytes:
    """Walk the segments and the scans between them, up to the end of the image."""
    place, framed = 2, False
    while True:
        if content[place] != 0xFF:
            raise _Refused("broken")
        marker = content[place + 1]
        if marker == 0xFF:  # a filling byte
            place += 1
        elif marker == 0xD9:
            if not framed:
                raise _Refused("broken")
            return content[: place + 2]
        elif marker in _NO_LENGTH:
            place += 2
        else:
            framed = framed or marker in _FRAMES
            place = _past_segment(content, place, marker)


def _past_segment(content: bytes, place: int, marker: int) -> int:
    (length,) = struct.unpack_from(">H", content, place + 2)
    if length < 2:
        raise _Refused("broken")
    if marker in _FRAMES:
        _refuse_vast(*struct.unpack_from(">HH", content, place + 5))
    place += 2 + length
    if marker != 0xDA:
        return place
    while True:  # the scan: a 0xFF in it is followed by 0 or by a restart
        place = content.find(b"\xff", place)
        if place < 0:
            raise _Refused("broken")
        if content[place + 1] and content[place + 1] not in _NO_LENGTH:
            return place
        place += 2


def _refuse_vast(one: int, other: int) -> None:
    if one * other > MOST_PIXELS or not one * other:
        raise _Refused("too-many-pixels")
