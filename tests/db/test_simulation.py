"""What past bookings would have cost: sums that add up, two statements, nothing changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.billing.queries import past_stays
from app.billing.simulating import Simulation, simulate
from app.bookings import service as bookings
from app.db.transaction import reading, transaction
from app.domain.ids import SiteCode
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.permissions import Actor, Role
from app.domain.profiles import Profile
from app.domain.tariffs import Family, RateCard, rate_card_from
from app.people.service import Holder, grant_profile
from app.spaces.queries import find_network
from app.tariffs import queries
from tests.cards import changed, charter_content, make_draft, network_boss
from tests.conftest import NOW
from tests.databases import counting
from tests.members import BORN, Member, acting, make_member, sign_in
from tests.stays import MIRABELLE, stay

MONTH = Span(datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC))
DAY = date(2026, 11, 24)


@pytest.fixture
def nora(app: Flask) -> Member:
    """Somebody who books rooms."""
    return make_member(app, "Nora")


def book(app: Flask, member: Member, hours: str, *, day: date = DAY, space: str = MIRABELLE) -> str:
    with app.app_context(), transaction() as session:
        wanted = stay(hours, space, day=day)
        return bookings.book(session, Actor(member.id), wanted, now=NOW).ref


def card_with(path: str, value: str | None, site: str = "metz") -> dict[SiteCode, RateCard]:
    """Give the card of a site with one line changed."""
    with reading() as session:
        latest = queries.latest_versions(session)[SiteCode(site)]
    content = changed(latest.content, path, value)
    whole = {**content, "version": 2, "effective_on": "2027-01-01", "deliberation": "x"}
    return {SiteCode(site): rate_card_from(whole)}


def simulated(cards: dict[SiteCode, RateCard]) -> Simulation:
    with reading() as session:
        return simulate(past_stays(session, find_network(session), MONTH), cards)


def test_a_dearer_hour_is_felt_by_whoever_booked_by_the_hour(app: Flask, nora: Member) -> None:
    ref = book(app, nora, "10:00-12:00")
    book(app, nora, "08:30-18:00", day=DAY + timedelta(days=1))
    with app.app_context():
        found = simulated(card_with("rows.meeting_12.hour", "30.00"))
    assert (found.total.count, found.total.difference) == (2, 1000)
    assert [(each.stay.ref, each.difference) for each in found.biggest] == [(ref, 1000)]
    assert found.by_site[SiteCode("metz")].difference == 1000
    assert found.by_family[Family.ROOMS].before == found.total.before
    assert found.by_profile[Profile.SMALL_BUSINESS].after == found.total.after
    assert found.unsold == ()


def test_the_card_in_force_changes_nothing(app: Flask, nora: Member) -> None:
    book(app, nora, "10:00-12:00")
    with app.app_context():
        found = simulated(card_with("rows.laser.hour", "20.00"))
    assert (found.total.count, found.total.difference, found.biggest) == (1, 0, ())


def test_another_proof_of_the_same_day_may_become_the_better_one(app: Flask, nora: Member) -> None:
    for profile in (Profile.PARTNER, Profile.ASSOCIATION):
        with app.app_context(), transaction() as session:
            grant_profile(
                session,
                None,
                holder=Holder(account_id=nora.id),
                profile=profile,
                valid_from=BORN.date(),
                valid_until=date(2026, 12, 31),
                reason="vu",
                now=BORN,
            )
    book(app, nora, "08:30-18:00")
    with app.app_context():
        found = simulated(card_with("families.rooms.profiles.partner", "0.50"))
    before, after = 8400, 7000
    assert (found.total.before, found.total.after) == (before, after)
    assert found.by_profile[Profile.ASSOCIATION].difference == after - before


def test_what_would_not_be_sold_any_more_is_named_and_not_summed(app: Flask, nora: Member) -> None:
    with app.app_context(), reading() as session:
        metz = find_network(session).get_site("metz")
    hall = next(each.code for each in metz.spaces if each.kind is SpaceKind.CONFERENCE)
    ref = book(app, nora, "18:00-22:00", day=DAY + timedelta(days=3), space=hall)
    boss = network_boss(app)
    with app.app_context(), transaction() as session:
        bookings.approve(session, boss, ref, now=NOW)
    with app.app_context():
        found = simulated(card_with("rows.hall_80.evening", None))
    assert [each.stay.ref for each in found.unsold] == [ref]
    assert (found.total.count, found.total.difference, found.biggest) == (1, 0, ())


def test_cancelled_bookings_and_other_months_do_not_count(app: Flask, nora: Member) -> None:
    book(app, nora, "10:00-12:00", day=date(2026, 12, 1))
    with app.app_context(), transaction() as session:
        ref = bookings.book(session, Actor(nora.id), stay("10:00-12:00"), now=NOW).ref
        bookings.cancel(session, Actor(nora.id), ref, now=NOW)
    with app.app_context():
        assert simulated(card_with("rows.meeting_12.hour", "30.00")).total.count == 0


def test_reading_a_month_takes_two_statements_however_full_it_is(app: Flask, nora: Member) -> None:
    counts = []
    for hour in (8, 10, 12):
        book(app, nora, f"{hour}:00-{hour + 1}:00")
        with app.app_context(), counting(app) as counted, reading() as session:
            network = find_network(session)
            before = len(counted)
            past_stays(session, network, MONTH)
            counts.append(len(counted) - before)
    assert counts == [2, 2, 2]


def test_the_page_shows_the_month_to_whoever_drafts(
    app: Flask, nora: Member, now: datetime
) -> None:
    book(app, nora, "10:00-12:00")
    boss = make_member(app, "Boss", role=Role.NETWORK_MANAGER)
    with app.app_context():
        content = changed(charter_content(), "rows.meeting_12.hour", "30.00")
    actor = acting(app, boss)
    with app.app_context():
        number = make_draft(actor, content)
    client = sign_in(app, boss)
    page = client.get(f"/rates/drafts/{number}/simulation?month=2026-11").get_data(as_text=True)
    assert "+10,00" in page
    assert "Salle Mirabelle" in page
    empty = client.get(f"/rates/drafts/{number}/simulation").get_data(as_text=True)
    assert "Aucune réservation ce mois-là" in empty
    with app.app_context():
        broken = make_draft(actor, changed(content, "rows.meeting_12.hour", "-1"))
    page = client.get(f"/rates/drafts/{broken}/simulation?month=2026-11").get_data(as_text=True)
    assert "ces sites ne sont pas simulés" in page
