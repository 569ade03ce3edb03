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
