"""Builds the Flask app: settings in, features attached, web handed what it needs of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask, Response, jsonify
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app.access import api as access_api
from app.access import holder as access_holder
from app.access import routes as access_routes
from app.access.keys import open_keys
from app.billing import routes as billing_routes
from app.bookings import api as bookings_api
from app.bookings import routes as bookings_routes
from app.bookings.queries import given_up_among
from app.db.base import db
from app.db.engine import engine_options, prepare
from app.db.transaction import glancing, reading
from app.desk import routes as desk_routes
from app.domain.profiles import Profile
from app.domain.tariffs.families import Family
from app.entitlements import api as entitlements_api
from app.entitlements import routes as entitlements_routes
from app.gateways import documents, vies
from app.gateways.mail import mailer_for
from app.gateways.pdf import WeasyPdf
from app.gateways.wallets import wallets_for
from app.leases import routes as leases_routes
from app.leases.routes import aid as aid_routes
from app.people import api as people_api
from app.people import finders as people_finders
from app.people import routes as people_routes
from app.spaces import api as spaces_api
from app.spaces import routes as spaces_routes
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import find_network, judge_by
from app.tariffs import routes as tariffs_routes
from app.tariffs.queries import find_cards
from app.web import api as web_api
from app.web import (
    assets,
    body_limits,
    demo_mail,
    errors,
    formats,
    guards,
    languages,
    navigation,
    pace,
    request_log,
    security,
)
from app.web.lean import LeanFlask
from config.logging import configure_logging
from config.settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"
SESSION_LIFE = timedelta(days=30)


def create_app(settings: Settings) -> Flask:
    """Build the app for ``settings``; nothing is read from the environment here."""
    configure_logging(level=settings.log_level, json=settings.log_json)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = LeanFlask(
        "app",
        root_path=str(Path(__file__).parent),
        instance_path=str(settings.instance),
        template_folder="web/templates",
        static_folder="static/dist",
        static_url_path="/static/dist",
    )
    _configure(app, settings)
    _attach_database(app, settings)
    _attach_web(app, settings)
    _attach_features(app)
    _attach_health(app)
    _attach_commands(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["totem.settings"] = settings
    app.extensions["totem.mailer"] = mailer_for(settings)
    app.extensions[documents.EXTENSION] = documents.FolderStore(settings.instance / "proofs")
    app.extensions["totem.pdf"] = WeasyPdf()
    app.extensions[pace.EXTENSION] = pace.Pace()
    app.extensions[vies.REGISTER] = vies.OfflineRegister()
    app.extensions[access_holder.WALLETS] = wallets_for(settings)
    app.extensions[access_holder.EXTENSION] = open_keys(settings)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, settings.pool_size),
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        SESSION_COOKIE_NAME="totem",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch is not lost
        WTF_CSRF_SSL_STRICT=settings.https_only,
        SEND_FILE_MAX_AGE_DEFAULT=int(timedelta(days=365).total_seconds()),
        TESTING=settings.environment == "test",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _attach_database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True, render_as_batch=True)


def _attach_web(app: Flask, settings: Settings) -> None:
    languages.register(app)
    formats.register(app)
    assets.register(app)
    navigation.register(app)
    errors.register(app)
    security.register(app, https_only=settings.https_only)
    request_log.register(app)
    body_limits.register(app)


def _attach_features(app: Flask) -> None:
    """Attach pages and API of each feature, lowest first, and hand web their finders."""
    guards.register(
        app,
        guards.Finders(
            by_session=people_finders.find_by_session,
            by_token=people_finders.find_by_token,
            device=access_api.find_device,
            reading=glancing,
        ),
    )
    judge_by(AllocationKind.BOOKING, given_up_among)
    app.extensions["totem.sites"] = _site_choices
    app.extensions["totem.profile_factors"] = _profile_factors
    app.extensions["totem.offices"] = leases_routes.offices_of
    csrf = CSRFProtect(app)
    for pages in (
        people_routes.pages,
        spaces_routes.blueprint,
        tariffs_routes.blueprint,
        entitlements_routes.blueprint,
        bookings_routes.blueprint,
        leases_routes.blueprint,
        aid_routes.blueprint,
        billing_routes.blueprint,
        access_routes.blueprint,
        desk_routes.blueprint,
        demo_mail.blueprint,
    ):
        app.register_blueprint(pages)
    api = web_api.register(app)
    for interface in (
        people_api.blueprint,
        spaces_api.blueprint,
        entitlements_api.blueprint,
        *bookings_api.blueprints,
        *access_api.blueprints,
    ):
        api.register_blueprint(interface)
        csrf.exempt(interface)


def _site_choices(session: Session) -> Sequence[tuple[str, str]]:
    """What the people's screens need of the Totems: code and name of each."""
    return [(site.code, site.name) for site in find_network(session).sites]


def _profile_factors(session: Session, on: date) -> Mapping[str, Mapping[Profile, Decimal]]:
    """What the people's screens need of the charter: what each profile pays of the base price."""
    network = find_network(session)
    cards = find_cards(session, network)
    found = (cards.find_card(site.code, on) for site in network.sites)
    card = next((each for each in found if each is not None), None)
    families = card.families if card else {}
    return {
        family.value: families[family].profiles if family in families else {}
        for family in (Family.SEATS, Family.ROOMS)
    }


def _attach_health(app: Flask) -> None:
    @app.get("/healthz")
    @guards.public
    def healthz() -> Response:
        """Say that the process answers."""
        return jsonify(status="ok")

    @app.get("/readyz")
    @guards.public
    def readyz() -> tuple[Response, int]:
        """Say whether the database answers and is at the code's migration."""
        wanted = (MIGRATIONS / ".current-head").read_text().strip()
        try:
            with reading() as session:
                found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except SQLAlchemyError:
            return jsonify(status="unready", reason="database"), 503
        if found != wanted:
            return jsonify(status="unready", reason="migrations", found=found, wanted=wanted), 503
        return jsonify(status="ready", migration=found), 200


def _attach_commands(app: Flask) -> None:
    from app import cli

    cli.register(app)
