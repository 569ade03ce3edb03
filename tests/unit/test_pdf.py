"""Letters as PDF: archivable, tagged, and made without fetching anything."""

from __future__ import annotations

import re
import sys
import zlib

import pytest

from app.domain.errors import LettersUnavailable
from app.gateways.pdf import PlainPdf, WeasyPdf, pdf_fault

PAGE = (
    '<!doctype html><html lang="fr"><head><title>Révision</title></head>'
    "<body><h1>Loyer révisé</h1><p>2 772,71 €</p></body></html>"
)


def inside(pdf: bytes) -> bytes:
    """Give what the compressed streams of a PDF hold."""
    parts = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompress(part) for part in parts)


def test_a_letter_is_an_archivable_tagged_pdf() -> None:
    made = WeasyPdf().write(PAGE)
    assert made.startswith(b"%PDF-1.7")
    found = inside(made)
    assert b'pdfaid:part="3" pdfaid:conformance="B"' in found
    assert b"/StructTreeRoot" in found
    assert b"/Lang (fr)" in found


def test_a_letter_fetches_neither_from_the_network_nor_from_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda _self, request, **_: opened.append(request)
    )
    WeasyPdf().write(PAGE.replace("<h1>", '<img src="file:///etc/hostname" alt=""><h1>'))
    WeasyPdf().write(PAGE.replace("<h1>", '<img src="https://example.org/x.png" alt=""><h1>'))
    assert opened == []


def test_without_pango_letters_are_refused_and_the_doctor_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(LettersUnavailable):
        WeasyPdf().write(PAGE)
    assert "apt-get install libpango-1.0-0" in (pdf_fault() or "")


def test_the_twin_keeps_the_words() -> None:
    twin = PlainPdf()
    assert twin.write(PAGE, style="label") == "%PDF-twin\nRévision Loyer révisé 2 772,71 €".encode()
    assert twin.written == [PAGE]
