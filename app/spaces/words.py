"""Places in the reader's language: kinds, equipment, floors, why closed."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from app.domain.kinds import SpaceKind
from app.spaces.closures import ClosureReason


def space_kind(kind: SpaceKind) -> str:
    """Name what a place is for."""
    return {
        SpaceKind.SEAT: _("coworking"),
        SpaceKind.MEETING_ROOM: _("salle de réunion"),
        SpaceKind.OFFICE: _("bureau"),
        SpaceKind.CONFERENCE: _("salle de conférence"),
        SpaceKind.DEMO: _("espace de démonstration"),
        SpaceKind.TRAINING: _("salle de formation"),
        SpaceKind.VIDEOCONFERENCE: _("salle de visioconférence"),
        SpaceKind.STUDIO: _("studio"),
        SpaceKind.FABLAB: _("FabLab"),
        SpaceKind.MACHINE: _("machine"),
        SpaceKind.ASSOCIATION_OFFICE: _("bureau des associations"),
        SpaceKind.CAFE: _("café"),
    }[kind]


def equipment(code: str) -> str:
    """Name a piece of equipment; the code itself for one that has no word yet."""
    known = {
        "adjustable_desk": _("bureau réglable"),
        "coffee": pgettext("equipment", "café"),
        "computers": _("ordinateurs"),
        "flipchart": _("chevalet de papier"),
        "fume_extraction": _("extraction des fumées"),
        "green_screen": _("fond vert"),
        "kitchen": _("cuisine"),
        "laser_cutter": _("découpeuse laser"),
        "lighting": _("éclairages"),
        "lockers": _("casiers"),
        "microphone": _("micros"),
        "mixing_desk": _("table de mixage"),
        "phone_booth": _("cabine téléphonique"),
        "printer": _("imprimante"),
        "printer_3d": _("imprimante 3D"),
        "projector": _("vidéoprojecteur"),
        "recording": _("enregistrement"),
        "screen": _("écran"),
        "sockets": _("prises"),
        "sound_system": _("sonorisation"),
        "stage": _("scène"),
        "videoconference": _("visioconférence"),
        "whiteboard": _("tableau blanc"),
        "wifi": _("wifi"),
    }
    return known.get(code, code)


def closed_reason(code: str) -> str:
    """Say why a place is not given out online."""
    known = {
        "leased": _("Ce lieu est loué à l’année."),
        "common": _("Ce lieu est ouvert à tous, sans réservation."),
        "by_agreement": _("Ce lieu se réserve auprès de l’accueil, par convention."),
        "works": _("Ce lieu est fermé pour travaux."),
    }
    return known.get(code, _("Ce lieu ne se réserve pas en ligne. Adressez-vous à l’accueil."))


def closure_reason(reason: ClosureReason) -> str:
    """Say in a word why places are shut for a while."""
    return {
        ClosureReason.WORKS: _("travaux"),
        ClosureReason.BREAKDOWN: _("panne"),
        ClosureReason.ABSENCE: _("absence de l’équipe"),
        ClosureReason.OTHER: _("fermeture exceptionnelle"),
    }[reason]


def floor(number: int) -> str:
    """Name a floor."""
    if number == 0:
        return _("rez-de-chaussée")
    if number == 1:
        return _("1er étage")
    if number < 0:
        return _("sous-sol %(number)s", number=-number)
    return _("%(number)se étage", number=number)
