"""Drafts of cards on screen: begun, edited in tables or as TOML, put aside, taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.transaction import reading, transaction
from app.domain.errors import BadRateCard, DraftChanged
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission
from app.domain.tariffs import Family
from app.spaces.queries import find_network
from app.tariffs import card_words, fault_words, queries, service
from app.tariffs.card_form import CardForm, charter_fields, own_fields
from app.tariffs.cards import Draft
from app.tariffs.charter import without_given
from app.tariffs.form_views import Layout
from app.tariffs.preparing import Prepared, Standing, prepare
from app.tariffs.routes.blueprint import blueprint
from app.tariffs.routes.cards import toml_answer
from app.tariffs.routes.owners import CHARTER, owner_of
from app.tariffs.service import DraftWords
from app.tariffs.toml_cards import from_toml, to_toml
from app.web import clock
from app.web.guards import actor, requires
from app.web.sentences import sentence

LONGEST_NOTE, LONGEST_ACT = 2000, 200
TIMES = ("half_day_minutes", "day_ends", "evening.1", "late_from", "late", "saturday", "sunday")
FORMULA = ("rent_share", "reference_rent", "step")
OWN = ("reference_rent", "rent_source", "rent_dated", "coefficient", "reason")


@dataclass(frozen=True, slots=True)
class Typed:
    """The words around the tables, as typed; `day_fault` says why the date cannot be read."""

    effective_on: str
    deliberation: str
    note: str
    day_fault: str = ""

    def day(self) -> date | None:
        """Give the day, or None when there is none; raises ValueError."""
        return date.fromisoformat(self.effective_on) if self.effective_on else None


@blueprint.post("/rates/<owner>/drafts")
@requires(Permission.CARD_DRAFT)
def start(owner: str) -> ResponseReturnValue:
    """Begin a draft from what is published."""
    with transaction() as session:
        whose = owner_of(find_network(session), owner, "")
        number = service.start_draft(session, actor(), site=whose.site, now=clock.now())
    return redirect(url_for("tariffs.draft", number=number), 303)


@blueprint.get("/rates/drafts/<int:number>")
@requires(Permission.CARD_DRAFT)
def draft(number: int) -> ResponseReturnValue:
    """Show a draft in its tables, with everything that still stands against publishing it."""
    with reading() as session:
        found = queries.get_draft(session, number)
        return draft_page(session, found, _form(session, found, {}), _kept(found))


@blueprint.post("/rates/drafts/<int:number>")
@requires(Permission.CARD_DRAFT)
def save(number: int) -> ResponseReturnValue:
    """Keep what was typed; what cannot be read is shown again beside its field."""
    with reading() as session:
        found = queries.get_draft(session, number)
        form = _form(session, found, request.form)
    typed, content = _typed(), form.read()
    if found.site is not None:
        content = _with_free(content)
    trouble = ""
    if not form.faults and not typed.day_fault:
        try:
            with transaction() as session:
                words = DraftWords(content, typed.day(), typed.deliberation, typed.note)
                seen = _revision()
                service.save_draft(session, actor(), number, words, revision=seen, now=clock.now())
        except DraftChanged as error:
            trouble = sentence(error)
        else:
            flash(_("Le projet est enregistré."), "done")
            return redirect(url_for("tariffs.draft", number=number), 303)
    with reading() as session:
        found = queries.get_draft(session, number)
        return draft_page(session, found, form, typed, trouble=trouble), 422


@blueprint.get("/rates/drafts/<int:number>/card.toml")
@requires(Permission.CARD_DRAFT)
def export_draft(number: int) -> ResponseReturnValue:
    """Give a draft as TOML."""
    with reading() as session:
        found = queries.get_draft(session, number)
    return toml_answer(found.content, f"draft-{number}", f"{found.site or CHARTER}, {number}")


@blueprint.get("/rates/drafts/<int:number>/toml")
@requires(Permission.CARD_DRAFT)
def toml(number: int) -> ResponseReturnValue:
    """Show a draft as one text, to be edited or replaced whole."""
    with reading() as session:
        found = queries.get_draft(session, number)
    return render_template("tariffs/toml.html", draft=found, text=to_toml(found.content), faults=[])


@blueprint.post("/rates/drafts/<int:number>/toml")
@requires(Permission.CARD_DRAFT)
def save_toml(number: int) -> ResponseReturnValue:
    """Replace a draft by a text; one that is not TOML is shown again with its fault."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    with reading() as session:
        found = queries.get_draft(session, number)
    try:
        content = without_given(from_toml(text))
    except BadRateCard as error:
        faults = [fault.strip(": ") for fault in error.faults]
        page = render_template("tariffs/toml.html", draft=found, text=text, faults=faults)
        return page, 422
    words = DraftWords(content, found.effective_on, found.deliberation, found.note)
    with transaction() as session:
        seen = _revision()
        service.save_draft(session, actor(), number, words, revision=seen, now=clock.now())
    flash(_("Le projet est enregistré."), "done")
    return redirect(url_for("tariffs.draft", number=number), 303)


