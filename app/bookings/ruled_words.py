"""The rules of a place in sentences, for its page: said before they refuse anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.quotas import Owner, Period, Quota
from app.spaces.network import Space
from app.web import formats, place_words


def rules_of(space: Space) -> list[str]:
    """Say what a place asks of who books it; nothing for an ordinary one."""
    return [*_who(space), *_when(space), *_kept(space), *_how_much(space)]


def _who(space: Space) -> Iterator[str]:
    rules = space.rules
    if rules.only_for:
        yield _("Réservé à : %(who)s.", who=place_words.holders(sorted(rules.only_for)))
    if rules.induction is not None:
        name = place_words.induction(rules.induction)
        if rules.two_people:
            yield _("À deux personnes habilitées « %(induction)s ».", induction=name)
        else:
            yield _("Sur habilitation « %(induction)s ».", induction=name)
    if rules.approval:
        yield _("L’accueil donne son accord ; le lieu vous est gardé en attendant.")


def _when(space: Space) -> Iterator[str]:
    rules = space.rules
    if rules.notice_minutes:
        yield _("À demander %(notice)s à l’avance.", notice=_length(rules.notice_minutes))
    if rules.horizon_days is not None:
        yield ngettext(
            "Jusqu’à %(num)s jour à l’avance.",
            "Jusqu’à %(num)s jours à l’avance.",
            rules.horizon_days,
        )
    if rules.limits.min_minutes > 30:
        yield _("%(length)s au moins.", length=_length(rules.limits.min_minutes))


def _kept(space: Space) -> Iterator[str]:
    buffers = space.buffers
    if buffers.before_minutes and buffers.after_minutes:
        yield _(
            "Gardé %(before)s avant et %(after)s après, pour préparer et remettre en ordre.",
            before=_length(buffers.before_minutes),
            after=_length(buffers.after_minutes),
        )
    elif buffers:
        minutes = buffers.before_minutes or buffers.after_minutes
        if buffers.before_minutes:
            yield _("Gardé %(length)s avant, pour préparer.", length=_length(minutes))
        else:
            yield _("Gardé %(length)s après, pour remettre en ordre.", length=_length(minutes))
    if buffers.charged:
        yield _("Ce temps est compté dans le prix.")


def _how_much(space: Space) -> Iterator[str]:
    for quota in space.rules.quotas:
        yield _quota(quota)
    if space.rules.share is not None:
        yield _(
            "Chaque association a %(hours)s par semaine ; au-delà, ce qui reste libre se prend "
            "%(days)s avant.",
            hours=_length(space.rules.share.weekly_minutes),
            days=formats.duration(timedelta(days=space.rules.share.free_days)),
        )


def _quota(quota: Quota) -> str:
    most = (
        ngettext("%(num)s réservation", "%(num)s réservations", quota.most_stays)
        if quota.most_minutes is None and quota.most_stays is not None
        else _length(quota.most_minutes or 0)
    )
    words = {
        (Owner.PERSON, Period.DAY): _("%(most)s par jour et par personne au plus.", most=most),
        (Owner.PERSON, Period.WEEK): _("%(most)s par semaine et par personne au plus.", most=most),
        (Owner.PERSON, Period.MONTH): _("%(most)s par mois et par personne au plus.", most=most),
        (Owner.ORGANISATION, Period.DAY): _(
            "%(most)s par jour et par organisation au plus.", most=most
        ),
        (Owner.ORGANISATION, Period.WEEK): _(
            "%(most)s par semaine et par organisation au plus.", most=most
        ),
        (Owner.ORGANISATION, Period.MONTH): _(
            "%(most)s par mois et par organisation au plus.", most=most
        ),
    }
    return words[quota.owner, quota.period]


def _length(minutes: int) -> str:
    return formats.duration(timedelta(minutes=minutes))
