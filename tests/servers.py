"""A real gunicorn on loopback for tests, as in production: ``with serving(app) as address``."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from config.settings import Settings

ROOT = Path(__file__).parent.parent
READY_SECONDS = 60
KEPT = ("PATH", "HOME", "LANG", "LC_ALL")


def free_port() -> int:
    """Give a port of loopback that nobody listens at."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def serving(
    app: Flask,
    *,
    target: str = "wsgi:app",
    workers: int = 2,
    threads: int = 8,
    places: int = 4,
) -> Iterator[str]:
    """Serve the database of ``app`` by gunicorn; gives ``host:port`` and stops it afterwards.

    ``places`` is how many doors may wait for news in one process.
    """
    settings: Settings = app.extensions["totem.settings"]
    port = free_port()
    log = settings.instance / f"gunicorn-{port}.log"
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    command = [gunicorn, "-c", "config/gunicorn.conf.py"]
    size = {
        "TOTEM_WORKERS": str(workers),
        "TOTEM_THREADS": str(threads),
        "TOTEM_LONG_POLL_CAP": str(places),
    }
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", target],
            cwd=ROOT,
            env=_environment(settings, port) | size,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _wait(server, port, log)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in log.read_text(), log.read_text()[-6000:]


def _environment(settings: Settings, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "PORT": str(port),
        "DATABASE_URL": settings.database_url,
        "TOTEM_INSTANCE": str(settings.instance),
        "TOTEM_SECRET_KEY": settings.secret_key,
        "TOTEM_ENV": "test",
        "TOTEM_LOG_LEVEL": "WARNING",
        "TOTEM_CHEAP_PASSWORDS": "1",
    }


def _wait(server: subprocess.Popen[str], port: int, log: Path) -> None:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError(f"gunicorn did not answer:\n{log.read_text()[-4000:]}")
