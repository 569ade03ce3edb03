"""The people of the demonstration: invented, and known by their addresses."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.permissions import Role
from app.domain.profiles import Profile

PASSWORD = "demo-totem"  # noqa: S105 - written in the README, only where the demonstration is loaded
DOMAIN = "totem.example"


@dataclass(frozen=True, slots=True)
class Player:
    """One invented person: where they are at home, what they are, what they may do."""

    login: str
    name: str
    home: str
    profile: Profile | None = None
    role: Role | None = None
    organisation: str | None = None
    locale: str = "fr"

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.login}@{DOMAIN}"


SITES = ("metz", "nancy", "epinal", "thionville-gare", "thionville-3eme-lieu")

PRINCIPALS = (
    Player("coworker", "Camille Fleuriot", "metz", Profile.STARTUP_UNDER_3),
    Player("student", "Anouk Perrin", "nancy", Profile.STUDENT),
    Player(
        "association",
        "Basile Humbert",
        "epinal",
        Profile.ASSOCIATION,
        organisation="Les Ateliers du Quai",
    ),
    Player(
        "company",
        "Katrin Weiland",
        "thionville-gare",
        Profile.LARGE_COMPANY,
        organisation="Moselstahl Industrie",
        locale="de",
    ),
    Player("visitor", "Ludmila Colin", "nancy"),
)

STAFF = (
    Player("concierge.metz", "Odile Mangin", "metz", role=Role.CONCIERGE),
    Player("concierge.nancy", "Firmin Antoine", "nancy", role=Role.CONCIERGE),
    Player("concierge.epinal", "Reine Claudon", "epinal", role=Role.CONCIERGE),
    Player("concierge.thionville-gare", "Yves Schmitt", "thionville-gare", role=Role.CONCIERGE),
    Player(
        "concierge.thionville-3eme-lieu", "Nora Muller", "thionville-3eme-lieu", role=Role.CONCIERGE
    ),
    Player("manager", "Solange Thiriet", "metz", role=Role.NETWORK_MANAGER),
)

CROWD = (
    Player("aline.didier", "Aline Didier", "metz", Profile.PROJECT_HOLDER),
    Player("bruno.remy", "Bruno Rémy", "metz"),
    Player("celeste.noel", "Céleste Noël", "metz", Profile.STARTUP_UNDER_1),
    Player("damien.hertz", "Damien Hertz", "metz", Profile.RESIDENT),
    Player("elsa.marchal", "Elsa Marchal", "metz", Profile.STUDENT),
    Player("florent.vautrin", "Florent Vautrin", "nancy", Profile.STARTUP_UNDER_5),
    Player("gaelle.simonin", "Gaëlle Simonin", "nancy", Profile.RESIDENT),
    Player("hugo.lambert", "Hugo Lambert", "nancy"),
    Player("ines.kieffer", "Inès Kieffer", "nancy", Profile.ASSOCIATION),
    Player("jules.poirot", "Jules Poirot", "nancy", Profile.PROJECT_HOLDER),
    Player("katia.grosjean", "Katia Grosjean", "epinal"),
    Player("leon.valentin", "Léon Valentin", "epinal", Profile.STARTUP_UNDER_3),
    Player("maud.aubry", "Maud Aubry", "epinal", Profile.INHABITANT),
    Player("noe.georgel", "Noé Georgel", "epinal", Profile.RESIDENT),
    Player("octavie.klein", "Octavie Klein", "thionville-gare", Profile.STARTUP_UNDER_1),
    Player("paul.weiss", "Paul Weiss", "thionville-gare", locale="de"),
    Player("rose.hoffmann", "Rose Hoffmann", "thionville-gare", Profile.PARTNER),
    Player("samuel.becker", "Samuel Becker", "thionville-3eme-lieu", Profile.STUDENT),
    Player("tess.lorrain", "Tess Lorrain", "thionville-3eme-lieu", Profile.ASSOCIATION),
    Player("ulysse.nicolas", "Ulysse Nicolas", "thionville-3eme-lieu", Profile.INHABITANT),
)

EVERYBODY = (*PRINCIPALS, *STAFF, *CROWD)

TITLES = (
    "Point d’équipe",
    "Entretien",
    "Atelier prototype",
    "Comité de pilotage",
    "Appel à projets",
    "Rendez-vous client",
    "Revue de maquettes",
    "Répétition de pitch",
    "Formation interne",
    "Visite de partenaires",
    "Heure de code",
    "Montage vidéo",
    "Permanence juridique",
)
