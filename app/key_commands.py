"""Operators' commands for the keys that seal passes: ``flask --app wsgi keys …``."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.access.keys import keep_set, read_set
from app.web import clock
from config import key_rotation
from config.key_rotation import KeyChangeRefused
from config.pass_keys import PassKeySet
from config.settings import Settings

group = AppGroup("keys", help="The keys that seal passes.")


@group.command("list")
def show() -> None:
    """Tell each key: whether it signs, and since when doors can know it. No secrets."""
    known = read_set(_settings())
    for key in known.keys:
        signs = "signs" if key.kid == known.sign_with else "staff" if key.staff else "known"
        since = "from the start" if key.published is None else f"{key.published:%Y-%m-%d %H:%M}"
        until = "" if key.until is None else f", until {key.until}"
        click.echo(f"{key.kid.hex()}  {signs}, published {since}{until}")


@group.command()
def publish() -> None:
    """Make a new key that doors may know; it may sign in 48 hours."""
    known, kid = key_rotation.publish(read_set(_settings()), now=clock.now())
    _keep(known, f"Key {kid.hex()} is published. In 48 hours: flask keys sign-with {kid.hex()}")


@group.command("sign-with")
@click.argument("kid")
def sign_with(kid: str) -> None:
    """Let the key KID sign passes from now on; the others stay known."""
    try:
        known = key_rotation.sign_with(read_set(_settings()), _octets(kid), now=clock.now())
    except KeyChangeRefused as error:
        raise click.ClickException(str(error)) from error
    _keep(known, f"Key {kid} signs.")


@group.command()
@click.argument("kid")
def remove(kid: str) -> None:
    """Drop the key KID at once: its passes open nothing as soon as doors hear of it."""
    try:
        known = key_rotation.remove(read_set(_settings()), _octets(kid), now=clock.now())
    except KeyChangeRefused as error:
        raise click.ClickException(str(error)) from error
    _keep(known, f"Key {kid} is gone; {known.sign_with.hex()} signs.")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["totem.settings"]
    return settings


def _octets(kid: str) -> bytes:
    try:
        return bytes.fromhex(kid)
    except ValueError as error:
        raise click.ClickException("A kid is 1 or 2 octets in hex, such as 02.") from error


def _keep(known: PassKeySet, done: str) -> None:
    if keep_set(_settings(), known):
        click.echo(f"{done} Restart web, doors and worker.")
        return
    click.echo(
        f"{done} Set TOTEM_PASS_KEYS to this line and restart web, doors and worker:", err=True
    )
    click.echo(key_rotation.to_text(known))
