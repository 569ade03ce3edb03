"""The picture of a pass: a QR code of level M in alphanumeric mode, on pure white."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, Literal, cast

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.util import MODE_ALPHA_NUM, QRData

QUIET_ZONE: Final = 4  # modules of white around it, as the standard asks
PIXELS: Final = 8  # per module, in a mail
_ALPHANUMERIC: Final = cast(Literal[2], MODE_ALPHA_NUM)


def svg(text: str) -> bytes:
    """Draw the code as one path without a size of its own: as wide as where it stands."""
    rows = _code(text).get_matrix()
    side = len(rows)
    path = "".join(_bars(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    ).encode()


def png(text: str) -> bytes:
    """Draw the code as a picture that every mail program shows."""
    out = io.BytesIO()
    _code(text).make_image(image_factory=PilImage).save(out)
    return out.getvalue()


def data_uri(text: str) -> str:
    """Draw the code as the address of a picture that a page carries in itself."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(text)).decode("ascii")


def _code(text: str) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=PIXELS, border=QUIET_ZONE)
    code.add_data(QRData(text, mode=_ALPHANUMERIC), optimize=0)
    code.make(fit=True)
    return code


def _bars(rows: list[list[bool]]) -> Iterator[str]:
    """Give each run of dark modules in a row as one bar."""
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
