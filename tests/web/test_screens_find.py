"""Finding a place: the sentence, what is free for it, and never a dead end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.transaction import transaction
from app.domain.permissions import Role
from app.people import service
from app.web import clock
from tests.databases import counting
from tests.members import acting, add_member, make_member, make_organisation, sign_in
from tests.screens import ASKED, forms, heading, links, text_of, value_of
from tests.stays import TUESDAY, booked, make_person, stay

TEN_TO_TWELVE = {**ASKED, "site": "metz", "people": "8", "kind": "meeting_room"}


def test_a_stranger_sees_what_is_free_soon_at_the_base_price(
    sqlite_app: Flask, now: datetime
) -> None:
    page = sqlite_app.test_client().get("/")
    assert page.status_code == 200
    assert heading(page) == "Trouver une place"
    assert (value_of(page, "date"), value_of(page, "start")) == ("2026-11-23", "09:00")
    assert value_of(page, "end") == "11:00"
    assert "Connectez-vous pour voir votre tarif." in text_of(page)
    assert links(page, "/spaces/metz-poulailler?")
    assert forms(page, "/hold") == []


def test_the_sentence_is_kept_and_each_place_has_a_price_with_reasons(
    sqlite_app: Flask, now: datetime
) -> None:
    page = sqlite_app.test_client().get("/", query_string=TEN_TO_TWELVE)
    words = text_of(page)
    assert "2 lieux libres" in words
    assert "Salle Mirabelle" in words
    assert "60,00 € TTC" in words
    assert "Pourquoi ce prix ?" in words
    assert "2 h à 25,00 € l’heure" in words
    assert value_of(page, "people") == "8"


def test_somebody_signed_in_keeps_a_place_with_one_press(sqlite_app: Flask, now: datetime) -> None:
    client = sign_in(sqlite_app, make_member(sqlite_app))
    page = client.get("/", query_string=TEN_TO_TWELVE)
    kept = forms(page, "/hold")
    assert {each["space"] for each in kept} == {"metz-mirabelle", "metz-moselle"}
    assert {(each["date"], each["start"], each["end"], each["people"]) for each in kept} == {
        ("2026-11-24", "10:00", "12:00", "8")
    }
    assert "Connectez-vous" not in text_of(page)


def test_prices_before_tax_are_big_where_an_organisation_pays(
    sqlite_app: Flask, now: datetime
) -> None:
    owner = make_member(sqlite_app, "Basile")
    make_organisation(sqlite_app, owner)
    client = sign_in(sqlite_app, owner)
    assert "60,00 € TTC soit 50,00 € HT" in text_of(client.get("/", query_string=TEN_TO_TWELVE))
    person = acting(sqlite_app, owner)
    with sqlite_app.app_context(), transaction() as session:
        service.choose_payer(session, person, next(iter(person.organisations_owned)))
    assert "50,00 € HT soit 60,00 € TTC" in text_of(client.get("/", query_string=TEN_TO_TWELVE))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"date": "2026-11-20"}, "Ce moment est passé."),
        ({"start": "16:00", "end": "14:00"}, "La fin doit venir après le début."),
        ({"start": "10:00", "end": "10:00"}, "La fin doit venir après le début."),
        ({"people": "0"}, "Indiquez au moins une personne."),
        ({"people": "-3"}, "Indiquez au moins une personne."),
        ({"people": "many"}, "Indiquez un nombre de personnes."),
        ({"people": "9" * 30}, "accueille 80 personnes au plus"),
        ({"date": ""}, "Choisissez une date."),
        ({"date": "2026-13-45"}, "Choisissez une date."),
        ({"start": "25:00"}, "Choisissez l’heure de début."),
        ({"start": "10:00", "end": "10:05"}, "Ici, on réserve 15 min au moins."),
        ({"start": "10:01", "end": "11:00"}, "Les heures vont de 5 min en 5 min."),
        ({"date": "2028-01-10"}, "On réserve jusqu’au"),
        ({"date": "9999-12-31"}, "On réserve jusqu’au"),
        ({"date": "0001-01-01"}, "Ce moment est passé."),
        ({"site": "atlantis"}, "Ce Totem est inconnu."),
        ({"date": "2026-12-25"}, "Noël"),
        ({"start": "05:00", "end": "06:00"}, "ce lieu est ouvert de 8 h à 20 h"),
    ],
)
def test_a_faulty_sentence_is_refused_in_words_and_kept(
    sqlite_app: Flask, now: datetime, query: dict[str, str], said: str
) -> None:
    asked = {**ASKED, "site": "metz", **query}
    page = sqlite_app.test_client().get("/", query_string=asked)
    assert page.status_code == 422
    assert said in text_of(page)
    for name in ("date", "start", "end", "people"):
        assert value_of(page, name) == asked[name]


def test_an_hour_that_does_not_exist_is_explained_with_both_choices(
    sqlite_app: Flask, now: datetime
) -> None:
    asked = {**ASKED, "site": "metz", "date": "2027-03-28", "start": "02:30", "end": "10:00"}
    page = sqlite_app.test_client().get("/", query_string=asked)
    assert page.status_code == 422
    assert "2 h 30 n’existe pas" in text_of(page)
    ways = [href for href in links(page, "/?") if "start=" in href]
    assert any("start=01:30" in href or "start=01%3A30" in href for href in ways)
    assert any("start=03:30" in href or "start=03%3A30" in href for href in ways)


def test_an_hour_that_exists_twice_is_asked_back_and_the_answer_is_understood(
    sqlite_app: Flask, now: datetime
) -> None:
    asked = {**ASKED, "site": "metz", "date": "2027-10-31", "start": "02:30", "end": "10:00"}
    client = sqlite_app.test_client()
    page = client.get("/", query_string=asked)
    assert page.status_code == 422
    assert "existe deux fois" in text_of(page)
    ways = [href for href in links(page, "/?") if "start_fold=" in href]
    assert len(ways) == 2
    for way in ways:
        answer = client.get(way)
        assert "existe deux fois" not in text_of(answer)
        assert "fermé" in text_of(answer).lower()


def test_nothing_free_leads_to_later_similar_and_elsewhere(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    for space in ("metz-mirabelle", "metz-moselle"):
        booked(sqlite_app, anais, stay("10:00-12:00", space), now)
    page = sqlite_app.test_client().get("/", query_string=TEN_TO_TWELVE)
    words = text_of(page)
    assert page.status_code == 200
    assert "Rien de libre pour cette phrase exactement" in words
    assert "Au même endroit, plus tard" in words
    assert "Un lieu semblable, à la même heure" in words
    assert "à la même heure" in words
    assert len(links(page, "/spaces/")) >= 3


def test_a_wish_no_totem_can_grant_leads_to_smaller_wishes(
    sqlite_app: Flask, now: datetime
) -> None:
    asked = {**ASKED, "site": "metz", "kind": "meeting_room", "needs": ["laser_cutter"]}
    page = sqlite_app.test_client().get("/", query_string=asked)
    words = text_of(page)
    assert page.status_code == 200
    assert "Moins d’équipement" in words
    assert "Un autre Totem" in words
    assert "avec découpeuse laser" in words


def test_machines_are_found_only_when_asked_for(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    anything = client.get("/", query_string={**ASKED, "site": "metz", "people": "1", "all": "1"})
    machines = client.get(
        "/", query_string={**ASKED, "site": "metz", "people": "1", "kind": "machine"}
    )
    assert "Imprimantes 3D" not in text_of(anything)
    assert "Imprimantes 3D" in text_of(machines)


def test_the_first_sentence_knows_the_usual_totem(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    client.get("/", query_string={**ASKED, "site": "nancy"})
    assert "Totem de Nancy" in text_of(client.get("/"))
    regular = make_member(sqlite_app, "Anouk")
    visit = stay(space="nancy-daum", day=TUESDAY - timedelta(days=1))
    booked(sqlite_app, acting(sqlite_app, regular), visit, now)
    with clock.freeze(now + timedelta(days=1)):
        assert "Totem de Nancy" in text_of(sign_in(sqlite_app, regular).get("/"))
    staff = sign_in(
        sqlite_app, make_member(sqlite_app, "Reine", role=Role.CONCIERGE, site="epinal")
    )
    assert "Totem d’Épinal" in text_of(staff.get("/"))


def test_after_closing_time_the_next_opening_is_offered(sqlite_app: Flask) -> None:
    with clock.freeze(datetime(2026, 11, 28, 19, 0, tzinfo=UTC)):  # Saturday evening
        page = sqlite_app.test_client().get("/")
    assert page.status_code == 200
    assert (value_of(page, "date"), value_of(page, "start")) == ("2026-11-30", "08:00")


def test_finding_asks_the_database_little_however_much_is_booked(
    sqlite_app: Flask, now: datetime
) -> None:
    stranger, anais = sqlite_app.test_client(), make_person(sqlite_app)
    member = sign_in(sqlite_app, make_member(sqlite_app, "Bruno"))
    counts = []
    for half in (0, 30):
        for client in (stranger, member):
            client.get("/", query_string=TEN_TO_TWELVE)
            with counting(sqlite_app) as counted:
                client.get("/", query_string=TEN_TO_TWELVE)
            counts.append(len(counted))
        for hour in range(8, 19):
            booked(
                sqlite_app,
                anais,
                stay(f"{hour:02d}:{half:02d}-{hour:02d}:{half + 15}", "metz-quetsche"),
                now,
            )
    assert counts == [2, 4, 2, 4]
    for space in ("metz-mirabelle", "metz-moselle"):
        booked(sqlite_app, anais, stay("10:00-12:00", space), now)
    with counting(sqlite_app) as counted:
        page = member.get("/", query_string=TEN_TO_TWELVE)
    assert "Rien de libre" in text_of(page)
    assert len(counted) <= 7  # one of them is the sign-in


def test_before_any_totem_is_loaded_the_page_says_so(bare_app: Flask, now: datetime) -> None:
    page = bare_app.test_client().get("/")
    assert page.status_code == 503
    assert "Aucun Totem n’est encore ouvert" in text_of(page)


def test_the_page_speaks_english_and_german(sqlite_app: Flask, now: datetime) -> None:
    client: FlaskClient = sqlite_app.test_client()
    for language in ("en", "de"):
        page = client.get("/", headers={"Accept-Language": language})
        assert f'<html lang="{language}"' in page.get_data(as_text=True)
        assert page.status_code == 200


def test_a_colleague_pays_as_they_chose(sqlite_app: Flask, now: datetime) -> None:
    owner, colleague = (
        make_member(sqlite_app, "Basile"),
        make_member(sqlite_app, "Chloé", email="c@people.example"),
    )
    organisation = make_organisation(sqlite_app, owner)
    add_member(sqlite_app, organisation, colleague)
    client = sign_in(sqlite_app, colleague)
    assert "60,00 € TTC soit 50,00 € HT" in text_of(client.get("/", query_string=TEN_TO_TWELVE))


def test_a_stay_that_ends_at_midnight_ends_with_its_day(sqlite_app: Flask, now: datetime) -> None:
    late = sqlite_app.test_client().get("/?site=metz&date=2026-12-01&start=21:30&end=00:00")
    assert "La fin doit venir après le début" not in text_of(late)
