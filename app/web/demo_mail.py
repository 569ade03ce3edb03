"""« Courrier de démonstration »: the mails that no SMTP server took, for whoever tries the product.

Only where the demonstration was asked for and no SMTP server is named; elsewhere it is not there.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.gateways.mail import kept_mails, mail_folder, read_mail
from app.web import guards
from config.settings import Settings

blueprint = Blueprint("demo_mail", __name__)


@blueprint.get("/demo/mail")
@guards.public
def mails() -> ResponseReturnValue:
    """List the newest hundred mails."""
    settings = _settings()
    kept = kept_mails(mail_folder(settings))
    return render_template("demo/mails.html", mails=[_summary(name, mail) for name, mail in kept])


@blueprint.get("/demo/mail/<name>")
@guards.public
def mail(name: str) -> ResponseReturnValue:
    """Show one mail with its attachments."""
    message = _kept(name)
    return render_template(
        "demo/mail.html",
        mail=_summary(name, message),
        paragraphs=_text(message).strip().split("\n\n"),
        pictures=_pictures(message),
        attachments=[part.get_filename() or part.get_content_type() for part in _parts(message)],
    )


@blueprint.get("/demo/mail/<name>/<int:number>")
@guards.public
def attachment(name: str, number: int) -> ResponseReturnValue:
    """Give one attachment as a file."""
    parts = _parts(_kept(name))
    if number >= len(parts):
        abort(404)
    part = parts[number]
    content = part.get_payload(decode=True)
    filename = part.get_filename() or "invitation.ics"
    return Response(
        content if isinstance(content, bytes) else b"",
        mimetype=part.get_content_type(),
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["totem.settings"]
    if not settings.demonstration or settings.smtp_host:
        abort(404)
    return settings


def _kept(name: str) -> EmailMessage:
    folder = mail_folder(_settings())
    known = {file.stem: file for file in folder.glob("*.eml")}
    if name not in known:
        abort(404)
    return read_mail(known[name])


@dataclass(frozen=True, slots=True)
class Summary:
    """The head of a mail, for the list and for its own page."""

    name: str
    to: str
    subject: str
    sent_at: datetime


def _summary(name: str, mail: EmailMessage) -> Summary:
    return Summary(
        name=name,
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        sent_at=parsedate_to_datetime(str(mail["Date"])),
    )


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _parts(mail: EmailMessage) -> list[EmailMessage]:
    return [
        part
        for part in mail.walk()
        if not part.is_multipart() and part.get_content_type() != "text/plain"
    ]


def _pictures(mail: EmailMessage) -> list[str]:
    pictures = []
    for part in _parts(mail):
        content = part.get_payload(decode=True)
        if part.get_content_maintype() == "image" and isinstance(content, bytes):
            encoded = base64.b64encode(content).decode()
            pictures.append(f"data:{part.get_content_type()};base64,{encoded}")
    return pictures
