"""A student whose card waits to be looked at, so that the queue of proofs is not empty."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.documents import Document, document_from
from app.domain.ids import AccountId, SiteCode
from app.domain.permissions import Actor
from app.domain.proofs import ProofKind
from app.gateways.documents import DocumentStore
from app.people import queries, service
from app.people.service import Holder, Wish

CARD = ("Certificat de scolarite 2026-2027", "Ludmila Colin", "Exemple : aucune valeur officielle")
SITE = SiteCode("nancy")


def show_card(session: Session, store: DocumentStore, account: AccountId, *, now: datetime) -> None:
    """Let somebody ask for the student profile, once."""
    if queries.proofs_of(session, account_id=account):
        return
    wish = Wish(Holder(account_id=account), ProofKind.STUDENT, SITE, "Bonjour, voici ma carte.")
    service.ask_profile(session, Actor(account), store, wish, [card()], now=now)


def card() -> Document:
    """Give a page that says what it is, as a PDF of our own making."""
    return document_from("certificat-de-scolarite.pdf", _page(CARD))


def _page(lines: tuple[str, ...]) -> bytes:
    """Write one page of plain lines, with the table of objects that readers look for."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 18 Tf 60 760 Td 30 TL {shown} ET".encode("ascii")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
            b"/Resources<</Font<</F1 4 0 R>>>>>>"
        ),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
    )
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    written += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(written)
