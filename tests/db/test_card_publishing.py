"""Publishing cards: one act for all sites, never edited after, refused with the exact place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.cli import load_network
from app.db import ddl
from app.db.base import db
from app.db.transaction import reading, transaction
from app.domain.errors import BadRateCard, CardInForce, DraftClosed, NotAllowed, UnknownCard
from app.domain.ids import SiteCode
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.tariffs import queries, service
from app.tariffs.cards import Cards
from app.tariffs.preparing import FaultKind, Prepared, prepare
from app.tariffs.tables import CardDraftRow, RateCardRow
from app.web import clock
from tests.cards import (
    ACT,
    JANUARY,
    changed,
    charter_content,
    make_draft,
    network_boss,
    own_content,
    publish,
    published_here,
    site_boss,
    the_cards,
    the_draft,
)
from tests.conftest import NOW
from tests.databases import NETWORK_FOLDER, counting
from tests.races import at_once

TODAY = date(2026, 11, 23)
SITES = ("metz", "nancy", "epinal", "thionville-gare", "thionville-3eme-lieu")


@pytest.fixture
def house(engine_name: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of its own: what is published cannot be taken out again."""
    with published_here(engine_name, tmp_path) as app, app.app_context():
        yield app


def prepared(draft: int, on: date | None = JANUARY, act: str = ACT) -> Prepared:
    with transaction() as session:
        row = session.get_one(CardDraftRow, draft)
        row.effective_on, row.deliberation = on, act
        session.flush()
        standing = queries.find_standing(session, find_network(session))
        return prepare(queries.get_draft(session, draft), standing, now=NOW)


def kinds(found: Prepared) -> list[tuple[FaultKind, str, str | None]]:
    return [(fault.kind, fault.path, fault.site) for fault in found.faults]


def withdraw(actor: Actor, site: str | None, number: int) -> None:
    with transaction() as session:
        code = None if site is None else SiteCode(site)
        service.withdraw(session, actor, code, number, reason="Erreur de frappe", now=NOW)


def test_a_draft_of_the_charter_is_published_at_every_site_in_one_act(house: Flask) -> None:
    boss = network_boss(house)
    draft = make_draft(boss, changed(charter_content(), "rows.meeting_6.hour", "16.00"))
    publish(boss, draft)
    cards = the_cards()
    for site in SITES:
        before, after = cards.card_for(site, TODAY), cards.card_for(site, JANUARY)
        assert (before.version, after.version) == (1, 2)
        assert (before.rows["meeting_6"].hour, after.rows["meeting_6"].hour) == (1500, 1600)
        assert (after.effective_on, after.deliberation) == (JANUARY, ACT)
        assert cards.next_card(site, TODAY) is after
    assert cards.card_for("thionville-gare", JANUARY).reason == "Aligné sur l’offre voisine"
    with pytest.raises(DraftClosed):
        publish(boss, draft)
    told = the_draft(draft).published or ""
    assert sorted(told.split(", ")) == sorted(f"{site} 2" for site in SITES)


def test_of_two_managers_who_publish_at_once_one_wins_and_the_other_is_told(house: Flask) -> None:
    bosses = network_boss(house), network_boss(house, "Second")
    content = charter_content()
    same = make_draft(bosses[0], changed(content, "rows.meeting_6.hour", "16.00"))
    results = at_once(house, [partial(publish, boss, same) for boss in bosses])
    assert sorted(type(each).__name__ for each in results) == ["DraftClosed", "Prepared"]

    rivals = [
        make_draft(boss, changed(content, "rows.meeting_6.hour", price))
        for boss, price in zip(bosses, ("17.00", "18.00"), strict=True)
    ]
    deeds = [
        partial(publish, boss, rival, JANUARY + timedelta(days=1))
        for boss, rival in zip(bosses, rivals, strict=True)
    ]
    refused, won = sorted(at_once(house, deeds), key=lambda each: type(each).__name__)
    assert isinstance(won, Prepared)
    assert isinstance(refused, BadRateCard)
    assert "base_version" in str(refused)
    assert the_cards().card_for("metz", JANUARY + timedelta(days=1)).version == 3


