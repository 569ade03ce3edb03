"""Operators' commands: ``flask --app wsgi …``."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from app.db.transaction import transaction
from app.domain.errors import DomainError
from app.jobs import run_worker
from app.tariffs import files
from app.tariffs.service import load_network_files
from app.web import clock

NETWORK = Path(__file__).parent.parent / "config" / "network"


def load_network(folder: Path) -> tuple[str, ...]:
    """Load the Totems from ``folder``; gives what changed. Raises every fault at once."""
    parsed = files.read_network_folder(folder)
    with transaction() as session:
        report = load_network_files(session, parsed, now=clock.now())
    return (*report.changed, *report.warnings)


def register(app: Flask) -> None:
    """Attach the commands to ``app``."""

    @app.cli.command("worker")
    def worker() -> None:
        """Deliver the outbox and keep the timers until stopped."""
        run_worker(app)

    @app.cli.group("network")
    def network() -> None:
        """The Totems as data."""

    @network.command("load")
    @click.argument("folder", type=click.Path(path_type=Path, exists=True), default=NETWORK)
    def load(folder: Path) -> None:
        """Load sites, spaces, units, doors and cards from FOLDER (default: config/network)."""
        try:
            changed = load_network(folder)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
        click.echo("\n".join(changed) or "Nothing changed.")
