"""Mail by a real SMTP server on loopback: it leaves, and what fails is told as unavailable."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.gateways.mail import MailUnavailable, SmtpMailer, new_message
from tests.conftest import NOW
from tests.databases import make_settings

pytestmark = pytest.mark.server


class Sink:
    """Keeps what it is handed."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.kept.append(BytesParser(policy=policy.default).parsebytes(envelope.content))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    kept = Sink()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield kept, controller.port
    controller.stop()


def mailer(port: int, **more: object) -> SmtpMailer:
    settings = make_settings("sqlite://", Path(), smtp_host="127.0.0.1", smtp_port=port, **more)
    return SmtpMailer(settings)


def message(subject: str = "Réservation confirmée") -> EmailMessage:
    return new_message(
        to="lea@totem.example",
        subject=subject,
        text="À lundi, 14 h 30.",
        sender="bonjour@totem.example",
        key="booking-7-1",
        at=NOW,
    )


def test_a_mail_leaves_whole(sink: tuple[Sink, int]) -> None:
    kept, port = sink
    mailer(port).send(message())
    (arrived,) = kept.kept
    assert arrived["Subject"] == "Réservation confirmée"
    assert arrived["Message-ID"] == "<booking-7-1@totem.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert "À lundi, 14 h 30." in arrived.get_content()


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(MailUnavailable) as told:
        mailer(free_port()).send(message())
    assert isinstance(told.value.__cause__, OSError)


def test_a_server_that_wants_no_sign_in_of_ours_is_unavailable(sink: tuple[Sink, int]) -> None:
    with pytest.raises(MailUnavailable) as told:
        mailer(sink[1], smtp_user="totem", smtp_password="x").send(message())
    assert isinstance(told.value.__cause__, smtplib.SMTPException)


def test_a_subject_cannot_smuggle_a_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message("Bonjour\nBcc: all@totem.example")
