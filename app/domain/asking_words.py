"""The words in which a concierge is asked for a place: French, English and German, folded."""

from app.domain.day_parts import DayPart
from app.domain.kinds import SpaceKind

ACCESSIBLE = "accessible"
HEARING_LOOP = "hearing_loop"

NOW = ("tout de suite", "right now", "maintenant", "now", "jetzt", "sofort", "immediately")
# The longer come first, so that « après-demain » is not read as « demain ».
DAYS_AHEAD = {
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "apres-demain": 2,
    "apres demain": 2,
    "ubermorgen": 2,
    "aujourd'hui": 0,
    "today": 0,
    "heute": 0,
    "demain": 1,
    "tomorrow": 1,
    "morgen": 1,
}
_WEEKDAYS = (
    ("lundi", "monday", "montag"),
    ("mardi", "tuesday", "dienstag"),
    ("mercredi", "wednesday", "mittwoch"),
    ("jeudi", "thursday", "donnerstag"),
    ("vendredi", "friday", "freitag"),
    ("samedi", "saturday", "samstag"),
    ("dimanche", "sunday", "sonntag"),
)
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
WEEK = ("cette semaine", "this week", "diese woche")
PARTS = {
    "cet apres-midi": DayPart.AFTERNOON,
    "apres-midi": DayPart.AFTERNOON,
    "apres midi": DayPart.AFTERNOON,
    "this afternoon": DayPart.AFTERNOON,
    "afternoon": DayPart.AFTERNOON,
    "nachmittag": DayPart.AFTERNOON,
    "ce matin": DayPart.MORNING,
    "matin": DayPart.MORNING,
    "morning": DayPart.MORNING,
    "vormittag": DayPart.MORNING,
    "ce soir": DayPart.EVENING,
    "soir": DayPart.EVENING,
    "evening": DayPart.EVENING,
    "abend": DayPart.EVENING,
}
NEEDS = {
    **dict.fromkeys(("ecran", "screen", "bildschirm", "tv"), "screen"),
    **dict.fromkeys(
        ("visioconference", "visio", "videoconference", "video", "videokonferenz"),
        "videoconference",
    ),
    **dict.fromkeys(
        ("videoprojecteur", "projecteur", "projector", "beamer", "projektor"), "projector"
    ),
    **dict.fromkeys(("tableau blanc", "tableau", "whiteboard", "tafel"), "whiteboard"),
    **dict.fromkeys(("paperboard", "chevalet", "flipchart"), "flipchart"),
    **dict.fromkeys(("ordinateurs", "ordinateur", "computers", "computer", "rechner"), "computers"),
    **dict.fromkeys(("micros", "micro", "microphone", "mikrofon"), "microphone"),
    **dict.fromkeys(
        ("fauteuil roulant", "fauteuil", "pmr", "wheelchair", "rollstuhl", "barrierefrei"),
        ACCESSIBLE,
    ),
    **dict.fromkeys(
        ("boucle auditive", "boucle", "hearing loop", "induktionsschleife"), HEARING_LOOP
    ),
}
KINDS = {
    **dict.fromkeys(
        ("salle de reunion", "reunion", "meeting room", "meeting", "besprechungsraum"),
        SpaceKind.MEETING_ROOM,
    ),
    **dict.fromkeys(
        ("salle de formation", "formation", "training room", "schulungsraum"), SpaceKind.TRAINING
    ),
    **dict.fromkeys(
        ("coworking", "poste", "desk", "seat", "arbeitsplatz", "schreibtisch"), SpaceKind.SEAT
    ),
    **dict.fromkeys(("conference", "konferenz", "auditorium"), SpaceKind.CONFERENCE),
    **dict.fromkeys(("studio",), SpaceKind.STUDIO),
    **dict.fromkeys(("fablab", "atelier", "workshop", "werkstatt"), SpaceKind.FABLAB),
}
PEOPLE = "personnes?|pers|people|persons?|personen|leute|pax|p"
# What says nothing by itself; anything else that is not understood is shown.
FILLERS = frozenset(
    (
        "a", "an", "and", "any", "anything", "at", "au", "aux", "avec", "bitte", "ce", "chose",
        "dans", "de", "des", "du", "ein", "eine", "einen", "et", "etwas", "faut", "for", "fur",
        "il", "in", "irgendwas", "la", "le", "les", "lieu", "mit", "n'importe", "ou", "place",
        "please", "pour", "qc", "quelque", "quoi", "raum", "room", "salle", "something", "svp",
        "the", "uhr", "um", "un", "und", "une", "with",
    )
)  # fmt: skip
