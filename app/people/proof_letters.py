"""The letters about profiles: what staff answered, and that one soon ends."""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.proofs import ProofState
from app.people import words
from app.people.letters import Written
from app.people.queries.grants import GrantedProfile
from app.people.queries.proofs import ProofRequest
from app.web import formats

PAGE = "{base_url}/me/profiles"


def answered(request: ProofRequest) -> Written:
    """What staff answered to a request."""
    profile = words.proof(request.kind)
    if request.state is ProofState.ACCEPTED:
        return Written(
            _("Votre profil « %(profile)s » est accepté", profile=profile),
            _(
                "Bonjour,\n\n"
                "Votre justificatif est accepté : %(holder)s profite maintenant du profil "
                "« %(profile)s ». Les réservations déjà faites gardent leur prix.\n\n"
                "Votre tarif et sa durée :\n\n"
                "%(page)s\n\n"
                "Vos documents seront supprimés, comme prévu.\n\n"
                "L’équipe des Totems\n",
                holder=request.holder,
                profile=profile,
                page=PAGE,
            ),
        )
    return Written(
        _("Votre profil « %(profile)s » n’est pas accepté", profile=profile),
        _(
            "Bonjour,\n\n"
            "Votre demande du profil « %(profile)s » pour %(holder)s n’est pas acceptée :\n\n"
            "%(reason)s\n\n"
            "Vous pouvez envoyer un autre justificatif :\n\n"
            "%(page)s\n\n"
            "L’équipe des Totems\n",
            profile=profile,
            holder=request.holder,
            reason=request.answer,
            page=PAGE,
        ),
    )


def ending(profile: GrantedProfile) -> Written:
    """A profile ends within a month; what is booked from then on costs another price."""
    name = words.profile(profile.profile)
    return Written(
        _("Votre profil « %(profile)s » prend bientôt fin", profile=name),
        _(
            "Bonjour,\n\n"
            "Le profil « %(profile)s » de %(holder)s compte jusqu’au %(day)s inclus. "
            "Les séjours d’après auront un autre prix ; ceux déjà réservés gardent le leur.\n\n"
            "Pour le garder, envoyez un nouveau justificatif :\n\n"
            "%(page)s\n\n"
            "L’équipe des Totems\n",
            profile=name,
            holder=profile.holder,
            day=formats.day(profile.valid_until),
            page=PAGE,
        ),
    )
