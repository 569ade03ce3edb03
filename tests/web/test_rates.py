"""The managers' pages of cards: drafted in tables, compared, published by who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.ids import SiteCode
from app.domain.permissions import Role
from app.tariffs.card_form import found_at
from app.web import clock
from tests.cards import changed, charter_content, published_here, the_cards, the_draft
from tests.conftest import NOW
from tests.members import make_member, press, sign_in

ACT = "Délibération 2026-42"


@pytest.fixture
def boss(app: Flask, now: datetime) -> FlaskClient:
    """A browser of the network's manager."""
    return sign_in(app, make_member(app, "Boss", role=Role.NETWORK_MANAGER))


@pytest.fixture
def chief(app: Flask, now: datetime) -> FlaskClient:
    """A browser of the manager of Metz."""
    return sign_in(app, make_member(app, "Chef", role=Role.MANAGER, site="metz"))


def start(client: FlaskClient, owner: str = "charter") -> str:
    """Begin a draft; gives its address."""
    answer = press(client, f"/rates/{owner}/drafts", "/rates")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def save(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send the form of a draft with some fields changed, as the page shows the others."""
    page = client.get(path).get_data(as_text=True)
    shown = dict(
        re.findall(r'<input class="input[^"]*" id="[^"]+" name="([^"]+)" value="([^"]*)"', page)
    )
    seen = re.search(r'name="revision" value="(\d+)"', page)
    assert seen is not None
    return press(client, path, path, **{**shown, "revision": seen[1], **fields})


def number_of(path: str) -> int:
    return int(path.rsplit("/", 1)[1])


def test_members_and_concierges_do_not_see_the_cards(app: Flask, now: datetime) -> None:
    clerk = sign_in(app, make_member(app, "Clerk", role=Role.CONCIERGE, site="metz"))
    for client in (clerk, sign_in(app, make_member(app))):
        for path in ("/rates", "/rates/charter", "/rates/metz/1", "/rates/vat"):
            assert client.get(path).status_code == 403


def test_a_draft_begins_as_what_is_published_and_says_what_is_missing(
    app: Flask, boss: FlaskClient
) -> None:
    path = start(boss)
    with app.app_context():
        assert the_draft(number_of(path)).content == charter_content()
    page = boss.get(path).get_data(as_text=True)
    assert "Choisissez la date d’effet." in page
    assert 'id="rows.meeting_6.hour" name="rows.meeting_6.hour" value="15,00"' in page


def test_prices_typed_the_french_way_are_kept_exactly(app: Flask, boss: FlaskClient) -> None:
    path = start(boss)
    typed = {
        "rows.meeting_6.hour": "16,5 €",
        "rows.hall_80.evening": "",
        "families.seats.profiles.student": "0,35",
        "families.rooms.profiles.resident": "",
        "time.late_from": "19 h",
        "offices.stages.1.share": "0,80",
        "products.ten_days.factor": "0,9",
        "coefficient.rent_share": "0,4",
        "coefficient.reference_rent": "155",
        "effective_on": "2027-01-01",
        "deliberation": ACT,
        "note": "Essai",
    }
    assert save(boss, path, **typed).status_code == 303
    with app.app_context():
        draft = the_draft(number_of(path))
    kept = {
        "rows.meeting_6.hour": "16.50",
        "rows.hall_80.evening": None,
        "families.seats.profiles.student": "0.35",
        "families.rooms.profiles.resident": "1.00",
        "time.late_from": "19:00",
        "offices.stages.1.share": "0.80",
        "offices.stages.1.months": 12,
        "products.ten_days.factor": "0.9",
        "coefficient": {"rent_share": "0.4", "reference_rent": "155.00", "step": "0.05"},
    }
    assert {name: found_at(draft.content, tuple(name.split("."))) for name in kept} == kept
    assert (str(draft.effective_on), draft.deliberation, draft.note) == ("2027-01-01", ACT, "Essai")
    assert "empêche" not in boss.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("rows.seat.day", "-5", "jamais négatif"),
        ("rows.seat.day", "1e3", "un prix en euros"),
        ("rows.seat.day", "15,999", "un prix en euros"),
        ("rows.seat.day", "٣", "un prix en euros"),
        ("families.seats.profiles.student", "moitié", "un nombre positif"),
        ("products.ten_days.price", "", "Remplissez ce champ"),
        ("time.day_ends", "25:00", "Écrivez une heure"),
        ("coefficient.step", "", "Remplissez ce champ"),
        ("rows.meeting_6.capacity", "0", "un nombre entier"),
        ("effective_on", "demain", "Écrivez une date"),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field_and_kept(
    app: Flask, boss: FlaskClient, name: str, text: str, told: str
) -> None:
    path = start(boss)
    answer = save(boss, path, **{name: text, "note": "gardé"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert "gardé" in page
    if text:
        assert f'value="{text}"' in page
    with app.app_context():
        assert the_draft(number_of(path)).revision == 1


def test_two_managers_do_not_overwrite_each_other(app: Flask, boss: FlaskClient) -> None:
    path = start(boss)
    other = sign_in(app, make_member(app, "Autre", role=Role.NETWORK_MANAGER))
    assert save(other, path, note="première").status_code == 303
    late = press(boss, path, path, revision="1", note="seconde")
    assert late.status_code == 422
    assert "Autre a enregistré ce projet entre-temps" in late.get_data(as_text=True)
    assert "seconde" in late.get_data(as_text=True)
    with app.app_context():
        assert the_draft(number_of(path)).note == "première"


def test_a_site_drafts_its_own_prices_over_the_charter(app: Flask, chief: FlaskClient) -> None:
    path = start(chief, "metz")
    page = chief.get(path).get_data(as_text=True)
    assert 'placeholder="15,00"' in page
    assert 'placeholder="{' not in page  # the formula of the charter is no figure
    typed = {"coefficient": "1,05", "reason": "Essai d’un an", "rows.laser.hour": "18"}
    assert save(chief, path, **typed, free="studios").status_code == 303
    with app.app_context():
        own = the_draft(number_of(path)).content
    assert (own["coefficient"], own["reason"], own["free"]) == (
        "1.05",
        "Essai d’un an",
        ["studios"],
    )
    assert own["rows"] == {"laser": {"hour": "18.00"}}
    assert save(chief, path, **{"rows.laser.hour": ""}).status_code == 303
    with app.app_context():
        assert "rows" not in the_draft(number_of(path)).content


def test_a_coefficient_by_hand_wants_its_reason(app: Flask, chief: FlaskClient) -> None:
    path = start(chief, "metz")
    assert save(chief, path, coefficient="1,20", effective_on="2027-01-01").status_code == 303
    page = chief.get(path).get_data(as_text=True)
    assert "motif du coefficient" in page.lower()
    assert "il manque un texte" in page


def test_a_site_manager_drafts_here_only_and_publishes_nothing(
    app: Flask, boss: FlaskClient, chief: FlaskClient
) -> None:
    for owner in ("nancy", "charter"):
        assert press(chief, f"/rates/{owner}/drafts", "/rates").status_code == 403
    theirs = start(boss, "nancy")
    assert press(chief, theirs, "/rates", revision="1").status_code == 403
    assert press(chief, f"{theirs}/discard", "/rates").status_code == 403
    mine = start(chief, "metz")
    assert chief.get(f"{mine}/publish").status_code == 403
    assert press(chief, f"{mine}/publish", "/rates").status_code == 403
    assert press(chief, "/rates/metz/1/withdraw", "/rates", reason="x").status_code == 403
    assert press(chief, "/rates/vat", "/rates/vat").status_code == 403


def test_a_draft_is_one_text_in_toml_and_back(app: Flask, boss: FlaskClient) -> None:
    path = start(boss)
    exported = boss.get(f"{path}/card.toml")
    assert exported.mimetype == "application/toml"
    text = exported.get_data(as_text=True)
    assert '[coefficient]\nrent_share = "0.50"\nreference_rent = "150.00"\nstep = "0.05"\n' in text
    text = text.replace('half_day = "9.00"', 'half_day = "9.50"').replace('"0.05"', '"0.01"')
    answer = press(boss, f"{path}/toml", path, revision="1", text=text.replace("\n", "\r\n"))
    assert answer.status_code == 303
    with app.app_context():
        content, expected = the_draft(number_of(path)).content, charter_content()
    expected = changed(expected, "rows.seat.half_day", "9.50")
    assert content == changed(expected, "coefficient.step", "0.01")
    broken = press(boss, f"{path}/toml", path, revision="2", text="[rows\nkept = here")
    assert broken.status_code == 422
    assert "kept = here" in broken.get_data(as_text=True)


def test_a_draft_is_compared_line_by_line_in_words(app: Flask, boss: FlaskClient) -> None:
    path = start(boss)
    save(boss, path, **{"rows.meeting_6.hour": "16"})
    page = boss.get(f"/rates/compare?before=charter:1&after=draft:{number_of(path)}")
    text = re.sub(r"[\s\u00a0]+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))
    assert "salle de réunion, jusqu’à 6 personnes : heure 15,00 € 16,00 €" in text
    same = boss.get("/rates/compare?before=metz:1&after=metz:1").get_data(as_text=True)
    assert "Rien ne change" in same


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/rates/atlantis", 404),
        ("/rates/metz/99", 404),
        ("/rates/charter/99/card.toml", 404),
        ("/rates/drafts/99", 404),
        ("/rates/compare", 404),
        ("/rates/compare?before=metz:1&after=draft:99", 404),
        ("/rates/compare?before=metz:x&after=metz:1", 404),
        ("/rates/drafts/99/simulation", 404),
    ],
)
def test_what_is_not_there_is_not_found(boss: FlaskClient, path: str, status: int) -> None:
    assert boss.get(path).status_code == status


def test_a_draft_put_aside_is_closed(app: Flask, boss: FlaskClient) -> None:
    path = start(boss)
    assert press(boss, f"{path}/discard", path).status_code == 303
    assert press(boss, path, "/rates", revision="1").status_code == 409
    assert "abandonné" in boss.get(path).get_data(as_text=True)


class TestPublishing:
    """In an app of its own: what is published cannot be taken out again."""

    @pytest.fixture
    def house(self, engine_name: str, tmp_path: Path) -> Iterator[Flask]:
        with published_here(engine_name, tmp_path) as app, clock.freeze(NOW):
            yield app

    @pytest.fixture
    def owner(self, house: Flask) -> FlaskClient:
        return sign_in(house, make_member(house, "Boss", role=Role.NETWORK_MANAGER))

    def test_the_last_page_shows_each_site_refuses_in_words_and_keeps(
        self, house: Flask, owner: FlaskClient
    ) -> None:
        path = start(owner)
        save(owner, path, **{"rows.training_24.day": "", "rows.training_24.half_day": ""})
        late = {"effective_on": "2026-11-01", "deliberation": ACT}
        refused = press(owner, f"{path}/publish", f"{path}/publish", **late)
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422
        assert "la date d’effet est passée" in page
        assert f'value="{ACT}"' in page
        assert page.count("version 2") == 5
        good = {"effective_on": "2027-01-01", "deliberation": ACT}
        done = press(owner, f"{path}/publish", f"{path}/publish", **good)
        assert done.status_code == 303, done.get_data(as_text=True)
        with house.app_context():
            assert the_cards().by_site[SiteCode("nancy")][-1].version == 2
        assert "5 sites" in owner.get("/rates").get_data(as_text=True)

    def test_everybody_reads_the_announcement_and_it_can_be_withdrawn(
        self, house: Flask, owner: FlaskClient
    ) -> None:
        path = start(owner, "metz")
        save(owner, path, **{"rows.seat.day": "23"})
        good = {"effective_on": "2027-01-01", "deliberation": ACT}
        press(owner, f"{path}/publish", f"{path}/publish", **good)
        stranger = house.test_client()
        today = stranger.get("/sites/metz/prices").get_data(as_text=True)
        assert "nouvelle grille" in today
        assert "27,60" not in today
        later = stranger.get("/sites/metz/prices?day=2027-01-01").get_data(as_text=True)
        assert "27,60" in later
        assert ACT in later
        empty = press(owner, "/rates/metz/2/withdraw", "/rates/metz", reason=" ")
        assert empty.status_code == 303
        with house.app_context():
            assert the_cards().by_site[SiteCode("metz")][-1].version == 2
        press(owner, "/rates/metz/2/withdraw", "/rates/metz", reason="Erreur de frappe")
        assert "nouvelle grille" not in stranger.get("/sites/metz/prices").get_data(as_text=True)
        assert "Erreur de frappe" in owner.get("/rates/metz").get_data(as_text=True)

    def test_a_rate_of_vat_is_added_for_a_day_to_come_only(
        self, house: Flask, owner: FlaskClient
    ) -> None:
        new = {"code": "standard", "percent": "21,5", "source": "Loi de finances"}
        begun = press(owner, "/rates/vat", "/rates/vat", **new, valid_from="2026-11-23")
        assert begun.status_code == 422
        assert "Ce jour a commencé" in begun.get_data(as_text=True)
        assert "Loi de finances" in begun.get_data(as_text=True)
        for wrong in ({"percent": "101"}, {"percent": "-1"}, {"source": ""}, {"code": "king"}):
            given = {**new, "valid_from": "2027-01-01", **wrong}
            assert press(owner, "/rates/vat", "/rates/vat", **given).status_code == 422
        done = press(owner, "/rates/vat", "/rates/vat", **new, valid_from="2027-01-01")
        assert done.status_code == 303
        again = press(owner, "/rates/vat", "/rates/vat", **new, valid_from="2027-01-01")
        assert again.status_code == 422
        corrected = {**new, "percent": "21", "valid_from": "2027-01-01"}
        assert press(owner, "/rates/vat", "/rates/vat", **corrected).status_code == 303
        with house.app_context():
            series = the_cards().vat
        assert [str(rate.percent) for rate in series.rates if rate.code == "standard"] == [
            "20",
            "21",
        ]
        page = owner.get("/rates/vat").get_data(as_text=True)
        assert "corrigé" in page
        assert "à venir" in page
