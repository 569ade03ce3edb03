"""Lets the cast in: accounts, roles, organisations and profiles, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demonstration.cast import EVERYBODY, PASSWORD, Player
from app.domain.errors import UnknownAccount
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Actor, Role
from app.people import queries, service
from app.people.passwords import PasswordKeeper
from app.people.service import Holder

SEASON = timedelta(days=365)  # how long a demonstration profile is proven for
REASON = "Démonstration"


def let_in(session: Session, *, cheap: bool, now: datetime) -> dict[str, AccountId]:
    """Create who is missing; gives the account of every login. A second call changes nothing."""
    found: dict[str, AccountId] = {}
    secret: str | None = None
    for player in EVERYBODY:
        known = queries.find_account_by_email(session, player.email)
        if known is not None:
            found[player.login] = known.id
            continue
        secret = secret or PasswordKeeper(cheap=cheap).hash(PASSWORD)
        found[player.login] = _create(session, player, secret, now=now)
    return found


def _create(session: Session, player: Player, secret: str, *, now: datetime) -> AccountId:
    account = service.create_account(
        session,
        email=player.email,
        name=player.name,
        locale=player.locale,
        password_hash=secret,
        confirmed=True,
        now=now,
    )
    holder = Holder(account_id=account)
    if player.organisation is not None:
        holder = Holder(organisation_id=_found(session, player.organisation, account, now=now))
    if player.profile is not None:
        today = now.date()
        service.grant_profile(
            session,
            None,
            holder=holder,
            profile=player.profile,
            valid_from=today,
            valid_until=today + SEASON,
            reason=REASON,
            now=now,
        )
    if player.role is not None:
        site = None if player.role is Role.NETWORK_MANAGER else SiteCode(player.home)
        service.grant_role(
            session, None, account_id=account, role=player.role, site=site, reason=REASON, now=now
        )
    return account


def _found(session: Session, name: str, account: AccountId, *, now: datetime) -> OrganisationId:
    """Found an organisation of the person's own and let it pay for them."""
    actor = Actor(account)
    organisation = service.create_organisation(session, actor, name=name, now=now)
    service.choose_payer(session, get_actor(session, account), organisation)
    return organisation


def get_actor(session: Session, account: AccountId) -> Actor:
    """Give the actor of an account with what they were granted; raises ``UnknownAccount``."""
    actor = queries.actor_of(session, account)
    if actor is None:
        raise UnknownAccount(str(account))
    return actor
