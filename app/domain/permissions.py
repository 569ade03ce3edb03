"""Who may do what: roles, scopes of tokens, and one table of permissions to read aloud."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.domain.errors import NotAllowed, UnknownRole, UnknownScope
from app.domain.ids import AccountId, OrganisationId, SiteCode


class Role(StrEnum):
    """What somebody is trusted with; being a member needs no grant."""

    CONCIERGE = "concierge"
    MANAGER = "manager"
    NETWORK_MANAGER = "network_manager"


SITE_ROLES = frozenset({Role.CONCIERGE, Role.MANAGER})


class Scope(StrEnum):
    """What an API token may be used for, at most; it never gives more than its owner has."""

    READ = "read"
    BOOK = "book"
    DESK = "desk"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at one site, or in the whole network (no site)."""

    role: Role
    site: SiteCode | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody known who wants something; `scopes` is None on screen, a set for a token."""

    account_id: AccountId
    grants: frozenset[Grant] = frozenset()
    scopes: frozenset[Scope] | None = None
    organisations_owned: frozenset[OrganisationId] = frozenset()
    organisations: frozenset[OrganisationId] = frozenset()

    def has(self, role: Role, site: SiteCode | None = None) -> bool:
        """Whether the role was granted, at exactly that site or network-wide."""
        return Grant(role, site) in self.grants

    def sites(self, *roles: Role) -> frozenset[SiteCode]:
        """The sites where one of the roles (or any) is held."""
        return frozenset(
            grant.site
            for grant in self.grants
            if grant.site is not None and (not roles or grant.role in roles)
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What the wish is about: whose it is and where; what is left out grants nothing."""

    owner_id: AccountId | None = None
    site: SiteCode | None = None
    organisation_id: OrganisationId | None = None


Predicate: TypeAlias = Callable[[Actor, Subject], bool]


class Permission(StrEnum):
    """Everything that is asked before it is done, named thing:deed."""

    BOOKING_CREATE = "booking:create"
    BOOKING_CREATE_FOR_OTHERS = "booking:create-for-others"
    BOOKING_VIEW = "booking:view"
    BOOKING_MOVE = "booking:move"
    BOOKING_CANCEL = "booking:cancel"
    BOOKING_HAND_OVER = "booking:hand-over"
    ABSENCE_PARDON = "absence:pardon"
    BOOKING_OVERRIDE = "booking:override"
    BOOKING_APPROVE = "booking:approve"
    PLACE_CLOSE = "place:close"
    INDUCTION_GRANT = "induction:grant"
    PASS_VIEW = "pass:view"  # noqa: S105 - a door pass, no password
    PASS_EMERGENCY = "pass:emergency"  # noqa: S105 - a door pass, no password
    PASSES_GIVE_UP = "passes:give-up"
    PHONES_OWN = "phones:own"
    CARDS_GIVE = "cards:give"
    CARDS_TAKE_BACK = "cards:take-back"
    GUESTS_INVITE = "guests:invite"
    DAY_VIEW_NAMES = "day:view-names"
    DESK_VIEW = "desk:view"
    CHECK_IN = "desk:check-in"
    PEOPLE_VIEW = "people:view"
    ROLES_GRANT = "roles:grant"
    PROFILES_GRANT = "profiles:grant"
    PROFILE_SIMULATE = "profile:simulate"
    PROOF_ASK = "proof:ask"
    PROOF_DECIDE = "proof:decide"
    ACCOUNT_EDIT = "account:edit"
    ACCOUNT_DISABLE = "account:disable"
    ORGANISATION_CREATE = "organisation:create"
    ORGANISATION_VIEW = "organisation:view"
    ORGANISATION_MANAGE = "organisation:manage"
    DEVICES_VIEW = "devices:view"
    DEVICES_MANAGE = "devices:manage"
    JOURNAL_VIEW = "journal:view"
    PASSAGES_LOOK_UP = "passages:look-up"
    ALARM_ACKNOWLEDGE = "alarm:acknowledge"
    DOOR_OPEN_REMOTELY = "door:open-remotely"
    EMERGENCY = "emergency:order"
    NETWORK_LOAD = "network:load"
    CARD_DRAFT = "card:draft"
    CARD_PUBLISH = "card:publish"
    LEASE_VIEW = "lease:view"
    LEASE_MANAGE = "lease:manage"
    AID_SEE = "aid:see"
    AID_MANAGE = "aid:manage"
    AID_DECLARE = "aid:declare"
    AID_LINK = "aid:link"
    INDEX_RECORD = "index:record"
    RIGHTS_VIEW = "rights:view"
    RIGHTS_ORDER = "rights:order"
    RIGHTS_SELL = "rights:sell"
    ROAMING_VIEW = "roaming:view"
    FEED_OWN = "feed:own"
    FEED_SPACE = "feed:space"
    TOKENS_MANAGE = "tokens:manage"


