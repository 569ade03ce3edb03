"""The sentence of every refusal: what is wrong and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain import errors as e
from app.domain.errors import DomainError
from app.domain.opening_hours import minute_from
from app.web import formats
from app.web.aid_sentences import AID_SENTENCES
from app.web.document_words import bad_document
from app.web.holidays import public_holiday
from app.web.lease_sentences import LEASE_SENTENCES
from app.web.rights_sentences import RIGHTS_SENTENCES
from app.web.rules_sentences import RULES_SENTENCES
from app.web.series_sentences import SERIES_SENTENCES
from app.web.wait_sentences import WAIT_SENTENCES

Sentence = Callable[[Any], str]


def _minutes(count: int) -> str:
    return formats.duration(timedelta(minutes=count))


def _wall(hour: str) -> str:
    return formats.wall_minutes(minute_from(hour))


def _reason(given: str | None) -> str | None:
    """Name a public holiday; what a site wrote itself is in French and told to French readers."""
    named = public_holiday(given or "")
    return named or (given if formats.language() == "fr" else None)


def _closed(error: e.Closed) -> str:
    day = formats.day(error.day)
    reason = _reason(error.reason)
    if reason:
        said = _("Fermé le %(day)s : %(reason)s.", day=day, reason=reason)
    elif error.hours:
        hours = ", ".join(
            formats.opening_hours(minute_from(opens), minute_from(closes))
            for opens, closes in error.hours
        )
        said = _("Le %(day)s, ce lieu est ouvert de %(hours)s.", day=day, hours=hours)
    else:
        said = _("Ce lieu est fermé le %(day)s.", day=day)
    if error.next_opens_at is None:
        return f"{said} {_('Choisissez un autre jour.')}"
    opens = _(
        "Prochaine ouverture : %(day)s à %(hour)s.",
        day=formats.day(error.next_opens_at),
        hour=formats.clock(error.next_opens_at),
    )
    return f"{said} {opens}"


def _room_taken(error: e.RoomTaken) -> str:
    spans = ", ".join(formats.span(clash) for clash in error.clashes)
    if not spans:
        return _("Ce lieu vient d’être pris. Choisissez un autre moment ou un autre lieu.")
    return _(
        "Ce lieu est déjà pris : %(spans)s. Choisissez un autre moment ou un autre lieu.",
        spans=spans,
    )


def _over_capacity(error: e.OverCapacity) -> str:
    return ngettext(
        "Ce lieu accueille %(num)s personne au plus ; vous en annoncez %(asked)s. "
        "Choisissez un lieu plus grand.",
        "Ce lieu accueille %(num)s personnes au plus ; vous en annoncez %(asked)s. "
        "Choisissez un lieu plus grand.",
        error.capacity,
        asked=error.asked,
    )


def _too_many_attempts(error: e.TooManyAttempts) -> str:
    return _(
        "Trop d’essais. Réessayez à partir de %(hour)s.",
        hour=formats.clock(error.retry_at),
    )


SENTENCES: dict[type[DomainError], Sentence] = {
    **AID_SENTENCES,
    **LEASE_SENTENCES,
    **RIGHTS_SENTENCES,
    **RULES_SENTENCES,
    **SERIES_SENTENCES,
    **WAIT_SENTENCES,
    e.AccountDisabled: lambda _e: _("Ce compte est fermé. Adressez-vous à l’accueil."),
    e.AlreadyGranted: lambda _e: _("Cette personne a déjà ce rôle."),
    e.AlreadyMember: lambda _e: _("Cette personne fait déjà partie de l’organisation."),
    e.BadCursor: lambda _e: _("Ce curseur ne vient pas d’ici. Reprenez la liste au début."),
    e.BadDocument: lambda error: bad_document(error.name, error.reason),
    e.BadEnrolment: lambda _e: _(
        "Ce code d’enrôlement est inconnu, déjà utilisé ou périmé. Demandez-en un nouveau."
    ),
    e.BadLink: lambda _e: _("Ce lien est inconnu, déjà utilisé ou périmé. Demandez-en un nouveau."),
    e.BadNetwork: lambda error: _(
        "La description du réseau a des erreurs : %(faults)s", faults="\n".join(error.faults)
    ),
    e.BadRateCard: lambda error: _(
        "La grille tarifaire a des erreurs : %(faults)s", faults="\n".join(error.faults)
    ),
    e.BadSignature: lambda _e: _(
        "La signature de la requête n’est pas valable. Vérifiez la clé et l’heure de l’appareil."
    ),
    e.BadValidity: lambda _e: _("La fin de validité doit venir après le début."),
    e.BeyondHorizon: lambda error: _(
        "On réserve jusqu’au %(day)s au plus. Choisissez une date plus proche.",
        day=formats.day(error.last_day),
    ),
    e.Closed: _closed,
    e.CompanyTooOld: lambda error: ngettext(
        "Ces jours-là, l’entreprise n’a pas moins de %(num)s an. Vérifiez sa date de création.",
        "Ces jours-là, l’entreprise n’a pas moins de %(num)s ans. Vérifiez sa date de création.",
        error.years,
    ),
    e.DevicePending: lambda _e: _("Cet appareil attend l’accord de l’accueil."),
    e.DeviceRevoked: lambda _e: _("Cet appareil a été retiré du service."),
    e.DocumentGone: lambda _e: _("Ce document a été supprimé, comme prévu."),
    e.DoubledTime: lambda error: _(
        "Le %(day)s, les horloges reculent : %(time)s existe deux fois. "
        "Choisissez une heure avant ou après.",
        day=formats.day(error.day),
        time=_wall(f"{error.time:%H:%M}"),
    ),
    e.BadEmail: lambda _e: _("Écrivez une adresse complète, comme prenom@exemple.fr."),
    e.EmailTaken: lambda _e: _("Cette adresse a déjà un compte."),
    e.EndBeforeStart: lambda _e: _("La fin doit venir après le début. Corrigez les heures."),
    e.HoldExpired: lambda error: _(
        "Le lieu vous était gardé jusqu’à %(hour)s. Choisissez-le de nouveau.",
        hour=formats.clock(error.expired_at),
    ),
    e.JournalFork: lambda error: _(
        "La ligne %(number)s du journal de la porte diffère de celle déjà reçue.",
        number=error.seq,
    ),
    e.JournalGap: lambda error: _(
        "Le journal de la porte ne suit pas ce qui a déjà été reçu (ligne %(number)s attendue).",
        number=error.seq,
    ),
    e.JournalUnlinked: lambda error: _(
        "La ligne %(number)s du journal de la porte ne porte pas la bonne empreinte.",
        number=error.seq,
    ),
    e.KeyReused: lambda _e: _(
        "Cette clé d’idempotence a déjà servi pour une autre demande. Prenez-en une nouvelle."
    ),
    e.LastManager: lambda _e: _(
        "Il faut au moins un responsable du réseau. Nommez-en un autre d’abord."
    ),
    e.LastOwner: lambda _e: _("Il faut au moins un responsable. Nommez-en un autre d’abord."),
    e.BadVatRate: lambda error: {
        "begun": _("Ce jour a commencé : un taux passé ne se corrige plus. Choisissez demain."),
        "same": _("Ce taux est déjà inscrit à cette date."),
    }[error.reason],
    e.CardInForce: lambda error: _(
        "Cette grille compte depuis le %(day)s, ou une autre l’a suivie : elle ne se retire plus. "
        "Publiez plutôt une nouvelle version.",
        day=formats.day(error.effective_on),
    ),
    e.DraftChanged: lambda error: _(
        "%(author)s a enregistré ce projet entre-temps. Comparez, puis enregistrez à nouveau.",
        author=error.author,
    ),
    e.DraftClosed: lambda _e: _("Ce projet de grille a déjà été publié ou abandonné."),
    e.UnknownCard: lambda _e: _("Cette version de la grille n’existe pas."),
    e.UnknownDraft: lambda _e: _("Ce projet de grille n’existe pas."),
    e.NoPass: lambda _e: _(
        "Cette réservation n’ouvre pas de porte : elle n’est pas confirmée, ou elle est terminée."
    ),
    e.PhoneRefused: lambda _e: _(
        "Ce téléphone n’a pas pu prouver sa clé. Touchez « Activer ce téléphone » encore une fois."
    ),
    e.TooManyGuests: lambda error: ngettext(
        "La liste est limitée à %(num)s personne.",
        "La liste est limitée à %(num)s personnes.",
        error.most,
    ),
    e.CardHeld: lambda _e: _("Cette carte est à quelqu’un d’autre : retirez-la d’abord."),
    e.UnknownAccessCard: lambda _e: _("Cette carte n’a été donnée à personne."),
    e.UnknownAlarm: lambda _e: _("Cette alarme n’existe plus : rechargez la page des portes."),
    e.UnknownOrder: lambda _e: _("Cette consigne n’existe plus : rechargez la page des portes."),
    e.UnknownGuest: lambda _e: _(
        "Cette invitation n’existe pas ou n’existe plus. Demandez à la personne qui vous attend."
    ),
    e.UnknownPhone: lambda _e: _("Ce téléphone n’est plus dans votre liste."),
    e.NoPrice: lambda _e: _(
        "Aucun tarif ne couvre ce séjour ici. Choisissez d’autres heures ou un autre lieu."
    ),
    e.NoRateCard: lambda _e: _(
        "Ce Totem n’a pas de grille tarifaire à cette date. Adressez-vous à l’accueil."
    ),
    e.NoVatRate: lambda _e: _(
        "Aucun taux de TVA n’est enregistré pour cette date. Adressez-vous à l’accueil."
    ),
    e.NobodyComes: lambda _e: _("Indiquez au moins une personne."),
    e.NonexistentTime: lambda error: _(
        "Le %(day)s, les horloges avancent : %(time)s n’existe pas. "
        "Choisissez une heure avant ou après.",
        day=formats.day(error.day),
        time=_wall(f"{error.time:%H:%M}"),
    ),
    e.NotAPass: lambda _e: _(
        "Ce code n’est pas un pass valable. Essayez encore ou cherchez par le nom."
    ),
    e.NotAllowed: lambda _e: _("Vous n’avez pas ce droit ici. Adressez-vous à l’accueil."),
    e.NotBookable: lambda _e: _("Ce lieu ne se réserve pas en ligne. Adressez-vous à l’accueil."),
    e.NotForYou: lambda _e: _(
        "Cette invitation s’adresse à une autre adresse. Connectez-vous avec celle-ci."
    ),
    e.NotSignedIn: lambda _e: _("Connectez-vous pour continuer."),
    e.NotYet: lambda error: _(
        "Cette réservation commence le %(day)s à %(hour)s. Notez l’arrivée ce jour-là.",
        day=formats.day(error.starts_at),
        hour=formats.clock(error.starts_at),
    ),
    e.OffStep: lambda error: _(
        "Les heures vont de %(step)s en %(step)s. Corrigez le début ou la fin.",
        step=_minutes(error.step_minutes),
    ),
    e.OverCapacity: _over_capacity,
    e.ProofDecided: lambda _e: _("Cette demande a déjà reçu sa réponse."),
    e.ProofPending: lambda _e: _(
        "Vous avez déjà demandé ce profil. Attendez la réponse, ou retirez la première demande."
    ),
    e.RoomTaken: _room_taken,
    e.SpanInPast: lambda _e: _("Ce moment est passé. Choisissez une heure à venir."),
    e.StaleVersion: lambda _e: _(
        "Cette réservation a changé entre-temps. Relisez-la puis recommencez."
    ),
    e.TooLong: lambda error: _(
        "Ici, on réserve %(limit)s au plus d’affilée. Raccourcissez le séjour.",
        limit=_minutes(error.limit_minutes),
    ),
    e.TooManyAttempts: _too_many_attempts,
    e.AdvanceSuspended: lambda error: _(
        "Après plusieurs absences, ce lieu ne se réserve que pour le jour même, jusqu’au %(day)s."
        " L’accueil peut effacer une absence excusée.",
        day=formats.day(error.until),
    ),
    e.NotAnAbsence: lambda _error: _("Il n’y a pas d’absence à effacer pour cette réservation."),
    e.NotForOutsiders: lambda _error: _(
        "Cette réservation est payée par une organisation : elle ne passe qu’à l’un de ses membres."
    ),
    e.UnknownOffer: lambda _error: _("Cette proposition n’existe pas, ou n’est plus ouverte."),
    e.BasketRefused: lambda _e: _(
        "Rien n’est réservé : un lieu au moins n’est plus disponible ainsi. Voyez lequel."
    ),
    e.TooManyHolds: lambda error: _(
        "Vous gardez déjà %(limit)s lieux. Confirmez ou laissez-en un d’abord.",
        limit=error.limit,
    ),
    e.TooShort: lambda error: _(
        "Ici, on réserve %(limit)s au moins. Allongez le séjour.",
        limit=_minutes(error.limit_minutes),
    ),
    e.UnknownAccount: lambda _e: _("Cette personne est inconnue."),
    e.UnknownBooking: lambda _e: _("Cette réservation est introuvable."),
    e.ClosureChanged: lambda _e: _(
        "Des réservations ont changé entre-temps. Relisez la liste avant de fermer."
    ),
    e.UnknownClosure: lambda _e: _("Cette fermeture est inconnue."),
    e.UnknownDevice: lambda _e: _("Cet appareil est inconnu."),
    e.UnknownDoor: lambda _e: _("Cette porte est inconnue."),
    e.UnknownFeed: lambda _e: _("Cette adresse de calendrier n’existe pas ou plus."),
    e.UnknownGrant: lambda _e: _("Cela n’existe pas, ou a déjà pris fin."),
    e.UnknownOrganisation: lambda _e: _("Cette organisation est introuvable."),
    e.UnknownProduct: lambda _e: _("Ce produit n’est pas dans la grille tarifaire."),
    e.UnknownProfile: lambda _e: _("Ce profil est inconnu."),
    e.UnknownProof: lambda _e: _("Cette demande est introuvable."),
    e.UnknownRole: lambda _e: _("Ce rôle est inconnu, ou il lui faut un Totem."),
    e.UnknownScope: lambda _e: _("Ce droit de jeton est inconnu."),
    e.UnknownSigner: lambda _e: _("Cet appareil est inconnu."),
    e.UnknownSite: lambda _e: _("Ce Totem est inconnu."),
    e.UnknownSpace: lambda _e: _("Ce lieu est inconnu."),
    e.WeakPassword: lambda error: _(
        "Le mot de passe a besoin d’au moins %(minimum)s caractères.", minimum=error.minimum
    ),
    e.WrongCredentials: lambda _e: _(
        "L’adresse et le mot de passe ne vont pas ensemble. "
        "Vérifiez-les ou demandez un lien par courriel."
    ),
    e.WrongState: lambda _e: _(
        "Cette réservation n’est plus dans un état qui le permet. Rechargez la page."
    ),
}


def sentence(error: DomainError) -> str:
    """Put a refusal into words for the reader; a test wants every subclass in the table."""
    return SENTENCES[type(error)](error)
