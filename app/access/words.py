"""What happened at a door and how a reader fares, in words of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.access.alarms import AlarmKind
from app.access.devices import Device, Fault
from app.access.journal import JournalLine, Status
from app.domain.ids import SiteCode
from app.spaces.network import Site
from app.web import formats
from devices.passes.chain import Kind
from devices.passes.reasons import MUSTER, STAFF_ONLY, Opening, Reason

_STATUS: Final[dict[Status, object]] = {
    Status.OPENED: _l("ouverte"),
    Status.OPENED_ALTHOUGH_CANCELLED: _l("ouverte alors que la réservation était annulée"),
    Status.OPENED_ALTHOUGH_MOVED: _l("ouverte par un pass d’avant le changement de la réservation"),
    Status.OPENED_ALTHOUGH_GIVEN_UP: _l(
        "ouverte par un téléphone, un invité ou une carte qu’on avait retirés"
    ),
    Status.UNKNOWN_PASS: _l("ouverte par un pass sans réservation connue"),
}
_REASON: Final[dict[str, object]] = {
    Reason.NOT_A_PASS: _l("refus : ce n’était pas un pass"),
    Reason.BAD_SIGNATURE: _l("refus : pass falsifié"),
    Reason.UNKNOWN_KEY: _l("refus : clé inconnue"),
    Reason.OTHER_SITE: _l("refus : pass d’un autre Totem"),
    Reason.OTHER_DOOR: _l("refus : pass d’une autre porte"),
    Reason.TOO_EARLY: _l("refus : trop tôt"),
    Reason.ENDED: _l("refus : pass terminé"),
    Reason.REVOKED: _l("refus : réservation annulée ou changée"),
    Reason.LIVE_NEEDED: _l("refus : pass vivant exigé"),
    Reason.STALE_CODE: _l("refus : code périmé"),
    Reason.USED: _l("refus : code déjà utilisé"),
    Reason.CLOCK: _l("refus : l’horloge du lecteur n’est pas sûre"),
    Reason.OFFLINE_TOO_LONG: _l("refus : lecteur hors ligne depuis trop longtemps"),
    Reason.LOCKED_DOWN: _l("refus : porte condamnée"),
    Reason.UNKNOWN_CARD: _l("refus : carte inconnue ou sans réservation ici"),
    Reason.JOURNAL_FULL: _l("refus : journal du lecteur plein"),
    Reason.INTERNAL: _l("refus : panne du lecteur"),
    STAFF_ONLY: _l("refus : la liste des présents est pour le personnel"),
}
_KIND: Final[dict[str, object]] = {
    Kind.OPENED: _l("porte poussée"),
    Kind.FORCED: _l("porte forcée"),
    Kind.HELD: _l("porte restée ouverte"),
    Kind.REX: _l("sortie"),
    Kind.CLOCK: _l("horloge du lecteur réglée"),
    Kind.BOOT: _l("lecteur démarré"),
    Kind.FAULT: _l("panne du lecteur"),
    Kind.MODE: _l("consigne d’urgence reçue"),
    Kind.TAMPER: _l("boîtier ouvert ou arraché"),
    Kind.FIRE: _l("alarme incendie"),
}
ALARMS: Final[dict[AlarmKind, object]] = {
    AlarmKind.FORCED: _l("porte forcée"),
    AlarmKind.HELD: _l("porte restée ouverte"),
    AlarmKind.TAMPER: _l("boîtier ouvert ou arraché"),
    AlarmKind.FIRE: _l("alarme incendie"),
    AlarmKind.OFFLINE: _l("lecteur hors ligne"),
    AlarmKind.CLOCK: _l("horloge du lecteur fausse"),
    AlarmKind.JOURNAL: _l("journal du lecteur abîmé"),
    AlarmKind.DISK_LOW: _l("disque du lecteur presque plein"),
    AlarmKind.JOURNAL_FULL: _l("journal plein : la porte ne laisse plus entrer"),
    AlarmKind.READER_LOST: _l("lecteur de codes débranché"),
    AlarmKind.LOCK_LOST: _l("serrure injoignable"),
    AlarmKind.OPENED_ALTHOUGH_CANCELLED: _l("ouverte hors ligne alors que c’était annulé"),
    AlarmKind.OPENED_ALTHOUGH_MOVED: _l("ouverte hors ligne par un pass remplacé"),
    AlarmKind.OPENED_ALTHOUGH_GIVEN_UP: _l(
        "ouverte hors ligne par un téléphone, un invité ou une carte retirés"
    ),
    AlarmKind.STAFF_PASS: _l("ouverte par le pass de secours du personnel"),
}
_FAULT: Final[dict[Fault, object]] = {
    Fault.CUT: _l("la fin de son journal a disparu"),
    Fault.FORK: _l("son journal a été réécrit"),
    Fault.CHAIN: _l("son journal ne s’enchaîne pas"),
}


def what_happened(line: JournalLine) -> str:
    """Say what a line of the journal tells."""
    if line.status is Status.OPENED and line.reason == Opening.REMOTE:
        return _("ouverte à distance par le personnel")
    if line.kind == Kind.MODE and line.reason == MUSTER:
        return _("liste des présents montrée au personnel")
    if line.status in _STATUS:
        return str(_STATUS[line.status])
    if line.status is Status.REFUSED:
        return str(_REASON.get(line.reason, _l("refus")))
    return str(_KIND.get(line.kind, _l("ligne illisible")))


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in words."""

    at: datetime
    zone: ZoneInfo | None
    place: str
    door: str
    what: str
    tone: str
    form: str


