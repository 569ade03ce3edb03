"""The simulator in a browser: by keyboard alone, without scripts, and shared by its address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.xdist_group("browser"),
]
Visit = Callable[..., Visitor]
WISH = "kind=meeting_room&people=8&date=2026-11-24&start=14:00&end=16:00"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
        )
        if name in " ".join(str(focused).split()):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_prices_are_compared_and_explained_by_keyboard_alone(visit: Visit) -> None:
    reader = visit()
    page = reader.go("/")
    tab_to(page, "Comparer les prix de tous les Totems")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Combien ça coûterait")
    tab_to(page, "Personnes")
    page.keyboard.type("3")
    tab_to(page, "Profil")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Voir les prix")
    page.keyboard.press("Enter")
    page.wait_for_url("**/simulator?**")
    assert "people=3" in page.url
    assert "profile=student" in page.url
    tab_to(page, "Pourquoi ce prix")
    page.keyboard.press("Enter")
    expect(page.locator("details.why[open]").first).to_contain_text("Profil : étudiant, × 0,40.")


def test_without_javascript_the_form_is_kept_with_its_fault_and_then_answers(visit: Visit) -> None:
    visitor = visit(scripts=False, size=PHONE)
    visitor.watch.expected = {422}
    page = visitor.go(f"/simulator?{WISH}&until=2026-11-20")
    expect(page.locator(".errors-summary")).to_contain_text("Le dernier jour est avant le premier.")
    assert page.input_value("input[name=people]") == "8"
    page.fill("input[name=until]", "2026-11-25")
    page.get_by_role("button", name="Voir les prix").click()
    expect(page.locator(".simulator-results li").first).to_contain_text("2 jours")
    page.locator(".simulator-results summary").first.click()
    expect(page.locator("details.why[open]")).to_contain_text("2 fois")


def test_the_address_of_a_simulation_shows_somebody_else_the_same(visit: Visit) -> None:
    page = visit().go(f"/simulator?{WISH}&profile=association")
    page.get_by_role("link", name="Adresse de cette simulation").click()
    prices = page.locator(".simulator-results .price-big").all_inner_texts()
    other = visit(size=PHONE)
    other.page.goto(page.url)
    assert other.page.locator(".simulator-results .price-big").all_inner_texts() == prices
    assert len(prices) > 3
