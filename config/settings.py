"""Settings of the product, read once from the environment; every fault is told at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from config.pass_keys import BadPassKeys, PassKeySet, read_pass_keys

T = TypeVar("T")
MINIMUM_SECRET = 32  # characters; below it a session cookie could be guessed


class SettingsError(Exception):
    """The environment cannot be used; ``faults`` names each variable and what to do."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("Settings:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process needs to know about the place it runs in."""

    database_url: str
    instance: Path
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    environment: str = "development"
    demonstration: bool = False
    https_only: bool = False
    trusted_proxies: int = 0
    log_level: str = "INFO"
    log_json: bool = False
    mail_from: str = "bonjour@totem.example"
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    max_body_bytes: int = 1_048_576
    long_poll_cap: int = 4  # half the threads of a web process: doors never take those of people
    pool_size: int = 10
    cheap_passwords: bool = False
    apple_pass_type: str = ""
    apple_team: str = ""
    apple_pass_key: Path | None = None  # PEM: the certificate of the pass type, and its key
    apple_authority: Path | None = None  # PEM: Apple's certificate that signed it
    google_wallet_issuer: str = ""
    google_wallet_key: Path | None = None  # JSON of the service account
    pass_keys: PassKeySet | None = field(default=None, repr=False)  # None: kept in the instance

    @property
    def is_production(self) -> bool:
        """Whether this process serves real people."""
        return self.environment == "production"

    @property
    def uses_sqlite(self) -> bool:
        """Whether the database is a file on this machine."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raises one ``SettingsError`` that lists every fault."""
        return _read(os.environ if environ is None else environ)


def _read(environ: Mapping[str, str]) -> Settings:
    reader = _Reader(environ)
    instance = Path(environ.get("TOTEM_INSTANCE") or "instance").absolute()
    environment = reader.choice("ENV", ("development", "production", "test"), "development")
    settings = Settings(
        database_url=reader.database_url(instance),
        instance=instance,
        secret_key=reader.secret(instance, environment),
        base_url=reader.web_address(environ),
        environment=environment,
        demonstration=reader.boolean("DEMONSTRATION", default=False),
        https_only=reader.boolean("HTTPS_ONLY", default=environment == "production"),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 0, 5),
        log_level=reader.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
        log_json=reader.boolean("LOG_JSON", default=environment == "production"),
        mail_from=reader.text("MAIL_FROM", "bonjour@totem.example"),
        smtp_host=reader.text("SMTP_HOST", ""),
        smtp_port=reader.number("SMTP_PORT", 25, 1, 65535),
        smtp_user=reader.text("SMTP_USER", ""),
        smtp_password=reader.text("SMTP_PASSWORD", ""),
        smtp_starttls=reader.boolean("SMTP_STARTTLS", default=False),
        max_body_bytes=reader.number("MAX_BODY_BYTES", 1_048_576, 1024, 64 * 1_048_576),
        long_poll_cap=reader.number("LONG_POLL_CAP", 4, 0, 10_000),
        pool_size=reader.number("POOL_SIZE", 10, 1, 200),
        cheap_passwords=reader.boolean("CHEAP_PASSWORDS", default=False),
        apple_pass_type=reader.text("APPLE_PASS_TYPE", ""),
        apple_team=reader.text("APPLE_TEAM", ""),
        apple_pass_key=reader.file("APPLE_PASS_KEY"),
        apple_authority=reader.file("APPLE_AUTHORITY"),
        google_wallet_issuer=reader.text("GOOGLE_WALLET_ISSUER", ""),
        google_wallet_key=reader.file("GOOGLE_WALLET_KEY"),
        pass_keys=reader.pass_keys(environment),
    )
    reader.refuse_unsafe(settings)
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings


