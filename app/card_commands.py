"""Operators' commands for cards: a published version as TOML, and TOML as a draft."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.db.transaction import reading, transaction
from app.domain.errors import BadRateCard, DomainError
from app.domain.ids import SiteCode
from app.spaces.queries import find_network
from app.tariffs import queries
from app.tariffs.charter import without_given
from app.tariffs.preparing import FaultKind, prepare
from app.tariffs.service import DraftWords, start_draft
from app.tariffs.toml_cards import from_toml, to_toml
from app.web import clock

CHARTER = "charter"
# What is only chosen when the draft is published.
_LATER = frozenset({FaultKind.NO_DAY, FaultKind.NO_DELIBERATION})

group = AppGroup("card", help="Rate cards as TOML.")


@group.command("export")
@click.argument("owner")
@click.option("--version", "number", type=click.IntRange(min=1), help="Default: the last one.")
def export_card(owner: str, number: int | None) -> None:
    """Print what OWNER (charter, or a site's code) has published, as TOML."""
    site = None if owner == CHARTER else SiteCode(owner)
    try:
        with reading() as session:
            standing = queries.find_standing(session, find_network(session))
            last = standing.charter if site is None else standing.latest.get(site)
            if number is None and last is None:
                raise click.ClickException(f"Nothing is published for {owner}.")
            wanted = number if number is not None or last is None else last.number
            found = queries.get_version(session, site, wanted or 0)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    head = f"{owner} {found.number}, {found.effective_on.isoformat()}, {found.deliberation}"
    click.echo(to_toml(found.content if site is None else found.own, head=head), nl=False)


@group.command("import")
@click.argument("owner")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--note", default="", help="Why this change.")
def import_card(owner: str, file: Path, note: str) -> None:
    """Make FILE a draft of OWNER (charter, or a site's code); it is published on screen."""
    site = None if owner == CHARTER else SiteCode(owner)
    try:
        content = without_given(from_toml(file.read_text(encoding="utf-8")))
        with transaction() as session:
            words = DraftWords(content, note=note)
            number = start_draft(session, None, site=site, now=clock.now(), words=words)
            draft = queries.get_draft(session, number)
            standing = queries.find_standing(session, find_network(session))
            prepared = prepare(draft, standing, now=clock.now())
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8") from error
    except BadRateCard as error:
        raise click.ClickException("\n".join(error.faults)) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Draft {number} at /rates/drafts/{number}")
    for fault in prepared.faults:
        if fault.kind not in _LATER:
            click.echo(f"- {fault}")
