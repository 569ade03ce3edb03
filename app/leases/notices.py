"""The words of mails about leases, in their reader's language.

Call them inside ``flask_babel.force_locale(reader.locale)``.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.titles import Alarm
from app.leases import words
from app.leases.lease import Lease, Revision
from app.web import formats
from app.web.addresses import base_url


@dataclass(frozen=True, slots=True)
class Written:
    """A mail in words."""

    subject: str
    text: str


def offered(lease: Lease) -> Written:
    """Write that an office is offered."""
    return _written(
        lease,
        _("Un bureau vous est proposé : %(place)s", place=_place(lease)),
        _("Bonjour,"),
        _(
            "Vous trouverez ci-joint notre offre pour ce bureau, à partir du %(day)s.",
            day=words.date_of(lease.terms.first_day),
        ),
        _("Pour accepter, renvoyez-nous la lettre signée."),
    )


def revised(lease: Lease, revision: Revision) -> Written:
    """Write that the rent was revised, or stays provisional."""
    day = words.date_of(revision.effective_on)
    if revision.is_final:
        said = _(
            "Le loyer suit l’indice %(series)s. Le calcul est ci-joint.",
            series=lease.clauses.series,
        )
    else:
        said = _(
            "L’indice n’est pas encore publié : le loyer reste provisoirement celui d’avant. "
            "L’avis est ci-joint."
        )
    return _written(
        lease,
        _("Révision du loyer au %(day)s : %(place)s", day=day, place=_place(lease)),
        _("Bonjour,"),
        said,
    )


def alarm(lease: Lease, value: Alarm) -> Written:
    """Write what rings about a lease, and what to do."""
    return _written(
        lease,
        _("%(alarm)s : %(tenant)s", alarm=words.alarm(value), tenant=lease.tenant.name),
        _(
            "%(title)s, %(place)s, jusqu’au %(day)s.",
            title=words.title(lease),
            place=_place(lease),
            day=words.date_of(lease.terms.last_day),
        ),
        words.to_do(value),
    )


def _place(lease: Lease) -> str:
    return f"{lease.space.name.get(formats.language())}, {lease.site.name}"


def _written(lease: Lease, subject: str, *paragraphs: str) -> Written:
    link = f"{base_url()}/leases/{lease.ref}"
    return Written(subject, "\n\n".join((*paragraphs, link)) + "\n")
