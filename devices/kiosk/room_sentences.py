"""What a door says of its room and to whoever asks something of it, in its three languages."""

from typing import Final

ROOM_SENTENCES: Final[dict[str, dict[str, str]]] = {
    "room-free-today": {
        "fr": "Libre jusqu’à la fermeture",
        "en": "Free until closing time",
        "de": "Frei bis zur Schließung",
    },
    "room-next": {
        "fr": "Ensuite : {starts} – {ends}",
        "en": "Next: {starts} – {ends}",
        "de": "Danach: {starts} – {ends}",
    },
    "arrival-noted": {
        "fr": "Arrivée notée",
        "en": "Arrival noted",
        "de": "Ankunft vermerkt",
    },
    "button-book": {
        "fr": "Réserver {minutes} min",
        "en": "Book {minutes} min",
        "de": "{minutes} min buchen",
    },
    "button-check-in": {"fr": "Je suis là", "en": "I am here", "de": "Ich bin da"},
    "button-end": {"fr": "Terminer maintenant", "en": "End now", "de": "Jetzt beenden"},
    "button-muster": {
        "fr": "Rassemblement",
        "en": "Muster list",
        "de": "Sammelliste",
    },
    "button-cancel": {"fr": "Annuler", "en": "Cancel", "de": "Abbrechen"},
    "word-show": {"fr": "VOTRE PASS", "en": "YOUR PASS", "de": "IHR PASS"},
    "show-book": {
        "fr": "Présentez votre pass : {minutes} min, {until}, à votre tarif et sur votre compte.",
        "en": "Show your pass: {minutes} min, {until}, at your rate and on your account.",
        "de": "Zeigen Sie Ihren Pass: {minutes} min, {until}, zu Ihrem Tarif, auf Ihr Konto.",
    },
    "show-check-in": {
        "fr": "Présentez le pass de la réservation en cours.",
        "en": "Show the pass of the booking that runs now.",
        "de": "Zeigen Sie den Pass der laufenden Buchung.",
    },
    "show-end": {
        "fr": "Présentez votre pass pour terminer : le reste du temps sera libre.",
        "en": "Show your pass to end: the rest of the time will be free.",
        "de": "Zeigen Sie Ihren Pass zum Beenden: Die übrige Zeit wird frei.",
    },
    "show-muster": {
        "fr": "Présentez le pass de secours du personnel.",
        "en": "Show the staff’s emergency pass.",
        "de": "Zeigen Sie den Notfallpass des Personals.",
    },
    "asking": {
        "fr": "Un instant : on demande au serveur.",
        "en": "One moment: asking the server.",
        "de": "Einen Moment: Der Server wird gefragt.",
    },
    "booked-open": {
        "fr": "Réservé {until} : {price}. Entrez.",
        "en": "Booked {until}: {price}. Come in.",
        "de": "Gebucht {until}: {price}. Treten Sie ein.",
    },
    "booked-later": {
        "fr": "Réservé {start} {until} : {price}. Le pass est dans vos messages.",
        "en": "Booked {start} {until}: {price}. The pass is in your mail.",
        "de": "Gebucht {start} {until}: {price}. Der Pass ist in Ihrer Post.",
    },
    "word-booked": {"fr": "RÉSERVÉ", "en": "BOOKED", "de": "GEBUCHT"},
    "word-done": {"fr": "C’EST FAIT", "en": "DONE", "de": "ERLEDIGT"},
    "ended-now": {
        "fr": "Séjour terminé : merci, la salle est de nouveau libre.",
        "en": "Your stay has ended: thank you, the room is free again.",
        "de": "Aufenthalt beendet: Danke, der Raum ist wieder frei.",
    },
    "no-answer": {
        "fr": "Pas de réponse : regardez vos réservations avant d’essayer encore.",
        "en": "No answer: look at your bookings before you try again.",
        "de": "Keine Antwort: Sehen Sie in Ihre Buchungen, bevor Sie es noch einmal versuchen.",
    },
    "not-the-holder": {
        "fr": "Ce pass est celui d’un invité : il faut le pass de qui réserve.",
        "en": "This is a guest’s pass: show the pass of who books.",
        "de": "Das ist ein Gästepass: Zeigen Sie den Pass der buchenden Person.",
    },
    "room-offline": {
        "fr": "Sans réseau, cet écran ne peut ni réserver ni terminer",
        "en": "Without a network this screen can neither book nor end",
        "de": "Ohne Netz kann dieser Bildschirm weder buchen noch beenden",
    },
    "staff-only": {
        "fr": "Cette liste est réservée au personnel : adressez-vous à l’accueil.",
        "en": "This list is for staff: please see the front desk.",
        "de": "Diese Liste ist für das Personal: Bitte wenden Sie sich an den Empfang.",
    },
    "nobody-listed": {
        "fr": "Pas de liste à bord : demandez à l’accueil.",
        "en": "No list is held here: ask the front desk.",
        "de": "Hier liegt keine Liste vor: Fragen Sie am Empfang.",
    },
}
