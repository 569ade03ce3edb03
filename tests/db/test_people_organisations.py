"""Organisations: an owner is always left, and an invitation is for one address and one use."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain.errors import (
    AlreadyMember,
    BadLink,
    DomainError,
    EmailTaken,
    LastOwner,
    NotAllowed,
    NotForYou,
    TooManyAttempts,
    UnknownAccount,
    UnknownGrant,
    UnknownOrganisation,
)
from app.domain.ids import OrganisationId
from app.domain.permissions import Actor
from app.gateways.vies import VatIdVerdict
from app.people import queries, service
from app.people.service.organisations import MemberRole
from app.people.tables import AccountRow
from tests.members import BORN, Member, acting, add_member, make_member, make_organisation, scalar

GUEST = "bruno@people.example"


def invite(
    app: Flask, actor: Actor, company: OrganisationId, now: datetime, email: str = GUEST
) -> str:
    """Invite an address and give the token that the letter will carry."""
    with app.app_context(), transaction() as session:
        service.invite_colleague(
            session, actor, company, email=email, role=MemberRole.MEMBER, now=now
        )
        payload = session.scalar(select(OutboxRow.payload).order_by(OutboxRow.id.desc()).limit(1))
    return str(json.loads(payload or "{}")["token"])


def accept(app: Flask, actor: Actor, token: str, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        service.accept_invitation(session, actor, token, now=now)


def remove(app: Flask, actor: Actor, company: OrganisationId, member: Member) -> None:
    with app.app_context(), transaction() as session:
        service.remove_member(session, actor, company, member.id, now=BORN)


def members(app: Flask, company: OrganisationId) -> list[tuple[str, str]]:
    with app.app_context(), reading() as session:
        return [(each.name, each.role) for each in queries.colleagues(session, company)]


def test_who_founds_an_organisation_owns_it(app: Flask) -> None:
    anais = make_member(app)
    company = make_organisation(app, anais)
    assert members(app, company) == [("Anaïs", "owner")]
    assert acting(app, anais).organisations_owned == {company}


def test_an_invited_colleague_joins_once(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    token = invite(app, acting(app, anais), company, now)
    accept(app, acting(app, bruno), token, now)
    assert members(app, company) == [("Anaïs", "owner"), ("Bruno", "member")]
    with pytest.raises(BadLink):
        accept(app, acting(app, bruno), token, now)


def test_an_invitation_is_for_its_address_only(app: Flask, now: datetime) -> None:
    anais, carla = make_member(app), make_member(app, "Carla")
    company = make_organisation(app, anais)
    token = invite(app, acting(app, anais), company, now)
    with pytest.raises(NotForYou):
        accept(app, acting(app, carla), token, now)
    bruno = make_member(app, "Bruno")
    accept(app, acting(app, bruno), token, now)  # the wrong person did not use it up


def test_an_invitation_lasts_seven_days(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    token = invite(app, acting(app, anais), company, now)
    with pytest.raises(BadLink):
        accept(app, acting(app, bruno), token, now + timedelta(days=7))
    accept(app, acting(app, bruno), token, now + timedelta(days=7, seconds=-1))


def test_somebody_new_joins_with_an_account_of_their_own(app: Flask, now: datetime) -> None:
    anais = make_member(app)
    company = make_organisation(app, anais)
    token = invite(app, acting(app, anais), company, now)
    with app.app_context(), transaction() as session:
        account_id, joined = service.accept_as_new(
            session, token, name="Bruno", locale="de", password_hash=None, now=now
        )
        person = queries.get_account(session, account_id)
    assert (joined, person.email, person.locale) == (company, GUEST, "de")
    assert person.confirmed_at == now
    assert members(app, company)[1] == ("Bruno", "member")


def test_an_invitation_does_not_take_over_an_account(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    token = invite(app, acting(app, anais), company, now)
    with pytest.raises(EmailTaken), app.app_context(), transaction() as session:
        service.accept_as_new(
            session, token, name="Intruder", locale="fr", password_hash="x", now=now
        )
    accept(app, acting(app, bruno), token, now)


def test_a_new_or_withdrawn_invitation_voids_the_earlier_one(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    first = invite(app, acting(app, anais), company, now)
    second = invite(app, acting(app, anais), company, now)
    with pytest.raises(BadLink):
        accept(app, acting(app, bruno), first, now)
    with app.app_context(), transaction() as session:
        (only,) = queries.open_invitations(session, company, now=now)
        service.withdraw_invitation(session, acting_in(app, anais), company, only.id, now=now)
    with pytest.raises(BadLink):
        accept(app, acting(app, bruno), second, now)
    with pytest.raises(UnknownGrant), app.app_context(), transaction() as session:
        service.withdraw_invitation(session, acting_in(app, anais), company, only.id, now=now)


def acting_in(app: Flask, member: Member) -> Actor:
    """Give an owner as they act, without a query inside somebody else's transaction."""
    with app.app_context(), reading() as session:
        actor = queries.actor_of(session, member.id)
    assert actor is not None
    return actor


