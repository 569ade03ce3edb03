"""One table from refusals to HTTP, for pages and API alike; the unknown is a 500, logged once."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.domain import errors as e
from app.domain.errors import DomainError
from app.web import api, clock
from app.web.refused_fields import field_of
from app.web.request_log import logged_path
from app.web.sentences import sentence

log = structlog.get_logger("totem.web")

STATUS: dict[type[DomainError], int] = {
    e.AbsurdArea: 422,
    e.AccountDisabled: 403,
    e.AidCeilingExceeded: 409,
    e.AidDeclarationMissing: 409,
    e.AlreadyGranted: 409,
    e.AlreadyMember: 409,
    e.AlreadyReversed: 409,
    e.BadBeginning: 422,
    e.BadCompanyLink: 409,
    e.BadCursor: 422,
    e.BadDocument: 422,
    e.BadEnrolment: 403,
    e.BadLeaseTerms: 422,
    e.BadLink: 410,
    e.BadNetwork: 422,
    e.BadRateCard: 422,
    e.BadRule: 422,
    e.BadSignature: 401,
    e.BadValidity: 422,
    e.BadVatRate: 422,
    e.BasketRefused: 409,
    e.BeyondHorizon: 422,
    e.BuildingFull: 409,
    e.CardHeld: 409,
    e.CardInForce: 409,
    e.Closed: 422,
    e.ClosureChanged: 409,
    e.CompanionMissing: 422,
    e.CompanyTooOld: 422,
    e.DatesRefused: 409,
    e.DevicePending: 403,
    e.DeviceRevoked: 403,
    e.DocumentGone: 410,
    e.DoubledTime: 422,
    e.DraftChanged: 409,
    e.DraftClosed: 409,
    e.BadEmail: 422,
    e.EmailTaken: 409,
    e.EndBeforeStart: 422,
    e.GivesNoRight: 422,
    e.HoldExpired: 409,
    e.IndexAlreadyKnown: 409,
    e.IndexUnknown: 422,
    e.InductionMissing: 403,
    e.InventoryMissing: 409,
    e.JournalFork: 409,
    e.JournalGap: 409,
    e.JournalUnlinked: 409,
    e.KeyReused: 422,
    e.LastManager: 409,
    e.LastOwner: 409,
    e.LeaseTooLong: 422,
    e.LettersUnavailable: 503,
    e.MissingTitleWords: 422,
    e.NoAidRule: 422,
    e.NoDates: 422,
    e.NoPass: 409,
    e.NoPrice: 422,
    e.NoRateCard: 422,
    e.NotForProfile: 403,
    e.NoticeTooShort: 422,
    e.NoVatRate: 422,
    e.NobodyComes: 422,
    e.NonexistentTime: 422,
    e.NotAPass: 422,
    e.NotAllowed: 403,
    e.NotBookable: 422,
    e.NotForYou: 403,
    e.NotSignedIn: 401,
    e.NotYet: 409,
    e.OffStep: 422,
    e.OverCapacity: 422,
    e.PhoneRefused: 409,
    e.PriceChanged: 409,
    e.ProofDecided: 409,
    e.ProofPending: 409,
    e.QuotaExceeded: 409,
    e.ReasonMissing: 422,
    e.RightTooSmall: 409,
    e.RightUsed: 409,
    e.RoomTaken: 409,
    e.ShareExceeded: 409,
    e.SpanInPast: 422,
    e.StaleVersion: 412,
    e.TooLong: 422,
    e.TooManyAttempts: 429,
    e.TooManyDates: 422,
    e.TooManyGuests: 422,
    e.TooManyHolds: 409,
    e.AdvanceSuspended: 409,
    e.NotAnAbsence: 409,
    e.NotForOutsiders: 409,
    e.UnknownOffer: 404,
    e.TooShort: 422,
    e.UnknownAccessCard: 404,
    e.UnknownAccount: 404,
    e.UnknownAid: 404,
    e.UnknownAlarm: 404,
    e.NothingToWaitFor: 409,
    e.TooManyWaits: 409,
    e.UnknownWait: 404,
    e.UnknownBooking: 404,
    e.UnknownCard: 404,
    e.UnknownDate: 422,
    e.UnknownClosure: 404,
    e.UnknownDevice: 404,
    e.UnknownDoor: 404,
    e.UnknownDraft: 404,
    e.UnknownFeed: 404,
    e.UnknownGrant: 404,
    e.UnknownGuest: 404,
    e.UnknownInduction: 404,
    e.UnknownLease: 404,
    e.UnknownOrder: 404,
    e.UnknownOrganisation: 404,
    e.UnknownPhone: 404,
    e.UnknownProduct: 404,
    e.UnknownProfile: 422,
    e.UnknownProof: 404,
    e.UnknownRight: 404,
    e.UnknownRole: 422,
    e.UnknownScope: 422,
    e.UnknownSeries: 404,
    e.UnknownSetup: 422,
    e.UnknownSigner: 401,
    e.UnknownSite: 404,
    e.UnknownSpace: 404,
    e.WeakPassword: 422,
    e.WrongCredentials: 401,
    e.WrongLeaseState: 409,
    e.WrongState: 409,
}


def status_of(error: DomainError) -> int:
    """Give the HTTP status of a refusal."""
    return STATUS[type(error)]


def register(app: Flask) -> None:
    """Answer every refusal and every HTTP error in the reader's language."""
    app.register_error_handler(DomainError, on_refusal)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_unknown)