def test_a_site_keeps_its_own_prices_under_the_next_charter(house: Flask) -> None:
    boss = network_boss(house)
    own = changed(own_content("nancy"), "rows.laser.hour", "18.00")
    publish(boss, make_draft(boss, own, "nancy"))
    assert the_cards().card_for("nancy", JANUARY).rows["laser"].hour == 1800
    assert the_cards().card_for("metz", JANUARY).version == 1
    charter = changed(charter_content(), "rows.seat.day", "16.00")
    publish(boss, make_draft(boss, charter), on=JANUARY + timedelta(days=1))
    card = the_cards().card_for("nancy", JANUARY + timedelta(days=1))
    assert (card.version, card.rows["laser"].hour, card.rows["seat"].day) == (3, 1800, 1600)
    assert the_cards().card_for("metz", JANUARY + timedelta(days=1)).rows["laser"].hour == 2000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rate_cards SET effective_on = '2020-01-01'",
        "UPDATE rate_cards SET content = '{}' WHERE version = 1",
        "DELETE FROM rate_cards",
        "UPDATE charters SET deliberation = 'x'",
        "DELETE FROM charters",
        "UPDATE vat_rates SET percent = '19'",
        "DELETE FROM vat_rates",
    ],
)
def test_what_was_published_is_never_edited_by_any_code(house: Flask, statement: str) -> None:
    with db.engine.connect() as connection, pytest.raises(IntegrityError) as refused:
        connection.execute(text(statement))
    assert ddl.is_change(refused.value)


def test_a_withdrawal_is_not_taken_back_either(house: Flask) -> None:
    boss = network_boss(house)
    publish(boss, make_draft(boss, own_content("nancy"), "nancy"))
    withdraw(boss, "nancy", 2)
    with db.engine.connect() as connection, pytest.raises(IntegrityError) as refused:
        connection.execute(text("DELETE FROM card_withdrawals"))
    assert ddl.is_change(refused.value)


def test_every_reason_against_it_is_told_with_its_place(house: Flask) -> None:
    boss = network_boss(house)
    content = changed(charter_content(), "rows.meeting_12.day", "-5.00")
    found = prepared(make_draft(boss, content), on=None, act=" ")
    assert kinds(found) == [
        (FaultKind.NO_DAY, "effective_on", None),
        (FaultKind.NO_DELIBERATION, "deliberation", None),
        (FaultKind.CONTENT, "rows.meeting_12.day", None),
    ]


def test_a_version_does_not_begin_in_the_past(house: Flask) -> None:
    boss = network_boss(house)
    draft = make_draft(boss, own_content("metz"), "metz")
    found = prepared(draft, on=TODAY - timedelta(days=1))
    assert kinds(found) == [(FaultKind.PAST, "effective_on", "metz")]
    assert prepared(draft, on=TODAY).faults == ()


def test_two_versions_never_begin_on_one_day_nor_out_of_order(house: Flask) -> None:
    boss = network_boss(house)
    publish(boss, make_draft(boss, own_content("metz"), "metz"))
    draft = make_draft(boss, charter_content())
    for day in (JANUARY, JANUARY - timedelta(days=1)):
        found = prepared(draft, on=day)
        assert kinds(found) == [(FaultKind.OVERLAP, "effective_on", "metz")]
        assert found.faults[0].facts == {"day": "2027-01-01", "version": 2}
    with pytest.raises(BadRateCard) as refused:
        publish(boss, draft)
    assert refused.value.faults == ("metz: effective_on: overlap 2027-01-01 2",)
    assert the_cards().card_for("nancy", JANUARY).version == 1


def test_a_site_is_never_a_day_without_a_card(house: Flask) -> None:
    boss = network_boss(house)
    draft = make_draft(boss, own_content("metz"), "metz")
    with transaction() as session:
        standing = queries.find_standing(session, find_network(session))
    bare = replace(standing, cards=Cards({}), latest={}, numbers={})
    ready = replace(the_draft(draft), effective_on=JANUARY, deliberation=ACT, base_version=0)
    assert kinds(prepare(ready, bare, now=NOW)) == [(FaultKind.GAP, "effective_on", "metz")]