def test_a_member_is_not_invited_again(app: Flask, now: datetime) -> None:
    anais = make_member(app)
    company = make_organisation(app, anais)
    with pytest.raises(AlreadyMember):
        invite(app, acting(app, anais), company, now, email=anais.email)


def test_one_person_does_not_invite_half_the_town(app: Flask, now: datetime) -> None:
    anais = make_member(app)
    company = make_organisation(app, anais)
    actor = acting(app, anais)
    for number in range(30):
        invite(app, actor, company, now, email=f"p{number}@people.example")
    with pytest.raises(TooManyAttempts):
        invite(app, actor, company, now, email="p30@people.example")


@pytest.mark.parametrize("deed", ["invite", "edit", "remove", "change", "withdraw"])
def test_a_member_cannot_manage_and_a_stranger_sees_nothing(
    app: Flask, now: datetime, deed: str
) -> None:
    anais, bruno, carla = make_member(app), make_member(app, "Bruno"), make_member(app, "Carla")
    company = make_organisation(app, anais)
    add_member(app, company, bruno)

    def do(actor: Actor) -> None:
        with app.app_context(), transaction() as session:
            if deed == "invite":
                service.invite_colleague(
                    session, actor, company, email=GUEST, role=MemberRole.OWNER, now=now
                )
            elif deed == "edit":
                service.edit_organisation(
                    session, actor, company, name="X", siren=None, vat_id=None, now=now
                )
            elif deed == "remove":
                service.remove_member(session, actor, company, anais.id, now=now)
            elif deed == "change":
                service.change_member(session, actor, company, bruno.id, MemberRole.OWNER)
            else:
                service.withdraw_invitation(session, actor, company, 1, now=now)

    with pytest.raises(NotAllowed):
        do(acting(app, bruno))
    with pytest.raises(UnknownOrganisation):
        do(acting(app, carla))
    assert members(app, company) == [("Anaïs", "owner"), ("Bruno", "member")]


def test_the_last_owner_stays_an_owner(app: Flask) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    add_member(app, company, bruno)
    actor = acting(app, anais)
    with pytest.raises(LastOwner):
        remove(app, actor, company, anais)
    with pytest.raises(LastOwner), app.app_context(), transaction() as session:
        service.change_member(session, actor, company, anais.id, MemberRole.MEMBER)
    with app.app_context(), transaction() as session:
        service.change_member(session, actor, company, bruno.id, MemberRole.OWNER)
    remove(app, actor, company, anais)
    assert members(app, company) == [("Bruno", "owner")]


