"""Takes the picture of the README: ``python -m tests.e2e.picture`` writes docs/picture.png."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from app.web import clock
from tests.e2e.browser import MORNING, PASSWORD, PHONE, Size, chromium, running_house

PICTURE = Path(__file__).parents[2] / "docs" / "picture.png"
DESK: Size = {"width": 1280, "height": 844}
SEARCH = "/?site=metz&kind=meeting_room&people=4&date=2026-11-24&start=14:00&end=16:00"
GAP, GROUND = 24, "#E9E4DA"


def main() -> None:
    """Show the search on a desk and the pass on a phone, side by side."""
    with (
        tempfile.TemporaryDirectory() as folder,
        clock.freeze(MORNING),
        running_house(Path(folder) / "instance") as house,
        chromium() as browser,
    ):
        wide = _shot(browser, house.base, DESK, SEARCH)
        narrow = _shot(browser, house.base, PHONE, "/pass")
    whole = Image.new("RGB", (wide.width + narrow.width + 3 * GAP, wide.height + 2 * GAP), GROUND)
    whole.paste(wide, (GAP, GAP))
    whole.paste(narrow, (wide.width + 2 * GAP, GAP))
    whole.quantize(128).save(PICTURE, optimize=True)


def _shot(browser: Browser, base: str, size: Size, path: str) -> Image.Image:
    context = browser.new_context(viewport=size, locale="fr-FR", base_url=base)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=email]", "coworker@totem.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    return shot.convert("RGB")


if __name__ == "__main__":
    main()
