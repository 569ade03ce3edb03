"""« Mon tarif »: what counts today, and how it moves on with the age of a start-up."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from app.db.transaction import transaction
from app.domain.proofs import ProofKind, profiles_proven
from app.people import service
from app.people.service import Holder
from app.web import clock
from tests.members import Member, make_member, sign_in
from tests.screens import text_of

CREATED = date(2026, 2, 1)
NOTHING = "petite entreprise ou indépendant : 100 % du tarif de base"


def test_my_rate_follows_the_stages_of_my_start_up(sqlite_app: Flask, now: datetime) -> None:
    anais = make_member(sqlite_app)
    assert NOTHING in my_rate(sqlite_app, anais, date(2026, 11, 23)).lower()
    stages = profiles_proven(
        ProofKind.STARTUP,
        valid_from=now.date(),
        valid_until=date(2031, 11, 22),
        created_on=CREATED,
    )
    with sqlite_app.app_context(), transaction() as session:
        for stage in stages:
            service.grant_profile(
                session,
                None,
                holder=Holder(account_id=anais.id),
                profile=stage.profile,
                valid_from=stage.valid_from,
                valid_until=stage.valid_until,
                reason="Kbis",
                now=now,
            )
    for day, stage, percent, until in (
        (date(2026, 11, 23), "Start-up de moins d’un an", 50, "31 janvier 2027"),
        (date(2027, 2, 1), "Start-up de moins de 3 ans", 75, "31 janvier 2029"),
        (date(2029, 2, 1), "Start-up de moins de 5 ans", 90, "31 janvier 2031"),
    ):
        words = my_rate(sqlite_app, anais, day)
        assert f"Postes de travail {stage} : {percent} % du tarif de base" in words
        assert f"Salles et studios {stage} : {percent} % du tarif de base" in words
        assert f"{until} inclus" in words
    assert NOTHING in my_rate(sqlite_app, anais, date(2031, 2, 1)).lower()


def my_rate(app: Flask, who: Member, day: date) -> str:
    """Give what the page tells somebody who opens it on a day."""
    with clock.freeze(datetime(day.year, day.month, day.day, 11, tzinfo=UTC)):
        return text_of(sign_in(app, who).get("/me/profiles"))
