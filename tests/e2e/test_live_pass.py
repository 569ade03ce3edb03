"""The live pass, on a phone: enrolled, then without a network, each code judged as a door does."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from devices.passes.proofs import Live
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import DoorRules, Granted, Knowledge, Policy, judge
from devices.passes.text import read
from tests.e2e.browser import MORNING, PHONE, House, Visitor
from tests.e2e.scene import Examples
from tests.readers import keys_of

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
AT_ANY_HOUR = 10**8
MORNING_SECONDS = int(MORNING.timestamp())
EXPORT = """async () => {
  const open = () => new Promise(done => {
    const asked = indexedDB.open('totem-pass');
    asked.onsuccess = () => done(asked.result);
  });
  const shelf = (await open()).transaction('kept').objectStore('kept');
  const phone = await new Promise(done => {
    const asked = shelf.get('phone');
    asked.onsuccess = () => done(asked.result);
  });
  const {privateKey} = phone.keys;
  const tries = ['jwk', 'pkcs8', 'raw'].map(format => crypto.subtle.exportKey(format, privateKey)
    .then(() => 'exported', error => error.name));
  return [privateKey.extractable, JSON.stringify(privateKey), ...await Promise.all(tries)];
}"""

AWAKE = """
window.awake = [];
Object.defineProperty(navigator, 'wakeLock', {
  value: {request: async kind => { window.awake.push(kind); }},
});
"""

KEPT = """async () => {
  const {serviceWorker} = navigator;
  await serviceWorker.ready;
  if (!serviceWorker.controller) {
    await new Promise(done => serviceWorker.addEventListener('controllerchange', done));
  }
}"""


def shown(page: Page) -> str:
    """Read the code on the screen, from a picture of it."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    seen = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(seen) == 1, "one code on the screen"
    return seen[0].text


def next_code(page: Page, before: str) -> str:
    """Wait until the screen shows another code."""
    ends = time.monotonic() + 15
    while time.monotonic() < ends:
        text = shown(page)
        if text != before:
            return text
        time.sleep(0.5)
    raise AssertionError("the code does not change")


def drawn_at(house: House, text: str) -> int:
    """Give the instant that the phone signed."""
    proof = read(text, keys_of(house.app).ring).proof
    assert isinstance(proof, Live)
    return proof.at


def door_says(house: House, text: str, now: int) -> Opening | Reason:
    """Answer as the first door of the pass, which wants a live code."""
    ring = keys_of(house.app).ring
    claims = read(text, ring).claims
    rules = DoorRules(
        claims.site, claims.doors[0], Policy.LIVE, early=AT_ANY_HOUR, max_stale=AT_ANY_HOUR
    )
    decision = judge(text, Knowledge(rules, ring, server_time=now), now=now)
    return decision.opening if isinstance(decision, Granted) else decision.reason


def activate(phone: Visitor) -> Page:
    """Sign in on a phone and let it hold the passes."""
    phone.sign_in("coworker")
    page = phone.go("/pass")
    page.get_by_role("button", name="Activer ce téléphone").click()
    expect(page.locator(".live-pass")).to_have_attribute("data-now", "pass")
    return page


@pytest.fixture
def phone(visit: Visit, made: Examples) -> Visitor:
    return visit(size=PHONE, touch=True, own_clock=True)


def test_a_phone_shows_living_codes_with_and_without_a_network(phone: Visitor) -> None:
    phone.context.add_init_script(AWAKE)
    house, page = phone.house, activate(phone)
    assert page.evaluate("awake") == ["screen"], "the screen is asked to stay awake"
    expect(page.locator(".pass-help")).to_contain_text("Montez la luminosité au maximum")
    first = shown(page)
    began = drawn_at(house, first)
    assert door_says(house, first, began) is Opening.LIVE

    page.evaluate(KEPT)
    page.reload()
    expect(page.locator(".live-pass")).to_have_attribute("data-now", "pass")
    phone.context.set_offline(True)
    page.reload()
    expect(page.locator(".live-pass")).to_have_attribute("data-now", "pass")
    expect(page.locator("[data-part=status]")).to_contain_text("Sans réseau : vos pass datent")

    text = shown(page)  # the house's clock stands still, so only now does that of codes go on
    for _ in range(3):
        before, text = text, next_code(page, text)
        at = drawn_at(house, text)
        assert door_says(house, text, at) is Opening.LIVE
        assert at > drawn_at(house, before)
    assert door_says(house, first, began + 30) is Opening.LIVE
    assert door_says(house, first, began + 31) is Reason.STALE_CODE
    phone.context.set_offline(False)


def test_the_key_of_a_phone_cannot_be_taken_out(phone: Visitor) -> None:
    page = activate(phone)
    assert page.evaluate(EXPORT) == [False, "{}"] + ["InvalidAccessError"] * 3


def test_a_phone_says_how_wrong_its_clock_is_and_its_codes_are_right(
    visit: Visit, made: Examples
) -> None:
    phone = visit(size=PHONE, touch=True)
    phone.context.clock.set_fixed_time(MORNING - timedelta(seconds=74))
    page = activate(phone)
    expect(page.locator("[data-part=clock]")).to_contain_text("Votre téléphone retarde de 74 s")
    text = shown(page)
    assert drawn_at(phone.house, text) == MORNING_SECONDS
    assert door_says(phone.house, text, MORNING_SECONDS) is Opening.LIVE


def test_a_lost_phone_holds_no_pass_any_more_and_is_enrolled_again_in_one_tap(
    phone: Visitor,
) -> None:
    page = activate(phone)
    lost = read(shown(page), keys_of(phone.house.app).ring).claims.pass_id
    phone.go("/pass/phones")
    page.get_by_role("link", name="J’ai perdu mon téléphone").click()
    page.get_by_role("button", name="Tout annuler").click()
    expect(page.locator("main")).to_contain_text("n’ouvrent plus rien")
    phone.go("/pass")
    page.get_by_role("button", name="Activer ce téléphone").click()
    expect(page.locator(".live-pass")).to_have_attribute("data-now", "pass")
    assert read(shown(page), keys_of(phone.house.app).ring).claims.pass_id != lost


def test_a_browser_that_keeps_no_key_offers_the_fixed_pass(visit: Visit, made: Examples) -> None:
    visitor = visit(size=PHONE, touch=True)
    visitor.context.add_init_script("Object.defineProperty(window, 'indexedDB', {value: null})")
    visitor.sign_in("coworker")
    page = visitor.go("/pass")
    expect(page.locator("h2:visible")).to_have_text("Ce navigateur ne garde pas de clé")
    page.get_by_role("link", name="Pass fixe").click()
    page.locator("img.pass-code").evaluate("picture => picture.decode()")
    claims = read(shown(page), keys_of(visitor.house.app).ring).claims
    assert claims.holder is None
