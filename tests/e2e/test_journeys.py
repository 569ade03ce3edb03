"""What a person does here from beginning to end, as a person does it: in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PASSWORD, PHONE, Visitor
from tests.e2e.inspection import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
# Days beyond the week that the demonstration fills: each journey has one for itself.
WISH = "people=6&start=14:00&end=16:00&site=metz&kind=meeting_room"
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}


def button(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=True).click()


def find(page: Page, *, day: str) -> None:
    """Fill the sentence: six people, that day from 14 to 16, in a meeting room at Metz."""
    page.fill("input[name=people]", "6")
    page.fill("input[name=date]", day)
    page.fill("input[name=start]", "14:00")
    page.fill("input[name=end]", "16:00")
    page.select_option("select[name=site]", "metz")
    page.select_option("select[name=kind]", "meeting_room")
    button(page, "Chercher")


def test_a_newcomer_signs_up_books_and_holds_a_pass(visit: Visit) -> None:
    newcomer = visit()
    page = newcomer.go("/sign-up")
    page.fill("input[name=name]", "Nadège Toussaint")
    page.fill("input[name=email]", "nadege@people.example")
    button(page, "Créer mon compte")
    expect(page.locator("h1")).to_have_text("Regardez votre courrier")
    newcomer.newest_mail()
    page.locator("main a[href*='/sign-up/confirm/']").click()
    page.fill("input[name=password]", "une phrase facile à retenir")
    button(page, "Confirmer et entrer")

    newcomer.go("/")
    find(page, day="2026-12-08")
    page.get_by_role("button", name="Réserver Salle Mirabelle").click()
    expect(page.locator("h1")).to_have_text("Confirmer la réservation")
    expect(page.locator("[data-behaviour=countdown]")).to_have_text("35:00")
    page.fill("input[name=title]", "Premier rendez-vous")
    button(page, "Confirmer")

    expect(page.locator("h1")).to_have_text("Premier rendez-vous")
    expect(page.locator("main")).to_contain_text("confirmée")
    page.locator("main").get_by_role("link", name="Mon pass").click()
    expect(page.locator("h1")).to_have_text("Salle Mirabelle")
    code = page.get_by_role("img", name="Code du pass")
    expect(code).to_be_visible()
    expect(code).to_have_js_property("complete", True)  # loaded, or given up
    assert code.evaluate("picture => picture.naturalWidth") > 0

    newcomer.newest_mail()
    expect(page.locator("main")).to_contain_text("nadege@people.example")
    expect(page.locator("main")).to_contain_text("Salle Mirabelle")
    expect(page.get_by_role("link", name=re.compile(r"\.ics$|\.png$")).first).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
        )
        if name in " ".join(str(focused).split()):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_everything_to_a_booking_can_be_done_by_keyboard(visit: Visit) -> None:
    reader = visit()
    page = reader.go("/sign-in")
    tab_to(page, "Adresse électronique")
    page.keyboard.type("student@totem.example")
    tab_to(page, "Mot de passe")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^(?!.*sign-in)"))
    reader.go(f"/?{WISH}&date=2026-12-09")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    tab_to(page, "Pourquoi ce prix")
    page.keyboard.press("Enter")
    expect(page.locator("details[open] .quote").first).to_be_visible()
    tab_to(page, "Réserver Salle Mirabelle")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Confirmer la réservation")
    tab_to(page, "Titre")
    page.keyboard.type("Au clavier")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Au clavier")


def test_without_javascript_one_books_moves_and_cancels(visit: Visit) -> None:
    visitor = visit(scripts=False, size=PHONE)
    visitor.sign_in("visitor")
    page = visitor.go("/")
    find(page, day="2026-12-10")
    page.get_by_role("button", name="Réserver Salle Quetsche").click()
    button(page, "Confirmer")
    expect(page.locator("main")).to_contain_text("confirmée")

    page.get_by_role("link", name="Déplacer").click()
    page.fill("input[name=start]", "15:00")
    page.fill("input[name=end]", "18:00")
    button(page, "Voir le nouveau prix")
    expect(page.locator("main")).to_contain_text("de plus qu’avant")
    button(page, "Changer la réservation")
    expect(page.locator("main")).to_contain_text("15 h – 18 h")

    page.get_by_role("link", name="Annuler", exact=True).click()
    button(page, "Annuler la réservation")
    expect(page.locator("main")).to_contain_text("annulée")


def test_on_a_slow_phone_the_page_is_there_before_its_scripts(visit: Visit) -> None:
    walker = visit(size=PHONE, touch=True)
    slow = walker.context.new_cdp_session(walker.page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", SLOW_3G)
    page = walker.page
    page.goto(walker.house.base + "/", wait_until="commit")
    expect(page.locator("h1")).to_be_visible(timeout=6_000)
    button(page, "Chercher")
    expect(page.locator("#found-title")).to_be_visible(timeout=6_000)
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').map(each => [each.name, each.encodedBodySize])"
    )
    assert sum(size for _name, size in sizes) < 400_000, sizes


def test_a_profile_granted_at_the_desk_changes_the_price(visit: Visit) -> None:
    guest = visit()
    guest.sign_in("visitor")
    wish = "/spaces/metz-mirabelle?people=4&date=2026-12-11&start=14:00&end=16:00"
    expect(guest.go(wish).locator(".price-big")).to_have_text(re.compile(r"^60,00"))

    staff = visit()
    staff.sign_in("concierge.metz")
    page = staff.go("/people?q=Ludmila")
    page.get_by_role("link", name="Ludmila Colin").click()
    page.select_option("select[name=profile]", "student")
    page.fill("textarea[name=proof]", "Carte d’étudiante vue")
    button(page, "Accorder le profil")
    expect(page.locator("main")).to_contain_text("Étudiant")

    cheaper = guest.go(wish).locator(".price-big")
    expect(cheaper).not_to_have_text(re.compile(r"^60,00"))
    expect(guest.page.locator("details .quote")).to_contain_text("étudiant")


def test_a_language_is_chosen_once_and_stays(visit: Visit) -> None:
    reader = visit()
    page = reader.go("/sign-up")
    page.get_by_role("button", name="Deutsch").click()
    assert reader.path() == "/sign-up"
    expect(page.locator("html")).to_have_attribute("lang", "de")
    reader.go("/sites")
    assert faults_of(page, language="de") == []
