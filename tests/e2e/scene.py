"""Examples for the pages that need one: a booking, a hold, a mailed link, a reader at a door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from app.access import service as access
from app.access.holders import Invitee
from app.access.service import Asking
from app.access.tables import DeviceRow, JournalRow
from app.bookings import queries as bookings
from app.bookings import service
from app.bookings.booking import Booking
from app.db.transaction import transaction
from app.demonstration.proofs import show_card
from app.domain.ids import AccountId, SiteCode
from app.domain.permissions import Actor
from app.gateways import documents
from app.gateways.mail import kept_mails, mail_folder
from app.leases.queries import leases_of_organisations
from app.leases.service import draft_lease
from app.people import queries as people
from app.spaces.network import Door, Network
from app.spaces.queries import find_network
from app.tariffs import service as tariffs
from tests.dates import every
from tests.e2e.browser import MORNING, PASSWORD
from tests.factories import post
from tests.stays import SEILLE, stay
from tests.tenants import wish

Examples = dict[str, str]
QUIET_DAY = date(2026, 12, 10)  # beyond the week that the demonstration fills
GUEST = "hugo@people.example"
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


def examples(app: Flask) -> Examples:
    """Make one of everything; gives what stands between braces in the table of pages."""
    with acting(app) as scene:
        made = scene.bookings() | scene.accounts() | scene.readers() | scene.leases()
        made |= scene.proof(app.extensions[documents.EXTENSION])
        made |= scene.card_drafts()
    made |= _links(app, made)
    made["mail"] = kept_mails(mail_folder(app.extensions["totem.settings"]))[0][0]
    return made


@contextmanager
def acting(app: Flask) -> Iterator[Scene]:
    """Open one transaction in which people of the demonstration do things."""
    with app.app_context(), transaction() as session:
        yield Scene(session, find_network(session))


class Scene:
    """People of the demonstration who do something in an open transaction."""

    def __init__(self, session: Session, network: Network) -> None:
        self.session = session
        self.network = network

    def account(self, login: str) -> AccountId:
        """Give somebody's account."""
        found = people.find_account_by_email(self.session, f"{login}@totem.example")
        assert found is not None
        return found.id

    def actor(self, login: str) -> Actor:
        """Give somebody as they act."""
        actor = people.actor_of(self.session, self.account(login))
        assert actor is not None
        return actor

    def next_booking(self, login: str) -> Booking:
        """Give somebody's next booking."""
        actor = self.actor(login)
        return bookings.upcoming(self.session, self.network, actor, now=MORNING, limit=1)[0]

    def bookings(self) -> Examples:
        """Give the coworker's booking, and keep a room for them that is not confirmed yet."""
        booking = self.next_booking("coworker")
        held = service.hold_room(
            self.session, self.actor("coworker"), stay("17:00-18:00", day=QUIET_DAY), now=MORNING
        )
        invited = [
            Invitee("Camille Petit", "camille@people.example", "fr"),
            Invitee("Léo", None, "fr"),
        ]
        access.invite_guests(
            self.session, self.actor("coworker"), booking.ref, invited, now=MORNING
        )
        wanted = every("FREQ=WEEKLY;COUNT=2", hours="18:00-19:00", first=QUIET_DAY, space=SEILLE)
        series, _ = service.book_series(self.session, self.actor("coworker"), wanted, now=MORNING)
        return {"booking": booking.ref, "hold": held.ref, "series": series.ref}

    def accounts(self) -> Examples:
        """Name the association's account and organisation."""
        account = self.account("association")
        (membership,) = people.organisations_of(self.session, account)
        return {"person": str(account), "organisation": str(membership.organisation_id)}

    def proof(self, store: documents.DocumentStore) -> Examples:
        """Let the visitor ask for the student profile."""
        visitor = self.account("visitor")
        show_card(self.session, store, visitor, now=MORNING)
        return {"proof": str(people.proofs_of(self.session, account_id=visitor)[0].id)}

    def card_drafts(self) -> Examples:
        """Let the network's manager draft the charter, and what Nancy has of its own."""
        manager = self.actor("manager")
        charter, own = (
            tariffs.start_draft(self.session, manager, site=site, now=MORNING)
            for site in (None, SiteCode("nancy"))
        )
        return {"charter_draft": str(charter), "own_draft": str(own)}

    def leases(self) -> Examples:
        """Name the association's office, and draft another."""
        owner = self.account("association")
        (membership,) = people.organisations_of(self.session, owner)
        tenant = membership.organisation_id
        let = leases_of_organisations(self.session, self.network, [tenant])
        wanted = wish(tenant, first=date(2027, 1, 1), last=date(2027, 12, 31))
        draft = draft_lease(self.session, self.actor("manager"), wanted, now=MORNING)
        return {"lease": let[0].ref, "draft_lease": draft.ref}

    def readers(self) -> Examples:
        """Let one reader serve at Metz, with a journal, and one wait to be approved."""
        served, waiting = self.network.get_site("metz").doors[:2]
        serving = self._enrolled(served, b"s")
        access.approve_device(self.session, self.actor("manager"), serving, now=MORNING)
        row = self.session.scalars(select(DeviceRow).where(DeviceRow.code == serving)).one()
        row.heard_at, row.clock_error_ms = MORNING - timedelta(seconds=12), 40
        self._journal(row, served)
        return {"reader": self._enrolled(waiting, b"w")}

    def _enrolled(self, door: Door, key: bytes) -> str:
        code = access.make_code(self.session, self.actor("manager"), door.number, now=MORNING)
        asking = Asking(code.text, key * 32, "127.0.0.1")
        device = access.enrol(self.session, asking, now=MORNING)
        assert device is not None
        return device.code

    def _journal(self, reader: DeviceRow, door: Door) -> None:
        """Write what a reader reported this morning: somebody came, somebody was too early."""
        booking = self.next_booking("coworker")
        told = (
            ("verdict", "too-early", "refused", 9),
            ("verdict", "static", "opened", 4),
            ("verdict", "static", "opened-although-cancelled", 2),
        )
        for seq, (kind, reason, status, minutes) in enumerate(told, start=1):
            self.session.add(
                JournalRow(
                    device_id=reader.id,
                    seq=seq,
                    site_id=self.network.get_site("metz").id,
                    at=MORNING - timedelta(minutes=minutes),
                    received_at=MORNING - timedelta(minutes=minutes - 1),
                    kind=kind,
                    door=door.number,
                    reason=reason,
                    booking_id=booking.id,
                    status=status,
                    online=seq < 3,
                    clock_trusted=True,
                    body=b"",
                    digest=bytes(32),
                )
            )


