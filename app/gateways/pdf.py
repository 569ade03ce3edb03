"""Letters as PDF: archivable (PDF/A-3b), tagged for screen readers, in the look of the house.

WeasyPrint takes a second to import and needs Pango of the system, so it is loaded when the first
letter is written: `LettersUnavailable` when it cannot be.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Protocol

import structlog

from app.domain.errors import LettersUnavailable

PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation"
STYLES = {
    "letter": Path(__file__).with_name("letter.css"),
    "label": Path(__file__).with_name("label.css"),
}
log = structlog.get_logger("totem.pdf")


class Pdf(Protocol):
    """Turns a page of HTML into a PDF."""

    def write(self, html: str, *, style: str = "letter") -> bytes:
        """Write a whole document in a style of the house; raises LettersUnavailable."""


class WeasyPdf:
    """The real one; it fetches nothing, neither from the network nor from the disk."""

    def write(self, html: str, *, style: str = "letter") -> bytes:
        """Write a whole document; raises LettersUnavailable."""
        try:
            from weasyprint import CSS, HTML
            from weasyprint.urls import URLFetcher
        except (ImportError, OSError) as error:
            log.exception("no letters")
            raise LettersUnavailable from error
        # The data: of an inline picture (a QR code) is the only address that is followed.
        document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
        return document.write_pdf(
            stylesheets=[CSS(string=_style(style))], pdf_variant="pdf/a-3b", pdf_tags=True
        )


class PlainPdf:
    """The twin in memory: keeps the HTML, and gives its words under the signature of a PDF."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, html: str, *, style: str = "letter") -> bytes:
        """Keep the document."""
        _style(style)
        self.written.append(html)
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()
        return b"%PDF-twin\n" + words.encode()


def pdf_fault() -> str | None:
    """Say what is missing to write letters, for `doctor`; None when nothing is."""
    try:
        import weasyprint  # noqa: F401  # it looks for Pango as it is imported
    except (ImportError, OSError):
        return f"Letters cannot be made as PDF: type sudo apt-get install {PANGO_PACKAGES}."
    return None


@cache
def _style(name: str) -> str:
    return STYLES[name].read_text(encoding="utf-8")
