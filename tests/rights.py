"""Rights for tests: sold, credited and looked at, with visible defaults."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from sqlalchemy import select

from app.db.transaction import reading, transaction
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Actor
from app.domain.tariffs import RightKind
from app.entitlements import queries, service
from app.entitlements.entitlement import Entitlement, Entry
from app.entitlements.service import Credit, Order
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards

MONDAY = date(2026, 11, 23)


def wish(
    product: str = "ten_half_days",
    *,
    site: str = "metz",
    first: date = MONDAY,
    organisation: OrganisationId | None = None,
    to_month_end: bool = False,
) -> Order:
    """Give an order as a form makes it."""
    return Order(product, SiteCode(site), first, organisation, to_month_end)


def bought(app: Flask, actor: Actor, order: Order, now: datetime) -> int:
    """Let somebody order for themselves; gives the right's number."""
    with app.app_context(), transaction() as session:
        network = find_network(session)
        cards = find_cards(session, network)
        return service.order(session, network, cards, actor, order, now=now)


def credited(
    app: Flask,
    staff: Actor,
    person: AccountId,
    now: datetime,
    *,
    kind: RightKind = RightKind.HALF_DAYS,
    amount: int = 1,
    until: date = date(2026, 12, 31),
    site: str = "metz",
) -> int:
    """Let the desk give somebody something; gives the right's number."""
    given = Credit(SiteCode(site), kind, amount, until, "panne de chauffage")
    with app.app_context(), transaction() as session:
        return service.credit(session, find_network(session), staff, person, given, now=now)


def right(app: Flask, right_id: int) -> Entitlement:
    """Give a right as it stands."""
    with app.app_context(), reading() as session:
        return queries.get_right(session, find_network(session), right_id)


def entries(app: Flask, right_id: int) -> list[Entry]:
    """Give the movements of a right."""
    with app.app_context(), reading() as session:
        return queries.entries_of(session, find_network(session), [right_id]).get(right_id, [])


def balances(app: Flask) -> dict[int, tuple[int, int]]:
    """Give, for each right, its balance and the sum of its entries."""
    with app.app_context(), reading() as session:
        kept = {row.id: row.balance for row in session.scalars(select(EntitlementRow))}
        sums = dict.fromkeys(kept, 0)
        for row in session.scalars(select(EntitlementEntryRow)):
            sums[row.entitlement_id] += row.amount
    return {number: (kept[number], sums[number]) for number in kept}
