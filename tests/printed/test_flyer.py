"""The flyer for a school door: one page about somebody who is there today, with consent."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import db
from socialmap.models import FormerSlug, Person, TeamMember
from socialmap.models.terms import DetailKind
from socialmap.people import Consent
from tests.factories import TODAY
from tests.printed.conftest import Cast, Printer
from tests.printing import FULL_LINE, printed
from tests.reading import Visitor
from tests.test_pages_people import DETAILS, PERSON

pytestmark = pytest.mark.pages

DAY = timedelta(days=1)
FLYER = f"{PERSON}/flyer.pdf"
HOURS = "di 08:30-12:00|do 13:00-15:30"
ASK = "Of een kind toe is aan de brugklas."
LONG = "Gezinsondersteuningsactiviteitencoördinator"


@pytest.fixture
def team(cast: Cast) -> Cast:
    """A team in which Jip is at a school."""
    cast.makes_team(phone="020 000 0160")
    cast.joins(workplace="Basisschool De Pont", hours=HOURS, ask_me=ASK, backup="mila")
    return cast


def test_flyer_says_who_is_there_when_and_what_to_ask(team: Cast, prints: Printer) -> None:
    team.agrees_to(DetailKind.DAYS, DetailKind.LANGUAGES)
    paper = prints(FLYER)
    assert paper.size == 1
    assert paper.title == "Jip Verdonk"
    assert paper.text == (
        "Ouder- en kindadviseur Jip Verdonk Basisschool De Pont OKT Pontplein Dag Tijd "
        f"Dinsdag 8.30–12.00 Donderdag 13.00–15.30 Wat kunt u mij vragen? {ASK} "
        "Bel Jip 020 000 0161 Ik spreek Nederlands en Turks. "
        "Is Jip er niet? Bel Mila Okafor, 020 000 0162. Meer over Jip "
        "Gouden Gids Amsterdam · gemaakt op 23 november 2026"
    )


def test_flyer_is_tagged_and_complete(team: Cast, prints: Printer) -> None:
    team.agrees_to(DetailKind.DAYS)
    paper = prints(FLYER)
    assert paper.root["/MarkInfo"]["/Marked"]
    assert paper.root["/Lang"] == "nl-NL"
    assert paper.loose_fonts == set()
    kinds = [kind for kind, _ in paper.tags]
    assert kinds.count("/Title") == 1
    assert {"/H1", "/TH", "/TD"} <= set(kinds)
    assert kinds.index("/Title") < kinds.index("/H1") < kinds.index("/TD")
    assert paper.pictures == [f"QR-code met het adres http://localhost:8000{PERSON}"]


def test_nothing_is_printed_without_consent(team: Cast, prints: Printer) -> None:
    text = prints(FLYER).text
    for secret in ("06 0000 0161", "jip@pontplein.example", "Turks", "Bakkerij Zoet", "8.30"):
        assert secret not in text
    assert "Bel voor een afspraak" in text
    team.agrees_to(*DETAILS)
    text = prints(FLYER).text
    assert "8.30" in text
    for kept in ("06 0000 0161", "jip@pontplein.example", "Bakkerij Zoet"):
        assert kept not in text, "not for a door"


def test_consent_that_ended_takes_the_hours_away(team: Cast, prints: Printer) -> None:
    team.agrees_to(DetailKind.DAYS, until=TODAY)
    assert "8.30" in prints(FLYER).text
    assert "8.30" not in prints(FLYER, TODAY + DAY).text


def test_days_stand_in_for_hours_that_are_not_known(cast: Cast, prints: Printer) -> None:
    cast.makes_team()
    cast.joins(workplace="Basisschool De Pont")
    cast.agrees_to(DetailKind.DAYS)
    assert "Basisschool De Pont OKT Pontplein Maandag en donderdag" in prints(FLYER).text


def test_flyer_is_there_from_the_first_day_to_the_last(
    cast: Cast, client: FlaskClient, prints: Printer, visitor: Visitor
) -> None:
    cast.makes_team(leader="jip")
    cast.joins(workplace="Basisschool De Pont", from_on=TODAY, until_on=TODAY + DAY)
    assert "Dit geldt tot en met 24 november 2026." in prints(FLYER, TODAY).text
    assert f'href="{FLYER}"' in visitor.reads(PERSON)
    prints(FLYER, TODAY + DAY)
    with pytest.raises(AssertionError, match="404"):
        prints(FLYER, TODAY - DAY)
    with pytest.raises(AssertionError, match="404"):
        prints(FLYER, TODAY + 2 * DAY)
    assert "flyer.pdf" not in visitor.reads(PERSON), "still leads the team, but is at no school"


def test_every_school_is_told_as_far_as_it_fits(cast: Cast, prints: Printer) -> None:
    for number in range(6):
        cast.makes_team(key=f"okt-{number}", name=f"OKT {number}")
        at = {"team": f"okt-{number}", "workplace": f"School {number}"}
        cast.joins(hours=HOURS, ask_me=f"Vraag {number}.", **at)
    cast.agrees_to(DetailKind.DAYS)
    paper = prints(FLYER)
    assert paper.size == 1
    assert [f"School {number}" in paper.text for number in range(6)] == [True] * 4 + [False] * 2
    assert "En op nog 2 andere plekken." in paper.text
    assert "020 000 0161" in paper.text


def test_very_long_texts_stay_on_one_page(cast: Cast, prints: Printer) -> None:
    told = {"role": f"{LONG} " * 6, "organisation": LONG * 8, "details": DETAILS}
    agreed = Consent(date(2026, 1, 1), "zelf")
    public = frozenset({DetailKind.DAYS, DetailKind.LANGUAGES})
    name = f"Jip {LONG * 3} van der {LONG}"
    cast.knows_person("jip", name, **told, public=public, consent=agreed)
    cast.makes_team(name=f"OKT {LONG * 4}")
    for number in range(5):
        values = {"workplace": f"{number} {LONG} {LONG * 3}", "ask_me": f"{number} {LONG} " * 40}
        cast.joins(
            hours="|".join(f"{day} 08:30-12:00" for day in "ma di wo do vr".split()), **values
        )
    with Session(cast.engine) as session:
        slug = session.exec(select(Person.slug).where(Person.key == "jip")).one()
    paper = prints(f"/persoon/{slug}/flyer.pdf")
    assert paper.size == 1
    assert "020 000 0161" in paper.text
    assert paper.longest_line <= FULL_LINE * 2, "small, but within the page"
    assert "…" in paper.text


def test_the_number_of_the_team_is_said_to_be_so(cast: Cast, prints: Printer) -> None:
    cast.knows_person("jip", "Jip Verdonk")
    cast.makes_team(phone="020 000 0160")
    cast.joins(themes=frozenset({"school"}))
    text = prints(FLYER).text
    assert "Bel OKT Pontplein 020 000 0160" in text
    assert "Wat kunt u mij vragen? Alles over school." in text
    cast.makes_team(phone=None)
    assert "020" not in prints(FLYER).text.replace("2026", "")


def test_person_outside_teams_has_no_flyer(
    cast: Cast, client: FlaskClient, visitor: Visitor
) -> None:
    cast.holds("NK", "jip", date(2025, 1, 1))
    assert client.get(FLYER).status_code == 404
    assert "flyer.pdf" not in visitor.reads(PERSON)
    assert client.get("/persoon/niemand/flyer.pdf").status_code == 404


def test_former_address_leads_on(team: Cast, client: FlaskClient, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        session.add(FormerSlug(noun="person", slug="oud", now_slug="jip-verdonk"))
    answer = client.get("/persoon/oud/flyer.pdf")
    assert (answer.status_code, answer.headers["Location"]) == (301, FLYER)


def test_flyer_of_every_example_fits_one_page(full_client: FlaskClient) -> None:
    with Session(full_client.application.extensions["engine"]) as session:
        query = select(Person.slug).join(TeamMember, TeamMember.person_id == Person.id)
        slugs = session.exec(query.distinct().order_by(Person.slug)).all()
    assert len(slugs) > 40
    for slug in slugs[::6]:
        paper = printed(full_client, f"/persoon/{slug}/flyer.pdf")
        assert paper.size == 1, slug
        assert paper.loose_fonts == set(), slug
        assert "voorbeeld: deze persoon is verzonnen" in paper.text, slug


def test_page_promises_what_the_flyer_holds(team: Cast, visitor: Visitor) -> None:
    line = "Flyer voor de schooldeur (PDF) met "
    assert f"{line}nummer van Jip" in visitor.text(PERSON), "nobody may know the days"
    team.agrees_to(DetailKind.DAYS)
    assert f"{line}dagen, tijden en nummer van Jip" in visitor.text(PERSON)
    team.knows_person("jip", "Jip Verdonk", details={})
    assert f"{line}nummer van het team" in visitor.text(PERSON)
    team.makes_team(phone="")
    assert "Flyer voor de schooldeur (PDF)" in visitor.text(PERSON)
    assert line not in visitor.text(PERSON)