def signed_in(_actor: Actor, _subject: Subject) -> bool:
    """Anybody with an account."""
    return True


def is_owner(actor: Actor, subject: Subject) -> bool:
    """The person it belongs to."""
    return subject.owner_id is not None and subject.owner_id == actor.account_id


def owns_organisation(actor: Actor, subject: Subject) -> bool:
    """An owner of the organisation it belongs to."""
    return subject.organisation_id in actor.organisations_owned


def in_organisation(actor: Actor, subject: Subject) -> bool:
    """A member of the organisation it belongs to."""
    return subject.organisation_id in actor.organisations


def concierge_here(actor: Actor, subject: Subject) -> bool:
    """A concierge of that very site."""
    return subject.site is not None and actor.has(Role.CONCIERGE, subject.site)


def manager_here(actor: Actor, subject: Subject) -> bool:
    """A manager of that very site."""
    return subject.site is not None and actor.has(Role.MANAGER, subject.site)


def staff_somewhere(actor: Actor, _subject: Subject) -> bool:
    """A concierge or manager of any site: accounts belong to no site."""
    return any(grant.role in SITE_ROLES for grant in actor.grants)


def manager_somewhere(actor: Actor, _subject: Subject) -> bool:
    """A manager of any site."""
    return any(grant.role is Role.MANAGER for grant in actor.grants)


def network_manager(actor: Actor, _subject: Subject) -> bool:
    """A manager of the whole network."""
    return actor.has(Role.NETWORK_MANAGER)


_STAFF_HERE: tuple[Predicate, ...] = (concierge_here, manager_here)
_EVERYWHERE: tuple[Predicate, ...] = (*_STAFF_HERE, network_manager)

TABLE: dict[Permission, tuple[Predicate, ...]] = {
    Permission.BOOKING_CREATE: (signed_in,),
    Permission.BOOKING_CREATE_FOR_OTHERS: _EVERYWHERE,
    Permission.BOOKING_VIEW: (is_owner, owns_organisation, *_EVERYWHERE),
    Permission.BOOKING_MOVE: (is_owner, *_EVERYWHERE),
    Permission.BOOKING_CANCEL: (is_owner, owns_organisation, *_EVERYWHERE),
    Permission.BOOKING_HAND_OVER: (is_owner, *_EVERYWHERE),
    Permission.ABSENCE_PARDON: _EVERYWHERE,
    # Never over safety, never over somebody else's stay: those rules ask nobody.
    Permission.BOOKING_OVERRIDE: _EVERYWHERE,
    Permission.BOOKING_APPROVE: _EVERYWHERE,
    Permission.PLACE_CLOSE: _EVERYWHERE,
    Permission.INDUCTION_GRANT: (staff_somewhere, network_manager),
    Permission.PASS_VIEW: (is_owner, *_STAFF_HERE),
    Permission.PASS_EMERGENCY: _STAFF_HERE,
    # A lost phone is told to whoever is near: any concierge may act for its owner.
    Permission.PASSES_GIVE_UP: (is_owner, staff_somewhere),
    Permission.PHONES_OWN: (is_owner,),
    # A card belongs to no site, as its holder's account does.
    Permission.CARDS_GIVE: (staff_somewhere,),
    Permission.CARDS_TAKE_BACK: (is_owner, staff_somewhere),
    Permission.GUESTS_INVITE: (is_owner, *_STAFF_HERE),
    Permission.DAY_VIEW_NAMES: _EVERYWHERE,
    Permission.DESK_VIEW: _EVERYWHERE,
    Permission.CHECK_IN: _EVERYWHERE,
    Permission.PEOPLE_VIEW: (staff_somewhere, network_manager),
    Permission.ROLES_GRANT: (manager_here, network_manager),
    Permission.PROFILES_GRANT: (staff_somewhere, network_manager),
    Permission.PROFILE_SIMULATE: (signed_in,),
    Permission.PROOF_ASK: (is_owner, owns_organisation),
    # Papers are seen by the staff of the Totem one asked at, and by the network.
    Permission.PROOF_DECIDE: _EVERYWHERE,
    Permission.ACCOUNT_EDIT: (is_owner,),
    Permission.ACCOUNT_DISABLE: (network_manager,),
    Permission.ORGANISATION_CREATE: (signed_in,),
    Permission.ORGANISATION_VIEW: (
        in_organisation,
        owns_organisation,
        staff_somewhere,
        network_manager,
    ),
    Permission.ORGANISATION_MANAGE: (owns_organisation, network_manager),
    Permission.DEVICES_VIEW: _EVERYWHERE,
    Permission.DEVICES_MANAGE: (manager_here, network_manager),
    # Who passed which door stays at the site: the network sees figures, never movements.
    Permission.JOURNAL_VIEW: _STAFF_HERE,
    Permission.PASSAGES_LOOK_UP: _STAFF_HERE,
    Permission.ALARM_ACKNOWLEDGE: _EVERYWHERE,
    Permission.DOOR_OPEN_REMOTELY: _STAFF_HERE,
    Permission.EMERGENCY: _EVERYWHERE,
    Permission.NETWORK_LOAD: (network_manager,),
    # A site's manager drafts what is the site's own; charter and publishing are the network's.
    Permission.CARD_DRAFT: (manager_here, network_manager),
    Permission.CARD_PUBLISH: (network_manager,),
    Permission.LEASE_VIEW: (owns_organisation, manager_here, network_manager),
    Permission.LEASE_MANAGE: (manager_here, network_manager),
    Permission.AID_SEE: (owns_organisation, manager_somewhere, network_manager),
    Permission.AID_MANAGE: (manager_here, network_manager),
    # An undertaking declares itself, or a manager copies what it signed on paper.
    Permission.AID_DECLARE: (owns_organisation, manager_somewhere, network_manager),
    Permission.AID_LINK: (manager_somewhere, network_manager),
    Permission.INDEX_RECORD: (manager_somewhere, network_manager),
    Permission.RIGHTS_VIEW: (is_owner, in_organisation, staff_somewhere, network_manager),
    Permission.RIGHTS_ORDER: (is_owner, owns_organisation),
    # Selling, crediting with a reason and taking back, at one's own Totem.
    Permission.RIGHTS_SELL: _EVERYWHERE,
    Permission.ROAMING_VIEW: (manager_here, network_manager),
    Permission.FEED_OWN: (is_owner,),
    Permission.FEED_SPACE: _EVERYWHERE,
    Permission.TOKENS_MANAGE: (is_owner,),
}

