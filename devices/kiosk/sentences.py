"""Every sentence a door can say, in its three languages; each tells the person what to do."""

from typing import Final

from devices.kiosk.room_sentences import ROOM_SENTENCES

# No-break spaces (U+00A0) and the French apostrophe are meant.
CLOCK: Final = {
    "fr": "{hour} h {minute:02d}",
    "en": "{hour}:{minute:02d}",
    "de": "{hour}:{minute:02d} Uhr",
}
DAY: Final = {"fr": "{day:02d}/{month:02d}", "en": "{day} / {month}", "de": "{day}.{month}."}
MONEY: Final = {
    "fr": "{euros},{cents:02d} €",
    "en": "€{euros}.{cents:02d}",
    "de": "{euros},{cents:02d} €",
}

SENTENCES: Final[dict[str, dict[str, str]]] = ROOM_SENTENCES | {
    "word-open": {"fr": "OUVERT", "en": "OPEN", "de": "OFFEN"},
    "word-shut": {"fr": "FERMÉ", "en": "SHUT", "de": "ZU"},
    "word-wait": {"fr": "PATIENTEZ", "en": "PLEASE WAIT", "de": "BITTE WARTEN"},
    "word-fault": {"fr": "EN PANNE", "en": "OUT OF ORDER", "de": "STÖRUNG"},
    "or": {"fr": " ou ", "en": " or ", "de": " oder "},
    "at": {"fr": "à {hour}", "en": "at {hour}", "de": "um {hour}"},
    "at-on-day": {
        "fr": "le {day} à {hour}",
        "en": "at {hour} on {day}",
        "de": "am {day} um {hour}",
    },
    "until": {"fr": "jusqu’à {hour}", "en": "until {hour}", "de": "bis {hour}"},
    "until-on-day": {
        "fr": "jusqu’au {day} à {hour}",
        "en": "until {hour} on {day}",
        "de": "bis zum {day}, {hour}",
    },
    "since": {"fr": "depuis {hour}", "en": "since {hour}", "de": "seit {hour}"},
    "since-on-day": {
        "fr": "depuis le {day} à {hour}",
        "en": "since {hour} on {day}",
        "de": "seit dem {day}, {hour}",
    },
    "idle": {
        "fr": "Présentez votre code ici.",
        "en": "Hold your code here.",
        "de": "Halten Sie Ihren Code hierher.",
    },
    "room-taken": {
        "fr": "Occupée {until}",
        "en": "Taken {until}",
        "de": "Belegt {until}",
    },
    "room-free": {
        "fr": "Libre {until}",
        "en": "Free {until}",
        "de": "Frei {until}",
    },
    "granted": {
        "fr": "{door} : entrez. Réservation {until}.",
        "en": "{door}: come in. Booked {until}.",
        "de": "{door}: Treten Sie ein. Gebucht {until}.",
    },
    "not-a-pass": {
        "fr": "Code non reconnu : montrez celui de votre réservation, écran au plus clair.",
        "en": "Code not recognised: show the one of your booking, screen at its brightest.",
        "de": "Code nicht erkannt: Zeigen Sie den Ihrer Buchung, Bildschirm ganz hell.",
    },
    "bad-signature": {
        "fr": "Ce code n’est pas valable : adressez-vous à l’accueil.",
        "en": "This code is not valid: please see the front desk.",
        "de": "Dieser Code ist ungültig: Bitte wenden Sie sich an den Empfang.",
    },
    "unknown-key": {
        "fr": "Code qui n’est plus reconnu : rouvrez votre réservation ou voyez l’accueil.",
        "en": "This code is no longer recognised: reopen your booking or see the front desk.",
        "de": "Dieser Code gilt nicht mehr: Buchung neu öffnen oder am Empfang fragen.",
    },
    "other-site": {
        "fr": "Ce code est pour un autre Totem : vérifiez l’adresse sur votre réservation.",
        "en": "This code is for another Totem: check the address on your booking.",
        "de": "Dieser Code gilt für ein anderes Totem: Prüfen Sie die Adresse Ihrer Buchung.",
    },
    "other-door": {
        "fr": "Ici {door}, la vôtre est {theirs}.",
        "en": "This is {door}, yours is {theirs}.",
        "de": "Hier ist {door}, Ihre Tür ist {theirs}.",
    },
    "other-door-unnamed": {
        "fr": "Ce code est pour une autre porte : regardez votre réservation.",
        "en": "This code is for another door: look at your booking.",
        "de": "Dieser Code gilt für eine andere Tür: Sehen Sie in Ihre Buchung.",
    },
    "too-early": {
        "fr": "Trop tôt : ouvre {at}.",
        "en": "Too early: opens {at}.",
        "de": "Zu früh: öffnet {at}.",
    },
    "ended": {
        "fr": "Réservation terminée {at} : réservez à nouveau pour entrer.",
        "en": "Your booking ended {at}: book again to come in.",
        "de": "Ihre Buchung endete {at}: Buchen Sie neu, um einzutreten.",
    },
    "revoked": {
        "fr": "Code annulé ou remplacé : rouvrez votre réservation pour voir le nouveau.",
        "en": "Code cancelled or replaced: reopen your booking to see the new one.",
        "de": "Code storniert oder ersetzt: Öffnen Sie Ihre Buchung, um den neuen zu sehen.",
    },
    "live-needed": {
        "fr": "Cette porte demande le code animé : ouvrez votre réservation sur votre téléphone.",
        "en": "This door needs the moving code: open your booking on your phone.",
        "de": "Diese Tür braucht den bewegten Code: Öffnen Sie Ihre Buchung am Telefon.",
    },
    "stale-code": {
        "fr": "Ce code est trop ancien : montrez l’écran lui-même, pas une photo.",
        "en": "This code is too old: show the screen itself, not a picture of it.",
        "de": "Dieser Code ist zu alt: Zeigen Sie den Bildschirm selbst, kein Foto.",
    },
    "stale-code-behind": {
        "fr": "Code vieux de {seconds} s : montrez l’écran, pas une photo. Si votre téléphone "
        "retarde, lisez avec lui le code de cette porte.",
        "en": "This code is {seconds} s old: show the screen, not a picture. If your phone’s "
        "clock is slow, scan this door’s code with it.",
        "de": "Dieser Code ist {seconds} s alt: Zeigen Sie den Bildschirm, kein Foto. Geht Ihr "
        "Telefon nach, lesen Sie damit den Code dieser Tür.",
    },
    "stale-code-ahead": {
        "fr": "Votre téléphone avance de {seconds} s : rouvrez « Mon pass » avec du réseau, ou "
        "lisez le code de cette porte.",
        "en": "Your phone is {seconds} s ahead: reopen “My pass” with a network, or scan this "
        "door’s code.",
        "de": "Ihr Telefon geht {seconds} s vor: Öffnen Sie „Mein Pass“ mit Netz neu, oder lesen "
        "Sie den Code dieser Tür.",
    },
    "used": {
        "fr": "Ce code a déjà servi : attendez le suivant.",
        "en": "This code was used already: wait for the next one.",
        "de": "Dieser Code wurde schon benutzt: Warten Sie auf den nächsten.",
    },
    "clock": {
        "fr": "L’horloge de cette porte est fausse : adressez-vous à l’accueil.",
        "en": "This door’s clock is wrong: please see the front desk.",
        "de": "Die Uhr dieser Tür geht falsch: Bitte wenden Sie sich an den Empfang.",
    },
    "offline-too-long": {
        "fr": "Porte sans réseau {since} : adressez-vous à l’accueil.",
        "en": "Door offline {since}: please see the front desk.",
        "de": "Tür ohne Netz {since}: Bitte wenden Sie sich an den Empfang.",
    },
    "never-online": {
        "fr": "Cette porte n’est pas encore en service : adressez-vous à l’accueil.",
        "en": "This door is not in service yet: please see the front desk.",
        "de": "Diese Tür ist noch nicht in Betrieb: Bitte wenden Sie sich an den Empfang.",
    },
    "locked-down": {
        "fr": "Porte fermée par le personnel : adressez-vous à l’accueil.",
        "en": "Door locked by staff: please see the front desk.",
        "de": "Tür vom Personal gesperrt: Bitte wenden Sie sich an den Empfang.",
    },
    "unknown-card": {
        "fr": "Carte inconnue ou sans réservation ici : montrez votre pass ou voyez l’accueil.",
        "en": "Card unknown, or no booking here: show your pass or see the front desk.",
        "de": "Karte unbekannt oder hier nichts gebucht: Zeigen Sie Ihren Pass oder fragen Sie "
        "am Empfang.",
    },
    "journal-full": {
        "fr": "Cette porte ne peut plus noter les entrées : adressez-vous à l’accueil.",
        "en": "This door cannot record entries any more: please see the front desk.",
        "de": "Diese Tür kann keine Eintritte mehr festhalten: bitte zum Empfang.",
    },
    "internal": {
        "fr": "Cette porte a un problème : adressez-vous à l’accueil.",
        "en": "This door has a problem: please see the front desk.",
        "de": "Diese Tür hat ein Problem: Bitte wenden Sie sich an den Empfang.",
    },
    "paused": {
        "fr": "Trop d’essais : attendez dix secondes, puis montrez votre code.",
        "en": "Too many tries: wait ten seconds, then show your code.",
        "de": "Zu viele Versuche: Warten Sie zehn Sekunden, dann zeigen Sie Ihren Code.",
    },
    "not-ready": {
        "fr": "Cette porte attend le serveur.",
        "en": "This door is waiting for the server.",
        "de": "Diese Tür wartet auf den Server.",
    },
    "pending": {
        "fr": "À approuver à l’écran si l’empreinte est {fingerprint}",
        "en": "To be approved on screen if the fingerprint is {fingerprint}",
        "de": "Am Bildschirm freizugeben, wenn der Fingerabdruck {fingerprint} ist",
    },
    "offline": {
        "fr": "Sans réseau {since} : les codes connus ouvrent toujours",
        "en": "Offline {since}: known codes still open",
        "de": "Ohne Netz {since}: bekannte Codes öffnen weiterhin",
    },
    "server-refuses": {
        "fr": "Le serveur refuse cette porte : {code}",
        "en": "The server refuses this door: {code}",
        "de": "Der Server weist diese Tür ab: {code}",
    },
    "reader-lost": {
        "fr": "Lecteur débranché : {problem}",
        "en": "Reader unplugged: {problem}",
        "de": "Leser getrennt: {problem}",
    },
    "lock-lost": {
        "fr": "La serrure ne répond pas : adressez-vous à l’accueil.",
        "en": "The lock does not answer: please see the front desk.",
        "de": "Das Schloss antwortet nicht: Bitte wenden Sie sich an den Empfang.",
    },
    "inside": {
        "fr": "{count} personnes à retrouver, liste de {hour}",
        "en": "{count} people to be found, list of {hour}",
        "de": "{count} Personen zu finden, Liste von {hour}",
    },
    "fire": {
        "fr": "Alarme incendie : sortez, la porte s’ouvre toujours de l’intérieur",
        "en": "Fire alarm: leave, the door always opens from inside",
        "de": "Feueralarm: Verlassen Sie das Haus, von innen öffnet die Tür immer",
    },
    "disk-nearly-full": {
        "fr": "Disque presque plein : prévenez l’accueil",
        "en": "Disk nearly full: tell the front desk",
        "de": "Speicher fast voll: bitte dem Empfang melden",
    },
}