@blueprint.post("/rates/drafts/<int:number>/discard")
@requires(Permission.CARD_DRAFT)
def discard(number: int) -> ResponseReturnValue:
    """Put a draft aside."""
    with transaction() as session:
        service.discard_draft(session, actor(), number, now=clock.now())
    flash(_("Le projet est abandonné."), "done")
    return redirect(url_for("tariffs.overview"), 303)


@blueprint.post("/rates/drafts/<int:number>/accept")
@requires(Permission.CARD_DRAFT)
def accept(number: int) -> ResponseReturnValue:
    """Confirm a draft as it stands, after something else was published."""
    with transaction() as session:
        service.accept_base(session, actor(), number, now=clock.now())
    flash(_("Le projet est confirmé tel qu’il est."), "done")
    return redirect(url_for("tariffs.draft", number=number), 303)


def draft_page(
    session: Session, found: Draft, form: CardForm, typed: Typed, *, trouble: str = ""
) -> str:
    """Render a draft; `trouble` says above it why it was not kept."""
    network = find_network(session)
    standing = queries.find_standing(session, network)
    owner = owner_of(network, found.site or CHARTER, _("Charte du réseau"))
    layout = Layout(form, None if found.site is None else standing.charter_content)
    return render_template(
        "tariffs/draft.html",
        draft=found,
        owner=owner,
        typed=typed,
        trouble=trouble,
        tables=list(layout.tables()),
        formula=layout.fields(*(f"coefficient.{name}" for name in FORMULA)),
        times=layout.fields(*(f"time.{name}" for name in TIMES)),
        offices=layout.fields(
            *(each.name for each in form.fields if each.path[0] == "offices"),
        ),
        own=layout.fields(*OWN),
        free=_free_choices(form.content, standing) if found.site else [],
        fault_count=len(form.faults) + bool(typed.day_fault),
        faults=draft_faults(found, standing),
        base=standing.base_of(found),
    )


def draft_faults(found: Draft, standing: Standing) -> list[str]:
    """Say everything that stands against publishing the draft as it was kept."""
    return fault_sentences(prepare(found, standing, now=clock.now()), found, standing)


def fault_sentences(prepared: Prepared, found: Draft, standing: Standing) -> list[str]:
    """Put the faults of a prepared draft into words."""
    lines = {**standing.charter_content, **found.content}
    return [fault_words.sentence(fault, lines, standing.network) for fault in prepared.faults]


def _form(session: Session, found: Draft, typed: Mapping[str, str]) -> CardForm:
    if found.site is None:
        fields = tuple(charter_fields(found.content))
    else:
        standing = queries.find_standing(session, find_network(session))
        fields = tuple(own_fields(standing.charter_content))
    names = {each.name for each in fields}
    return CardForm(found.content, fields, {key: typed[key] for key in typed if key in names})


def _free_choices(content: JsonObject, standing: Standing) -> list[tuple[str, str, bool]]:
    families = standing.charter_content.get("families")
    free = content.get("free")
    chosen = free if isinstance(free, list) else []
    known = [name for name in families if name in set(Family)] if isinstance(families, dict) else []
    return [(name, card_words.family(Family(name)), name in chosen) for name in known]


def _with_free(content: JsonObject) -> JsonObject:
    chosen = [name for name in request.form.getlist("free") if name in set(Family)]
    rest = {key: value for key, value in content.items() if key != "free"}
    return {**rest, "free": [*chosen]} if chosen else rest


def _kept(found: Draft) -> Typed:
    day = "" if found.effective_on is None else found.effective_on.isoformat()
    return Typed(day, found.deliberation, found.note)


def _typed() -> Typed:
    """Read the words around the tables, each no longer than it may be."""
    day = request.form.get("effective_on", "").strip()[:20]
    typed = Typed(
        day,
        request.form.get("deliberation", "").strip()[:LONGEST_ACT],
        request.form.get("note", "").strip()[:LONGEST_NOTE],
    )
    try:
        typed.day()
    except ValueError:
        fault = _("Écrivez une date, comme 2027-01-01.")
        return Typed(typed.effective_on, typed.deliberation, typed.note, fault)
    return typed


def _revision() -> int:
    """Give the revision the page was opened with; nothing else is ever the current one."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