# The scope a token needs beside its owner's right; what is not named here needs `manage`.
SCOPES: dict[Permission, Scope] = {
    Permission.BOOKING_CREATE: Scope.BOOK,
    Permission.BOOKING_CREATE_FOR_OTHERS: Scope.DESK,
    Permission.BOOKING_VIEW: Scope.READ,
    Permission.BOOKING_MOVE: Scope.BOOK,
    Permission.BOOKING_CANCEL: Scope.BOOK,
    Permission.BOOKING_HAND_OVER: Scope.BOOK,
    Permission.ABSENCE_PARDON: Scope.DESK,
    Permission.BOOKING_OVERRIDE: Scope.DESK,
    Permission.BOOKING_APPROVE: Scope.DESK,
    Permission.PLACE_CLOSE: Scope.DESK,
    Permission.PASS_VIEW: Scope.BOOK,
    Permission.DAY_VIEW_NAMES: Scope.DESK,
    Permission.DESK_VIEW: Scope.DESK,
    Permission.CHECK_IN: Scope.DESK,
    Permission.PEOPLE_VIEW: Scope.DESK,
    Permission.PROFILE_SIMULATE: Scope.READ,
    Permission.PROOF_ASK: Scope.READ,
    Permission.ORGANISATION_VIEW: Scope.READ,
    Permission.DEVICES_VIEW: Scope.DESK,
    Permission.JOURNAL_VIEW: Scope.DESK,
    Permission.LEASE_VIEW: Scope.READ,
    Permission.RIGHTS_VIEW: Scope.READ,
    Permission.FEED_OWN: Scope.READ,
    Permission.FEED_SPACE: Scope.DESK,
}


def allowed(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Whether the table lets the actor do it to that subject, and the token's scope reaches."""
    if not scope_reaches(actor, permission):
        return False
    return any(predicate(actor, subject) for predicate in TABLE[permission])


def require(actor: Actor, permission: Permission, subject: Subject) -> None:
    """Pass when allowed; raises NotAllowed."""
    if not allowed(actor, permission, subject):
        raise NotAllowed(permission)


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Whether there is any subject the actor may do it to: for menus and for guards of lists."""
    if not scope_reaches(actor, permission):
        return False
    own = [Subject(owner_id=actor.account_id)]
    own += [Subject(site=site) for site in actor.sites()]
    own += [Subject(organisation_id=each) for each in actor.organisations_owned]
    own += [Subject(organisation_id=each) for each in actor.organisations]
    return any(predicate(actor, each) for each in own for predicate in TABLE[permission])


def scope_reaches(actor: Actor, permission: Permission) -> bool:
    """Whether a token may be used for this at all; on screen everything is in reach."""
    return actor.scopes is None or SCOPES.get(permission, Scope.MANAGE) in actor.scopes


def grant_from(role: str, site: SiteCode | None) -> Grant:
    """Read a role by name; raises UnknownRole, also when a site is missing or too much."""
    try:
        known = Role(role)
    except ValueError as error:
        raise UnknownRole(role) from error
    if (known in SITE_ROLES) != (site is not None):
        raise UnknownRole(role)
    return Grant(known, site)


def scope_from(name: str) -> Scope:
    """Read a scope by name; raises UnknownScope."""
    try:
        return Scope(name)
    except ValueError as error:
        raise UnknownScope(name) from error
