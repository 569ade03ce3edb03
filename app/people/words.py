"""Roles, profiles, scopes and memberships in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.permissions import Role, Scope
from app.domain.profiles import Profile
from app.people.service.organisations import MemberRole


def role(value: Role) -> str:
    """Name a role."""
    return {
        Role.CONCIERGE: _("Agent d’accueil"),
        Role.MANAGER: _("Responsable de site"),
        Role.NETWORK_MANAGER: _("Responsable du réseau"),
    }[value]


def profile(value: Profile) -> str:
    """Name a tariff profile, as the reasons of a price do, with a capital."""
    word = {
        Profile.STUDENT: _("étudiant"),
        Profile.PROJECT_HOLDER: _("porteur de projet"),
        Profile.STARTUP_UNDER_1: _("start-up de moins d’un an"),
        Profile.STARTUP_UNDER_3: _("start-up de moins de 3 ans"),
        Profile.STARTUP_UNDER_5: _("start-up de moins de 5 ans"),
        Profile.ASSOCIATION: _("association"),
        Profile.PARTNER: _("partenaire conventionné"),
        Profile.RESIDENT: _("résident du Totem"),
        Profile.INHABITANT: _("habitant du territoire"),
        Profile.SMALL_BUSINESS: _("petite entreprise ou indépendant"),
        Profile.LARGE_COMPANY: _("grand groupe"),
    }[value]
    return word[:1].upper() + word[1:]


def scope(value: Scope) -> str:
    """Say what a token of this scope may be used for."""
    return {
        Scope.READ: _("Lire : lieux, disponibilités, mes réservations"),
        Scope.BOOK: _("Réserver, déplacer, annuler"),
        Scope.DESK: _("Tenir l’accueil"),
        Scope.MANAGE: _("Gérer"),
    }[value]


def member(value: str) -> str:
    """Name what somebody is in an organisation."""
    return {
        MemberRole.OWNER: _("responsable"),
        MemberRole.MEMBER: _("membre"),
    }[MemberRole(value)]