def test_a_place_without_a_price_is_refused_by_its_name(house: Flask) -> None:
    boss = network_boss(house)
    content = changed(charter_content(), "rows.training_24", None)
    found = prepared(make_draft(boss, content))
    assert {fault.kind for fault in found.faults} == {FaultKind.UNPRICED}
    metz = next(fault for fault in found.faults if fault.site == "metz")
    assert metz.facts is not None
    assert metz.facts["kind"] == "training"


def test_a_draft_that_others_overtook_is_compared_first(house: Flask) -> None:
    boss = network_boss(house)
    late = make_draft(boss, own_content("metz"), "metz")
    publish(boss, make_draft(boss, own_content("metz"), "metz"))
    later = JANUARY + timedelta(days=30)
    assert kinds(prepared(late, on=later)) == [(FaultKind.OUTDATED, "base_version", "metz")]
    with transaction() as session:
        service.accept_base(session, boss, late, now=NOW)
    assert prepared(late, on=later).faults == ()


def test_publishing_belongs_to_the_network_and_drafting_to_the_site(house: Flask) -> None:
    chief, boss = site_boss(house), network_boss(house)
    mine = make_draft(chief, own_content("metz"), "metz")
    with pytest.raises(NotAllowed):
        publish(chief, mine)
    with pytest.raises(NotAllowed):
        make_draft(chief, own_content("nancy"), "nancy")
    with pytest.raises(NotAllowed):
        make_draft(chief, charter_content())
    publish(boss, mine)
    assert the_cards().card_for("metz", JANUARY).version == 2


def test_an_announced_version_is_withdrawn_and_its_number_never_given_again(house: Flask) -> None:
    boss = network_boss(house)
    dear = changed(charter_content(), "rows.seat.day", "150.00")
    publish(boss, make_draft(boss, dear))
    with pytest.raises(CardInForce):
        withdraw(boss, None, 1)
    withdraw(boss, None, 2)
    assert the_cards().card_for("metz", JANUARY).version == 1
    with pytest.raises(CardInForce):
        withdraw(boss, None, 2)
    publish(boss, make_draft(boss, charter_content()))
    assert the_cards().card_for("metz", JANUARY).version == 3
    with reading() as session:
        told = [(one.number, one.withdrawn_for) for one in queries.versions_of(session, "metz")]
        assert [one.number for one in queries.charters(session)] == [3, 2, 1]
    assert told == [(3, None), (2, "Erreur de frappe"), (1, None)]


def test_a_version_in_force_or_unknown_is_not_withdrawn(house: Flask) -> None:
    boss = network_boss(house)
    publish(boss, make_draft(boss, own_content("metz"), "metz"), on=TODAY)
    with pytest.raises(CardInForce):
        withdraw(boss, "metz", 2)
    with pytest.raises(UnknownCard):
        withdraw(boss, "metz", 9)
    with pytest.raises(NotAllowed):
        withdraw(site_boss(house), "metz", 2)


def test_files_do_not_overrule_what_somebody_published(house: Flask) -> None:
    boss = network_boss(house)
    publish(boss, make_draft(boss, changed(charter_content(), "rows.seat.day", "16.00")))
    with clock.freeze(NOW):
        told = load_network(NETWORK_FOLDER)
    assert [line for line in told if "metz" in line] == [
        (
            "rate card metz: version 2 stays, for cards were published on screen;"
            " import the file as a draft instead"
        )
    ]
    with reading() as session:
        rows = session.scalars(select(RateCardRow.version).order_by(RateCardRow.id))
        assert list(rows) == [1] * 5 + [2] * 5


def test_the_statements_of_a_publication_do_not_grow_with_its_drafts(house: Flask) -> None:
    boss = network_boss(house)
    the_cards()  # read once per revision of the network
    counts = []
    for more in (0, 12):
        for _ in range(more):
            make_draft(boss, charter_content())
        with counting(house) as counted, reading() as session:
            standing = queries.find_standing(session, find_network(session))
            queries.open_drafts(session)
        assert standing.charter is not None
        counts.append(len(counted))
    assert counts[1] == counts[0] <= 8