def _links(app: Flask, made: Examples) -> Examples:
    """Ask for one link of each sort, as people do, and read the mails."""
    stranger, owner = app.test_client(), app.test_client()
    visitor = "visitor@totem.example"
    post(stranger, "/sign-in/link", email=visitor)
    post(stranger, "/password/forgot", email=visitor)
    post(stranger, "/sign-up", name="Zoé Nouvelle", email="zoe@people.example")
    _sign_in(owner, "association")
    organisation = f"/organisations/{made['organisation']}"
    invited = post(owner, f"{organisation}/invite", organisation, email=GUEST, role="member")
    assert invited.status_code == 303, invited.get_data(as_text=True)
    jobs.deliver_due(app)
    found = _mailed_links(app)
    return {
        "sign_in_link": found["/sign-in/link/"],
        "reset_link": found["/password/reset/"],
        "confirm_link": found["/sign-up/confirm/"],
        "invitation_link": found["/organisations/invitations/"],
        "guest_link": next(path for path in found.values() if path.startswith("/guests/")),
    }


def _sign_in(client: FlaskClient, login: str) -> None:
    email = f"{login}@totem.example"
    assert post(client, "/sign-in", email=email, password=PASSWORD).status_code == 303


def _mailed_links(app: Flask) -> Examples:
    found = {}
    for _name, mail in kept_mails(mail_folder(app.extensions["totem.settings"])):
        body = mail.get_body(("plain",))
        for path in LINK.findall(body.get_content() if body is not None else ""):
            found[path.rsplit("/", 1)[0] + "/"] = path
    return found
