"""Mail leaves by SMTP, or into the instance folder where no server is named, or into a list."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from config.settings import Settings

SMTP_TIMEOUT = 15  # seconds; a silent server must not hold the worker


class MailUnavailable(Exception):
    """The mail could not be handed over; trying later may help."""


class Mailer(Protocol):
    """Hands one message over, or raises ``MailUnavailable``."""

    def send(self, message: EmailMessage) -> None:
        """Send ``message``; a message of one Message-ID may be sent twice after a crash."""


class SmtpMailer:
    """Sends by the SMTP server of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        """Hand the message to the server within 15 seconds; raises ``MailUnavailable``."""
        settings = self._settings
        try:
            with smtplib.SMTP(
                settings.smtp_host, settings.smtp_port, timeout=SMTP_TIMEOUT
            ) as server:
                if settings.smtp_starttls:
                    server.starttls(context=ssl.create_default_context())
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(str(error)) from error


class FolderMailer:
    """Writes each message as ``.eml`` into a folder that a person can open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message; the same Message-ID overwrites itself, so twice is once."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = "".join(c if c.isalnum() else "-" for c in str(message["Message-ID"]).strip("<>"))
        part = self._folder / f".{name}.part"
        part.write_bytes(message.as_bytes(policy=policy.SMTP))
        part.replace(self._folder / f"{name}.eml")


class MemoryMailer:
    """Keeps messages in a list; the twin for tests."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        """Keep the message."""
        self.sent.append(message)


def mailer_for(settings: Settings) -> Mailer:
    """Give the mailer that the settings ask for."""
    if settings.smtp_host:
        return SmtpMailer(settings)
    return FolderMailer(mail_folder(settings))


def mail_folder(settings: Settings) -> Path:
    """Where messages lie when no SMTP server is named."""
    return settings.instance / "mail"


def kept_mails(folder: Path, *, most: int = 100) -> list[tuple[str, EmailMessage]]:
    """Give the newest messages of the folder with their file names, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [(file.stem, read_mail(file)) for file in reversed(files[-most:])]


def read_mail(file: Path) -> EmailMessage:
    """Parse one kept message."""
    parser: BytesParser[EmailMessage] = BytesParser(policy=policy.default)
    with file.open("rb") as stream:
        return parser.parse(stream)


def new_message(
    *,
    to: str,
    subject: str,
    text: str,
    sender: str,
    key: str,
    at: datetime,
    attach: Callable[[EmailMessage], None] | None = None,
) -> EmailMessage:
    """Compose a plain-text message; ``key`` makes its Message-ID, so that a resend is the same."""
    message = EmailMessage(policy=policy.SMTP)  # CRLF within calendar parts too (RFC 5545 §3.1)
    domain = sender.rsplit("@", 1)[-1].strip("> ")
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    if attach is not None:
        attach(message)
    return message
