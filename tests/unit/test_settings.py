"""Settings come from the environment, and every fault is told at once."""

from __future__ import annotations

import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from config.pass_keys import fresh_text
from config.settings import MINIMUM_SECRET, Settings, SettingsError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "example.env"
SECRET = "a-secret-of-more-than-thirty-two-characters"
PASS_KEYS = fresh_text()
READ_BY_GUNICORN = {"TOTEM_WORKERS", "TOTEM_THREADS"}


def read(tmp_path: Path, **more: str) -> Settings:
    secrets = {"TOTEM_SECRET_KEY": SECRET, "TOTEM_PASS_KEYS": PASS_KEYS}
    given = {"TOTEM_INSTANCE": str(tmp_path), **secrets, **more}
    return Settings.from_environment(given)


def faults(tmp_path: Path, **more: str) -> list[str]:
    with pytest.raises(SettingsError) as told:
        read(tmp_path, **more)
    return told.value.faults


def test_the_defaults_serve_one_machine(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'totem.sqlite3'}"
    assert settings.uses_sqlite
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.is_production
    assert not settings.demonstration
    assert not settings.https_only


def test_every_fault_is_told_at_once_by_its_name(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        PORT="high",
        DATABASE_URL="mysql://x",
        TOTEM_ENV="prod",
        TOTEM_SECRET_KEY="short",
        TOTEM_BASE_URL="totem.example",
        TOTEM_SMTP_PORT="99999",
        TOTEM_SMTP_STARTTLS="perhaps",
        TOTEM_SMTP_USER="totem",
    )
    names = {re.match(r"[A-Z_]+", fault).group() for fault in told}  # type: ignore[union-attr]
    assert names == {
        "PORT",
        "DATABASE_URL",
        "TOTEM_ENV",
        "TOTEM_SECRET_KEY",
        "TOTEM_BASE_URL",
        "TOTEM_SMTP_PORT",
        "TOTEM_SMTP_STARTTLS",
        "TOTEM_SMTP_USER",
    }
    assert all(fault.endswith(".") for fault in told)


def test_a_fault_never_shows_a_secret(tmp_path: Path) -> None:
    told = faults(tmp_path, TOTEM_SECRET_KEY="hunter2")
    assert "hunter2" not in " ".join(told)


@pytest.mark.parametrize("name", ["TOTEM_SECRET_KEY", "TOTEM_PASS_KEYS"])
def test_production_never_makes_up_a_secret(tmp_path: Path, name: str) -> None:
    (fault,) = faults(tmp_path, TOTEM_ENV="production", **{name: ""})
    assert fault.startswith(name)


def test_production_is_https_and_logs_json(tmp_path: Path) -> None:
    settings = read(tmp_path, TOTEM_ENV="production")
    assert (settings.https_only, settings.log_json) == (True, True)


def test_production_refuses_cheap_passwords(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, TOTEM_ENV="production", TOTEM_CHEAP_PASSWORDS="1")
    assert fault.startswith("TOTEM_CHEAP_PASSWORDS")


def test_production_shows_nobody_the_mails_of_others(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, TOTEM_ENV="production", TOTEM_DEMONSTRATION="1")
    assert told.startswith("TOTEM_DEMONSTRATION ")


def test_a_machine_of_its_own_keeps_the_secret_it_made(tmp_path: Path) -> None:
    first = read(tmp_path, TOTEM_SECRET_KEY="")
    again = read(tmp_path, TOTEM_SECRET_KEY="")
    kept = tmp_path / "keys" / "secret-key"
    assert len(first.secret_key) >= 32
    assert first.secret_key == again.secret_key == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_processes_that_start_together_keep_one_secret(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def start(_: int) -> str:
        together.wait()
        return read(tmp_path, TOTEM_SECRET_KEY="").secret_key

    with ThreadPoolExecutor(8) as processes:
        (kept,) = set(processes.map(start, range(8)))
    assert len(kept) >= MINIMUM_SECRET
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["secret-key"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_address_gets_its_driver(tmp_path: Path, scheme: str) -> None:
    settings = read(tmp_path, DATABASE_URL=f"{scheme}://totem@db/totem")
    assert settings.database_url == "postgresql+psycopg://totem@db/totem"
    assert not settings.uses_sqlite


def test_settings_cannot_be_changed_later(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        read(tmp_path).base_url = "x"  # type: ignore[misc]


def test_the_example_names_every_setting_and_no_other() -> None:
    source = (ROOT / "config" / "settings.py").read_text()
    read_names = re.findall(r'reader\.\w+\(\s*"([A-Z_]+)"', source)
    known = {f"TOTEM_{name}" for name in read_names} | READ_BY_GUNICORN
    known |= {"PORT", "DATABASE_URL", "TOTEM_INSTANCE", "TOTEM_BASE_URL"}
    known |= {"TOTEM_SECRET_KEY", "TOTEM_PASS_KEYS"}
    shown = set(re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))
    assert shown == known
    assert len(known) >= len(fields(Settings))


def test_the_example_can_be_used_once_its_secret_is_filled_in(tmp_path: Path) -> None:
    lines = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    given = {name: value for name, value in lines if value}
    settings = read(tmp_path, **(given | {"TOTEM_INSTANCE": str(tmp_path)}))
    assert settings.is_production
