"""Roles and profiles: granted by who may, ended, logged, and never to the last manager's loss."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from app.db.transaction import reading, transaction
from app.domain.errors import (
    AlreadyGranted,
    BadValidity,
    LastManager,
    NotAllowed,
    UnknownAccount,
    UnknownGrant,
    UnknownOrganisation,
    UnknownRole,
)
from app.domain.ids import OrganisationId, SiteCode
from app.domain.permissions import Actor, Role
from app.domain.profiles import Profile, ProvenProfile
from app.people import queries, service
from app.people.service import Holder
from tests.databases import Counted
from tests.members import Member, acting, add_member, make_member, make_organisation, scalar

METZ, NANCY = SiteCode("metz"), SiteCode("nancy")
Count = Callable[[], AbstractContextManager[Counted]]


def grant(
    app: Flask, actor: Actor | None, to: Member, role: Role, site: SiteCode | None, now: datetime
) -> int:
    with app.app_context(), transaction() as session:
        return service.grant_role(
            session, actor, account_id=to.id, role=role, site=site, reason="test", now=now
        )


def revoke(app: Flask, actor: Actor, role_id: int, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        service.revoke_role(session, actor, role_id, now=now)


def prove(
    app: Flask,
    actor: Actor | None,
    holder: Holder,
    profile: Profile,
    now: datetime,
    *,
    days: int = 365,
) -> int:
    first = now.date()
    with app.app_context(), transaction() as session:
        return service.grant_profile(
            session,
            actor,
            holder=holder,
            profile=profile,
            valid_from=first,
            valid_until=first + timedelta(days=days),
            reason="carte vue",
            now=now,
        )


def test_a_role_counts_from_the_grant_to_the_revocation(app: Flask, now: datetime) -> None:
    boss = make_member(app, "Boss", role=Role.MANAGER, site="metz")
    bruno = make_member(app, "Bruno")
    role_id = grant(app, acting(app, boss), bruno, Role.CONCIERGE, METZ, now)
    assert acting(app, bruno).has(Role.CONCIERGE, METZ)
    assert not acting(app, bruno).has(Role.CONCIERGE, NANCY)
    revoke(app, acting(app, boss), role_id, now)
    assert acting(app, bruno).grants == frozenset()


@pytest.mark.parametrize(
    ("holder_role", "holder_site", "role", "site"),
    [
        (None, None, Role.CONCIERGE, METZ),
        (Role.CONCIERGE, "metz", Role.CONCIERGE, METZ),
        (Role.MANAGER, "metz", Role.CONCIERGE, NANCY),
        (Role.MANAGER, "metz", Role.NETWORK_MANAGER, None),
    ],
)
def test_nobody_grants_above_themselves_or_elsewhere(
    app: Flask,
    now: datetime,
    holder_role: Role | None,
    holder_site: str | None,
    role: Role,
    site: SiteCode | None,
) -> None:
    giver = make_member(app, "Giver", role=holder_role, site=holder_site)
    with pytest.raises(NotAllowed):
        grant(app, acting(app, giver), giver, role, site, now)
    assert scalar(app, "SELECT count(*) FROM roles WHERE reason = 'test'") == 0


def test_nobody_revokes_elsewhere(app: Flask, now: datetime) -> None:
    giver = make_member(app, "Giver", role=Role.MANAGER, site="metz")
    other = make_member(app, "Other")
    role_id = grant(app, None, other, Role.CONCIERGE, NANCY, now)
    with pytest.raises(NotAllowed):
        revoke(app, acting(app, giver), role_id, now)
    assert acting(app, other).has(Role.CONCIERGE, NANCY)


@pytest.mark.parametrize(
    ("role", "site"), [(Role.CONCIERGE, None), (Role.MANAGER, None), (Role.NETWORK_MANAGER, METZ)]
)
def test_a_role_is_of_a_site_or_of_the_network(
    app: Flask, now: datetime, role: Role, site: SiteCode | None
) -> None:
    with pytest.raises(UnknownRole):
        grant(app, None, make_member(app), role, site, now)


@pytest.mark.parametrize(("role", "site"), [(Role.CONCIERGE, METZ), (Role.NETWORK_MANAGER, None)])
def test_a_role_is_granted_once_and_again_after_its_end(
    app: Flask, now: datetime, role: Role, site: SiteCode | None
) -> None:
    boss = make_member(app, "Boss", role=Role.NETWORK_MANAGER)
    bruno = make_member(app, "Bruno")
    first = grant(app, acting(app, boss), bruno, role, site, now)
    with pytest.raises(AlreadyGranted):
        grant(app, acting(app, boss), bruno, role, site, now)
    revoke(app, acting(app, boss), first, now)
    grant(app, acting(app, boss), bruno, role, site, now)
    with app.app_context(), reading() as session:
        assert len(queries.roles_of(session, bruno.id)) == 2


def test_a_role_for_nobody_is_refused(app: Flask, now: datetime) -> None:
    with pytest.raises(UnknownAccount), app.app_context(), transaction() as session:
        service.grant_role(session, None, account_id=4711, role=Role.MANAGER, site=METZ, now=now)


def test_a_role_ends_once(app: Flask, now: datetime) -> None:
    boss = make_member(app, "Boss", role=Role.NETWORK_MANAGER)
    role_id = grant(app, None, make_member(app), Role.CONCIERGE, METZ, now)
    revoke(app, acting(app, boss), role_id, now)
    for gone in (role_id, 4711):
        with pytest.raises(UnknownGrant):
            revoke(app, acting(app, boss), gone, now)


def test_whose_rights_change_signs_in_anew(app: Flask, now: datetime) -> None:
    bruno = make_member(app, "Bruno")
    with app.app_context(), transaction() as session:
        key = service.open_session(session, bruno.id, agent="", now=now)
    grant(app, None, bruno, Role.CONCIERGE, METZ, now)
    with app.app_context(), reading() as session:
        assert queries.find_by_session(session, key, now=now) is None


def test_the_last_network_manager_stays(app: Flask, now: datetime) -> None:
    boss = make_member(app, "Boss")
    role_id = grant(app, None, boss, Role.NETWORK_MANAGER, None, now)
    actor = acting(app, boss)
    with pytest.raises(LastManager):
        revoke(app, actor, role_id, now)
    with pytest.raises(LastManager), app.app_context(), transaction() as session:
        service.disable_account(session, actor, boss.id, now=now)
    assert acting(app, boss).has(Role.NETWORK_MANAGER)


def test_a_closed_account_does_not_count_as_a_manager(app: Flask, now: datetime) -> None:
    boss, other = make_member(app, "Boss"), make_member(app, "Other", role=Role.NETWORK_MANAGER)
    role_id = grant(app, None, boss, Role.NETWORK_MANAGER, None, now)
    actor = acting(app, boss)
    with app.app_context(), transaction() as session:
        service.disable_account(session, actor, other.id, now=now)
    with pytest.raises(LastManager):
        revoke(app, actor, role_id, now)


def test_two_managers_who_revoke_each_other_at_once_leave_one(app: Flask, now: datetime) -> None:
    anna, boris = make_member(app, "Anna"), make_member(app, "Boris")
    role_of_anna = grant(app, None, anna, Role.NETWORK_MANAGER, None, now)
    role_of_boris = grant(app, None, boris, Role.NETWORK_MANAGER, None, now)
    actors = acting(app, anna), acting(app, boris)
    refused: list[LastManager] = []
    start = threading.Barrier(2)

    def act(actor: Actor, role_id: int) -> None:
        start.wait()
        try:
            revoke(app, actor, role_id, now)
        except LastManager as error:
            refused.append(error)

    threads = [
        threading.Thread(target=act, args=(actors[0], role_of_boris)),
        threading.Thread(target=act, args=(actors[1], role_of_anna)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = scalar(app, "SELECT count(*) FROM roles WHERE revoked_at IS NULL")
    assert (len(refused), left) == (1, 1)


def test_a_profile_counts_on_its_days_both_included(
    app: Flask, now: datetime, count_statements: Count
) -> None:
    member = make_member(app)
    prove(app, None, Holder(account_id=member.id), Profile.STUDENT, now, days=2)
    first = now.date()
    proven = ProvenProfile(Profile.STUDENT, first, first + timedelta(days=2))
    expected = [(), (proven,), (proven,), (proven,), ()]
    with app.app_context(), reading() as session, count_statements() as counted:
        found = [
            queries.paying(session, account_id=member.id, on=first + timedelta(days=shift)).profiles
            for shift in range(-1, 4)
        ]
    assert found == expected
    assert len(counted) == 5


def test_the_payer_sets_the_profile(app: Flask, now: datetime, count_statements: Count) -> None:
    member = make_member(app)
    company = make_organisation(app, member)
    prove(app, None, Holder(account_id=member.id), Profile.STUDENT, now)
    prove(app, None, Holder(organisation_id=company), Profile.STARTUP_UNDER_3, now)
    prove(app, None, Holder(organisation_id=company), Profile.ASSOCIATION, now, days=1)
    today = now.date()

    def paying(on: date = today) -> tuple[OrganisationId | None, list[Profile]]:
        with app.app_context(), reading() as session, count_statements() as counted:
            found = queries.payer(session, member.id, on=on)
        assert len(counted) == 1
        assert (found.name, found.email, found.locale) == (member.name, member.email, "fr")
        return found.organisation_id, [each.profile for each in found.profiles]

    assert paying() == (None, [Profile.STUDENT])
    with app.app_context(), transaction() as session:
        service.choose_payer(session, acting_in(session, member), company)
    assert paying() == (company, [Profile.STARTUP_UNDER_3, Profile.ASSOCIATION])
    assert paying(today + timedelta(days=5)) == (company, [Profile.STARTUP_UNDER_3])
    assert paying(today - timedelta(days=5)) == (company, [])


def acting_in(session: object, member: Member) -> Actor:
    """Give somebody as they act, within an open transaction."""
    found = queries.actor_of(session, member.id)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_payer_nobody_knows_is_an_error(app: Flask, now: datetime) -> None:
    with pytest.raises(UnknownAccount), app.app_context(), reading() as session:
        queries.payer(session, 4711, on=now.date())


def test_an_ended_profile_counts_no_more(app: Flask, now: datetime) -> None:
    member = make_member(app)
    clerk = acting(app, make_member(app, "Clerk", role=Role.CONCIERGE, site="metz"))
    profile_id = prove(app, clerk, Holder(account_id=member.id), Profile.STUDENT, now)
    with app.app_context(), transaction() as session:
        service.end_profile(session, clerk, profile_id, now=now)
        assert queries.paying(session, account_id=member.id, on=now.date()).profiles == ()
    with pytest.raises(UnknownGrant), app.app_context(), transaction() as session:
        service.end_profile(session, clerk, profile_id, now=now)


def test_nobody_judges_their_own_proof(app: Flask, now: datetime) -> None:
    clerk = make_member(app, "Clerk", role=Role.CONCIERGE, site="metz")
    company = make_organisation(app, clerk)
    actor = acting(app, clerk)
    for holder in (Holder(account_id=clerk.id), Holder(organisation_id=company)):
        with pytest.raises(NotAllowed):
            prove(app, actor, holder, Profile.STUDENT, now)


def test_only_staff_accepts_proofs(app: Flask, now: datetime) -> None:
    member, other = make_member(app), make_member(app, "Other")
    with pytest.raises(NotAllowed):
        prove(app, acting(app, other), Holder(account_id=member.id), Profile.STUDENT, now)


def test_a_profile_for_nobody_or_backwards_is_refused(app: Flask, now: datetime) -> None:
    member = make_member(app)
    with pytest.raises(BadValidity):
        prove(app, None, Holder(account_id=member.id), Profile.STUDENT, now, days=-1)
    with pytest.raises(UnknownAccount):
        prove(app, None, Holder(), Profile.STUDENT, now)
    with pytest.raises(UnknownOrganisation):
        prove(app, None, Holder(organisation_id=OrganisationId(4711)), Profile.STUDENT, now)


def test_the_log_keeps_who_granted_what_and_why(app: Flask, now: datetime) -> None:
    boss = make_member(app, "Boss", role=Role.MANAGER, site="metz")
    bruno = make_member(app, "Bruno")
    company = make_organisation(app, bruno)
    actor = acting(app, boss)
    role_id = grant(app, actor, bruno, Role.CONCIERGE, METZ, now)
    revoke(app, actor, role_id, now + timedelta(hours=1))
    prove(app, actor, Holder(organisation_id=company), Profile.ASSOCIATION, now + timedelta(days=1))
    with app.app_context(), reading() as session:
        log = queries.grants_log(session)
    newest, role, oldest = log
    assert isinstance(newest, queries.GrantedProfile)
    assert (newest.holder, newest.granted_by, newest.reason) == (
        "Quetsche SAS",
        "Boss",
        "carte vue",
    )
    assert isinstance(role, queries.GrantedRole)
    assert (role.holder, role.role, role.site) == ("Bruno", Role.CONCIERGE, METZ)
    assert (role.revoked_by, role.revoked_at) == ("Boss", now + timedelta(hours=1))
    assert oldest.granted_by is None  # by the operator's command


def test_who_is_behind_a_cookie_or_token_is_one_statement(
    app: Flask, now: datetime, count_statements: Count
) -> None:
    member = make_member(app, role=Role.CONCIERGE, site="metz")
    grant(app, None, member, Role.MANAGER, NANCY, now)
    owned, joined = make_organisation(app, member), make_organisation(app, make_member(app, "Boss"))
    add_member(app, joined, member)
    with app.app_context(), transaction() as session:
        key = service.open_session(session, member.id, agent="", now=now)
        token = service.issue_token(
            session, account_id=member.id, name="x", scopes=frozenset(), now=now
        )
    with app.app_context(), reading() as session, count_statements() as counted:
        by_session = queries.find_by_session(session, key, now=now)
        by_token = queries.find_by_token(session, token, now=now)
    assert len(counted) == 2
    assert by_session is not None
    assert by_token is not None
    assert by_session.actor.has(Role.CONCIERGE, METZ)
    assert by_session.actor.has(Role.MANAGER, NANCY)
    assert by_session.actor.organisations_owned == {owned}
    assert by_session.actor.organisations == {owned, joined}
    assert by_session.actor.scopes is None
    assert by_token.actor.scopes == frozenset()
    assert by_token.actor.grants == by_session.actor.grants
