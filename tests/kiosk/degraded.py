"""Codes as a door's camera sees them on phones: small, tilted, blurred, glaring, dim, compressed.

Drawn by rule, the same for the same seed. They rank decoders and sizes; they promise no field rate.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from tests.unit.passes.papers import BOUND, CLAIMS, STARTS, live, sealed

FRAME: Final = (1280, 720)
_LEVELS: Final = {
    "live": qrcode.constants.ERROR_CORRECT_L,  # as the phone page draws it
    "static": qrcode.constants.ERROR_CORRECT_M,
}
_SMEAR: Final = ImageFilter.Kernel((5, 5), [0] * 10 + [1] * 5 + [0] * 10, scale=5)
Point = tuple[float, float]


def frame(number: int, look: int = 0, *, kind: str = "live") -> tuple[str, Image.Image]:
    """Give the text of a code and the frame in which it is seen; another look, another frame."""
    chance = random.Random(f"{kind}-{number}-{look}")  # noqa: S311 — a picture
    claims = replace(BOUND if kind == "live" else CLAIMS, pass_id=number.to_bytes(8, "big"))
    text = live(STARTS + number, claims) if kind == "live" else sealed(claims)
    return text, _compressed(_seen(_held(_screen(text, kind), chance), chance), chance)


def _screen(text: str, kind: str) -> Image.Image:
    """Draw the code as a phone shows it: sharp, black on white."""
    code = qrcode.QRCode(error_correction=_LEVELS[kind], box_size=8, border=4)
    code.add_data(qrcode.util.QRData(text.encode("ascii"), mode=2))  # 2: alphanumeric
    return code.make_image().get_image().convert("L")


def _held(screen: Image.Image, chance: random.Random) -> Image.Image:
    """Hold the phone before the camera: so far away, turned and tilted."""
    width = chance.uniform(220, 420)
    turned = screen.rotate(chance.gauss(0, 8), Image.Resampling.BICUBIC, expand=True, fillcolor=70)
    side, (left, top) = width, (chance.uniform(60, 800), chance.uniform(20, 280))
    lean = width * 0.12
    corners = [
        (
            left + x * side + chance.uniform(-lean, lean),
            top + y * side + chance.uniform(-lean, lean),
        )
        for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    whole = turned.size
    source = [(0.0, 0.0), (whole[0], 0.0), (float(whole[0]), float(whole[1])), (0.0, whole[1])]
    data = _perspective(corners, source)
    return turned.transform(
        FRAME, Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC, fillcolor=70
    )


def _seen(scene: Image.Image, chance: random.Random) -> Image.Image:
    """Look at it with a cheap camera in a bad light; each trouble comes in half of the frames."""
    troubles: tuple[Callable[[Image.Image], Image.Image], ...] = (
        lambda seen: seen.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.4))),
        lambda seen: seen.filter(_SMEAR),
        lambda seen: _glare(seen, chance),
        lambda seen: ImageEnhance.Contrast(seen).enhance(chance.uniform(0.3, 0.7)),
        lambda seen: ImageEnhance.Brightness(seen).enhance(chance.uniform(0.35, 0.8)),
        lambda seen: _noise(seen, chance),
    )
    for trouble in troubles:
        if chance.random() < 1 / 2:
            scene = trouble(scene)
    return scene


def _glare(scene: Image.Image, chance: random.Random) -> Image.Image:
    """Let a lamp be mirrored somewhere in the frame."""
    light = Image.new("L", FRAME, 0)
    x, y = chance.uniform(100, 1100), chance.uniform(50, 600)
    broad, high = chance.uniform(20, 160), chance.uniform(10, 60)
    ImageDraw.Draw(light).ellipse((x - broad, y - high, x + broad, y + high), fill=220)
    return ImageChops.add(scene, light.filter(ImageFilter.GaussianBlur(12)))


def _noise(scene: Image.Image, chance: random.Random) -> Image.Image:
    """Let the sensor lack light; `effect_noise` of Pillow would be another one each time."""
    strength = chance.uniform(0.1, 0.5)
    grain = Image.frombytes("L", FRAME, chance.randbytes(FRAME[0] * FRAME[1]))
    return ImageChops.add(scene, grain.point(lambda value: 128 + (value - 128) * strength), 1, -128)


def _compressed(scene: Image.Image, chance: random.Random) -> Image.Image:
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=chance.randrange(40, 86))
    return Image.open(io.BytesIO(out.getvalue())).convert("L")


def _perspective(seen: Sequence[Point], drawn: Sequence[Point]) -> list[float]:
    """Solve for the eight numbers by which Pillow finds what is seen in what was drawn."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, drawn, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):
        best = max(range(at, 8), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for row in range(8):
            if row != at:
                factor = rows[row][at]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[at], strict=True)]
    return [row[8] for row in rows]