class _Reader:
    """Reads ``TOTEM_…`` variables and gathers the faults."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environ.get(f"TOTEM_{name}", default).strip()

    def _parsed(self, name: str, default: T, parse: Callable[[str], T], wanted: str) -> T:
        raw = self.environ.get(f"TOTEM_{name}")
        if raw is None or not raw.strip():
            return default
        try:
            return parse(raw.strip())
        except ValueError:
            self.faults.append(f"TOTEM_{name} must be {wanted}, not {raw!r}.")
            return default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        def parse(raw: str) -> int:
            value = int(raw)
            if not least <= value <= most:
                raise ValueError(raw)
            return value

        return self._parsed(name, default, parse, f"a whole number from {least} to {most}")

    def boolean(self, name: str, *, default: bool) -> bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}

        def parse(raw: str) -> bool:
            if raw.lower() not in words:
                raise ValueError(raw)
            return words[raw.lower()]

        return self._parsed(name, default, parse, "1 or 0")

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        def parse(raw: str) -> str:
            if raw not in choices:
                raise ValueError(raw)
            return raw

        return self._parsed(name, default, parse, "one of " + ", ".join(choices))

    def file(self, name: str) -> Path | None:
        path = self.text(name, "")
        if path and not Path(path).is_file():
            self.faults.append(f"TOTEM_{name} must name a file that is there, not {path!r}.")
        return Path(path) if path else None

    def database_url(self, instance: Path) -> str:
        url = self.environ.get("DATABASE_URL", "").strip()
        if not url:
            return f"sqlite:///{instance / 'totem.sqlite3'}"
        if url.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + url.split("://", 1)[1]
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.faults.append("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        return url

    def secret(self, instance: Path, environment: str) -> str:
        key = self.text("SECRET_KEY", "")
        if key:
            if len(key) < MINIMUM_SECRET:
                self.faults.append(f"TOTEM_SECRET_KEY needs {MINIMUM_SECRET} characters or more.")
            return key
        if environment == "production":
            self.faults.append("TOTEM_SECRET_KEY is missing: production never makes one up.")
            return ""
        return _kept_secret(instance / "keys" / "secret-key")

    def pass_keys(self, environment: str) -> PassKeySet | None:
        text = self.text("PASS_KEYS", "")
        if not text:
            if environment == "production":
                self.faults.append(
                    "TOTEM_PASS_KEYS is missing: production never makes keys up. "
                    "Keep a set of yours: python -m config.pass_keys"
                )
            return None
        try:
            return read_pass_keys(text)
        except BadPassKeys as error:
            self.faults.extend(f"TOTEM_PASS_KEYS: {fault}." for fault in error.faults)
            return None

    def web_address(self, environ: Mapping[str, str]) -> str:
        port = environ.get("PORT", "8000").strip() or "8000"
        if not port.isdigit() or not 0 < int(port) < 65536:
            self.faults.append(f"PORT must be a number from 1 to 65535, not {port!r}.")
        address = self.text("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
        if not address.startswith(("http://", "https://")):
            self.faults.append("TOTEM_BASE_URL must begin with http:// or https://.")
        return address

    def refuse_unsafe(self, settings: Settings) -> None:
        if settings.is_production and settings.cheap_passwords:
            self.faults.append("TOTEM_CHEAP_PASSWORDS is for tests only.")
        if settings.is_production and settings.demonstration:
            self.faults.append("TOTEM_DEMONSTRATION shows everybody's mails: never in production.")
        apple = (
            settings.apple_pass_type,
            settings.apple_team,
            settings.apple_pass_key,
            settings.apple_authority,
        )
        if any(apple) and not all(apple):
            self.faults.append(
                "Apple Wallet needs all of TOTEM_APPLE_PASS_TYPE, TOTEM_APPLE_TEAM, "
                "TOTEM_APPLE_PASS_KEY and TOTEM_APPLE_AUTHORITY."
            )
        if bool(settings.google_wallet_issuer) != bool(settings.google_wallet_key):
            self.faults.append(
                "Google Wallet needs TOTEM_GOOGLE_WALLET_ISSUER and TOTEM_GOOGLE_WALLET_KEY."
            )
        if settings.smtp_user and not settings.smtp_host:
            self.faults.append("TOTEM_SMTP_USER is set but TOTEM_SMTP_HOST is not.")


def _kept_secret(path: Path) -> str:
    """Return the secret kept in ``path``; made on first use on a single machine, mode 0600."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)  # whole or not at all: nobody reads half a secret
    except FileExistsError:  # two processes started together: the first one's secret counts
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