def on_refusal(error: DomainError) -> ResponseReturnValue:
    """Answer a refusal of the rules: problem+json under /api, a page elsewhere."""
    status = status_of(error)
    headers = _headers(error, status)
    if api.is_api():
        words = sentence(error)
        field = field_of(error, query=request.method == "GET") if status == 422 else None
        errors = {} if field is None else {"errors": {field: [words]}}
        return api.problem(status, error.code, words, headers, **error.facts(), **errors)
    if isinstance(error, e.NotSignedIn):
        return redirect(url_for("people.sign_in", next=_here()))
    return _page(status, sentence(error)), status, headers


def _headers(error: DomainError, status: int) -> dict[str, str]:
    if isinstance(error, e.TooManyAttempts):
        seconds = (error.retry_at - clock.now()).total_seconds()
        return {"Retry-After": str(max(1, round(seconds)))}
    if status == HTTPStatus.UNAUTHORIZED and api.is_api():
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _here() -> str:
    """Where to come back to after signing in; a form that was posted starts again at its page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    if page.netloc != request.host or not page.path:
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path


def _on_csrf(_error: CSRFError) -> ResponseReturnValue:
    words = _("Cette page était ouverte depuis trop longtemps. Rechargez-la puis recommencez.")
    return _page(400, words), 400


def _on_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # a redirect of the router
        return error
    if api.is_api():
        return api.http_problem(error, _http_sentence(status))
    given = error.get_response().headers
    kept = {name: given[name] for name in api.KEPT_HEADERS if name in given}
    return _page(status, _http_sentence(status)), status, kept


def _on_unknown(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected", path=logged_path(), method=request.method, exc_info=error)
    words = _http_sentence(500)
    if api.is_api():
        return api.problem(500, "internal-error", words)
    return render_template("errors/500.html"), 500


def _http_sentence(status: int) -> str:
    known = {
        400: _("La demande est incomplète ou mal formée. Vérifiez-la puis recommencez."),
        401: _("Connectez-vous pour continuer."),
        403: _("Vous n’avez pas ce droit ici. Adressez-vous à l’accueil."),
        404: _("Cette page n’existe pas ou plus."),
        405: _("Cette adresse ne répond pas à ce genre de demande."),
        409: _("Quelqu’un a été plus rapide. Rechargez la page."),
        413: _("C’est trop volumineux. Envoyez moins à la fois."),
        415: _("Ce format n’est pas accepté. Envoyez du JSON."),
        422: _("Certains champs ne vont pas. Corrigez-les puis recommencez."),
        429: _("Trop de demandes. Patientez un instant."),
        500: _("Une erreur est survenue de notre côté. Rien n’a été perdu ; réessayez."),
        503: _("Le service est occupé. Réessayez dans un instant."),
    }
    return known.get(status, known[400] if status < 500 else known[500])


def _page(status: int, words: str) -> str:
    titles = {
        403: _("Accès refusé"),
        404: _("Introuvable"),
        409: _("Plus disponible"),
        410: _("Lien périmé"),
        413: _("Trop volumineux"),
        422: _("À corriger"),
        429: _("Un peu de patience"),
    }
    return render_template(
        "errors/error.html",
        status=status,
        title=titles.get(status, _("Demande refusée")),
        sentence=words,
    )
