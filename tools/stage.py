"""The stage of ``make demo``: a Totem of its own in a temporary folder, its server and its door.

Everything is real (database, gunicorn, a kiosk as a program of its own); only the reader and the
lock are made of files, and the Totem is open day and night, so that the story plays at any hour.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import requests
from flask import Flask
from flask_migrate import upgrade

from app.cli import load_network
from app.db.transaction import transaction
from app.domain.ids import SiteCode
from app.domain.permissions import Role, Scope
from app.factory import create_app
from app.people import service as people
from config.settings import Settings

ROOT: Final = Path(__file__).parent.parent
KIOSK_PYTHON: Final = ROOT / ".venv-kiosk" / "bin" / "python"
SITE: Final = SiteCode("metz")
DOOR: Final = "metz-etage"
PASSWORD: Final = "demo-totem"  # noqa: S105  # of people who live for a minute
PATIENCE: Final = 20.0
ALL_DAY: Final = '["00:00-24:00"]'
CSRF: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
DOOR_FILE: Final = """\
server = "{address}"
door = "{door}"
state_dir = "door"
poll_seconds = 0.3
[scanner]
kind = "fake"
path = "scanner.txt"
[lock]
kind = "fake"
path = "lock.log"
open_seconds = 0.5
"""


class TooLate(Exception):
    """What was waited for did not come."""


def until(is_true: Callable[[], bool], what: str) -> None:
    """Wait for something to become true; raises ``TooLate``."""
    ends_at = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > ends_at:
            raise TooLate(what)
        time.sleep(0.05)


@dataclass(frozen=True)
class Player:
    """Somebody of the story: how they sign in, and their token for programs."""

    name: str
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a program of theirs sends with each call."""
        return {"Authorization": f"Bearer {self.token}"}


class Totem:
    """A Totem that is open day and night, with its people and its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **{name: os.environ[name] for name in os.environ if not name.startswith("TOTEM_")},
            "TOTEM_INSTANCE": str(folder / "instance"),
            "TOTEM_BASE_URL": self.address,
            "TOTEM_LOG_LEVEL": "ERROR",
            "TOTEM_CHEAP_PASSWORDS": "1",
            "TOTEM_ENV": "development",
            "TOTEM_WORKERS": "1",
            "DATABASE_URL": "",
            "PORT": str(self.port),
        }
        self._server: subprocess.Popen[bytes] | None = None
        self.app: Flask = create_app(Settings.from_environment(self._environment))
        with self.app.app_context():
            upgrade()
            load_network(_open_day_and_night(folder / "network"))

    def add(self, name: str, *, role: Role | None = None) -> Player:
        """Let somebody join."""
        now = datetime.now(UTC)
        email = f"{name.split()[0].lower()}@totem.example"
        scopes = frozenset({Scope.READ, Scope.BOOK})
        hashed = self.app.extensions["totem.passwords"].hash(PASSWORD)
        with self.app.app_context(), transaction() as session:
            account_id = people.create_account(
                session, email=email, name=name, password_hash=hashed, now=now
            )
            if role is not None:
                site = None if role is Role.NETWORK_MANAGER else SITE
                people.grant_role(
                    session, None, account_id=account_id, role=role, site=site, now=now
                )
            token = people.issue_token(
                session, account_id=account_id, name="demo", scopes=scopes, now=now
            )
        return Player(name, email, token)

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        gunicorn = Path(sys.executable).parent / "gunicorn"
        self._server = subprocess.Popen(
            [gunicorn, "-c", "config/gunicorn.conf.py", "wsgi:app"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self.answers, "the server is ready")

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(PATIENCE)

    def answers(self) -> bool:
        """Whether the server is there and ready."""
        try:
            return requests.get(f"{self.address}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def call(self, method: str, path: str, player: Player, **body: object) -> dict[str, object]:
        """Call the API for somebody; raises ``requests.HTTPError`` when it says no."""
        answer = requests.request(
            method,
            f"{self.address}/api/v1{path}",
            headers=player.headers,
            json=body or None,
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}


class Browser:
    """Somebody's browser, signed in."""

    def __init__(self, totem: Totem, player: Player) -> None:
        self._address = totem.address
        self._session = requests.Session()
        self.press("/sign-in", page="/sign-in", email=player.email, password=PASSWORD)

    def see(self, path: str) -> str:
        """Open a page."""
        answer = self._session.get(f"{self._address}{path}", timeout=PATIENCE)
        answer.raise_for_status()
        return answer.text

    def press(self, path: str, *, page: str, **fields: str) -> str:
        """Press the button of a page that posts to ``path``."""
        found = CSRF.search(self.see(page))
        if found is None:
            raise LookupError(f"no button at {page}")
        answer = self._session.post(
            f"{self._address}{path}", data={"csrf_token": found[1], **fields}, timeout=PATIENCE
        )
        answer.raise_for_status()
        return answer.text


