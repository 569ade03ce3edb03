"""Where people passed: one's own passages, and for staff with a reason those of somebody else."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import queries, service, words
from app.access.forms import LookupForm
from app.access.journal import JournalLine
from app.access.routes.blueprint import blueprint
from app.access.words import PassageView
from app.db.transaction import reading, transaction
from app.domain.errors import UnknownAccount
from app.domain.permissions import Permission, Subject, require
from app.spaces.network import Site
from app.spaces.queries import find_network
from app.web import clock
from app.web.guards import actor, requires, signed_in
from app.web.sentences import sentence


@blueprint.get("/me/passages")
@signed_in
def mine() -> ResponseReturnValue:
    """Show what doors wrote down of oneself, and who has looked at it."""
    with reading() as session:
        network = find_network(session)
        found = queries.passages_of(session, network, actor().account_id, now=clock.now())
    return render_template(
        "access/my_passages.html",
        lines=_views(found.lines, network.sites),
        lookups=found.lookups,
    )


@blueprint.get("/doors/<site>/passages")
@requires(Permission.PASSAGES_LOOK_UP)
def ask_passages(site: str) -> ResponseReturnValue:
    """Ask whose passages are wanted, and why."""
    return _page(_place(site), LookupForm(formdata=None))


@blueprint.post("/doors/<site>/passages")
@requires(Permission.PASSAGES_LOOK_UP)
def look_up(site: str) -> ResponseReturnValue:
    """Show where somebody passed at this Totem, having noted who asked and why."""
    place, form = _place(site), LookupForm()
    if not form.validate():
        return _page(place, form), 422
    try:
        with transaction() as session:
            person, lines = service.look_up_passages(
                session,
                actor(),
                place.code,
                form.email.data or "",
                form.reason.data or "",
                now=clock.now(),
            )
    except UnknownAccount as error:
        form.email.errors = [sentence(error)]
        return _page(place, form), 422
    return _page(place, form, name=person.name, lines=_views(lines, (place,)))


def _place(site: str) -> Site:
    with reading() as session:
        place = find_network(session).get_site(site)
    require(actor(), Permission.PASSAGES_LOOK_UP, Subject(site=place.code))
    return place


def _page(
    place: Site, form: LookupForm, *, name: str = "", lines: list[PassageView] | None = None
) -> str:
    return render_template("access/passages.html", site=place, form=form, name=name, lines=lines)


def _views(lines: Iterable[JournalLine], sites: Iterable[Site]) -> list[PassageView]:
    known = {site.code: site for site in sites}
    return [words.passage(line, known) for line in lines]
