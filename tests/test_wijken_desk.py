"""The desk of the wijk contact: what everybody reads the minute before and after saving."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from socialmap.models.terms import Role
from tests.entering import OWN, enter_as, proof
from tests.factories import TODAY
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

DAY = timedelta(days=1)
LIST = "/bureau/wijken"
AREA = f"{LIST}/haarlemmerbuurt"
MARLIES, TJEERD = "marlies-hoekstra", "tjeerd-bakhuizen"
RESULTS = "/zoeken?wijk=haarlemmerbuurt"
WIJK = "/wijk/haarlemmerbuurt"
PAGES = (
    WIJK,
    "/stadsdeel/centrum",
    RESULTS,
    "/persoon/marlies-hoekstra",
    "/persoon/tjeerd-bakhuizen",
)


@pytest.fixture
def noor(app: Flask) -> FlaskClient:
    """The wijk contact of AA."""
    return enter_as(app, Role.WIJK_CONTACT, "noor@gids.example", area="AA")


@pytest.fixture
def both(app: Flask) -> FlaskClient:
    """The contact of the whole stadsdeel, AA and AB in it."""
    return enter_as(app, Role.WIJK_CONTACT, "sem@gids.example", area="A")


@pytest.fixture
def yara(app: Flask) -> FlaskClient:
    return enter_as(app, Role.REDACTEUR, "yara@gids.example")


@pytest.fixture
def on(app: Flask) -> Callable[[date], None]:
    """The clock, to be set."""

    def begins(day: date) -> None:
        """Let this day begin."""
        kept = app.extensions["settings"]
        app.extensions["settings"] = replace(kept, today=day.isoformat())

    return begins


def forms(page: str) -> dict[str, dict[str, str]]:
    """What each form on a page sends as it is, by what it asks."""
    found = {}
    for text in re.findall(r"<form.*?</form>", page, re.S):
        boxes = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        boxes |= dict(
            re.findall(r'<input id="[^"]+" name="([^"]+)" type="[^"]+" value="([^"]*)"', text)
        )
        for name, options in re.findall(
            r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', text, re.S
        ):
            chosen = re.search(r'value="([^"]*)" selected', options)
            boxes[name] = chosen[1] if chosen else ""
        if 'name="ook" value="ja" checked' in text:
            boxes["ook"] = "ja"
        if "wat" in boxes:
            found[boxes["wat"]] = boxes
    return found


def send(
    client: FlaskClient, act: str, page: str = "", address: str = AREA, **typed: str
) -> TestResponse:
    """Fill in and send the form that asks this, of the area as it is or of the page given."""
    form = forms(page or client.get(address).text)[act]
    boxes = {name: value for name, value in (form | typed).items() if value is not None}
    return client.post(address, data=boxes, headers=OWN)


def saved(client: FlaskClient, act: str, address: str = AREA, **typed: str) -> str:
    """The same, and what is said after it."""
    answer = send(client, act, address=address, **typed)
    assert answer.status_code == 303, plain(answer.text)
    page = client.get(answer.headers["Location"]).text
    told = re.search(r'<div role="status">(.*?)</div>', page, re.S)
    assert told, page
    return plain(told[1])


def errors(answer: TestResponse) -> str:
    """What a form says is wrong, above it."""
    assert answer.status_code == 422
    found = re.search(r'<div class="summary".*?</div>', answer.text, re.S)
    assert found, answer.text
    return plain(found[0])


def read_all(visitor: Visitor) -> dict[str, str]:
    return {address: visitor.text(address) for address in PAGES}


# Leave


def test_leave_from_today_holds_the_same_minute_on_every_page(
    noor: FlaskClient, visitor: Visitor, on: Callable[[date], None]
) -> None:
    before = read_all(visitor)
    assert "Bel 020 000 0012" in before["/wijk/haarlemmerbuurt"]
    assert "Marlies Hoekstra is afwezig" not in before["/stadsdeel/centrum"]
    assert "Kent de wijk: Marlies Hoekstra, 020 000 0012" in before[RESULTS]
    assert "Zo bereikt u Marlies" in before["/persoon/marlies-hoekstra"]
    told = saved(noor, "afwezig", van=str(TODAY), tot="2026-12-04")
    assert told == (
        "Bewaard. Vanaf vandaag ziet iedereen: bel Tjeerd Bakhuizen, 020 000 0013, de vervanger. "
        "Vanaf 5 december 2026: bel Marlies Hoekstra, 020 000 0012."
    )
    after = read_all(visitor)
    assert (
        "Afwezig tot en met 4 december 2026. Bel zolang Tjeerd Bakhuizen, de vervanger"
        in after["/wijk/haarlemmerbuurt"]
    )
    assert "Bel 020 000 0013" in after["/wijk/haarlemmerbuurt"]
    assert "Marlies Hoekstra is afwezig: bel Tjeerd Bakhuizen" in after["/stadsdeel/centrum"]
    assert "Helpt u zolang: Tjeerd Bakhuizen, 020 000 0013" in after[RESULTS]
    assert "Marlies is er even niet" in after["/persoon/marlies-hoekstra"]
    assert before["/persoon/tjeerd-bakhuizen"] != after["/persoon/tjeerd-bakhuizen"]
    json = visitor.client.get("/api/search?wijk=haarlemmerbuurt").get_json()
    assert json["contact"]["url"] == "/wijk/haarlemmerbuurt#contact"
    assert "Bel 020 000 0013" in visitor.text(json["contact"]["url"].split("#")[0])
    on(date(2026, 12, 4))
    assert read_all(visitor)["/stadsdeel/centrum"] == after["/stadsdeel/centrum"]
    on(date(2026, 12, 5))
    assert "Bel 020 000 0012" in visitor.text("/wijk/haarlemmerbuurt")
    assert "Kent de wijk: Marlies Hoekstra" in visitor.text(RESULTS)


def test_leave_that_is_to_come_is_seen_on_its_first_day(
    noor: FlaskClient, visitor: Visitor, on: Callable[[date], None]
) -> None:
    before = visitor.text(WIJK)
    told = saved(noor, "afwezig", van="1-12-2026", tot="")
    assert "Vanaf vandaag ziet iedereen: bel Marlies Hoekstra" in told
    assert told.endswith("Vanaf 1 december 2026: bel Tjeerd Bakhuizen, 020 000 0013, de vervanger.")
    assert visitor.text(WIJK) == before
    on(date(2026, 11, 30))
    assert visitor.text(WIJK) == before
    on(date(2026, 12, 1))
    assert "Afwezig tot nader bericht. Bel zolang Tjeerd Bakhuizen" in visitor.text(WIJK)


def test_who_is_back_is_seen_at_once(noor: FlaskClient, visitor: Visitor) -> None:
    before = read_all(visitor)
    saved(noor, "afwezig", van="2026-11-20", tot="")
    assert "Marlies is er weer" in noor.get(AREA).text
    assert read_all(visitor) != before
    told = saved(noor, "er-weer")
    assert told == "Bewaard. Vanaf vandaag ziet iedereen: bel Marlies Hoekstra, 020 000 0012."
    assert read_all(visitor) == before
    assert "is er weer" not in noor.get(AREA).text


def test_leave_without_a_deputy_leads_to_the_next_level(
    noor: FlaskClient, visitor: Visitor
) -> None:
    told = saved(noor, "afwezig", van=str(TODAY), vervanger="")
    assert "bel Sophie Terlouw, 020 000 0034, contactpersoon van stadsdeel Centrum" in told
    assert "Bel zolang Sophie Terlouw" in visitor.text(WIJK)
    assert "Er is geen vervanger." in plain(noor.get(AREA).text)


def test_another_deputy_stands_on_the_card_at_once(noor: FlaskClient, visitor: Visitor) -> None:
    assert "Tjeerd Bakhuizen, 020 000 0013Bevestigd" in visitor.text(WIJK)
    saved(noor, "afwezig", vervanger="soraya-pinas")
    assert "Soraya Pinas, 020 000 0013Bevestigd" in visitor.text(WIJK)
    assert "Jordaan" not in visitor.text("/persoon/soraya-pinas"), "only where it was said"
    assert "Haarlemmerbuurt" in visitor.text("/persoon/soraya-pinas")


# All areas of the holder at once


def test_what_is_said_once_goes_for_all_areas_of_the_holder(
    both: FlaskClient, visitor: Visitor
) -> None:
    page = both.get(AREA).text
    assert page.count("Ook voor Jordaan") == 2
    told = saved(both, "afwezig", van=str(TODAY), vervanger="soraya-pinas")
    assert "Jordaan: Vanaf vandaag ziet iedereen: bel Soraya Pinas" in told
    for wijk in ("haarlemmerbuurt", "jordaan"):
        assert "Bel zolang Soraya Pinas, de vervanger" in visitor.text(f"/wijk/{wijk}")
    assert "Jordaan: ook bevestigd." in saved(both, "klopt")
    assert "Marlies Hoekstra, 020 000 0012" in saved(both, "er-weer")
    assert "Afwezig" not in visitor.text("/wijk/jordaan")


def test_it_goes_for_one_area_where_that_is_asked(both: FlaskClient, visitor: Visitor) -> None:
    saved(both, "afwezig", van=str(TODAY), ook=None)
    assert "Afwezig" in visitor.text(WIJK)
    assert "Afwezig" not in visitor.text("/wijk/jordaan")


def test_areas_on_which_one_may_not_decide_are_left_alone(
    noor: FlaskClient, visitor: Visitor
) -> None:
    assert "Ook voor" not in noor.get(AREA).text
    saved(noor, "afwezig", van=str(TODAY), ook="ja")
    assert "Afwezig" not in visitor.text("/wijk/jordaan")


# Confirming


def test_it_is_asked_again_after_half_a_year(
    both: FlaskClient, visitor: Visitor, on: Callable[[date], None]
) -> None:
    assert "Bevestigd 12 jun 2026" in visitor.text(WIJK)
    on(date(2026, 12, 13))
    asked = re.search(r"Bevestig: (\d+) wijken", plain(both.get("/bureau").text))
    assert asked
    assert "Lang niet bevestigd: laatst 12 jun 2026" in visitor.text(WIJK)
    assert "Bevestig: dit is voor het laatst bevestigd op 12 juni 2026." in plain(
        both.get(LIST).text
    )
    told = saved(both, "klopt", ook=None)
    assert told == "Bevestigd. Op 13 juni 2027 vragen wij het weer."
    assert "Bevestigd 13 dec 2026" in visitor.text(WIJK)
    assert f"Bevestig: {int(asked[1]) - 1} wijken" in plain(both.get("/bureau").text)


def test_one_tap_on_the_list_confirms(yara: FlaskClient, on: Callable[[date], None]) -> None:
    on(date(2026, 12, 13))
    page = yara.get(f"{LIST}?naam=haarlemmer").text
    answer = send(yara, "klopt", page)
    assert answer.headers["Location"] == f"{LIST}?wijk=haarlemmerbuurt"
    assert "Bevestigd: Haarlemmerbuurt klopt nog." in plain(
        yara.get(answer.headers["Location"]).text
    )
    assert "In orde: 1" in yara.get(f"{LIST}?naam=haarlemmer").text


# A vacancy, and who comes


def test_a_vacancy_is_a_vacancy_on_every_page(noor: FlaskClient, visitor: Visitor) -> None:
    assert "Haarlemmerbuurt" in visitor.text("/persoon/marlies-hoekstra")
    told = saved(noor, "stopt", weg=str(TODAY))
    assert told == (
        "Bewaard. Vanaf vandaag ziet iedereen: bel Tjeerd Bakhuizen, 020 000 0013, de vervanger."
    )
    told = visitor.text(WIJK)
    assert "Sinds 23 november 2026 is deze plek vrij. Tot er iemand is, helpt Tjeerd" in told
    assert "Nog niemand: bel Tjeerd Bakhuizen" in visitor.text("/stadsdeel/centrum")
    assert "Helpt u zolang: Tjeerd Bakhuizen" in visitor.text(RESULTS)
    assert "Haarlemmerbuurt" not in visitor.text("/persoon/marlies-hoekstra")
    page = plain(noor.get(LIST).text)
    assert "Niemand, sinds 23 november 2026. Nu helpt Tjeerd Bakhuizen, de vervanger." in page


def test_a_successor_is_there_from_the_day_on(
    noor: FlaskClient, visitor: Visitor, on: Callable[[date], None]
) -> None:
    saved(noor, "stopt", weg="2026-12-01")
    told = saved(noor, "begint", wie="soraya-pinas", begin="2026-12-01")
    assert told.endswith("Vanaf 1 december 2026: bel Soraya Pinas, 020 000 0013.")
    assert "Daarna Soraya Pinas, vanaf 1 december 2026" in plain(noor.get(AREA).text)
    on(date(2026, 11, 30))
    assert "Marlies Hoekstra" in visitor.text("/stadsdeel/centrum")
    on(date(2026, 12, 1))
    assert "Wijkcontactpersoon Haarlemmerbuurt Soraya Pinas" in visitor.text(WIJK)


def test_what_was_planned_can_be_called_off(noor: FlaskClient) -> None:
    before = plain(noor.get(AREA).text)
    saved(noor, "stopt", weg="2026-12-01")
    saved(noor, "begint", wie="soraya-pinas", begin="2026-12-01")
    answer = send(noor, "blijft")
    assert "Vanaf 1 december 2026 houdt Soraya Pinas dit gebied" in errors(answer)
    saved(noor, "toch-niet")
    saved(noor, "blijft")
    assert plain(noor.get(AREA).text) == before


# What is wrong, twice, two at once, and a session that is lost


def test_what_is_wrong_is_said_at_its_box_and_what_was_typed_is_kept(noor: FlaskClient) -> None:
    before = noor.get(AREA).text
    answer = send(noor, "afwezig", van="1-12-2026", tot="30-11-2026")
    assert errors(answer) == (
        "Er is nog iets niet goed De laatste dag is eerder dan de eerste. Kijk de dagen na. "
        "Wat u typte, staat er nog."
    )
    assert 'value="1-12-2026"' in answer.text
    assert 'aria-describedby="f-tot-hint f-tot-fout"' in answer.text
    assert "Fout: " in answer.text
    assert "Dit is geen datum" in errors(send(noor, "afwezig", van="straks"))
    assert "Kies iemand uit de lijst" in errors(send(noor, "afwezig", vervanger="fadila-bouzid"))
    assert "niet de eigen vervanger" in errors(send(noor, "afwezig", vervanger=MARLIES))
    assert "Vul in vanaf welke dag" in errors(send(noor, "stopt"))
    assert plain(noor.get(AREA).text) == plain(before)


def test_a_form_that_is_sent_twice_does_the_same(noor: FlaskClient) -> None:
    page = noor.get(AREA).text
    for act, typed in (("stopt", {"weg": str(TODAY)}),):
        codes = [send(noor, act, page, **typed).status_code for _ in range(2)]
        assert codes == [303, 303]
    page = noor.get(AREA).text
    typed = {"wie": "soraya-pinas", "begin": "2026-11-25"}
    assert [send(noor, "begint", page, **typed).status_code for _ in range(2)] == [303, 303]


def test_the_second_of_two_sees_what_the_first_changed(
    noor: FlaskClient, yara: FlaskClient, visitor: Visitor
) -> None:
    page = noor.get(AREA).text
    saved(yara, "afwezig", van="2026-12-01", tot="2026-12-24", vervanger="soraya-pinas")
    answer = send(noor, "afwezig", page, van="2026-12-07", tot="2026-12-24")
    assert answer.status_code == 409
    told = plain(answer.text)
    assert "Iemand anders veranderde dit net ook" in told
    assert "Eerste dag afwezig: u koos 7 december 2026, nu staat er 1 december 2026." in told
    assert "Vervanger: u koos Tjeerd Bakhuizen, nu staat er Soraya Pinas." in told
    assert "Laatste dag afwezig: u koos" not in told
    assert forms(answer.text)["afwezig"]["van"] == "2026-12-07"
    assert "Soraya Pinas" in visitor.text(WIJK)
    assert send(noor, "afwezig", answer.text).status_code == 303
    assert "Tjeerd Bakhuizen" in visitor.text(WIJK)


def test_leave_of_who_is_gone_meanwhile_is_not_kept(noor: FlaskClient, yara: FlaskClient) -> None:
    page = noor.get(AREA).text
    saved(yara, "stopt", weg=str(TODAY), ook=None)
    answer = send(noor, "afwezig", page, van="2026-12-07")
    assert answer.status_code == 409
    assert "Eerste dag afwezig: u koos 7 december 2026, nu staat er niets." in plain(answer.text)


def test_who_lost_the_session_gets_back_what_was_typed(app: Flask, noor: FlaskClient) -> None:
    form = forms(noor.get(AREA).text)["afwezig"] | {"van": "2026-12-07"}
    noor.post("/bureau/uitloggen", data={"bewijs": form["bewijs"]}, headers=OWN)
    answer = noor.post(AREA, data=form, headers=OWN)
    assert answer.status_code == 403
    kept = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', answer.text))
    assert (kept["wat"], kept["van"]) == ("afwezig", "2026-12-07")
    again = enter_as(app, Role.WIJK_CONTACT, "noor@gids.example", area="AA")
    page = again.post(AREA, data=kept, headers=OWN)
    assert forms(page.text)["afwezig"]["van"] == "2026-12-07"
    assert send(again, "afwezig", page.text).status_code == 303


def test_what_asks_for_nothing_that_there_is_changes_nothing(noor: FlaskClient) -> None:
    form = forms(noor.get(AREA).text)["klopt"]
    assert noor.post(AREA, data=form | {"wat": "alles"}, headers=OWN).status_code == 400
    assert noor.post(AREA, data=form | {"bewijs": ""}, headers=OWN).status_code == 403


# Who


def test_a_wijk_contact_sees_the_own_areas_and_what_lies_inside(
    noor: FlaskClient, both: FlaskClient
) -> None:
    assert re.findall(rf'href="{LIST}/([^"]+)"', noor.get(LIST).text) == ["haarlemmerbuurt"]
    inside = re.findall(rf'href="{LIST}/([^"]+)"', both.get(LIST).text)
    assert {"centrum", "haarlemmerbuurt", "jordaan"} <= set(inside)
    assert "volewijck" not in inside
    assert noor.get(f"{LIST}/jordaan").status_code == 404
    assert noor.get(f"{LIST}/centrum").status_code == 404
    assert both.get(f"{LIST}/centrum").status_code == 200
    assert both.get(f"{LIST}/amsterdam").status_code == 404


def test_a_redacteur_looks_for_a_wijk(yara: FlaskClient) -> None:
    page = yara.get(LIST).text
    assert f'href="{LIST}?stadsdeel=noord"' in page
    assert f'href="{LIST}/volewijck"' not in page, "not a list of hundreds"
    assert "Niemand: " in plain(page)
    assert f'href="{LIST}/volewijck"' in yara.get(f"{LIST}?stadsdeel=noord").text
    assert f'href="{LIST}/jordaan"' not in yara.get(f"{LIST}?stadsdeel=noord").text
    assert f'href="{LIST}/jordaan"' in yara.get(f"{LIST}?naam=JORD").text
    assert "Er is geen wijk" in yara.get(f"{LIST}?naam=bestaat-niet").text
    assert yara.get(f"{LIST}/amsterdam").status_code == 200


def test_someone_new_can_be_chosen_as_deputy(noor: FlaskClient, visitor: Visitor) -> None:
    address = "/bureau/persoon/nieuw"
    assert f'href="{address}"' in noor.get(AREA).text
    boxes = {"naam": "Dia", "rol": "Buurtwerker", "minderjarig": "nee"}
    version = re.search(r'name="versie" value="([^"]+)"', page := noor.get(address).text)
    assert version
    form = boxes | {"bewijs": proof(page), "versie": version[1]}
    assert noor.post(address, data=form, headers=OWN).status_code == 303
    assert ">Dia, buurtwerker</option>" in noor.get(AREA).text
    assert visitor.client.get("/persoon/dia").status_code == 404
    saved(noor, "afwezig", vervanger="persoon-" + version[1])
    assert "Haarlemmerbuurt" in visitor.text("/persoon/dia")
