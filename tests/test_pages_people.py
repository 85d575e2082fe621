"""The pages of teams and people: who they are, what to ask, and only what they agreed to."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import db, people, teams
from socialmap.geo.tree import area_tree
from socialmap.listings.places import PlaceBook
from socialmap.listings.values import PlaceValues
from socialmap.models import FormerSlug, Person, WijkContact
from socialmap.models.terms import DetailKind
from socialmap.people import Consent, PersonValues, WijkContactValues
from socialmap.teams import MemberValues, TeamValues
from tests.factories import TODAY, VAN_DER_PEK, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

DAY = timedelta(days=1)
TEAM, PERSON = "/team/okt-pontplein", "/persoon/jip-verdonk"
DETAILS = {
    DetailKind.PHONE: "020 000 0161",
    DetailKind.MOBILE: "06 0000 0161",
    DetailKind.MAIL: "jip@pontplein.example",
    DetailKind.DAYS: "ma|do",
    DetailKind.LANGUAGES: "nl|tr",
    DetailKind.FORMER_EMPLOYER: "Bakkerij Zoet",
}


class Cast:
    """A team of two, and what they do."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.knows_person("jip", "Jip Verdonk", details=DETAILS)
        self.knows_person("mila", "Mila Okafor", details={DetailKind.PHONE: "020 000 0162"})

    def knows_person(self, key: str, name: str, **values: object) -> None:
        with db.writing(self.engine) as session:
            told = {"key": key, "name": name, "role": "ouder- en kindadviseur", **values}
            people.save_person(session, PersonValues(**told))  # type: ignore[arg-type]

    def agrees_to(self, *kinds: DetailKind, until: date | None = None) -> None:
        """Jip agrees that everybody sees these details."""
        consent = Consent(date(2026, 1, 1), "zelf", until)
        self.knows_person(
            "jip", "Jip Verdonk", details=DETAILS, public=frozenset(kinds), consent=consent
        )

    def makes_team(self, place: PlaceValues | None = VAN_DER_PEK, **values: object) -> None:
        usual = {"key": "okt-pontplein", "kind_code": "okt", "name": "OKT Pontplein"}
        with db.writing(self.engine) as session:
            book = PlaceBook(session, area_tree(session))
            told = TeamValues(**{**usual, "place": place, **values})  # type: ignore[arg-type]
            teams.save_team(session, told, book)

    def joins(self, person: str = "jip", **values: object) -> None:
        with db.writing(self.engine) as session:
            told = {"team": "okt-pontplein", "person": person, **values}
            teams.save_member(session, MemberValues(**told))  # type: ignore[arg-type]

    def holds(self, area: str, person: str, from_on: date, **values: object) -> None:
        """Nobody but this person holds the area, from that day on."""
        with db.writing(self.engine) as session:
            row = WijkContactValues(area, person, from_on, **values)  # type: ignore[arg-type]
            people.save_wijk_contacts(session, [row])


@pytest.fixture
def cast(engine: sa.Engine) -> Cast:
    with db.writing(engine) as session:
        for row in session.exec(select(WijkContact).where(WijkContact.area_code == "NK")):
            session.delete(row)
    return Cast(engine)


# Teams


def test_team_says_who_works_where_and_what_to_ask(cast: Cast, visitor: Visitor) -> None:
    cast.agrees_to(DetailKind.DAYS, DetailKind.LANGUAGES)
    cast.makes_team(areas=frozenset({"NK01", "NK02"}), phone="020 000 0160", leader="mila")
    cast.joins(
        workplace="Basisschool De Pont",
        min_age_months=48,
        max_age_months=155,
        ask_me="Of een kind toe is aan de brugklas.",
        not_me="Ik test geen kinderen.",
        backup="mila",
        themes=frozenset({"school"}),
    )
    text = visitor.text(TEAM)
    assert "Gentiaanstraat 1, 1031 AE" in text
    assert "Basisschool De Pont" in text
    assert "4–12 jaar · Nederlands en Turks" in text
    assert "Wat u mij kunt vragen: Of een kind toe is aan de brugklas." in text
    assert "Wat niet: Ik test geen kinderen." in text
    assert "Is Jip er niet: Mila Okafor, 020 000 0162" in text
    assert "maandag: bereikbaar" in text
    assert f'href="{PERSON}"' in visitor.reads(TEAM)


