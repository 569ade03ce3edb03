"""The kinds of places a Totem has, under the names that clients rely on."""

from enum import StrEnum


class SpaceKind(StrEnum):
    """What a place is for; the rate card and the search go by it."""

    SEAT = "seat"
    MEETING_ROOM = "meeting_room"
    OFFICE = "office"
    CONFERENCE = "conference"
    DEMO = "demo"
    TRAINING = "training"
    VIDEOCONFERENCE = "videoconference"
    STUDIO = "studio"
    FABLAB = "fablab"
    MACHINE = "machine"
    ASSOCIATION_OFFICE = "association_office"
    CAFE = "cafe"


class Sharing(StrEnum):
    """Whether a place is taken whole (all its units) or seat by seat (any free units)."""

    WHOLE = "whole"
    POOLED = "pooled"


# Kinds that can stand in for each other when one is taken: rooms to meet in, halls to speak in.
ALIKE = (
    frozenset({SpaceKind.MEETING_ROOM, SpaceKind.VIDEOCONFERENCE, SpaceKind.TRAINING}),
    frozenset({SpaceKind.CONFERENCE, SpaceKind.DEMO}),
)


def is_similar(kind: SpaceKind, other: SpaceKind) -> bool:
    """Whether somebody who wanted the one may be offered the other."""
    return kind is other or any({kind, other} <= kinds for kinds in ALIKE)
