"""Plays the story of a booking in a terminal, from the price to the open door; ``make demo``.

Nothing in it is pretended: every sentence is said after it was found true, and the first one that
is not ends the program with status 1.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import requests
from sqlalchemy import select

from app.access.tables import DeviceRow
from app.db.transaction import reading
from app.domain.permissions import Role
from app.gateways.mail import kept_mails, mail_folder
from app.jobs import deliver_due
from app.spaces.queries import find_network
from tools.stage import DOOR, SITE, Browser, Kiosk, Player, TooLate, Totem, until

PARIS: Final = ZoneInfo("Europe/Paris")
CODE: Final = re.compile(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>")
ROOM, NEXT_ROOM, OTHER_ROOM = "metz-seille", "metz-cheneau", "metz-mirabelle"


class NotTrue(Exception):
    """Something that the story says did not happen."""


FAILURES: Final = (
    NotTrue,
    TooLate,
    LookupError,
    subprocess.SubprocessError,
    requests.RequestException,
)


@dataclass
class Story:
    """Who plays, where, and what has come of it so far."""

    totem: Totem
    kiosk: Kiosk
    start: datetime
    camille: Player
    bruno: Player
    nadia: Player
    odile: Player
    solange: Player
    refs: dict[str, str] = field(default_factory=dict)
    passes: dict[str, str] = field(default_factory=dict)

    def title(self, number: int, words: str) -> None:
        """Begin a step."""
        print(f"\n{number}. {words}", flush=True)

    def must(self, is_true: object, words: str) -> None:
        """Say something that was found true; raises ``NotTrue``."""
        if not is_true:
            raise NotTrue(words)
        print(f"   ✓ {words}", flush=True)

    def door(self, answer: str) -> None:
        """Show what the screen of the door says."""
        print(f"     porte │ {answer}", flush=True)


def main() -> int:
    """Play the story; gives 0 when all of it was true."""
    began = time.monotonic()
    print("Une réservation au Totem de Metz, du prix à la porte ouverte.")
    with tempfile.TemporaryDirectory(prefix="totem-demo-") as folder:
        try:
            _play(Path(folder))
        except FAILURES as error:
            print(f"   ✗ Ce n’est pas vrai : {error}", file=sys.stderr)
            return 1
    print(f"\nTout est vrai, en {time.monotonic() - began:.0f} s.")
    return 0


def _play(folder: Path) -> None:
    totem = Totem(folder)
    kiosk = Kiosk(totem)
    story = Story(
        totem,
        kiosk,
        _next_start(datetime.now(UTC)),
        camille=totem.add("Camille Fleuriot"),
        bruno=totem.add("Bruno Rémy"),
        nadia=totem.add("Nadia Perrin"),
        odile=totem.add("Odile Mangin", role=Role.CONCIERGE),
        solange=totem.add("Solange Thiriet", role=Role.NETWORK_MANAGER),
    )
    try:
        for step in STEPS:
            step(story)
    finally:
        kiosk.stop()
        totem.stop()


def install_the_door(story: Story) -> None:
    """A reader is let in by a code and a fingerprint."""
    story.title(1, "Solange installe un lecteur à la porte de l’étage.")
    story.totem.start()
    browser = Browser(story.totem, story.solange)
    shown = browser.press(f"/doors/{_door_number(story)}/code", page=f"/doors/{SITE}")
    code = CODE.search(shown)
    story.must(code, "un code à usage unique s’affiche, valable dix minutes")
    seen = story.kiosk.enrol(code[1] if code else "")
    page = browser.see(f"/doors/{SITE}")
    story.must(seen in page, f"le lecteur et l’écran montrent la même empreinte, {seen}")
    browser.press(f"/doors/devices/{_device(story).code}/approve", page=f"/doors/{SITE}")
    story.kiosk.start()
    ready = "Présentez votre code ici." in story.kiosk.screen()
    story.must(ready, "approuvé, il apprend ce qu’il doit savoir et attend")


def book(story: Story) -> None:
    """Three people book, one of them with her price and her mail shown."""
    story.title(2, "Camille réserve une salle de réunion, Bruno et Nadia aussi.")
    told = _book(story, story.camille, ROOM)
    _book(story, story.bruno, NEXT_ROOM)
    _book(story, story.nadia, OTHER_ROOM)
    story.must(told["state"] == "confirmed", f"réservation {told['id']} confirmée, {_hours(told)}")
    story.must(told["due"] == told["quote"]["gross"], f"à régler : {_euros(told['due'])} TTC")  # type: ignore[index]
    deliver_due(story.totem.app)
    mails = _mails(story, story.camille)
    kinds = {part.get_content_type() for mail in mails for part in mail.walk()}
    story.must(
        len(mails) == 1 and {"image/png", "text/calendar"} <= kinds,
        "un seul courriel porte le pass et l’invitation",
    )
    text = story.passes[ROOM]
    story.must(text.startswith("RB1:"), f"son pass : {text[:40]}… ({len(text)} caractères)")
    _wait_for_sync(story)


def stop_the_server(story: Story) -> None:
    """The door decides alone."""
    story.title(3, "Le serveur s’arrête. La porte décide seule.")
    story.totem.stop()
    story.must(not story.totem.answers(), "plus personne ne répond au bout du fil")
    answer = story.kiosk.scan(story.passes[ROOM])
    story.door(answer)
    story.must("OUVERT" in answer and story.kiosk.openings() == 1, "la porte s’ouvre à Camille")


def try_another_door(story: Story) -> None:
    """A good pass at the wrong door."""
    story.title(4, "Nadia se trompe de porte : sa salle est au rez-de-chaussée.")
    answer = story.kiosk.scan(story.passes[OTHER_ROOM])
    story.door(answer)
    story.must("la vôtre est" in answer, "refus, et le bon chemin est indiqué")
    story.must(story.kiosk.openings() == 1, "la serrure n’a pas bougé")


def bring_the_server_back(story: Story) -> None:
    """The journal arrives by itself."""
    story.title(5, "Le serveur revient. Le journal de la porte arrive tout seul.")
    story.totem.start()
    path = f"/bookings/{story.refs[ROOM]}"
    until(
        lambda: story.totem.call("GET", path, story.camille)["state"] == "checked_in",
        "le journal est arrivé",
    )
    story.must(_device(story).journal_seq >= 3, "chaque ligne est reçue une fois, dans l’ordre")
    story.must(
        story.totem.call("GET", path, story.camille)["state"] == "checked_in",
        "Camille est notée présente sans que personne n’ait rien tapé",
    )


def cancel(story: Story) -> None:
    """A cancelled booking opens nothing once the door has asked."""
    story.title(6, "Bruno annule. La porte l’apprend et ne s’ouvre plus à son pass.")
    before = _device(story).reported_snapshot or 0
    story.totem.call("DELETE", f"/bookings/{story.refs[NEXT_ROOM]}", story.bruno)
    until(lambda: (_device(story).reported_snapshot or 0) > before, "la porte a demandé")
    answer = story.kiosk.scan(story.passes[NEXT_ROOM])
    story.door(answer)
    story.must("FERMÉ" in answer and "annulé" in answer, "refus : réservation annulée")
    story.must(story.kiosk.openings() == 1, "la serrure n’a pas bougé")


def look_at_the_board(story: Story) -> None:
    """The concierge sees who came and what was refused."""
    story.title(7, "À l’accueil, Odile voit qui est là.")
    browser = Browser(story.totem, story.odile)
    day = story.start.astimezone(PARIS).date().isoformat()
    board = browser.see(f"/desk/{SITE}?date={day}")
    card = board.partition(f'id="visit-{story.refs[ROOM]}"')[2].partition("</li>")[0]
    story.must(story.camille.name in card, f"sur son tableau : {story.camille.name}")
    story.must("ouverte à" in card, "avec la porte et l’heure de son entrée")
    story.must(story.refs[NEXT_ROOM] not in board, "Bruno n’est plus attendu")
    journal = f"/doors/{SITE}/journal"
    until(
        lambda: "réservation annulée ou changée" in browser.see(journal), "le refus est au journal"
    )
    story.must("pass d’une autre porte" in browser.see(journal), "les deux refus sont au journal")


STEPS: list[Callable[[Story], None]] = [
    install_the_door,
    book,
    stop_the_server,
    try_another_door,
    bring_the_server_back,
    cancel,
    look_at_the_board,
]


def _book(story: Story, player: Player, space: str) -> dict[str, object]:
    told = story.totem.call(
        "POST",
        "/bookings",
        player,
        space=space,
        starts_at=story.start.isoformat(),
        ends_at=(story.start + timedelta(minutes=30)).isoformat(),
        people=2,
    )
    ref = str(told["id"])
    story.refs[space] = ref
    story.passes[space] = str(story.totem.call("GET", f"/bookings/{ref}/pass", player)["text"])
    return told


def _next_start(now: datetime) -> datetime:
    """Give the next five minutes that are at least two away: a door opens ten minutes early."""
    soon = (now + timedelta(minutes=2)).replace(second=0, microsecond=0)
    return soon + timedelta(minutes=5 - soon.minute % 5)


def _hours(told: dict[str, object]) -> str:
    start, end = (
        datetime.fromisoformat(str(told[name])).astimezone(PARIS)
        for name in ("starts_at", "ends_at")
    )
    return f"de {start.hour} h {start:%M} à {end.hour} h {end:%M}"


def _euros(amount: object) -> str:
    cents = int(amount["amount"]) if isinstance(amount, dict) else 0
    return f"{cents // 100},{cents % 100:02} €"


def _mails(story: Story, player: Player) -> list[EmailMessage]:
    folder = mail_folder(story.totem.app.extensions["totem.settings"])
    return [mail for _name, mail in kept_mails(folder) if mail["To"] == player.email]


def _wait_for_sync(story: Story) -> None:
    """The keys suffice to open; this only waits for a round after the bookings were made."""
    heard = _device(story).heard_at
    until(lambda: _device(story).heard_at != heard, "la porte a demandé")


def _device(story: Story) -> DeviceRow:
    with story.totem.app.app_context(), reading() as session:
        return session.scalars(select(DeviceRow)).one()


def _door_number(story: Story) -> int:
    with story.totem.app.app_context(), reading() as session:
        doors = find_network(session).get_site(SITE).doors
    return next(door.number for door in doors if door.code == DOOR)


if __name__ == "__main__":
    sys.exit(main())
