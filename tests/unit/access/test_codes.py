"""The pictures of a pass say exactly its text, and are drawn as small as it allows."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image

from app.access import codes

# As long as a pass with two doors is (doors.md: version 7 at level M).
TEXT = "RB1:" + "6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90 " * 2
TEXT = TEXT[:171]


def modules(picture: bytes) -> list[list[bool]]:
    """Paint the path of the SVG on squared paper."""
    drawn = picture.decode()
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    assert found is not None
    side = int(found[1])
    paper = [[False] * side for _ in range(side)]
    dark = drawn.split('fill="#000" d="')[1].split('"')[0]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", dark):
        for at in range(int(x), int(x) + int(length)):
            paper[int(y)][at] = True
    return paper


def test_the_picture_of_a_mail_is_read_back() -> None:
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(codes.png(TEXT))))
    assert read.text == TEXT
    assert read.ec_level == "M"


def test_the_picture_of_the_page_is_read_back() -> None:
    rows = modules(codes.svg(TEXT))
    side = len(rows)
    image = Image.new("L", (side, side), 255)
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    (read,) = zxingcpp.read_barcodes(image.resize((side * 6, side * 6), Image.Resampling.NEAREST))
    assert read.text == TEXT


def test_a_pass_fits_version_seven_because_it_is_alphanumeric() -> None:
    version_seven, quiet_zone = 45, 8
    assert len(modules(codes.svg(TEXT))) == version_seven + quiet_zone


def test_white_surrounds_the_code_as_the_standard_asks() -> None:
    rows = modules(codes.svg(TEXT))
    edge = [*rows[:4], *rows[-4:], *([*row[:4], *row[-4:]] for row in rows)]
    assert not any(any(line) for line in edge)


@pytest.mark.parametrize("text", [TEXT, "RB1:"])
def test_the_same_text_is_always_the_same_picture(text: str) -> None:
    assert codes.svg(text) == codes.svg(text)
    assert codes.png(text) == codes.png(text)
