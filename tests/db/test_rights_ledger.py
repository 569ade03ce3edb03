"""The ledger of rights: what is sold and credited, entries nobody edits, and taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.base import db
from app.db.ddl import is_change
from app.db.transaction import transaction
from app.domain.entitlements import EntryKind
from app.domain.errors import (
    AlreadyReversed,
    BadBeginning,
    GivesNoRight,
    NotAllowed,
    RightTooSmall,
    RightUsed,
    UnknownProduct,
)
from app.domain.profiles import Profile
from app.domain.tariffs import RightKind
from app.entitlements import service
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from tests.rights import MONDAY, bought, credited, entries, right, wish
from tests.stays import make_person


def reverse(app: Flask, staff: Any, right_id: int, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        network = find_network(session)
        service.reverse_right(session, network, staff, right_id, reason="erreur", now=now)


def test_a_pack_is_bought_at_the_tariff_of_the_person_for_a_year(app: Flask, now: datetime) -> None:
    student = make_person(app, profile=Profile.STUDENT)
    pack = right(app, bought(app, student, wish("ten_half_days"), now))
    assert pack.quote is not None
    assert pack.quote.net.minor == 3060  # 90.00 × 0.85 × 0.40
    assert (pack.valid_from, pack.valid_until) == (MONDAY, date(2027, 11, 22))
    assert (pack.kind, pack.left) == (RightKind.HALF_DAYS, 10)
    assert [entry.kind for entry in entries(app, pack.id)] == [EntryKind.GRANTED]


def test_a_month_with_an_own_seat_brings_hours_of_room_and_prints(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    month = right(app, bought(app, anais, wish("month_own_seat", first=date(2026, 12, 1)), now))
    with app.app_context(), db.engine.connect() as connection:
        parts = connection.execute(
            select(EntitlementRow.kind, EntitlementRow.balance, EntitlementRow.gross_minor)
            .where(EntitlementRow.parent_id == month.id)
            .order_by(EntitlementRow.id)
        ).all()
    assert [tuple(part) for part in parts] == [("minutes", 240, 0), ("pieces", 50, 0)]
    assert month.left is None
    assert month.gross.minor == 25200
    assert month.valid_until == date(2026, 12, 31)
    assert month.resident


def test_the_rest_of_a_month_costs_its_part_to_the_cent(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    order = wish("month_own_seat", first=date(2026, 11, 24), to_month_end=True)
    month = right(app, bought(app, anais, order, now))
    assert month.quote is not None
    assert month.quote.net.minor == 4900  # 210.00 × 7/30
    assert month.valid_until == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        pytest.param(wish("ten_days", first=date(2026, 11, 22)), BadBeginning, id="yesterday"),
        pytest.param(wish("ten_days", first=date(2027, 11, 24)), BadBeginning, id="far away"),
        pytest.param(wish("cleaning"), GivesNoRight, id="a service"),
        pytest.param(wish("gold_card"), UnknownProduct, id="nothing on the card"),
    ],
)
def test_what_is_not_sold_is_refused(
    sqlite_app: Flask, now: datetime, order: Any, refusal: type[Exception]
) -> None:
    anais = make_person(sqlite_app)
    with pytest.raises(refusal):
        bought(sqlite_app, anais, order, now)


def test_staff_sell_at_their_own_totem_only(sqlite_app: Flask, now: datetime) -> None:
    anais = make_person(sqlite_app)
    odile = make_person(sqlite_app, "Odile", concierge_of="nancy")

    def sell(site: str) -> int:
        with sqlite_app.app_context(), transaction() as session:
            network = find_network(session)
            cards = find_cards(session, network)
            return service.sell(
                session, network, cards, odile, anais.account_id, wish(site=site), now=now
            )

    with pytest.raises(NotAllowed):
        sell("metz")
    assert right(sqlite_app, sell("nancy")).holder.account_id == anais.account_id


def test_nobody_credits_or_takes_back_their_own(sqlite_app: Flask, now: datetime) -> None:
    odile = make_person(sqlite_app, "Odile", concierge_of="metz")
    with pytest.raises(NotAllowed):
        credited(sqlite_app, odile, odile.account_id, now)
    own = bought(sqlite_app, odile, wish(), now)
    with pytest.raises(NotAllowed):
        reverse(sqlite_app, odile, own, now)


def test_a_credit_keeps_its_reason(sqlite_app: Flask, now: datetime) -> None:
    anais, odile = make_person(sqlite_app), make_person(sqlite_app, "Odile", concierge_of="metz")
    given = credited(sqlite_app, odile, anais.account_id, now, amount=2)
    (entry,) = entries(sqlite_app, given)
    assert (entry.kind, entry.amount, entry.reason) == (
        EntryKind.CREDITED,
        2,
        "panne de chauffage",
    )
    assert entry.actor == "Odile"


def test_a_right_is_taken_back_whole_and_once(app: Flask, now: datetime) -> None:
    anais, odile = make_person(app), make_person(app, "Odile", concierge_of="metz")
    month = bought(app, anais, wish("month_own_seat"), now)
    reverse(app, odile, month, now)
    with app.app_context(), db.engine.connect() as connection:
        left = connection.execute(select(EntitlementRow.balance)).scalars().all()
    assert list(left) == [0, 0, 0]
    assert not right(app, month).is_usable(MONDAY)
    with pytest.raises(AlreadyReversed):
        reverse(app, odile, month, now)


def test_prints_are_noted_and_a_wrong_note_is_taken_back_once(
    sqlite_app: Flask, now: datetime
) -> None:
    anais, odile = make_person(sqlite_app), make_person(sqlite_app, "Odile", concierge_of="metz")
    month = bought(sqlite_app, anais, wish("month_own_seat"), now)
    prints = month + 2

    def with_session(deed: Callable[..., Any], *rest: Any) -> None:
        with sqlite_app.app_context(), transaction() as session:
            deed(session, find_network(session), odile, *rest, now=now)

    with_session(service.use_pieces, prints, 12)
    assert right(sqlite_app, prints).left == 38
    with pytest.raises(RightTooSmall):
        with_session(service.use_pieces, prints, 39)
    with pytest.raises(RightUsed):
        reverse(sqlite_app, odile, month, now)
    note = entries(sqlite_app, prints)[-1]
    with_session(service.reverse_use, note.id)
    assert right(sqlite_app, prints).left == 50
    with pytest.raises(AlreadyReversed):
        with_session(service.reverse_use, note.id)


def test_the_database_itself_keeps_entries_for_ever(app: Flask, now: datetime) -> None:
    bought(app, make_person(app), wish(), now)
    with app.app_context(), db.engine.connect() as connection:
        for statement in (
            update(EntitlementEntryRow).values(amount=99),
            delete(EntitlementEntryRow),
        ):
            with pytest.raises(IntegrityError) as refused, connection.begin_nested():
                connection.execute(statement)
            assert is_change(refused.value)


def test_the_database_itself_refuses_to_spend_more_than_is_left(app: Flask, now: datetime) -> None:
    pack = bought(app, make_person(app), wish(), now)
    row = {"entitlement_id": pack, "kind": "spent", "at": now, "reason": ""}
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(insert(EntitlementEntryRow).values(amount=-10, **row))
        with pytest.raises(IntegrityError, match="balance_not_negative"):
            connection.execute(insert(EntitlementEntryRow).values(amount=-1, **row))
        connection.rollback()
    assert right(app, pack).left == 10
