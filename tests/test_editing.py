"""The form of a listing: every part saved, wrong input said, and nothing that was typed lost."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import db
from socialmap.models import AccountSession, Listing, Provider
from socialmap.models.terms import Part, Role
from tests.entering import OWN, enter
from tests.factories import DRAAD, NOW, TUESDAY_AFTERNOON, listing, save

SLUG = "/bijwerken/kop-op"
FATMA, JOOST = "fatma@noordlicht.example", "joost@noordlicht.example"


class Boxes(HTMLParser):
    """The boxes of the form that saves, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "input" and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self._add(name, value)
        elif tag == "select":
            self._select = name
            self.found.setdefault(name, [""])
        elif tag == "option" and "selected" in told:
            self.found[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def _add(self, name: str, value: str) -> None:
        if name and name not in ("q", "bij"):
            self.found.setdefault(name, []).append(value)


def boxes(client: FlaskClient, part: str) -> dict[str, Any]:
    answer = client.get(f"{SLUG}/{part}")
    assert answer.status_code == 200
    return dict(Boxes(answer.text).found)


def put(client: FlaskClient, part: str, given: dict[str, Any] | None = None, **values: Any) -> Any:
    """Fill in these boxes of a part and press save, or `doe`."""
    form = dict(given or boxes(client, part)) | {"doe": "opslaan"} | values
    return client.post(f"{SLUG}/{part}", data=form, headers=OWN)


@pytest.fixture
def city(engine: sa.Engine) -> sa.Engine:
    save(
        engine,
        listing(sessions=[TUESDAY_AFTERNOON], coverage=["N", "stad"], steps="Bel ons.\nKom langs."),
        listing("elders", provider=DRAAD),
    )
    return engine


@pytest.fixture
def fatma(app: Flask, city: sa.Engine) -> FlaskClient:
    """An editor of Noordlicht."""
    return editor(app, city, FATMA)


def editor(app: Flask, engine: sa.Engine, mail: str) -> FlaskClient:
    with Session(engine) as session:
        found = session.exec(select(Provider.slug).where(Provider.name != DRAAD.name)).one()
    return enter(app, engine, mail, Role.EDITOR, provider=found, name=mail.partition("@")[0])


@pytest.fixture
def redactie(app: Flask, city: sa.Engine) -> FlaskClient:
    return enter(app, city, "yara@gids.example", Role.REDACTEUR)


def shown(engine: sa.Engine) -> Listing:
    with Session(engine) as session:
        query = select(Listing).where(Listing.key == "kop-op").options(*Listing.everything())
        return session.exec(query).one()


def test_every_part_saved_as_it_is_changes_nothing(redactie: FlaskClient, city: sa.Engine) -> None:
    for part in Part:
        answer = put(redactie, part)
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"] == f"{SLUG}?klaar=niets", part


def test_a_new_phone_number_is_live_at_once(fatma: FlaskClient, city: sa.Engine) -> None:
    answer = put(fatma, "contact", phone="020 000 0012")
    assert answer.headers["Location"] == f"{SLUG}?klaar=contact"
    assert "Opgeslagen: Contact" in fatma.get(answer.headers["Location"]).text
    assert "020 000 0012" in fatma.get("/aanbod/kop-op").text


def test_a_new_name_waits_and_the_old_one_stays(fatma: FlaskClient, city: sa.Engine) -> None:
    answer = put(fatma, "tekst", title="Durf", summary="Durven leer je.")
    assert answer.headers["Location"] == f"{SLUG}?klaar=tekst&wacht=1"
    page = fatma.get(answer.headers["Location"]).text
    assert "Wat een controle nodig heeft, kijken wij eerst na" in page
    assert (shown(city).title, shown(city).summary) == ("Kop op", "Durven leer je.")
    assert "Er wacht al een wijziging" in fatma.get(f"{SLUG}/tekst").text


def test_a_redacteur_does_not_wait_and_the_old_address_leads_on(
    redactie: FlaskClient, city: sa.Engine
) -> None:
    answer = put(redactie, "tekst", title="Durf")
    assert answer.headers["Location"] == "/bijwerken/durf?klaar=tekst"
    assert redactie.get(f"{SLUG}/tekst").headers["Location"] == "/bijwerken/durf/tekst"
    assert redactie.get("/aanbod/kop-op").headers["Location"] == "/aanbod/durf"


@pytest.mark.parametrize(
    ("part", "typed", "told"),
    [
        ("tekst", {"title": " "}, "Hoe heet uw aanbod?"),
        ("tekst", {"summary": "a" * 403}, "Maak het 3 tekens korter"),
        ("wie", {"ages": "van-tot", "min_age": "", "max_age": ""}, "vanaf of tot welke leeftijd"),
        ("wie", {"min_age": "12", "max_age": "8"}, "Draai ze om"),
        ("wie", {"min_age": "1,7"}, "Schrijf een leeftijd in jaren, zoals 4 of 1,5"),
        ("wie", {"themes": "onzin"}, "Een van uw keuzes is er niet meer"),
        ("toegang", {"cost": "duur"}, "Kies uit de lijst: gratis"),
        ("wanneer", {"weekday-0": "", "starts_at-0": "13:30"}, "Kies een dag"),
        ("wanneer", {"starts_at-0": "25:00"}, "Dit is geen tijd"),
        ("wanneer", {"starts_at-0": "15:30", "ends_at-0": "13:30"}, "eerder dan het begin"),
        ("wanneer", {"from_on-0": "31-02-2026"}, "Dit is geen datum"),
        ("wanneer", {"from_on-0": "2026-03-01", "until_on-0": "2026-02-01"}, "eerder dan de"),
        ("waar", {"street-0": "Nergensstraat", "house_number-0": "1"}, "Wij weten niet waar"),
        ("waar", {"postcode-0": "10AB"}, "Dit is geen postcode"),
        ("waar", {"moved-0": "ja", "lat-0": "51.9", "lon-0": "4.4"}, "buiten de stad"),
        ("waar", {"visibility-0": "area", "area_code-0": ""}, "Kies in welke wijk"),
        ("waar", {"coverage": "XX"}, "Een van uw keuzes is er niet meer"),
        ("contact", {"phone": "bel maar"}, "Dit is geen telefoonnummer"),
        ("contact", {"phone": "020 000 007"}, "Dit nummer heeft 9 cijfers"),
        ("contact", {"mail": "info"}, "Dit is geen mailadres"),
        ("contact", {"website": "geen adres"}, "Dit is geen webadres"),
        ("contact", {"website": "javascript:alert(1)"}, "Dit is geen webadres"),
        ("contact", {"contact": "onbekend"}, "Een van uw keuzes is er niet meer"),
        ("plek", {"weeks": "8"}, "Kies ook of er plek is"),
        ("plek", {"room": "vol", "weeks": "veel"}, "Schrijf een heel getal van 0"),
        ("stoppen", {"how": "gestopt"}, "op welke dag het stopt"),
        ("stoppen", {"how": "misschien"}, "Kies een van de drie"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    fatma: FlaskClient, city: sa.Engine, part: str, typed: dict[str, str], told: str
) -> None:
    before = shown(city)
    answer = put(fatma, part, **typed)
    assert answer.status_code == 422
    assert answer.text.count(told) == 2, "in the summary and at the box"
    assert "<title>Fout: " in answer.text
    assert shown(city) == before
    kept = Boxes(answer.text).found
    for name, value in typed.items():
        if name in kept and name not in ("themes", "cost", "coverage", "contact", "how"):
            assert kept[name] == [value], name


def test_dates_and_times_are_read_as_people_write_them(fatma: FlaskClient, city: sa.Engine) -> None:
    answer = put(
        fatma,
        "wanneer",
        **{"weekday-0": "do", "starts_at-0": "13.30", "ends_at-0": "15 uur"},
        **{"from_on-0": "3-12-2026", "until_on-0": "2027-01-28", "part-0": ""},
    )
    assert answer.status_code == 303, answer.text
    page = fatma.get("/aanbod/kop-op").text
    assert "Donderdag 13.30–15.00, van 3 december 2026 tot en met 28 januari 2027" in page


def test_another_row_keeps_what_was_typed(fatma: FlaskClient, city: sa.Engine) -> None:
    given = boxes(fatma, "wanneer") | {"weekday-0": "wo", "starts_at-0": "kwart over"}
    answer = put(fatma, "wanneer", given, doe="erbij")
    kept = Boxes(answer.text).found
    assert (kept["weekday-0"], kept["starts_at-0"]) == (["wo"], ["kwart over"])
    assert kept["rijen"] == ["2"]
    assert kept["weekday-1"] == [""]


def test_an_address_that_is_known_gets_its_point(redactie: FlaskClient, city: sa.Engine) -> None:
    save(
        city,
        listing(
            "ver",
            places=[
                {"street": "Gentiaanstraat", "house_number": "9"}
                | {"lat": 52.3874, "lon": 4.9111, "area_code": "NK03"}
            ],
        ),
    )
    answer = put(
        redactie,
        "waar",
        **{"street-0": "Gentiaanstraat", "house_number-0": "9"},
        **{"postcode-0": "", "name-0": ""},
    )
    assert answer.status_code == 303, answer.text
    [place] = shown(city).places
    assert (place.lat, place.lon, place.area_code) == (52.3874, 4.9111, "NK03")


def test_a_point_can_be_moved(redactie: FlaskClient, city: sa.Engine) -> None:
    answer = put(redactie, "waar", **{"moved-0": "ja", "lat-0": "52.3880", "lon-0": "4.9120"})
    assert answer.status_code == 303, answer.text
    [place] = shown(city).places
    assert (place.lat, place.lon, place.street) == (52.388, 4.912, "Gentiaanstraat")


def test_hiding_an_address_is_live_at_once(fatma: FlaskClient, city: sa.Engine) -> None:
    answer = put(fatma, "waar", **{"visibility-0": "area", "area_code-0": "NK"})
    assert answer.headers["Location"] == f"{SLUG}?klaar=waar"
    page = fatma.get("/aanbod/kop-op").text
    assert "Ergens in Volewijck" in page
    assert "Gentiaanstraat" not in page


def test_preview_is_the_real_page_and_stays_nowhere(fatma: FlaskClient, city: sa.Engine) -> None:
    before = shown(city)
    given = boxes(fatma, "tekst") | {"title": "Durf <b>nu</b>", "summary": "Durven leer je."}
    answer = put(fatma, "tekst", given, doe="voorbeeld")
    assert answer.status_code == 200
    assert "Durf &lt;b&gt;nu&lt;/b&gt;" in answer.text
    assert "Durven leer je." in answer.text
    assert "dit is nog niet opgeslagen" in answer.text
    assert shown(city) == before
    kept = Boxes(answer.text).found
    back = put(fatma, "tekst", kept, doe="terug")
    assert back.status_code == 200
    assert Boxes(back.text).found["summary"] == ["Durven leer je."]
    assert put(fatma, "tekst", kept).headers["Location"] == f"{SLUG}?klaar=tekst&wacht=1"
    assert shown(city).summary == "Durven leer je."


def test_the_second_of_two_sees_both_and_loses_nothing(
    app: Flask, fatma: FlaskClient, city: sa.Engine
) -> None:
    joost = editor(app, city, JOOST)
    given = boxes(joost, "contact")
    put(fatma, "contact", phone="020 000 0012")
    typed = given | {"phone": "020 000 0013", "mail": "kop@noordlicht.example"}
    answer = put(joost, "contact", typed)
    assert answer.status_code == 409
    assert "Iemand anders was u net voor" in answer.text
    for told in ("020 000 0012", "020 000 0013", "van fatma, net"):
        assert told in answer.text
    kept = Boxes(answer.text).found
    theirs = put(joost, "contact", kept | {"kies-phone": "hier"})
    assert theirs.headers["Location"] == f"{SLUG}?klaar=contact"
    assert (shown(city).phone, shown(city).mail) == ("020 000 0012", "kop@noordlicht.example")
    again = put(joost, "contact", kept | {"kies-phone": "mijn", "mail": "nu@noordlicht.example"})
    assert again.status_code == 303
    assert shown(city).phone == "020 000 0013"


def test_what_was_typed_outlives_the_session(
    app: Flask, fatma: FlaskClient, city: sa.Engine
) -> None:
    given = boxes(fatma, "tekst") | {"summary": "Lang over nagedacht."}
    with db.writing(city) as session:
        for row in session.exec(select(AccountSession)):
            row.ended_at = NOW
    answer = put(fatma, "tekst", given)
    assert answer.status_code == 403
    assert "Wat u typte, is niet weg" in answer.text
    kept = Boxes(answer.text).found
    assert kept["summary"] == ["Lang over nagedacht."]
    back = editor(app, city, FATMA)
    again = put(back, "tekst", kept, doe="terug")
    assert again.status_code in (200, 422)
    assert Boxes(again.text).found["summary"] == ["Lang over nagedacht."]
    assert shown(city).summary != "Lang over nagedacht."
    assert put(back, "tekst", Boxes(again.text).found).status_code == 303
    assert shown(city).summary == "Lang over nagedacht."


def test_a_double_click_saves_once(fatma: FlaskClient, city: sa.Engine) -> None:
    given = boxes(fatma, "contact")
    first = put(fatma, "contact", given, phone="020 000 0012")
    again = put(fatma, "contact", given, phone="020 000 0012")
    assert first.headers["Location"].endswith("klaar=contact")
    assert again.headers["Location"].endswith("klaar=niets")


def test_all_still_holds_in_one_press(fatma: FlaskClient, city: sa.Engine) -> None:
    page = fatma.get(SLUG).text
    form = Boxes(page).found | {"doe": "klopt", "room": "vol", "weeks": "8"}
    answer = fatma.post(f"{SLUG}/klopt", data=form, headers=OWN)
    assert answer.headers["Location"] == f"{SLUG}?klaar=alles"
    found = shown(city)
    assert (str(found.room), found.weeks) == ("vol", 8)
    assert found.confirmed_on == found.reported_on
    public = fatma.get("/aanbod/kop-op").text
    assert re.search(r"ongeveer 8 weken, gemeld 23 nov 2026", public)


def test_only_the_room_does_not_say_that_all_was_checked(
    fatma: FlaskClient, city: sa.Engine
) -> None:
    checked = shown(city).confirmed_on
    form = Boxes(fatma.get(SLUG).text).found | {"doe": "plek", "room": "beperkt"}
    assert fatma.post(f"{SLUG}/klopt", data=form, headers=OWN).status_code == 303
    assert (str(shown(city).room), shown(city).confirmed_on) == ("beperkt", checked)


def test_who_keeps_it_says_how_often_it_is_asked(fatma: FlaskClient, city: sa.Engine) -> None:
    assert put(fatma, "ritme", review_months="3").status_code == 303
    assert shown(city).review_months == 3, "that waits for nobody"
    assert put(fatma, "ritme", review_months="13").status_code == 422
    assert put(fatma, "ritme", review_months="").status_code == 422
    assert shown(city).review_months == 3


def test_the_listing_of_another_is_refused(fatma: FlaskClient, city: sa.Engine) -> None:
    for path in ("/bijwerken/elders", "/bijwerken/elders/tekst"):
        assert fatma.get(path).status_code == 403
    proof = boxes(fatma, "tekst")
    for path in ("/bijwerken/elders/tekst", "/bijwerken/elders/klopt"):
        assert fatma.post(path, data=proof, headers=OWN).status_code == 403
    assert fatma.get("/bijwerken/nergens").status_code == 404
    assert fatma.get(f"{SLUG}/indeling").status_code == 404


def test_who_holds_the_wijk_may_edit_and_need_not_wait(app: Flask, city: sa.Engine) -> None:
    contact = enter(app, city, "ilse@gids.example", Role.WIJK_CONTACT, area="NK")
    assert put(contact, "tekst", title="Durf").headers["Location"].endswith("klaar=tekst")
    elsewhere = enter(app, city, "bo@gids.example", Role.WIJK_CONTACT, area="NA")
    assert elsewhere.get("/bijwerken/durf").status_code == 403


def test_a_visitor_is_led_to_the_way_in_and_back(client: FlaskClient, city: sa.Engine) -> None:
    answer = client.get(f"{SLUG}/contact")
    assert answer.headers["Location"] == "/inloggen?naar=/bijwerken/kop-op/contact"
