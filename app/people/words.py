"""Roles, profiles, scopes and memberships in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import gettext as _

from app.domain.permissions import Role, Scope
from app.domain.profiles import Profile
from app.domain.proofs import ProofKind, ProofState
from app.gateways.vies import VatIdVerdict
from app.people.service.organisations import MemberRole
from app.web import formats


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


def proof(value: ProofKind) -> str:
    """Name what may be asked for by a document; a start-up's stage follows from its age."""
    if value is ProofKind.STARTUP:
        return _("Start-up de moins de 5 ans")
    return profile(Profile(value.value))


def papers(value: ProofKind) -> str:
    """Say which document proves it."""
    return {
        ProofKind.STUDENT: _("Carte d’étudiant ou certificat de scolarité de l’année en cours."),
        ProofKind.PROJECT_HOLDER: _(
            "Attestation de l’incubateur, de France Travail ou du réseau qui vous accompagne."
        ),
        ProofKind.STARTUP: _(
            "Extrait Kbis ou avis de situation Sirene de moins de trois mois : "
            "la date de création fixe le palier."
        ),
        ProofKind.ASSOCIATION: _(
            "Récépissé de déclaration ou parution au Journal officiel des associations."
        ),
        ProofKind.PARTNER: _("Convention de partenariat signée avec le réseau ou un Totem."),
        ProofKind.INHABITANT: _(
            "Justificatif de domicile de moins de trois mois dans le territoire d’un Totem."
        ),
    }[value]


def proof_state(value: ProofState) -> tuple[str, str, str]:
    """Say where a request stands: its word, tone and shape."""
    return {
        ProofState.PENDING: (_("en attente"), "wait", "ring"),
        ProofState.ACCEPTED: (_("acceptée"), "yes", "check"),
        ProofState.REFUSED: (_("refusée"), "no", "cross"),
        ProofState.WITHDRAWN: (_("retirée"), "quiet", "line"),
    }[value]


def family(value: str) -> str:
    """Name a family of shared places."""
    return {"seats": _("Postes de travail"), "rooms": _("Salles et studios")}[value]


def offer(of_family: str, percents: Sequence[int]) -> str:
    """Say what a profile would pay of the base price; of a start-up of unknown age, each stage."""
    if len(percents) == 1:
        return _("%(family)s : %(percent)s %%", family=family(of_family), percent=percents[0])
    each = format_list([str(one) for one in percents], style="or", locale=formats.language())
    return _("%(family)s : selon l’âge, %(percents)s %%", family=family(of_family), percents=each)


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


def vat_verdict(value: VatIdVerdict) -> str:
    """Say what is known of a VAT number."""
    return {
        VatIdVerdict.FORM_CHECKED: _("forme vérifiée, non vérifié en ligne"),
        VatIdVerdict.REGISTERED: _("connu du registre européen"),
        VatIdVerdict.UNREGISTERED: _("inconnu du registre européen : la TVA française s’applique"),
    }[value]
