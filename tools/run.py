"""Serves the product on this machine with demonstration people: web, doors and worker together.

Ctrl-C or SIGTERM stops all three; when one of them dies the others stop too. ``make run`` calls it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from shlex import quote

from honcho.manager import Manager

BIN = Path(sys.executable).parent
READY_SECONDS = 60
PREPARATIONS = (("db", "upgrade"), ("network", "load"), ("demo",))
SITES = ("metz", "nancy", "epinal", "thionville-gare", "thionville-3eme-lieu")
SIGN_INS = (
    ("coworker@totem.example", "start-up of less than 3 years, Metz"),
    *((f"concierge.{site}@totem.example", f"concierge, {site}") for site in SITES),
    ("manager@totem.example", "network manager"),
)
PASSWORD = "demo-totem"  # noqa: S105  # the published password of demonstration people


def main() -> int:
    """Prepare the database, start the three processes and tell where they answer."""
    port = _port(os.environ.get("PORT", "8000"))
    if port is None:
        return _refuse(f"PORT must be a number from 1 to 65534, not {os.environ['PORT']!r}.")
    busy = [number for number in (port, port + 1) if _is_busy(number)]
    if busy:
        return _refuse(
            f"Port {busy[0]} is in use: stop what runs there, or type: make run PORT={port + 10}"
        )
    environment = _environment(port)
    for words in PREPARATIONS:
        if not _prepare(words, environment):
            return _refuse(f"« flask --app wsgi {' '.join(words)} » failed; nothing was started.")
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    return _serve(port, environment)


def _port(raw: str) -> int | None:
    return int(raw) if raw.isdigit() and 0 < int(raw) < 65535 else None


def _is_busy(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _prepare(words: tuple[str, ...], environment: dict[str, str]) -> bool:
    """Run one of our own commands; tells its last line, or everything when it fails."""
    done = subprocess.run(
        [BIN / "flask", "--app", "wsgi", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = done.stdout.splitlines()
    told = lines if done.returncode else lines[-1:]
    print("\n".join(told), flush=True)
    return done.returncode == 0


def _environment(port: int) -> dict[str, str]:
    given = dict(os.environ)
    given.setdefault("TOTEM_BASE_URL", f"http://127.0.0.1:{port}")
    given.setdefault("TOTEM_DEMONSTRATION", "1")
    given.setdefault("TOTEM_LOG_LEVEL", "WARNING")
    given["PYTHONUNBUFFERED"] = "1"
    return given


def _serve(port: int, environment: dict[str, str]) -> int:
    gunicorn = f"exec {quote(str(BIN / 'gunicorn'))} -c config/gunicorn.conf.py --log-level warning"
    flask = f"exec {quote(str(BIN / 'flask'))} --app wsgi worker"
    # Doors that wait for news hold a thread each: theirs are never those of people.
    doors = environment | {
        "TOTEM_WORKERS": "1",
        "TOTEM_THREADS": "128",
        "TOTEM_LONG_POLL_CAP": "64",
    }
    manager = Manager()
    manager.add_process("web", f"{gunicorn} --bind 127.0.0.1:{port} wsgi:app", env=environment)
    manager.add_process("doors", f"{gunicorn} --bind 127.0.0.1:{port + 1} wsgi:app", env=doors)
    manager.add_process("worker", flask, env=environment)
    manager.loop()
    stopped_by_us = manager.returncode in (130, 143)
    return 0 if stopped_by_us else manager.returncode or 1


def _announce(port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    if not _answers(f"{address}/readyz"):
        return
    people = "\n".join(f"    {email:<46} {what}" for email, what in SIGN_INS)
    print(
        f"\nTotem answers at {address}\n"
        f"  Doors ask at http://127.0.0.1:{port + 1}, mails are shown at {address}/demo/mail\n"
        f"  Sign in with the password {PASSWORD} as\n{people}\n"
        f"  Stop with Ctrl-C.\n",
        flush=True,
    )


def _answers(url: str) -> bool:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own http address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    sys.exit(main())
