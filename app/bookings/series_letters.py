"""The words of mails about series: one for all dates, with one calendar attachment.

Call them inside ``flask_babel.force_locale`` of the person's language.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.bookings import calendars
from app.bookings.booking import Visit
from app.bookings.notices import Letter, letter
from app.bookings.rule_words import rule_words
from app.bookings.series_dates import Dates
from app.domain.booking_states import BookingState
from app.domain.money import Money
from app.web import formats
from app.web.addresses import base_url, mailbox


def booked_text(dates: Dates) -> Letter:
    """Write that every date of a series stands, or which still wait for the staff's answer."""
    if len(dates.requested) == len(dates.standing):
        subject = _("Série demandée : %(place)s, %(rule)s", **_headline(dates))
    else:
        subject = _("Série réservée : %(place)s, %(rule)s", **_headline(dates))
    return letter(
        dates.visits[0],
        subject,
        _answered(dates, _("Vos dates sont réservées.")),
        *_particulars(dates),
    )


def changed_text(dates: Dates) -> Letter:
    """Write that dates of a series have changed, and that older passes are void."""
    return letter(
        dates.visits[0],
        _("Série modifiée : %(place)s, %(rule)s", **_headline(dates)),
        _answered(
            dates,
            _("Vos dates ont changé. Les anciens pass n’ouvrent plus : prenez les nouveaux."),
        ),
        *_particulars(dates),
    )


def cancelled_text(dates: Dates, gone: Sequence[Visit]) -> Letter:
    """Write which dates of a series are given up."""
    return letter(
        gone[0],
        ngettext(
            "%(num)s date annulée : %(place)s",
            "%(num)s dates annulées : %(place)s",
            len(gone),
            place=_place(dates),
        ),
        ngettext(
            "Cette date est annulée, son pass n’ouvre plus.",
            "Ces dates sont annulées, leurs pass n’ouvrent plus.",
            len(gone),
        ),
        "\n".join(_when(each) for each in gone),
        _link(dates),
    )


def invitation(dates: Dates) -> dict[str, str]:
    """Give the attachment that enters the series into a calendar, or changes it there."""
    content = calendars.series_invitation(dates, organizer=mailbox(), base=base_url())
    return calendars.attachment(content, "REQUEST")


def cancellation(gone: Sequence[Visit]) -> dict[str, str]:
    """Give the attachment that takes dates of one series out of a calendar."""
    content = calendars.series_cancellation(gone, organizer=mailbox(), base=base_url())
    return calendars.attachment(content, "CANCEL")


def _headline(dates: Dates) -> dict[str, str]:
    return {"place": _place(dates), "rule": rule_words(dates.series.recurrence)}


def _place(dates: Dates) -> str:
    return dates.series.space.name.get(formats.language())


def _particulars(dates: Dates) -> tuple[str, ...]:
    series, standing = dates.series, dates.standing
    head = [
        _place(dates),
        f"{series.site.name}, {series.site.address}",
        rule_words(series.recurrence),
        ngettext("%(num)s personne", "%(num)s personnes", series.people),
        _("Référence : %(ref)s", ref=series.ref),
    ]
    gross = Money(sum(each.booking.gross.minor for each in standing))
    due = (
        _("À régler en tout : %(gross)s TTC.", gross=formats.money(gross))
        if gross.minor
        else _("Rien à régler.")
    )
    way = series.space.way.get(formats.language())
    coming = (_("Comment venir : %(way)s", way=way),) if way else ()
    return (
        "\n".join([series.title, *head] if series.title else head),
        "\n".join(_listed(each) for each in standing),
        due,
        *coming,
        _("Chaque date confirmée a son pass, sur sa page.")
        if dates.requested
        else _("Chaque date a son pass, sur sa page."),
        _link(dates),
    )


def _answered(dates: Dates, otherwise: str) -> str:
    """Say what waits for the staff's answer, or ``otherwise`` where nothing does."""
    waiting = len(dates.requested)
    if not waiting:
        return otherwise
    if waiting == len(dates.standing):
        return _(
            "Vos dates sont demandées, pas encore réservées. L’accueil répond à chacune par "
            "courriel ; le lieu vous est gardé jusque-là."
        )
    return ngettext(
        "%(num)s date attend l’accord de l’accueil, qui vous répond par courriel ; les autres "
        "sont réservées.",
        "%(num)s dates attendent l’accord de l’accueil, qui vous répond par courriel ; les autres "
        "sont réservées.",
        waiting,
    )


def _listed(visit: Visit) -> str:
    if visit.booking.stored_state is BookingState.REQUESTED:
        return _("%(when)s (demandée)", when=_when(visit))
    return _when(visit)


def _when(visit: Visit) -> str:
    booking, zone = visit.booking, visit.booking.site.calendar.zone
    return _(
        "%(day)s, %(hours)s",
        day=formats.day(booking.span.start, zone),
        hours=formats.span(booking.span, zone),
    )


def _link(dates: Dates) -> str:
    return _("Votre série : %(url)s", url=f"{base_url()}/series/{dates.series.ref}")
