"""Booking in a real browser: by keyboard alone, without scripts, by touch, and against others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Visitor]
DAY = "2026-12-10"  # beyond the week that the demonstration fills


def place(start: str, end: str, space: str = "metz-mirabelle", people: int = 4) -> str:
    return f"/spaces/{space}?date={DAY}&start={start}&end={end}&people={people}"


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus stands on what says these words."""
    for _ in range(80):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.innerText || document.activeElement.value")
        if words in (said or ""):
            return
    raise AssertionError(f"Tab never reached {words!r}")


def test_a_place_is_found_and_booked_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in("coworker")
    page = visitor.go(f"/?site=metz&date={DAY}&start=14:00&end=16:00&people=8&kind=meeting_room")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    tab_to(page, "Réserver")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm")
    tab_to(page, "Laisser ce lieu")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(":focus")).to_contain_text("Confirmer")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/confirm"))
    expect(page.locator("main")).to_contain_text("confirmée")
    tab_to(page, "Annuler")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancel")
    tab_to(page, "Annuler la réservation")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/cancel"))
    expect(page.locator("main")).to_contain_text("annulée")


def test_the_price_follows_the_form_and_a_fault_is_told_in_place(visit: Visit) -> None:
    visitor = visit()
    visitor.watch.expected.add(422)
    visitor.sign_in("coworker")
    page = visitor.go(place("10:00", "11:00"))
    answer = page.locator("#answer")
    before = answer.locator(".price-big").inner_text()
    page.fill("#end", "12:00")
    page.locator("#end").blur()
    expect(answer.locator(".price-big")).not_to_have_text(before)
    expect(answer).to_contain_text("10 h – 12 h")
    assert answer.locator("input[name=end]").input_value() == "12:00"
    page.fill("#people", "40")
    page.locator("#people").blur()
    expect(answer).to_contain_text("12 personnes au plus")
    expect(answer.locator("button")).to_have_count(0)


def test_pressing_free_ground_of_the_timeline_asks_for_that_hour(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/sites/metz/day?date={DAY}")
    day = page.locator("#day")
    expect(day).to_be_visible()
    grid = day.locator(".ec-main, .ec-body").first.bounding_box()
    assert grid is not None
    page.mouse.click(grid["x"] + grid["width"] * 0.6, grid["y"] + 120)
    page.wait_for_url("**/spaces/metz-*")
    assert page.locator("#date").input_value() == DAY
    assert page.locator("#start").input_value().endswith((":00", ":30"))
    expect(page.locator("#answer")).to_contain_text("libre")


def test_everything_is_booked_moved_and_given_up_without_scripts(visit: Visit) -> None:
    visitor = visit(scripts=False)
    page = visitor.go(place("10:00", "12:00", "metz-koltes"))
    page.click("text=Se connecter et continuer")
    page.fill("input[name=email]", "coworker@totem.example")
    page.fill("input[name=password]", "demo-totem")
    page.locator("main form button[type=submit]").first.click()
    assert page.locator("#start").input_value() == "10:00"
    page.click("text=Garder ce lieu")
    page.fill("input[name=title]", "Sans script")
    page.click("button:has-text('Confirmer')")
    expect(page.locator("h1")).to_have_text("Sans script")
    page.click("text=Déplacer")
    page.fill("#end", "13:00")
    page.click("text=Voir le nouveau prix")
    expect(page.locator("main")).to_contain_text("de plus qu’avant")
    page.click("text=Changer la réservation")
    expect(page.locator("main")).to_contain_text("10 h – 13 h")
    page.click("main >> text=Annuler")
    page.click("button:has-text('Annuler la réservation')")
    expect(page.locator("main")).to_contain_text("annulée")


def test_who_comes_second_takes_what_is_near_with_one_tap(visit: Visit) -> None:
    first, second = visit(), visit(size=PHONE, touch=True)
    second.watch.expected.add(409)
    first.sign_in("coworker")
    second.sign_in("visitor")
    second.go(place("16:00", "17:00"))
    first.go(place("16:00", "17:00")).click("text=Garder ce lieu")
    first.page.wait_for_url("**/confirm")
    second.page.click("text=Garder ce lieu")
    expect(second.page.locator("main")).to_contain_text("déjà pris")
    second.page.locator(".way button").first.click()
    second.page.wait_for_url("**/confirm")
    second.page.click("text=Laisser ce lieu")
    expect(second.page.locator("main")).to_contain_text("Le lieu est rendu.")


def test_on_a_phone_the_list_of_the_day_comes_before_the_timeline(visit: Visit) -> None:
    visitor = visit(size=PHONE, touch=True)
    page = visitor.go(f"/sites/metz/day?date={DAY}")
    list_at, timeline_at = (
        page.locator(each).bounding_box() for each in (".daylist", "#day.timeline-ready")
    )
    assert list_at is not None
    assert timeline_at is not None
    assert list_at["y"] < timeline_at["y"]


def test_the_calendar_address_is_copied(visit: Visit) -> None:
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.sign_in("student")
    page = visitor.go("/me/calendars")
    page.click("text=Créer l’adresse")
    page.click("text=Copier l’adresse")
    expect(page.locator("main")).to_contain_text("Copié")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(visitor.house.base + "/calendars/")
    assert copied.endswith(".ics")
