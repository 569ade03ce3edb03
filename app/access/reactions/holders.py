"""What somebody is told by mail of the phones that hold their passes, in case it was not them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access.queries import find_card_by_id, find_phone_by_id
from app.db import outbox
from app.domain.events import CardGiven, DomainEvent, MailWanted, PassesGivenUp, PhoneEnrolled
from app.people.queries import find_account


def tell_phone_enrolled(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell the owner which phone holds their passes now, and which one does no more."""
    if not isinstance(event, PhoneEnrolled):
        return
    phone = find_phone_by_id(session, event.phone_id)
    account = None if phone is None else find_account(session, phone.account_id)
    if phone is None or account is None:
        return
    replaced = [find_phone_by_id(session, each) for each in event.replaced]
    with force_locale(account.locale):
        subject = _("Un téléphone porte maintenant vos pass")
        text = _(
            "Bonjour,\n\n"
            "Un téléphone vient d’être activé pour vos pass : %(phone)s.\n"
            "Si ce n’était pas vous, retirez-le ici, puis changez votre mot de passe :\n\n"
            "%(link)s\n",
            phone=phone.name,
            link="{base_url}/pass/phones",
        )
        for each in replaced:
            if each is not None:
                text += "\n" + _(
                    "Trois téléphones au plus portent vos pass : le plus ancien (%(phone)s) "
                    "n’ouvre plus rien.\n",
                    phone=each.name,
                )
    mail = MailWanted(f"phone-{phone.code}", account.email, subject, text)
    outbox.put(session, mail, now=now)


def tell_passes_given_up(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell the owner that every pass of theirs is new, and how to have them again."""
    if not isinstance(event, PassesGivenUp):
        return
    account = find_account(session, event.account_id)
    if account is None:
        return
    with force_locale(account.locale):
        subject = _("Tous vos pass ont été renouvelés")
        text = _(
            "Bonjour,\n\n"
            "Un téléphone perdu a été signalé : tous vos téléphones et tous vos pass d’avant, "
            "imprimés et envoyés compris, n’ouvrent plus aucune porte.\n"
            "Vos réservations restent. Vos nouveaux pass sont ici, et un autre téléphone s’active "
            "en un geste :\n\n"
            "%(link)s\n\n"
            "Si ce n’était pas vous, dites-le à l’accueil.\n",
            link="{base_url}/pass",
        )
    mail = MailWanted(f"given-up-{event.account_id}-{event.at}", account.email, subject, text)
    outbox.put(session, mail, now=now)


def tell_card_given(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell the holder that a card opens their doors now, in case it was not them."""
    if not isinstance(event, CardGiven):
        return
    card = find_card_by_id(session, event.card_id)
    account = None if card is None else find_account(session, card.account_id)
    if card is None or account is None:
        return
    with force_locale(account.locale):
        subject = _("Une carte ouvre maintenant vos portes")
        text = _(
            "Bonjour,\n\n"
            "L’accueil vous a donné une carte : %(card)s. Elle ouvre ce que vous avez réservé.\n"
            "Si vous ne l’avez pas, ou si vous la perdez, retirez-la ici :\n\n"
            "%(link)s\n",
            card=card.label,
            link="{base_url}/pass/phones",
        )
    outbox.put(session, MailWanted(f"card-{card.code}", account.email, subject, text), now=now)
