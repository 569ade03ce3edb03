"""Uploads are judged by what they are: their names and claims are not believed."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.domain.documents import LARGEST, DocumentKind, document_from, safe_name
from app.domain.errors import BadDocument
from tests.papers import HTML, PDF, picture, png_claiming


def refused(content: bytes, name: str = "carte.pdf") -> str:
    with pytest.raises(BadDocument) as refusal:
        document_from(name, content)
    return refusal.value.reason


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("bomb", bytes(2_000_000))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, DocumentKind.PDF),
        (picture("JPEG"), DocumentKind.JPEG),
        (picture("JPEG", progressive=True), DocumentKind.JPEG),
        (picture("PNG"), DocumentKind.PNG),
    ],
)
def test_a_document_is_known_by_its_content_whatever_its_name(
    content: bytes, kind: DocumentKind
) -> None:
    found = document_from("note.exe", content)
    assert (found.kind, found.content) == (kind, content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (HTML, "unknown-kind"),
        (b"MZ\x90\x00", "unknown-kind"),
        (b"GIF89a", "unknown-kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown-kind"),
        (b"\n" + PDF, "unknown-kind"),
        (PDF + bytes(LARGEST), "too-large"),
        (b"%PDF-1.7 " + HTML, "broken"),
        (PDF + HTML + bytes(2000), "broken"),
        (PDF.replace(b"/Type", b"/JS(x)/Type"), "active"),
        (PDF.replace(b"/Type", b"/EmbeddedFile/Type"), "active"),
        (picture("PNG")[:-20], "broken"),
        (picture("PNG")[:60] + b"\x00" + picture("PNG")[61:], "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"\xff\xd8\xff\xd9", "broken"),
        (picture("JPEG")[:-300], "broken"),
        (b"\xff\xd8\xff\xe0\x00\x01", "broken"),
        (png_claiming(60_000, 60_000), "too-many-pixels"),
        (png_claiming(0, 10), "too-many-pixels"),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    assert refused(content) == reason


def test_a_zip_is_refused_bomb_or_not() -> None:
    assert refused(zipped()) == "unknown-kind"


@pytest.mark.parametrize("plain", [picture("JPEG"), picture("PNG"), PDF])
def test_what_hides_behind_a_document_is_cut_off(plain: bytes) -> None:
    assert document_from("photo", plain + HTML).content == plain


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_without_its_stowaway_can_still_be_seen(kind: str) -> None:
    found = document_from("photo", picture(kind) + zipped())
    Image.open(io.BytesIO(found.content)).verify()


@given(st.binary(max_size=400), st.sampled_from([picture("JPEG"), picture("PNG"), PDF]))
def test_no_content_breaks_the_judge(noise: bytes, start: bytes) -> None:
    for content in (noise, start[: len(noise)] + noise, start[:8] + noise):
        try:
            found = document_from("x", content)
        except BadDocument:
            continue
        assert found.content.startswith(content[:8])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\Kbis 2026.pdf", "Kbis 2026.pdf"),
        ("a\x00b\u202etxt.exe", "abtxt.exe"),
        ('<img src="x">', "img src=x"),
        ("..", "document"),
        ("", "document"),
        ("é" * 300 + ".pdf", "é" * 112 + "…" + "éé" + "é" + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert safe_name(name) == shown