class Kiosk:
    """The door: the kiosk as a program of its own, in an environment without Flask."""

    def __init__(self, totem: Totem) -> None:
        self._folder = totem.folder
        self._config = totem.folder / "door.toml"
        self._config.write_text(DOOR_FILE.format(address=totem.address, door=DOOR))
        self._screen = totem.folder / "screen.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def enrol(self, code: str) -> str:
        """Ask in with a code; gives the fingerprint that the door shows."""
        done = subprocess.run(
            [*self._command(), "enrol", "--config", self._config, "--code", code],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split("fingerprint")[1].split()[0]

    def start(self) -> None:
        """Start the door and wait until it knows what it must know."""
        with self._screen.open("wb") as screen:
            self._process = subprocess.Popen(
                [*self._command(), "--config", self._config],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
            )
        self.wait_for("Présentez votre code ici.")

    def wait_for(self, sentence: str, since: int = 0) -> None:
        """Wait until the screen has shown a sentence; raises ``TooLate``."""
        until(lambda: sentence in self.screen()[since:], f"« {sentence} »")

    def screen(self) -> str:
        """Give all that the screen has shown."""
        return self._screen.read_text(encoding="utf-8")

    def scan(self, text: str) -> str:
        """Hold a code before the reader; gives what the screen answers."""
        time.sleep(0.8)  # nobody is faster, and the door takes a breath between two codes
        since = len(self.screen())
        with (self._folder / "scanner.txt").open("a") as reader:
            reader.write(f"{text}\n")
        until(lambda: any(word in self.screen()[since:] for word in ("OUVERT", "FERMÉ")), "a word")
        lines = [line.strip() for line in self.screen()[since:].splitlines() if line.strip()]
        at = next(at for at, line in enumerate(lines) if "OUVERT" in line or "FERMÉ" in line)
        return "  ".join(lines[at : at + 2])

    def openings(self) -> int:
        """Give how often the lock was opened."""
        log = self._folder / "lock.log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def stop(self) -> None:
        """Stop the door, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)

    @staticmethod
    def _command() -> list[str]:
        python = KIOSK_PYTHON if KIOSK_PYTHON.exists() else Path(sys.executable)
        return [str(python), "-m", "devices.kiosk"]


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


def _open_day_and_night(folder: Path) -> Path:
    """Copy the network with Metz open at all hours, on holidays too."""
    shutil.copytree(ROOT / "config" / "network", folder)
    path = folder / "sites" / f"{SITE}.toml"
    before, _, rest = path.read_text().partition("[site.hours]\n")
    _hours, _, after = rest.partition("[site.holidays]\n")
    week = "".join(
        f"{day} = {ALL_DAY}\n" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    )
    after = re.sub(r"^closed = \[.*?^\]", "closed = []", after, count=1, flags=re.M | re.S)
    after = re.sub(r"^open = \[\]", f"open = [{_open_days()}]", after, count=1, flags=re.M)
    path.write_text(f"{before}[site.hours]\n{week}\n[site.holidays]\n{after}")
    return folder


def _open_days() -> str:
    today: date = datetime.now(UTC).date()
    days = (today + timedelta(days=ahead) for ahead in (-1, 0, 1))
    return ", ".join(
        f'{{ on = {day}, hours = {ALL_DAY}, fr = "Démo", de = "Demo", en = "Demo" }}'
        for day in days
    )