def passage(line: JournalLine, sites: Mapping[SiteCode, Site]) -> PassageView:
    """Say where and when somebody passed, or was refused."""
    site = None if line.door is None else sites.get(line.door.site)
    tone, form = tone_of(line)
    return PassageView(
        at=line.at,
        zone=None if site is None else site.calendar.zone,
        place="" if site is None else site.name,
        door=str(line.door_number) if line.door is None else line.door.name.get(formats.language()),
        what=what_happened(line),
        tone=tone,
        form=form,
    )


def tone_of(line: JournalLine) -> tuple[str, str]:
    """Give the colour and the shape of a line: never told by colour alone."""
    if line.status is Status.OPENED:
        return "yes", "check"
    if line.status in _STATUS:
        return "wait", "triangle"
    if line.status is Status.REFUSED or line.kind in (Kind.FORCED, Kind.FAULT):
        return "no", "cross"
    return "quiet", "dot"


def fault_words(fault: Fault) -> str:
    """Say what is wrong with the journal of a reader."""
    return str(_FAULT[fault])


def state_words(device: Device) -> tuple[str, ...]:
    """Say what a reader reported of itself at its last sign of life."""
    return tuple(str(ALARMS[kind]) for kind in AlarmKind if kind in device.states)


def heard_words(device: Device, now: datetime) -> str:
    """Say whether a reader's state is confirmed, and how old what we know of it is."""
    if device.heard_at is None:
        return _("inconnu : jamais entendu")
    age = age_words(now - device.heard_at)
    if device.is_heard(now):
        return _("en ligne, entendu %(ago)s", ago=age)
    return _("inconnu, entendu %(ago)s", ago=age)


def age_words(age: timedelta) -> str:
    """Say how long ago something was."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 60:
        return ngettext("il y a %(num)s seconde", "il y a %(num)s secondes", seconds)
    if seconds < 86_400:
        return _("il y a %(length)s", length=formats.duration(timedelta(seconds=seconds)))
    return ngettext("il y a %(num)s jour", "il y a %(num)s jours", seconds // 86_400)


def clock_words(device: Device) -> str:
    """Say how a reader's clock stands to ours."""
    if device.clock_error is None:
        return _("inconnue")
    seconds = round(device.clock_error.total_seconds())
    if not device.has_wrong_clock:
        return _("à l’heure")
    if seconds < 0:
        return ngettext("en retard de %(num)s s", "en retard de %(num)s s", -seconds)
    return ngettext("en avance de %(num)s s", "en avance de %(num)s s", seconds)
