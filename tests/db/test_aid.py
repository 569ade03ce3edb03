"""The ledger of state aid on both engines: headroom at signature, reversals, linked companies."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.db.base import db
from app.db.ddl import is_change
from app.db.transaction import reading, transaction
from app.domain.errors import (
    AidCeilingExceeded,
    AidDeclarationMissing,
    BadCompanyLink,
    NotAllowed,
    UnknownAid,
)
from app.domain.ids import OrganisationId
from app.domain.kinds import SpaceKind
from app.domain.lease_states import LeaseState
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.rents import Stage
from app.domain.tariffs import Asked, quote, rate_card_from
from app.entitlements.service import reverse_right
from app.leases import aid_words, service
from app.leases.aid import AidSource, Declared
from app.leases.aid_csv import aid_register
from app.leases.aid_rules import aid_rules
from app.leases.aid_tables import AidEntryRow
from app.leases.lease import Inventory, Way
from app.leases.queries.aid import (
    aid_of_organisations,
    aid_of_sites,
    assess,
    links_of,
    undertaking_of,
)
from app.leases.service.aid import Grant
from app.leases.service.rebates import rebates_in
from app.people import service as people
from app.people.queries import colleagues
from app.people.service import Holder
from app.spaces.queries import find_network
from tests import rights
from tests.stays import actor_of, add_person, stay
from tests.tenants import ITEMS, add_manager, add_tenant, declared, entered, signed, wish
from tests.unit.domain.places import MONDAY, charter_content, ordinary_calendar, span

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 12, 1), date(2029, 11, 30)
ELSEWHERE = Declared(date(2025, 5, 2), "Région Grand Est", "(UE) 2023/2831", Money(29_900_000))


def test_a_signature_enters_the_aid_of_its_stages_to_the_cent(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = signed(session, manager, wish(tenant, first=FIRST, last=LAST), now=now, on=TODAY)
        (entry,) = aid_of_organisations(session, [tenant])
    assert entry.reference == lease.ref
    assert entry.nominal == Money(202_500)
    # Eight days earlier than the worked example, so a little less.
    assert Money(198_400) < entry.amount < Money(198_598)
    assert entry.basis["percent"] == "2.50"
    assert entry.granter
    assert entry.number == f"TOTEM-{entry.id:06d}"


def test_without_a_declaration_nothing_is_signed(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant, first=FIRST, last=LAST), now=now)
        service.offer(session, manager, draft.ref, now=now)
        declared(session, manager, tenant, TODAY - timedelta(days=61), now=now)
        with pytest.raises(AidDeclarationMissing):
            service.sign(session, manager, draft.ref, signed_on=TODAY, signatory="Paule", now=now)


def test_a_rent_at_the_market_is_signed_without_a_word_of_aid(app: Flask, now: datetime) -> None:
    full = (Stage(36, Decimal(1)),)
    wanted = {"first": FIRST, "last": LAST, "stages": full, "deposit": Money(0)}
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant, **wanted), now=now)  # type: ignore[arg-type]
        service.offer(session, manager, draft.ref, now=now)
        lease = service.sign(
            session, manager, draft.ref, signed_on=TODAY, signatory="Paule", now=now
        )
        assert lease.state is LeaseState.SIGNED
        assert aid_of_organisations(session, [tenant]) == []


def test_over_the_ceiling_nothing_is_signed_nor_taken(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        draft = service.draft_lease(session, manager, wish(tenant, first=FIRST, last=LAST), now=now)
        service.offer(session, manager, draft.ref, now=now)
        declared(session, manager, tenant, TODAY, now=now, aids=(ELSEWHERE,))
        ref = draft.ref
    with app.app_context(), pytest.raises(AidCeilingExceeded) as refusal, transaction() as session:
        service.sign(session, manager, ref, signed_on=TODAY, signatory="Paule", now=now)
    assert refusal.value.left == Money(100_000)
    with app.app_context(), reading() as session:
        assert aid_of_organisations(session, [tenant]) == []


def test_who_has_no_economic_activity_gets_no_aid(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        declared(session, manager, tenant, TODAY, now=now, is_economic=False)
        grant = grant_of(session, tenant)
        assert service.record_aid(session, manager, grant, now=now) is None


def grant_of(session, tenant: OrganisationId, site: str = "metz", *, on: date = TODAY, **more):
    from app.domain.aid import Rebate

    values = {
        "organisation_id": tenant,
        "site": find_network(session).get_site(site),
        "source": AidSource.LEASE,
        "reference": "test",
        "rebates": (Rebate(on, Money(10_000_000), Money(0)),),
        "granted_on": on,
    }
    return Grant(**{**values, **more})


def test_aid_of_linked_companies_counts_together_at_all_totems(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager = add_manager(session)
        one, two, three = (add_tenant(session, name)[0] for name in ("A SAS", "B SAS", "C SAS"))
        for tenant in (one, two, three):
            declared(session, manager, tenant, TODAY, now=now)
        service.link_companies(session, manager, two, one, reason="Filiale", now=now)
        service.link_companies(session, manager, two, three, reason="Filiale", now=now)
        assert undertaking_of(session, one) == {one, two, three}
        for tenant, site in ((one, "metz"), (two, "nancy"), (three, "epinal")):
            assert service.record_aid(session, manager, grant_of(session, tenant, site), now=now)
        with pytest.raises(AidCeilingExceeded):
            service.record_aid(session, manager, grant_of(session, one, reference="b"), now=now)
        link = links_of(session, [one])[0]
        service.unlink_companies(session, manager, link.id, now=now)
        assert undertaking_of(session, one) == {one}
        assert service.record_aid(session, manager, grant_of(session, one, reference="b"), now=now)


def test_a_company_is_linked_with_another_once_and_never_with_itself(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager = add_manager(session)
        one, two = (add_tenant(session, name)[0] for name in ("A SAS", "B SAS"))
        service.link_companies(session, manager, one, two, reason="x", now=now)
        for first, second in ((two, one), (one, one)):
            with pytest.raises(BadCompanyLink):
                service.link_companies(session, manager, first, second, reason="x", now=now)
        service.unlink_companies(session, manager, links_of(session, [one])[0].id, now=now)
        with pytest.raises(BadCompanyLink):
            service.unlink_companies(session, manager, 4_000_000, now=now)


def test_an_aid_of_three_years_ago_no_longer_counts(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        old = date(2024, 3, 1)
        declared(session, manager, tenant, old, now=now)
        service.record_aid(session, manager, grant_of(session, tenant, on=old), now=now)
        last_day = assess(session, organisation_id=tenant, granted_on=date(2027, 3, 1))
        day_after = assess(session, organisation_id=tenant, granted_on=date(2027, 3, 2))
    assert last_day.received == Money(10_000_000)
    assert day_after.received == Money(0)


def test_a_signature_dated_before_another_aid_finds_no_room_in_the_past(
    app: Flask, now: datetime
) -> None:
    yesterday = TODAY - timedelta(days=1)
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        declared(session, manager, tenant, yesterday, now=now)
        for reference in ("a", "b"):
            grant = grant_of(session, tenant, reference=reference)
            service.record_aid(session, manager, grant, now=now)
        late = grant_of(session, tenant, on=yesterday, reference="c")
        assert service.record_aid(session, manager, late, now=now)
        late = grant_of(session, tenant, on=yesterday, reference="d")
        with pytest.raises(AidCeilingExceeded):
            service.record_aid(session, manager, late, now=now)


def test_a_reversal_gives_room_back_once_and_the_ledger_keeps_both(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, owner) = add_manager(session), add_tenant(session)
        declared(session, manager, tenant, TODAY, now=now)
        service.record_aid(session, manager, grant_of(session, tenant), now=now)
        (entry,) = aid_of_organisations(session, [tenant])
        with pytest.raises(NotAllowed):
            service.reverse_aid(session, owner, entry.id, reason="x", now=now)
        service.reverse_aid(session, manager, entry.id, reason="Bail rompu", now=now)
        for number in (entry.id, entry.id + 1, 4_000_000):
            with pytest.raises(UnknownAid):
                service.reverse_aid(session, manager, number, reason="x", now=now)
        reversal, first = aid_of_organisations(session, [tenant])
        assert (reversal.amount, reversal.reverses_id) == (-entry.amount, entry.id)
        assert not first.stands
        found = assess(session, organisation_id=tenant, granted_on=TODAY)
        assert found.received == Money(0)
        # What stands no more may be entered anew.
        assert service.record_aid(session, manager, grant_of(session, tenant), now=now)
        assert service.record_aid(session, manager, grant_of(session, tenant), now=now) is None


def test_who_leaves_early_gives_the_aid_not_received_back(app: Flask, now: datetime) -> None:
    out = Inventory(Way.OUT, date(2025, 9, 30), keys=2, items=ITEMS)
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        service.leave(session, manager, lease.ref, out, now=now)
        enjoyed, reversal, first = aid_of_organisations(session, [tenant])
        received = assess(session, organisation_id=tenant, granted_on=TODAY).received
    assert first.nominal == Money(135_000 + 67_500)  # two years at 50 and 75 per cent
    assert (reversal.reverses_id, reversal.amount) == (first.id, -first.amount)
    assert enjoyed.nominal == Money(135_000 + 67_500 // 4)
    assert enjoyed.granted_on == reversal.granted_on == first.granted_on
    assert received == enjoyed.amount < first.amount
    with app.test_request_context():
        assert "avant son terme" in aid_words.reason(reversal)
        assert aid_words.reason(enjoyed) == ""
    assert "bail rendu avant son terme le 2025-09-30" in aid_register([enjoyed, reversal, first])


def test_who_leaves_when_no_aid_is_left_to_come_changes_nothing(
    sqlite_app: Flask, now: datetime
) -> None:
    out = Inventory(Way.OUT, date(2026, 9, 30), keys=2, items=ITEMS)  # paying all since July
    with sqlite_app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        lease = entered(session, manager, wish(tenant), now=now)
        service.leave(session, manager, lease.ref, out, now=now)
        (entry,) = aid_of_organisations(session, [tenant])
    assert entry.stands


def test_the_database_itself_refuses_to_change_the_ledger(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        declared(session, manager, tenant, TODAY, now=now)
        service.record_aid(session, manager, grant_of(session, tenant), now=now)
    for change in (update(AidEntryRow).values(amount_minor=1), delete(AidEntryRow)):
        with app.app_context(), db.engine.connect() as connection:
            with pytest.raises(IntegrityError) as refused:
                connection.execute(change)
            assert is_change(refused.value)
            connection.rollback()
            assert connection.execute(select(AidEntryRow.amount_minor)).scalar() == 10_000_000


def test_of_two_signatures_at_once_only_one_finds_the_last_headroom(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        declared(session, manager, tenant, TODAY, now=now)
        for reference in ("a", "b"):
            service.record_aid(
                session, manager, grant_of(session, tenant, reference=reference), now=now
            )
    outcomes: list[str] = []

    def sign(reference: str) -> None:
        try:
            with app.app_context(), transaction() as session:
                grant = grant_of(session, tenant, reference=reference)
                outcomes.append(service.record_aid(session, manager, grant, now=now) or "")
        except AidCeilingExceeded:
            outcomes.append("refused")

    threads = [threading.Thread(target=sign, args=(name,)) for name in ("c", "d", "e")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1:] == ["refused", "refused"]


class TestRebatesOfProfiles:
    """Whoever pays below the base as an organisation is spared something every month."""

    @pytest.fixture
    def payer(self, app: Flask, now: datetime) -> OrganisationId:
        from app.bookings import service as bookings

        with app.app_context(), transaction() as session:
            tenant, owner = add_tenant(session)
            people.choose_payer(session, owner, tenant)
            people.grant_profile(
                session,
                None,
                holder=Holder(organisation_id=tenant),
                profile=Profile.STARTUP_UNDER_3,
                valid_from=TODAY,
                valid_until=date(2027, 12, 31),
                reason="test",
                now=now,
            )
            bookings.book(session, owner, stay("10:00-12:00"), now=now)
            private = add_person(session, "Privé")
            bookings.book(session, private, stay("14:00-16:00"), now=now)
        return tenant

    def test_a_month_is_valued_when_it_is_over_and_once(
        self, app: Flask, now: datetime, payer: OrganisationId
    ) -> None:
        december = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
        with app.app_context(), transaction() as session:
            network = find_network(session)
            assert service.value_month(session, network.sites, TODAY, now=now) == []
            made = service.value_month(session, network.sites, TODAY, now=december)
            assert len(made) == 1
            assert service.value_month(session, network.sites, TODAY, now=december) == []
            (entry,) = aid_of_organisations(session, [payer])
            metz = network.get_site("metz").id
            found = aid_of_sites(session, [metz], since=date(2026, 11, 1), until=LAST)
        assert found == [entry]
        assert (entry.source, entry.reference) == (AidSource.REBATES, "2026-11")
        assert entry.granted_on == date(2026, 11, 30)
        # Two hours of the room of twelve: 50.00 at the market, three quarters of it paid.
        assert entry.nominal == Money(1250)
        assert entry.amount == Money(1250)

    def test_a_pack_counts_by_what_it_spared_and_no_more_once_taken_back(
        self, app: Flask, now: datetime, payer: OrganisationId
    ) -> None:
        december = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
        with app.app_context(), reading() as session:
            (owner_id,) = (each.account_id for each in colleagues(session, payer))
            owner = actor_of(session, owner_id)
        order = rights.wish("ten_days", organisation=payer)
        rights.bought(app, owner, order, now)
        slip = rights.bought(app, owner, order, now)
        with app.app_context(), transaction() as session:
            network, manager = find_network(session), add_manager(session)
            reverse_right(session, network, manager, slip, reason="Saisi deux fois", now=now)
            service.value_month(session, network.sites, TODAY, now=december)
            (entry,) = aid_of_organisations(session, [payer])
        # The room, and one pack of 127.50 for 95.63.
        assert entry.nominal == Money(1250 + 3187)

    def test_what_comes_with_a_month_has_no_price_of_its_own_to_be_spared(
        self, app: Flask, now: datetime, payer: OrganisationId
    ) -> None:
        december = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
        with app.app_context(), reading() as session:
            (owner_id,) = (each.account_id for each in colleagues(session, payer))
            owner = actor_of(session, owner_id)
        order = rights.wish("month_own_seat", organisation=payer)
        month = rights.right(app, rights.bought(app, owner, order, now))
        assert month.quote is not None
        spared = sum(each.amount.minor for each in rebates_in(month.quote.to_json(), TODAY))
        assert spared > 0
        with app.app_context(), transaction() as session:
            service.value_month(session, find_network(session).sites, TODAY, now=december)
            (entry,) = aid_of_organisations(session, [payer])
        assert entry.nominal == Money(1250 + spared)


@pytest.mark.parametrize(
    ("factor", "hours", "market", "paid"),
    [
        ("0.75", "09:00-10:00", 2500, 1875),
        ("0", "09:00-10:00", 2500, 0),  # what costs nothing is worth its whole price
        ("0", "09:00-09:20", 833, 0),
        ("0.99", "09:00-10:07", 2792, 2764),  # 27.9166…, not 27.64 / 0.99 = 27.9191…
    ],
)
def test_a_rebate_is_measured_from_the_price_of_everybody(
    factor: str, hours: str, market: int, paid: int
) -> None:
    content = charter_content()
    content["families"]["rooms"]["profiles"]["startup_under_3"] = factor
    asked = Asked(
        SpaceKind.MEETING_ROOM,
        12,
        span(MONDAY, hours),
        profiles=frozenset({Profile.STARTUP_UNDER_3}),
    )
    priced = quote(rate_card_from(content), asked, ordinary_calendar())
    (rebate,) = rebates_in(priced.to_json(), TODAY)
    assert (rebate.market, rebate.paid) == (Money(market), Money(paid))


def test_who_pays_the_base_or_more_is_spared_nothing() -> None:
    for profiles in (frozenset[Profile](), frozenset({Profile.LARGE_COMPANY})):
        asked = Asked(SpaceKind.MEETING_ROOM, 12, span(MONDAY, "09:00-10:00"), profiles=profiles)
        priced = quote(rate_card_from(charter_content()), asked, ordinary_calendar())
        assert list(rebates_in(priced.to_json(), TODAY)) == []


def test_the_rules_of_the_network_know_every_day_of_the_regulation() -> None:
    days = [(rule.valid_from, rule.valid_until, rule.ceiling) for rule in aid_rules()]
    assert (date(2024, 1, 1), date(2030, 12, 31), Money(30_000_000)) in days
