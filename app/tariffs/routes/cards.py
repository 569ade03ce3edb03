"""The cards for managers: what is in force and announced, every version, two side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission
from app.domain.tariffs import RateCard
from app.spaces.network import Network
from app.spaces.queries import find_network
from app.tariffs import card_words, path_words, queries, service
from app.tariffs.cards import Version
from app.tariffs.charter import compose
from app.tariffs.comparing import Difference, compare
from app.tariffs.routes.blueprint import blueprint
from app.tariffs.routes.owners import Owner, owner_of, owners
from app.tariffs.toml_cards import to_toml
from app.web import clock
from app.web.guards import actor, requires

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site of the overview: what counts today, and what will."""

    owner: Owner
    card: RateCard | None
    following: RateCard | None


@dataclass(frozen=True, slots=True)
class Line:
    """A difference in words."""

    label: str
    before: str
    after: str


@blueprint.get("/rates")
@requires(Permission.CARD_DRAFT)
def overview() -> ResponseReturnValue:
    """Show the card in force and announced at each site, the charter, and what is being drafted."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        cards = queries.find_cards(session, network)
        charters = queries.charters(session)
        drafts = queries.open_drafts(session)
    charter, *sites = owners(network, _("Charte du réseau"))
    return render_template(
        "tariffs/overview.html",
        charter=charter,
        versions=charters,
        sites=[
            SiteRow(owner, cards.find_card(owner.code, today), cards.next_card(owner.code, today))
            for owner in sites
            for today in (network.get_site(owner.code).calendar.local_date(now),)
        ],
        drafts=drafts,
        names={owner.site: owner.name for owner in (charter, *sites)},
        number=card_words.number,
    )


@blueprint.get("/rates/<owner>")
@requires(Permission.CARD_DRAFT)
def history(owner: str) -> ResponseReturnValue:
    """Show every version of the charter or of a site's card, and where its coefficient is from."""
    with reading() as session:
        network = find_network(session)
        whose = owner_of(network, owner, _("Charte du réseau"))
        if whose.site is None:
            versions = queries.charters(session)
        else:
            versions = queries.versions_of(session, whose.site)
        cards = queries.find_cards(session, network)
        latest = queries.latest_charter(session) if whose.site is None else None
    now = clock.now()
    card = None if whose.site is None else cards.find_card(whose.site, _today(network, owner, now))
    return render_template(
        "tariffs/history.html",
        owner=whose,
        versions=versions,
        card=card,
        derivation=[] if card is None else card_words.derivation(card),
        number=card_words.number,
        withdrawable=_withdrawable(network, versions, latest, now),
    )


@blueprint.get("/rates/<owner>/<int:number>")
@requires(Permission.CARD_DRAFT)
def version(owner: str, number: int) -> ResponseReturnValue:
    """Show one version in full, line by line."""
    with reading() as session:
        network = find_network(session)
        whose = owner_of(network, owner, _("Charte du réseau"))
        found = queries.get_version(session, whose.site, number)
    return render_template(
        "tariffs/version.html",
        owner=whose,
        version=found,
        lines=difference_lines(compare({}, found.content), found.content),
    )


@blueprint.get("/rates/<owner>/<int:number>/card.toml")
@requires(Permission.CARD_DRAFT)
def export(owner: str, number: int) -> ResponseReturnValue:
    """Give a version as TOML: the charter's words, or what the site has of its own."""
    with reading() as session:
        whose = owner_of(find_network(session), owner, _("Charte du réseau"))
        found = queries.get_version(session, whose.site, number)
    content = found.content if whose.site is None else found.own
    return toml_answer(content, f"{owner}-{number}", version_head(whose.code, found))


@blueprint.get("/rates/compare")
@requires(Permission.CARD_DRAFT)
def comparison() -> ResponseReturnValue:
    """Show what differs between two versions, or between a version and a draft."""
    names = (request.args.get("before", ""), request.args.get("after", ""))
    with reading() as session:
        network = find_network(session)
        (before, first), (after, second) = (_content(session, network, name) for name in names)
    return render_template(
        "tariffs/compare.html",
        first=first,
        second=second,
        lines=difference_lines(compare(before, after), {**before, **after}),
    )


@blueprint.post("/rates/<owner>/<int:number>/withdraw")
@requires(Permission.CARD_PUBLISH)
def withdraw(owner: str, number: int) -> ResponseReturnValue:
    """Take back a version that has not begun to count."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        flash(_("Écrivez pourquoi cette version est retirée."), "trouble")
        return redirect(url_for("tariffs.history", owner=owner), 303)
    with transaction() as session:
        whose = owner_of(find_network(session), owner, "")
        service.withdraw(session, actor(), whose.site, number, reason=reason, now=clock.now())
    flash(_("La version %(number)s est retirée.", number=number), "done")
    return redirect(url_for("tariffs.history", owner=owner), 303)


def difference_lines(differences: tuple[Difference, ...], content: JsonObject) -> list[Line]:
    """Put what differs into words."""
    return [
        Line(
            path_words.path(each.path, content),
            path_words.value(each.path, each.before),
            path_words.value(each.path, each.after),
        )
        for each in differences
    ]


def toml_answer(content: JsonObject, name: str, head: str) -> Response:
    """Answer a card as a file to keep."""
    answer = Response(to_toml(content, head=head), mimetype="application/toml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return answer


def version_head(code: str, found: Version) -> str:
    """The comment above an exported version."""
    return f"{code} {found.number}, {found.effective_on.isoformat()}, {found.deliberation}"


def _today(network: Network, code: str, now: datetime) -> date:
    return network.get_site(code).calendar.local_date(now)


def _withdrawable(
    network: Network, versions: tuple[Version, ...], latest: Version | None, now: datetime
) -> int | None:
    """Give the number of the last version if it has not begun anywhere and stands, or None."""
    standing = [each for each in versions if each.withdrawn_at is None]
    if not standing or (latest is not None and standing[0].number != latest.number):
        return None
    newest = standing[0]
    days = [site.calendar.local_date(now) for site in network.sites]
    return newest.number if all(newest.effective_on > day for day in days) else None


def _content(session: Session, network: Network, name: str) -> tuple[JsonObject, str]:
    """Give the content that `charter:2`, `metz:3` or `draft:5` names, and how to call it."""
    kind, _colon, number = name.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        abort(404)
    if kind == "draft":
        draft = queries.get_draft(session, int(number))
        standing = queries.find_standing(session, network)
        if draft.site is None:
            content = draft.content
        else:
            content = compose(standing.charter_content, draft.content)
        return content, _("projet n° %(number)s", number=number)
    whose = owner_of(network, kind, _("Charte du réseau"))
    found = queries.get_version(session, whose.site, int(number))
    return found.content, _("%(name)s, version %(number)s", name=whose.name, number=number)
