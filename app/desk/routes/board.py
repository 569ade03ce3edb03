"""The board of a day over HTTP: the scan, arrivals and departures with undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import Session

from app.access.holder import issuer_keys
from app.access.inside import count_people
from app.access.queries import people_inside
from app.access.service import check_in_by_pass
from app.bookings import service as bookings
from app.bookings.booking import Booking
from app.db.transaction import reading, transaction
from app.desk.forms import DeskForm, wanted_day
from app.desk.queries import board_of, day_to_show
from app.domain.errors import DomainError
from app.domain.ids import SiteCode
from app.domain.permissions import Actor, Permission, Subject, allowed, require
from app.people import queries as people
from app.spaces.queries import find_network
from app.web import clock, formats, guards, place_words
from app.web.sentences import sentence

blueprint = Blueprint("desk", __name__, template_folder="../templates")
PASS_PREFIX = "RB1:"  # noqa: S105 - how a pass begins, no password


@blueprint.get("/desk")
@guards.requires(Permission.DESK_VIEW)
def choose() -> ResponseReturnValue:
    """Offer the Totems whose desk this person may see; go straight there when it is one."""
    actor = guards.actor()
    with reading() as session:
        sites = [
            site
            for site in find_network(session).sites
            if allowed(actor, Permission.DESK_VIEW, Subject(site=site.code))
        ]
    if len(sites) == 1:
        return redirect(url_for("desk.board", site=sites[0].code))
    return render_template("desk/choose.html", sites=sites)


@blueprint.get("/desk/<site>")
@guards.requires(Permission.DESK_VIEW)
def board(site: str) -> ResponseReturnValue:
    """Show the day: coming, arrived, running, gone."""
    now, actor, subject = clock.now(), guards.actor(), Subject(site=SiteCode(site))
    require(actor, Permission.DESK_VIEW, subject)
    with reading() as session:
        network = find_network(session)
        place = network.get_site(site)
        today = now.astimezone(place.calendar.zone).date()
        day = wanted_day(day_to_show(place, now=now))
        text = request.args.get("q", "")[:100].strip()
        with_doors = allowed(actor, Permission.JOURNAL_VIEW, subject)
        shown = board_of(session, network, place, day, now=now, text=text, with_doors=with_doors)
    only = shown.only_arrival if text else None
    form = DeskForm(formdata=None, text=text, found=text, only=only.booking.ref if only else "")
    return render_template(
        "desk/board.html",
        board=shown,
        site=place,
        day=day,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        text=text,
        form=form,
        setup_word=place_words.setup,
        only=only,
        now=now,
    )


@blueprint.get("/desk/<site>/evacuation")
@guards.requires(Permission.DESK_VIEW)
def evacuation(site: str) -> ResponseReturnValue:
    """Show who may be inside, when everybody must leave."""
    now = clock.now()
    require(guards.actor(), Permission.DAY_VIEW_NAMES, Subject(site=SiteCode(site)))
    with reading() as session:
        network = find_network(session)
        place = network.get_site(site)
        people = people_inside(session, network, place, now=now)
    return render_template(
        "desk/evacuation.html", site=place, people=people, count=count_people(people), now=now
    )


@blueprint.post("/desk/<site>/scan")
@guards.requires(Permission.CHECK_IN)
def scan(site: str) -> ResponseReturnValue:
    """Check a scanned pass in, or look a name up."""
    form = DeskForm()
    text = (form.text.data or "").strip()
    if not form.validate():
        flash(_("Ce texte est trop long pour un nom ou un pass."), "warning")
        return _back(site)
    if text.upper().startswith(PASS_PREFIX):
        tell_arrival(site, _do(_check_in_by_pass, text))
        return _back(site)
    if text and form.only.data and text == form.found.data:
        tell_arrival(site, _do(bookings.check_in, form.only.data))
        return _back(site)
    return _back(site, text=text)


@blueprint.post("/desk/<site>/bookings/<ref>/check-in")
@guards.requires(Permission.CHECK_IN)
def check_in(site: str, ref: str) -> ResponseReturnValue:
    """Note that the people of a booking have come."""
    tell_arrival(site, _do(bookings.check_in, ref))
    return _back(site)


@blueprint.post("/desk/<site>/bookings/<ref>/undo")
@guards.requires(Permission.CHECK_IN)
def undo(site: str, ref: str) -> ResponseReturnValue:
    """Take a check-in back."""
    done = _do(bookings.undo_check_in, ref)
    if done is not None:
        flash(_("%(who)s : arrivée annulée.", who=done.who), "done")
    return _back(site)


@blueprint.post("/desk/<site>/bookings/<ref>/check-out")
@guards.requires(Permission.CHECK_IN)
def check_out(site: str, ref: str) -> ResponseReturnValue:
    """Note that the people of a booking have left."""
    done = _do(bookings.check_out, ref)
    if done is not None:
        flash(_("%(who)s : départ noté.", who=done.who), "done")
    return _back(site)


@dataclass(frozen=True, slots=True)
class Done:
    """What the desk just did: to which booking, and whose it is, in words."""

    booking: Booking
    name: str

    @property
    def who(self) -> str:
        """The person and the place."""
        return f"{self.name}, {self.booking.space.name.get(formats.language())}"


def _do(command: Callable[..., Booking], what: str) -> Done | None:
    """Run one command of the desk; a refusal is told on the board and loses nothing."""
    try:
        with transaction() as session:
            booking = command(session, guards.actor(), what, now=clock.now())
            return Done(booking, people.names(session, [booking.account_id])[booking.account_id])
    except DomainError as error:
        flash(sentence(error), "trouble")
        return None


def _check_in_by_pass(session: Session, actor: Actor, text: str, *, now: datetime) -> Booking:
    return check_in_by_pass(session, actor, text, keys=issuer_keys(), now=now)


def tell_arrival(site: str, done: Done | None) -> None:
    """Say that somebody has come, with the way to take it back."""
    if done is None:
        return
    flash(
        {  # type: ignore[arg-type]  # the session keeps any JSON value, and base.html draws this
            "text": _("%(who)s : arrivée notée.", who=done.who),
            "undo_url": url_for("desk.undo", site=site, ref=done.booking.ref),
            "undo_label": pgettext("undo", "Annuler"),
        },
        "done",
    )


def tell_booked(done: Done) -> None:
    """Say that a place is booked for later."""
    flash(_("%(who)s : réservé.", who=done.who), "done")


def _back(site: str, *, text: str = "") -> ResponseReturnValue:
    """Return to the board as it was: same day, same search."""
    day, text = request.args.get("date"), text or request.args.get("q", "")
    return redirect(url_for("desk.board", site=site, date=day or None, q=text or None), 303)
