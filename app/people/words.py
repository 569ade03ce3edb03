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
    """Name a tariff profile."""
    return {
        Profile.STUDENT: _("Étudiant"),
        Profile.PROJECT_HOLDER: _("Porteur de projet"),
        Profile.STARTUP_UNDER_1: _("Start-up de moins d’un an"),
        Profile.STARTUP_UNDER_3: _("Start-up de moins de trois ans"),
        Profile.STARTUP_UNDER_5: _("Start-up de trois à cinq ans"),
        Profile.ASSOCIATION: _("Association"),
        Profile.PARTNER: _("Partenaire conventionné"),
        Profile.RESIDENT: _("Résident du Totem"),
        Profile.INHABITANT: _("Habitant du territoire"),
        Profile.SMALL_BUSINESS: _("Petite entreprise ou indépendant"),
        Profile.LARGE_COMPANY: _("Grand groupe"),
    }[value]


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