def test_team_shows_no_detail_without_consent(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team()
    cast.joins()
    page = visitor.reads(TEAM)
    for secret in ("06 0000 0161", "jip@pontplein.example", "Turks", "Bakkerij Zoet", "bereikbaar"):
        assert secret not in page
    assert "020 000 0161" in page, "a function number needs no consent"


def test_team_names_its_wijken_and_the_buurten_of_a_part(cast: Cast, visitor: Visitor) -> None:
    whole = {node.code for node in area_tree_of(cast).children("NK")}
    cast.makes_team(areas=frozenset({*whole, "NL01"}))
    served = plain(visitor.section("Voor welke buurten", TEAM))
    assert "Volewijck De hele wijk" in served
    assert "IJplein" in served
    assert 'class="here"' in visitor.reads(TEAM), "they stand out on the map"


def area_tree_of(cast: Cast):  # type: ignore[no-untyped-def]
    with Session(cast.engine) as session:
        return area_tree(session)


def test_bare_team_says_what_is_not_known_and_whom_to_call(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(place=None, areas=frozenset({"NK01"}))
    text = visitor.text(TEAM)
    for unknown in (
        "Adres onbekend",
        "Openingstijden onbekend",
        "Wij weten nog geen nummer van dit team. Bel zolang",
        "Wie het team leidt, weten wij nog niet",
        "Wij weten nog niet wie er in dit team werken",
        "Welke kennis dit team heeft, weten wij nog niet",
    ):
        assert unknown in text
    assert "Contactpersoon van stadsdeel Noord" in text


def test_team_without_buurten_says_so(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(place=None)
    assert "Voor welke buurten dit team werkt, weten wij niet" in visitor.text(TEAM)


def test_what_a_team_misses_leads_to_a_team_that_knows_it(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(misses=frozenset({"voogdij"}), areas=frozenset({"NK01"}))
    assert "Voogdij" in plain(visitor.section("Wat het team weet en mist", TEAM))
    cast.makes_team(key="ander", name="OKT Ander", knows=frozenset({"voogdij"}), place=None)
    assert "Voogdij Vraag OKT Ander" in plain(visitor.section("Wat het team weet en mist", TEAM))


def test_former_kind_of_team_says_what_it_is_called_now(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(kind_code="samen-doen", name="Samen DOEN Pontplein", key="sd", place=None)
    text = visitor.reads("/team/samen-doen-pontplein")
    assert "Samen DOEN, heet nu buurtteam." in plain(text)
    assert "/uitleg#samen-doen" in text


def test_renamed_team_leads_on_and_an_unknown_one_is_not_there(
    cast: Cast, client: FlaskClient
) -> None:
    cast.makes_team()
    with db.writing(cast.engine) as session:
        session.add(FormerSlug(noun="team", slug="oud-team", now_slug="okt-pontplein"))
    assert client.get("/team/oud-team").headers["Location"] == TEAM
    assert client.get("/team/nergens").status_code == 404


def test_pages_of_areas_link_to_their_teams(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(areas=frozenset({"NK01"}))
    for page in ("/wijk/volewijck", "/stadsdeel/noord"):
        assert f'href="{TEAM}"' in visitor.reads(page)


def test_who_is_at_no_known_place_stands_last(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team()
    cast.joins("mila")
    cast.joins("jip", workplace="Basisschool De Pont")
    text = visitor.text(TEAM)
    assert text.index("Basisschool De Pont") < text.index("Werkplek onbekend")


# People


def test_person_without_a_number_is_reached_through_the_team_that_has_one(
    cast: Cast, visitor: Visitor
) -> None:
    cast.knows_person("bo", "Bo")
    cast.makes_team(key="a", name="OKT A", place=None)
    cast.makes_team(key="b", name="OKT B", place=None, phone="020 000 0160")
    for team in ("a", "b"):
        cast.joins("bo", team=team)
    assert "Bel 020 000 0160" in visitor.text("/persoon/bo")


def test_person_shows_what_that_person_agreed_to_and_no_more(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team()
    cast.joins()
    page = visitor.reads(PERSON)
    assert "020 000 0161" in page
    for secret in ("06 0000 0161", "jip@pontplein.example", "Turks", "Bakkerij Zoet"):
        assert secret not in page
    cast.agrees_to(*DETAILS)
    page = visitor.reads(PERSON)
    for told in ("jip@pontplein.example", "Spreekt Nederlands en Turks", "Bakkerij Zoet"):
        assert told in page


def test_consent_ends_by_itself(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team()
    cast.joins()
    cast.agrees_to(DetailKind.MAIL, until=TODAY)
    assert "jip@pontplein.example" in visitor.reads(PERSON)
    cast.agrees_to(DetailKind.MAIL, until=TODAY - DAY)
    assert "jip@pontplein.example" not in visitor.reads(PERSON)


def test_person_page_says_what_to_call_for(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(leader="jip")
    cast.holds("NK", "jip", date(2025, 1, 1), deputy="mila")
    visitor.knows(
        listing("kop-op", contact="jip"), listing("naailes", backup="jip", contact="mila")
    )
    text = visitor.text(PERSON)
    assert "Teamleider van OKT Pontplein" in text
    assert "Volewijck Wijkcontactpersoon Volewijck. Vervanger: Mila Okafor, 020 000 0162" in text
    assert "Contact voor dit aanbod Kop op" in text
    assert "Valt in Naailes" in text
    assert "Valt in Volewijck Vervangt Jip Verdonk" in visitor.text("/persoon/mila-okafor")


def test_absent_person_shows_until_when_and_who_stands_in(cast: Cast, visitor: Visitor) -> None:
    absence = {"absent_from": TODAY - DAY, "absent_until": TODAY + DAY}
    cast.holds("NK", "jip", date(2025, 1, 1), deputy="mila", **absence)
    text = visitor.text(PERSON)
    assert "Afwezig tot en met 24 november 2026. Bel zolang Mila Okafor, de vervanger" in text
    assert "Bel 020 000 0162" in text
    assert "Bel 020 000 0161" not in text


def test_who_stands_in_for_nobody_is_there_as_long_as_that_lasts(
    cast: Cast, visitor: Visitor
) -> None:
    cast.holds("NK", "jip", date(2023, 1, 1), until_on=date(2024, 1, 1), deputy="mila")
    assert "helpt Mila Okafor, de vervanger" in visitor.text("/wijk/volewijck")
    text = visitor.text("/persoon/mila-okafor")
    assert "Zo bereikt u Mila" in text
    assert "Valt in Volewijck" in text
    with Session(cast.engine) as session:
        assert "mila" not in [one.key for one in people.gone_people(session, TODAY)]
    cast.holds("NK", "jip", TODAY)
    assert "Mila Okafor is geen contactpersoon meer" in visitor.text("/persoon/mila-okafor")


def test_who_handed_everything_over_stands_in_for_nobody(cast: Cast, visitor: Visitor) -> None:
    cast.holds("NK", "jip", date(2023, 1, 1), until_on=date(2024, 1, 1), deputy="mila")
    with db.writing(cast.engine) as session:
        session.exec(select(Person).where(Person.key == "mila")).one().left_on = TODAY
    page = visitor.text("/wijk/volewijck")
    assert "Mila Okafor" not in page
    assert "Tot er iemand is, helpt" in page, "somebody else does"


def test_person_who_left_leads_on_for_a_year(cast: Cast, visitor: Visitor) -> None:
    cast.holds("NK", "jip", date(2024, 1, 1), until_on=date(2025, 11, 23))
    cast.holds("NK", "mila", date(2025, 11, 24))
    cast.agrees_to(*DETAILS)
    page = visitor.reads(PERSON)
    assert "Sinds 24 november 2025" in plain(page)
    assert "Mila Okafor" in plain(page)
    for gone in ("020 000 0161", "jip@pontplein.example", "Turks"):
        assert gone not in page


def test_after_a_year_the_page_is_gone(cast: Cast, client: FlaskClient) -> None:
    cast.holds("NK", "jip", date(2024, 1, 1), until_on=date(2025, 11, 22))
    assert client.get(PERSON).status_code == 404


def test_contact_of_a_listing_who_was_replaced_leads_to_the_new_one(
    cast: Cast, visitor: Visitor, engine: sa.Engine
) -> None:
    visitor.knows(listing("kop-op", contact="jip"))
    visitor.knows(listing("kop-op", contact="mila"))
    with engine.begin() as connection:
        earlier = "UPDATE contact SET from_on = :day, until_on = :day WHERE until_on IS NOT NULL"
        connection.execute(sa.text(earlier), {"day": TODAY - DAY})
    text = visitor.text(PERSON)
    assert "Jip Verdonk is geen contactpersoon meer" in text
    assert "Kop op Bel nu Mila Okafor, 020 000 0162" in text


def test_contact_of_only_what_is_not_public_has_no_page(cast: Cast, visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", contact="jip", status="draft"))
    assert visitor.client.get(PERSON).status_code == 404
    visitor.knows(listing("kop-op", contact="jip"))
    assert visitor.client.get(PERSON).status_code == 200


def test_of_what_has_ended_nobody_is_the_contact_from_that_day_on(
    cast: Cast, visitor: Visitor
) -> None:
    cast.agrees_to(*DETAILS)
    soon = {"contact": "jip", "backup": "mila", "status": "ended"}
    visitor.knows(listing("kop-op", ended_on=TODAY + DAY, **soon))
    assert "Jip Verdonk" in visitor.reads("/aanbod/kop-op")
    assert "Zo bereikt u Jip" in visitor.text(PERSON)
    visitor.knows(listing("kop-op", ended_on=TODAY, **soon))
    page = visitor.reads("/aanbod/kop-op")
    for gone in ("Jip Verdonk", "Mila Okafor", "020 000 0161"):
        assert gone not in page
    assert "Vraag het iemand die de buurt kent" in plain(page)
    assert "Jip Verdonk is geen contactpersoon meer" in visitor.text(PERSON)


def test_contact_of_what_ended_a_year_ago_has_no_page(cast: Cast, visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", contact="jip", status="ended", ended_on=date(2025, 11, 1)))
    assert visitor.client.get(PERSON).status_code == 404


def test_people_are_not_indexed_and_in_no_feed(full_client: FlaskClient) -> None:
    with Session(full_client.application.extensions["engine"]) as session:
        names = session.exec(select(Person.slug, Person.name)).all()
    found = [slug for slug, _ in names if full_client.get(f"/persoon/{slug}").status_code == 200]
    assert len(found) > 50
    for slug in found[:20]:
        assert 'name="robots" content="noindex"' in full_client.get(f"/persoon/{slug}").text
    assert "/persoon/" not in full_client.get("/sitemap.xml").text
    assert "Disallow: /persoon/" in full_client.get("/robots.txt").text
    feeds = [
        full_client.get(path).text
        for path in (
            "/deze-week.ics",
            "/deze-week.atom",
            "/open-data/vermeldingen.geojson",
            "/api/search",
        )
    ]
    for feed in feeds:
        assert "/persoon/" not in feed


def test_every_link_to_a_person_or_team_leads_somewhere(full_client: FlaskClient) -> None:
    pages = ["/", "/stadsdeel/noord", "/stadsdeel/oost", "/wijk/volewijck", "/wijk/kadoelen"]
    pages += ["/wijk/banne-buiksloot", "/team/okt-noord-west", "/team/okt-noord-oost"]
    links = {
        link
        for page in pages
        for link in re.findall(r'href="(/(?:persoon|team)/[^"#]+)"', full_client.get(page).text)
    }
    assert len(links) > 20
    broken = [link for link in links if full_client.get(link).status_code != 200]
    assert broken == []
