"""The parts pages are made of: fields keep what was typed, states speak, prices give reasons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask, flash, render_template_string
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import StrictUndefined
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from app.domain.booking_states import BookingState
from app.domain.ids import AccountId, SiteCode
from app.domain.money import Money
from app.domain.permissions import Actor, Grant, Role
from app.tariffs.quote_views import LineView, QuoteView
from app.web import formats, languages, navigation

NBSP = "\u00a0"
LANGUAGES = [SelectChoice("fr", "Français"), SelectChoice("de", "Deutsch")]


class Visitor(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form with one field of each shape."""

    name = StringField("Nom", validators=[DataRequired("Dites-nous votre nom.")])
    phone = StringField("Téléphone", validators=[Optional()])
    language = RadioField("Langue", choices=LANGUAGES)
    agree = BooleanField("J’accepte", validators=[DataRequired("Cochez la case.")])


PRICE = QuoteView(
    lines=(LineView("half-day", Money(8000), "Demi-journée"),),
    net=Money(8000),
    vat=Money(1600),
    gross=Money(9600),
    profile="small_business",
    profile_word="petite entreprise",
)


@pytest.fixture
def page() -> Iterator[Flask]:
    app = Flask("parts", root_path="app", template_folder="web/templates")
    app.config.update(SECRET_KEY="a test", TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    CSRFProtect(app)
    languages.register(app)
    formats.register(app)
    with app.test_request_context("/", headers={"Accept-Language": "fr"}):
        yield app


def drawn(source: str, **context: object) -> str:
    return render_template_string(source, **context)


def test_a_refused_field_keeps_its_value_and_names_its_error(page: Flask) -> None:
    with page.test_request_context("/", method="POST", data={"name": "", "phone": "06 <b>"}):
        form = Visitor(meta={"csrf": False})
        assert not form.validate_on_submit()
        html = drawn(
            '{% from "parts/forms.html" import field, errors_summary %}'
            '{{ errors_summary(form) }}{{ field(form.name, hint="En entier.") }}'
            "{{ field(form.phone) }}",
            form=form,
        )
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="06 &lt;b&gt;"' in html
    assert html.count("Dites-nous votre nom.") == 2
    assert '<a href="#name">Nom</a>' in html
    assert html.count("(facultatif)") == 1


def test_choices_stand_in_a_fieldset_with_a_legend(page: Flask) -> None:
    html = drawn(
        '{% from "parts/forms.html" import field %}'
        "{{ field(form.language) }}{{ field(form.agree) }}",
        form=Visitor(meta={"csrf": False}),
    )
    assert re.search(r"<fieldset[^>]*>\s*<legend>Langue</legend>", html)
    assert html.count('type="radio"') == 2
    assert '<label for="agree">J’accepte</label>' in html


def test_a_blank_in_a_sentence_still_has_its_label(page: Flask) -> None:
    html = drawn(
        '{% from "parts/forms.html" import blank %}{{ blank(form.name, maxlength=9) }}',
        form=Visitor(meta={"csrf": False}),
    )
    assert '<label class="visually-hidden" for="name">Nom</label>' in html
    assert 'maxlength="9"' in html


def test_a_form_of_one_button_carries_its_token(page: Flask) -> None:
    html = drawn(
        '{% from "parts/forms.html" import post %}'
        '{{ post("Remettre", "/undo", values={"ref": "a&b"}) }}'
    )
    assert re.search(r'name="csrf_token" value="[^"]+"', html)
    assert 'name="ref" value="a&amp;b"' in html


@pytest.mark.parametrize("state", [*BookingState, "free", "busy", "mine", "closed"])
def test_every_state_is_told_by_a_word_and_a_shape(page: Flask, state: str) -> None:
    html = drawn('{% from "parts/states.html" import state %}{{ state(value) }}', value=state)
    word = re.search(r"</svg><span>([^<]+)</span>", html)
    assert "<svg" in html
    assert word is not None
    # The words are French: the code of the state itself is not shown to anybody.
    assert word.group(1) != state


def test_a_price_is_ttc_for_a_person_and_ht_for_a_company(page: Flask) -> None:
    source = '{% from "parts/prices.html" import price %}{{ price(quote, big) }}'
    person, company = drawn(source, quote=PRICE, big="gross"), drawn(source, quote=PRICE, big="net")
    assert f'<span class="price-big">96,00{NBSP}€ TTC</span>' in person
    assert f'<span class="price-big">80,00{NBSP}€ HT</span>' in company
    assert "Demi-journée" in person
    assert "<summary>Pourquoi ce prix\u202f?</summary>" in person


def test_the_timeline_carries_its_day_as_data_and_not_as_code(page: Flask) -> None:
    html = drawn(
        '{% from "parts/day.html" import timeline %}{{ timeline("day", settings) }}',
        settings={"date": "2026-11-23", "events": [{"title": "</script><b>"}]},
    )
    data = re.search(r'<script type="application/json" id="day-settings">(.*)</script>', html)
    assert data is not None
    assert json.loads(data.group(1))["events"] == [{"title": "</script><b>"}]


def test_what_just_happened_is_told_with_its_undo(page: Flask) -> None:
    flash({"text": "Annulée.", "undo_url": "/undo", "undo_label": "Remettre"}, "done")
    flash("La porte ne répond pas.", "trouble")
    html = drawn('{% from "parts/flash.html" import flashes %}{{ flashes() }}')
    assert 'action="/undo"' in html
    assert '<div class="flash flash-trouble" role="alert">' in html


def _labels(actor: Actor | None, path: str = "/") -> list[str]:
    return [entry.label for entry in navigation.entries(actor, path)]


def test_the_ways_follow_the_role(page: Flask) -> None:
    member = Actor(AccountId(1))
    concierge = Actor(AccountId(2), frozenset({Grant(Role.CONCIERGE, SiteCode("metz"))}))
    assert _labels(None) == ["Réserver", "Mes réservations", "Mon pass", "Se connecter"]
    assert _labels(member) == ["Réserver", "Mes réservations", "Mon pass", "Moi"]
    assert _labels(concierge)[4:] == [
        "Accueil du jour",
        "Demandes",
        "Personnes",
        "Justificatifs",
        "Portes",
    ]
    assert [each.url for each in navigation.entries(concierge, "/")][4] == "/desk/metz"


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/", "/"),
        ("/spaces/metz-12", "/"),
        ("/bookings/abc/move", "/bookings"),
        ("/me/tokens", "/me"),
    ],
)
def test_the_way_we_are_on_is_marked_alone(page: Flask, path: str, where: str) -> None:
    ways = navigation.entries(Actor(AccountId(1)), path)
    assert [way.url for way in ways if way.current] == [where]
