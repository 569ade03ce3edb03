"""Who may do what, read off the one table."""

import pytest

from app.domain.errors import NotAllowed, UnknownRole, UnknownScope
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import (
    SCOPES,
    TABLE,
    Actor,
    Grant,
    Permission,
    Role,
    Scope,
    Subject,
    allowed,
    grant_from,
    may_somewhere,
    require,
    scope_from,
)

METZ, NANCY = SiteCode("metz"), SiteCode("nancy")
ALICE, BOB = AccountId(1), AccountId(2)
ACME = OrganisationId(7)

MEMBER = Actor(ALICE)
CONCIERGE = Actor(ALICE, frozenset({Grant(Role.CONCIERGE, METZ)}))
MANAGER = Actor(ALICE, frozenset({Grant(Role.MANAGER, METZ)}))
NETWORK = Actor(ALICE, frozenset({Grant(Role.NETWORK_MANAGER)}))
OWNER = Actor(ALICE, organisations_owned=frozenset({ACME}), organisations=frozenset({ACME}))
COLLEAGUE = Actor(ALICE, organisations=frozenset({ACME}))

OWN = Subject(owner_id=ALICE, site=METZ)
BOBS = Subject(owner_id=BOB, site=METZ)
BOBS_IN_NANCY = Subject(owner_id=BOB, site=NANCY)
BOBS_FOR_ACME = Subject(owner_id=BOB, site=METZ, organisation_id=ACME)


@pytest.mark.parametrize(
    ("actor", "permission", "subject", "may"),
    [
        (MEMBER, "booking:view", OWN, True),
        (MEMBER, "booking:view", BOBS, False),
        (MEMBER, "booking:cancel", BOBS, False),
        (MEMBER, "booking:create", Subject(), True),
        (MEMBER, "booking:create-for-others", OWN, False),
        (MEMBER, "day:view-names", OWN, False),
        (MEMBER, "pass:view", OWN, True),
        (CONCIERGE, "booking:view", BOBS, True),
        (CONCIERGE, "booking:move", BOBS, True),
        (CONCIERGE, "booking:view", BOBS_IN_NANCY, False),
        (CONCIERGE, "desk:check-in", BOBS, True),
        (CONCIERGE, "desk:check-in", BOBS_IN_NANCY, False),
        (CONCIERGE, "desk:check-in", Subject(owner_id=BOB), False),
        (CONCIERGE, "people:view", Subject(), True),
        (CONCIERGE, "profiles:grant", Subject(), True),
        (CONCIERGE, "roles:grant", Subject(site=METZ), False),
        (CONCIERGE, "devices:manage", Subject(site=METZ), False),
        (CONCIERGE, "journal:view", Subject(site=METZ), True),
        (MANAGER, "roles:grant", Subject(site=METZ), True),
        (MANAGER, "roles:grant", Subject(site=NANCY), False),
        (MANAGER, "roles:grant", Subject(), False),
        (MANAGER, "devices:manage", Subject(site=METZ), True),
        (MANAGER, "network:load", Subject(), False),
        (NETWORK, "roles:grant", Subject(), True),
        (NETWORK, "desk:view", Subject(site=NANCY), True),
        (NETWORK, "network:load", Subject(), True),
        (NETWORK, "journal:view", Subject(site=METZ), False),
        (NETWORK, "pass:view", BOBS, False),
        (OWNER, "organisation:manage", Subject(organisation_id=ACME), True),
        (OWNER, "booking:cancel", BOBS_FOR_ACME, True),
        (OWNER, "pass:view", BOBS_FOR_ACME, False),
        (COLLEAGUE, "organisation:view", Subject(organisation_id=ACME), True),
        (COLLEAGUE, "organisation:manage", Subject(organisation_id=ACME), False),
        (COLLEAGUE, "booking:view", BOBS_FOR_ACME, False),
    ],
)
def test_the_table_read_aloud(actor: Actor, permission: str, subject: Subject, may: bool) -> None:
    wanted = Permission(permission)
    assert allowed(actor, wanted, subject) is may
    if may:
        require(actor, wanted, subject)
    else:
        with pytest.raises(NotAllowed) as refusal:
            require(actor, wanted, subject)
        assert refusal.value.facts() == {"permission": permission}


def test_every_permission_is_in_the_table() -> None:
    assert set(TABLE) == set(Permission)
    assert all(TABLE.values())


def test_a_token_reaches_no_further_than_its_scope() -> None:
    reader = Actor(ALICE, CONCIERGE.grants, scopes=frozenset({Scope.READ}))
    assert allowed(reader, Permission.BOOKING_VIEW, OWN)
    assert not allowed(reader, Permission.BOOKING_CREATE, Subject())
    assert not allowed(reader, Permission.CHECK_IN, BOBS)
    assert not may_somewhere(reader, Permission.DESK_VIEW)


def test_a_token_never_gives_more_than_its_owner_has() -> None:
    full = Actor(ALICE, scopes=frozenset(Scope))
    for permission in Permission:
        assert allowed(full, permission, BOBS) == allowed(MEMBER, permission, BOBS)


def test_what_no_scope_names_needs_the_widest() -> None:
    unnamed = set(Permission) - set(SCOPES)
    widest = Actor(ALICE, NETWORK.grants, scopes=frozenset({Scope.MANAGE}))
    rest = Actor(ALICE, NETWORK.grants, scopes=frozenset(Scope) - {Scope.MANAGE})
    assert Permission.ROLES_GRANT in unnamed
    assert allowed(widest, Permission.ROLES_GRANT, Subject())
    assert not any(allowed(rest, permission, OWN) for permission in unnamed)


def test_menus_ask_whether_there_is_anything_one_may_do() -> None:
    assert not may_somewhere(MEMBER, Permission.DESK_VIEW)
    assert may_somewhere(CONCIERGE, Permission.DESK_VIEW)
    assert may_somewhere(NETWORK, Permission.DESK_VIEW)
    assert may_somewhere(MEMBER, Permission.BOOKING_VIEW)
    assert may_somewhere(COLLEAGUE, Permission.ORGANISATION_VIEW)
    assert may_somewhere(OWNER, Permission.ORGANISATION_MANAGE)
    assert not may_somewhere(COLLEAGUE, Permission.ORGANISATION_MANAGE)


def test_the_sites_of_somebody_are_those_of_their_roles() -> None:
    both = Actor(ALICE, frozenset({Grant(Role.CONCIERGE, METZ), Grant(Role.MANAGER, NANCY)}))
    assert both.sites() == {METZ, NANCY}
    assert both.sites(Role.MANAGER) == {NANCY}
    assert NETWORK.sites() == frozenset()


def test_roles_and_scopes_are_read_by_name() -> None:
    assert grant_from("concierge", METZ) == Grant(Role.CONCIERGE, METZ)
    assert grant_from("network_manager", None) == Grant(Role.NETWORK_MANAGER)
    assert scope_from("desk") is Scope.DESK
    for role, site in (("king", METZ), ("concierge", None), ("network_manager", METZ)):
        with pytest.raises(UnknownRole):
            grant_from(role, site)
    with pytest.raises(UnknownScope):
        scope_from("everything")
