"""Operators' commands: ``flask --app wsgi …``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import card_commands, key_commands
from app.bookings.queries import announced_people
from app.db import outbox
from app.db.transaction import reading, transaction
from app.demonstration.showcase import top_up
from app.domain.errors import BadNetwork, DomainError
from app.domain.months import add_months
from app.domain.permissions import scope_from
from app.gateways import documents
from app.gateways.pdf import pdf_fault
from app.jobs import run_worker
from app.leases.queries import count_standing
from app.leases.service import revise_batch, value_month
from app.people import queries as people_queries
from app.people.service import issue_token
from app.spaces.queries import find_network
from app.tariffs import files
from app.tariffs.service import load_network_files
from app.web import assets, clock
from app.web.formats import PARIS
from config.settings import Settings

NETWORK = Path(__file__).parent.parent / "config" / "network"
HEAD = Path(__file__).parent.parent / "migrations" / ".current-head"


def register(app: Flask) -> None:
    """Attach the commands to ``app``."""
    network = AppGroup("network", help="The Totems as data.")
    network.add_command(load)
    network.add_command(card_commands.group)
    leases = AppGroup("leases", help="Titles of occupation.")
    leases.add_command(revise)
    leases.add_command(value_aid)
    for command in (worker, network, leases, demo, token, doctor, key_commands.group):
        app.cli.add_command(command)


@click.command()
def worker() -> None:
    """Deliver the outbox and keep the timers until stopped."""
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]  # the app itself


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True), default=NETWORK)
def load(folder: Path) -> None:
    """Load sites, spaces, units, doors and cards from FOLDER (default: config/network)."""
    try:
        changed = load_network(folder)
    except BadNetwork as error:
        raise click.ClickException("\n".join(error.faults)) from error
    click.echo("\n".join(changed) or "Nothing changed.")


def load_network(folder: Path) -> tuple[str, ...]:
    """Load the Totems from ``folder``; gives what changed. Raises every fault at once."""
    parsed, now = files.read_network_folder(folder), clock.now()
    with transaction() as session:
        announced = announced_people(session, now=now)
        report = load_network_files(session, parsed, now=now, announced=announced)
    return (*report.changed, *report.warnings)


@click.command()
def demo() -> None:
    """Load the demonstration, or top it up for today and the coming week."""
    settings: Settings = current_app.extensions["totem.settings"]
    if settings.is_production:
        raise click.ClickException("Demonstration people have a published password: not here.")
    with transaction() as session:
        shown = top_up(
            session,
            cheap=settings.cheap_passwords,
            now=clock.now(),
            documents=current_app.extensions[documents.EXTENSION],
        )
    click.echo(f"{shown.people} people, {shown.booked} new bookings, {shown.moved} arrivals.")


@click.command()
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, default=("read", "book"))
@click.option("--name", default="flask token")
def token(email: str, scopes: tuple[str, ...], name: str) -> None:
    """Print a new API token of EMAIL, once."""
    try:
        with transaction() as session:
            person = people_queries.find_account_by_email(session, email)
            if person is None:
                raise click.ClickException(f"Nobody has the address {email}.")
            secret = issue_token(
                session,
                account_id=person.id,
                name=name,
                scopes=frozenset(scope_from(scope) for scope in scopes),
                now=clock.now(),
            )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(secret)


@click.command()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day (default: today).")
@click.option("--dry-run", is_flag=True, help="Count, and write nothing.")
def revise(day: datetime | None, dry_run: bool) -> None:
    """Revise the rent of every lease whose anniversary has come; may be stopped and run again."""
    today = clock.now().astimezone(PARIS).date()
    on = day.date() if day else today
    if on > today and not dry_run:
        raise click.ClickException(f"{on} is still to come: nothing is revised ahead of its day.")
    done, settled, waiting = 0, 0, 0
    after: int | None = 0
    with reading() as session:
        leases = count_standing(session, begun_by=add_months(on, -12))
    with click.progressbar(length=leases, label="Leases") as bar:
        while after is not None:
            with transaction() as session:
                batch = revise_batch(
                    session, on=on, after_id=after, dry_run=dry_run, now=clock.now()
                )
            bar.update(batch.leases)
            settled += sum(step.is_settling for step in batch.steps)
            waiting += sum(not step.revision.is_final for step in batch.steps)
            done, after = done + len(batch.steps), batch.after_id
    click.echo(f"{done - settled} revisions, {waiting} of them provisional; {settled} settled.")


@click.command("value-aid")
@click.argument("month", type=click.DateTime(["%Y-%m"]))
def value_aid(month: datetime) -> None:
    """Enter what profiles spared undertakings in MONTH (2026-11) as state aid; once only."""
    with transaction() as session:
        sites = find_network(session).sites
        numbers = value_month(session, sites, month.date(), now=clock.now())
    click.echo("\n".join(numbers) or "Nothing new to enter.")


@click.command()
def doctor() -> None:
    """Say what is wrong here, each with what to do; exit code 1 when anything is."""
    faults = find_faults()
    for fault in faults:
        click.echo(f"- {fault}")
    if faults:
        raise SystemExit(1)
    click.echo("All is well.")


def find_faults() -> list[str]:
    """List what keeps this installation from working, in words for an operator."""
    faults = []
    try:
        assets.asset_url("css/app.css")
    except (assets.NotBuilt, LookupError):
        faults.append("The front end is not built: type make setup.")
    if letters := pdf_fault():
        faults.append(letters)
    wanted = HEAD.read_text().strip()
    try:
        with reading() as session:
            found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if found != wanted:
                faults.append(f"The database is at {found}, not {wanted}: type make db-up.")
            elif not find_network(session).sites:
                faults.append("No Totem is loaded: type flask --app wsgi network load.")
            if stuck := outbox.count_stuck(session, now=clock.now()):
                faults.append(
                    f"{stuck} messages wait for more than ten minutes: is the worker running?"
                )
    except SQLAlchemyError as error:
        faults.append(
            f"The database does not answer or is empty ({type(error).__name__}): "
            "check DATABASE_URL, then type make db-up."
        )
    return faults