def test_two_owners_who_leave_at_once_leave_one(app: Flask) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    add_member(app, company, bruno)
    with app.app_context(), transaction() as session:
        service.change_member(session, acting_in(app, anais), company, bruno.id, MemberRole.OWNER)
    refused: list[DomainError] = []
    start = threading.Barrier(2)

    def leave(member: Member, actor: Actor) -> None:
        start.wait()
        try:
            remove(app, actor, company, member)
        except LastOwner as error:
            refused.append(error)

    threads = [
        threading.Thread(target=leave, args=(member, acting(app, member)))
        for member in (anais, bruno)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), len(members(app, company))) == (1, 1)


def test_who_leaves_pays_for_themselves_again(app: Flask) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    add_member(app, company, bruno)
    with app.app_context(), transaction() as session:
        service.choose_payer(session, acting_in(app, bruno), company)
    remove(app, acting(app, bruno), company, bruno)
    payer = scalar(app, "SELECT payer_organisation_id FROM accounts WHERE id = :id", id=bruno.id)
    assert payer is None


def test_an_organisation_one_does_not_belong_to_never_pays(app: Flask) -> None:
    company = make_organisation(app, make_member(app))
    carla = acting(app, make_member(app, "Carla"))
    for wanted in (company, 4711):
        with pytest.raises(UnknownOrganisation), app.app_context(), transaction() as session:
            service.choose_payer(session, carla, wanted)


def test_a_person_who_is_no_member_has_no_place_to_change(app: Flask) -> None:
    anais, carla = make_member(app), make_member(app, "Carla")
    company = make_organisation(app, anais)
    with pytest.raises(UnknownAccount), app.app_context(), transaction() as session:
        service.change_member(session, acting_in(app, anais), company, carla.id, MemberRole.OWNER)


def test_people_and_organisations_are_found_by_any_part_of_their_names(app: Flask) -> None:
    make_member(app, "Élodie Muller", email="elodie@people.example")
    make_member(app, "Bruno 100% Net", email="bruno_net@people.example")
    make_organisation(app, make_member(app, "Carla"), "Mirabelle_Lab")
    with app.app_context(), reading() as session:

        def named(text: str) -> list[str]:
            return [person.name for person in queries.search_people(session, text)]

        assert named("muller élo") == named("MÜLLER elo") == ["Élodie Muller"]
        assert named("Élodie") == ["Élodie Muller"]
        assert named("100%") == ["Bruno 100% Net"]
        assert named("o_n") == ["Bruno 100% Net"]
        assert named("%") == ["Bruno 100% Net"]
        assert named("nobody") == []
        assert named("") == ["Bruno 100% Net", "Carla", "Élodie Muller"]
        assert [each.name for each in queries.search_organisations(session, "e_l")] == [
            "Mirabelle_Lab"
        ]


@pytest.mark.parametrize(
    ("verdict", "abroad"),
    [(VatIdVerdict.FORM_CHECKED, True), (VatIdVerdict.UNREGISTERED, False), (None, True)],
)
def test_a_number_the_register_does_not_know_leaves_the_tax_french(
    app: Flask, now: datetime, verdict: VatIdVerdict | None, abroad: bool
) -> None:
    anais = make_member(app)
    company = make_organisation(app, anais)
    actor = acting(app, anais)
    with app.app_context(), transaction() as session:
        service.edit_organisation(
            session,
            actor,
            company,
            name="Kirchberg",
            siren=None,
            vat_id="LU26375245",
            vat_verdict=verdict,
            now=now,
        )
        session.execute(
            update(AccountRow)
            .where(AccountRow.id == anais.id)
            .values(payer_organisation_id=company)
        )
    with app.app_context(), reading() as session:
        kept = queries.get_organisation(session, company)
        assert (kept.vat_verdict, kept.vat_asked_at) == (verdict, now if verdict else None)
        paying = queries.paying(
            session, account_id=anais.id, organisation_id=company, on=now.date()
        )
        payer = queries.payer(session, anais.id, on=now.date())
        assert payer.customer == paying.customer
        assert payer.customer.is_business_abroad is abroad
