"""What the desk does all day: arrivals by name and by scan, undo, readers at doors."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from app.access import service as access
from app.access.holder import issuer_keys
from app.access.service import Asking
from app.bookings import service as bookings
from tests.e2e.browser import MORNING, House, Visitor
from tests.e2e.inspection import faults_of
from tests.e2e.scene import acting
from tests.stays import SEATS, stay

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]


def book_today(house: House, login: str, hours: str) -> str:
    """Book a seat of Metz for today; gives the reference."""
    wanted = stay(hours, SEATS, MORNING.date(), people=1)
    with acting(house.app) as scene:
        return bookings.book(scene.session, scene.actor(login), wanted, now=MORNING).ref


def pass_of(house: House, login: str, ref: str) -> str:
    """Give the text that a reader sees on somebody's phone."""
    with acting(house.app) as scene:
        given = access.pass_for(
            scene.session, scene.actor(login), ref, keys=issuer_keys(), now=MORNING
        )
        return given.text


def wedge(page: Page, text: str) -> None:
    """Type as a reader does that poses as a keyboard: a key each 2 ms, then Enter."""
    keyboard = page.context.new_cdp_session(page)
    began = time.time() - len(text) * 0.002
    for number, key in enumerate([*text, "Enter"]):
        typed = "\r" if key == "Enter" else key
        pressed = {"key": key, "text": typed, "timestamp": began + number * 0.002}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    keyboard.detach()


def card(page: Page, column: str, ref: str) -> Locator:
    """Find a visit in a column of the board."""
    return page.locator(f"section[aria-labelledby=column-{column}] #visit-{ref}")


def at_desk(visit: Visit) -> Visitor:
    """Give the concierge of Metz before the board of today."""
    concierge = visit(own_clock=True)  # the wait between two keys counts
    concierge.sign_in("concierge.metz")
    concierge.go("/desk/metz").wait_for_load_state("networkidle")  # its behaviours are there
    return concierge


def test_an_arrival_is_two_enters_after_a_name_and_can_be_taken_back(
    visit: Visit, house: House
) -> None:
    ref = book_today(house, "company", "11:00-12:00")
    page = at_desk(visit).page
    field = page.locator("input[name=text]")
    expect(field).to_be_focused()
    page.keyboard.type("weiland")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 résultat pour « weiland »")
    expect(page.locator("main")).to_contain_text("note l’arrivée de Katrin Weiland")
    assert faults_of(page) == []
    field.focus()
    page.keyboard.press("Enter")
    flash = page.locator(".flash-done")
    expect(flash).to_contain_text("Katrin Weiland, Le Poulailler : arrivée notée.")
    expect(card(page, "arrived", ref)).to_be_visible()
    assert faults_of(page) == []

    flash.get_by_role("button", name="Annuler").click()
    expect(page.locator(".flash-done")).to_contain_text("arrivée annulée")
    expect(card(page, "coming", ref)).to_be_visible()


def test_a_scan_from_anywhere_on_the_page_checks_in(visit: Visit, house: House) -> None:
    ref = book_today(house, "coworker", "11:00-13:00")
    text = pass_of(house, "coworker", ref)
    page = at_desk(visit).page
    page.locator("h1").click()  # the focus is nowhere
    wedge(page, text)
    expect(page.locator(".flash-done")).to_contain_text("Camille Fleuriot")
    arrived = card(page, "arrived", ref)
    expect(arrived).to_be_visible()
    arrived.get_by_role("button", name="Départ").click()
    expect(page.locator(".flash-done")).to_contain_text("départ noté")
    expect(card(page, "gone", ref)).to_be_visible()


def test_a_scan_that_is_no_pass_is_told_in_words(visit: Visit) -> None:
    page = at_desk(visit).page
    page.locator("h1").click()
    wedge(page, "RB1:NOT A PASS AT ALL")
    expect(page.get_by_role("alert").first).to_contain_text("pas un pass")
    assert faults_of(page) == []


def test_the_board_refreshes_itself_and_keys_turn_the_days(visit: Visit, house: House) -> None:
    page = at_desk(visit).page
    ref = book_today(house, "association", "15:00-16:00")
    expect(page.locator(f"#visit-{ref}")).to_have_count(0)
    page.locator("#board").dispatch_event("refresh")
    expect(page.locator(f"#visit-{ref}")).to_be_visible()

    page.locator("h1").click()
    page.keyboard.press("l")
    expect(page.locator("main")).to_contain_text("mardi 24 novembre 2026")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator(".shortcuts")).to_contain_text("Lendemain")
    assert faults_of(page) == []


def test_a_reader_is_let_in_by_its_code_and_fingerprint_and_taken_out(
    visit: Visit, house: House
) -> None:
    manager = visit()
    manager.sign_in("manager")
    page = manager.go("/doors/nancy")
    page.get_by_role("button", name="Installer un lecteur").first.click()
    code = page.locator("code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    assert faults_of(page) == []

    with acting(house.app) as scene:
        device = access.enrol(scene.session, Asking(code, b"k" * 32, "127.0.0.1"), now=MORNING)
    assert device is not None
    page.get_by_role("link", name="Continuer").click()
    expect(page.locator("main")).to_contain_text(device.fingerprint)
    page.get_by_role("button", name="Les empreintes sont les mêmes").click()
    expect(page.locator(".flash-done")).to_contain_text("garde maintenant la porte")

    page.get_by_role("link", name="Retirer").click()
    page.get_by_role("button", name="Retirer").click()
    expect(page.locator(".flash-done")).to_contain_text("retiré")
