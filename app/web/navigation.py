"""The ways through the site by role: four for everybody, the staff's below; by fixed addresses."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request
from flask_babel import gettext

from app.domain.permissions import Actor, Permission, may_somewhere
from app.web import formats, guards, languages


@dataclass(frozen=True, slots=True)
class Entry:
    """One way: its words, its icon, whether we are there, whether it stands in the phone's bar."""

    label: str
    url: str
    icon: str
    current: bool
    phone: bool = True


def entries(actor: Actor | None, path: str) -> list[Entry]:
    """List the ways open to ``actor``, standing at ``path``."""
    me = ("/me", gettext("Moi")) if actor else ("/sign-in", gettext("Se connecter"))
    common = [
        _entry(
            path, "/", gettext("Réserver"), "search", also=("/sites", "/spaces", "/hold", "/prices")
        ),
        _entry(path, "/bookings", gettext("Mes réservations"), "calendar"),
        _entry(path, "/pass", gettext("Mon pass"), "pass"),
        _entry(path, *me, "person", also=("/organisations", "/sign-up", "/password")),
    ]
    return common + (_staff(actor, path) if actor else [])


def _staff(actor: Actor, path: str) -> list[Entry]:
    sites = sorted(actor.sites())
    desk = f"/desk/{sites[0]}" if len(sites) == 1 else "/desk"
    wanted = (
        (Permission.DESK_VIEW, desk, gettext("Accueil du jour"), "desk"),
        (Permission.BOOKING_APPROVE, "/requests", gettext("Demandes"), "calendar"),
        (Permission.PEOPLE_VIEW, "/people", gettext("Personnes"), "people"),
        (Permission.PROOF_DECIDE, "/proofs", gettext("Justificatifs"), "check"),
        (Permission.ROAMING_VIEW, "/roaming", gettext("Entre Totems"), "arrow-right"),
        (Permission.LEASE_MANAGE, "/leases", gettext("Baux"), "building"),
        (Permission.AID_MANAGE, "/aid", gettext("Aides d’État"), "info"),
        (Permission.DEVICES_VIEW, "/doors", gettext("Portes"), "door"),
        (Permission.CARD_DRAFT, "/rates", gettext("Tarifs"), "copy"),
    )
    return [
        _entry(path, url, label, icon, phone=False)
        for permission, url, label, icon in wanted
        if may_somewhere(actor, permission)
    ]


def _entry(
    path: str, url: str, label: str, icon: str, *, also: tuple[str, ...] = (), phone: bool = True
) -> Entry:
    return Entry(label, url, icon, _is_within(path, url, *also), phone)


def _is_within(path: str, *places: str) -> bool:
    return any(
        path == place or path.startswith(place.rstrip("/") + "/")
        for place in places
        if place != "/"
    ) or (path == "/" and "/" in places)


def register(app: Flask) -> None:
    """Give every page what its frame needs: who reads it, in which language, and the ways."""

    @app.context_processor
    def frame() -> dict[str, object]:
        actor = guards.maybe_actor()
        return {
            "actor": actor,
            "locale": formats.language(),
            "languages": tuple(languages.LANGUAGES.items()),
            "navigation": entries(actor, request.path),
        }
