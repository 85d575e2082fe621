"""For the huisarts and other neighbours: the right team for a postcode, else a question, no guess.

What is right stands in data/postcode_wijken.csv, data/areas.csv and data/teams.csv, read here anew.
"""

import csv
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import col, delete

from socialmap import db
from socialmap.config import DATA
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.models import FormerSlug, TeamArea, WijkContact
from socialmap.models.terms import AreaLevel, DetailKind
from tests.factories import TODAY, listing
from tests.reading import Visitor, plain
from tests.services import NOTHING, Answer, found
from tests.test_addresses import ADDRESS, asking
from tests.test_pages_people import Cast

pytestmark = pytest.mark.pages

VOLEWIJCK = "/huisarts/volewijck"


def rows(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


AREAS = rows("areas.csv")
NAME_OF = {row["wijk_code"]: row["wijk"] for row in AREAS}
BUURTEN = {row["buurt_code"]: (row["wijk_code"], row["buurt"]) for row in AREAS}
WHOLE: dict[str, set[str]] = defaultdict(set)
"""Wijk -> the names of its buurten."""
for wijk, buurt in BUURTEN.values():
    WHOLE[wijk].add(buurt)
TEAMS = {row["naam"]: row for row in rows("teams.csv", ";") if row["soort"] == "okt"}
OKTS: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
"""Wijk -> name of an ouder- en kindteam -> the names of the buurten that it serves there."""
for name, row in TEAMS.items():
    for code in filter(None, row["buurten"].split("|")):
        OKTS[BUURTEN[code][0]][name].add(BUURTEN[code][1])
WIJKEN: dict[str, list[str]] = defaultdict(list)
for row in rows("postcode_wijken.csv"):
    WIJKEN[row["pc4"]].append(row["wijk_code"])
SHARED = {wijk for wijk, okts in OKTS.items() if any(own != WHOLE[wijk] for own in okts.values())}
BORDERS = sorted(pc4 for pc4, wijken in WIJKEN.items() if SHARED & set(wijken) or len(wijken) > 3)
"""Postcodes in many wijken, and those in a wijk that several teams share."""
ONE = sorted(pc4 for pc4, wijken in WIJKEN.items() if len(wijken) == 1)


def okts_of(wijk: str) -> dict[str, set[str]]:
    """The ouder- en kindteams of a wijk with the buurten that each serves there."""
    return dict(OKTS.get(wijk, {}))


def whole_teams(wijk: str) -> set[str]:
    """The ouder- en kindteams that serve all of a wijk."""
    return {name for name, own in okts_of(wijk).items() if own == WHOLE[wijk]}


@pytest.fixture
def full_tree(full_client: FlaskClient) -> AreaTree:
    with full_client.application.app_context():
        return area_tree(db.session())


@pytest.fixture
def paths(full_tree: AreaTree) -> dict[str, str]:
    """The page of each wijk, by its code."""
    return {node.code: f"/huisarts/{node.slug}" for node in full_tree.at_level(AreaLevel.WIJK)}


def asked(client: FlaskClient, text: str) -> str:
    """The page that answers what was typed, while it asks or says something."""
    answer = client.get("/huisarts", query_string={"bij": text})
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.text


def led(client: FlaskClient, text: str) -> str:
    """The address to which what was typed leads on."""
    answer = client.get("/huisarts", query_string={"bij": text})
    assert answer.status_code == 303, plain(answer.text)
    return answer.headers["Location"]


def parts(page: str, opening: str) -> list[str]:
    """The pieces of a page that begin with this tag."""
    return page.split(opening)[1:]


def told_teams(page: str) -> dict[str, set[str]]:
    """Name of each ouder- en kindteam on the page of a wijk -> the buurten told with it."""
    told = {}
    for part in parts(page, '<article class="contact crew"'):
        text = part.split("</article>")[0]
        name = plain(re.findall(r"<h2[^>]*>(.*?)</h2>", text)[0])
        served = re.findall(r"<p>(?:<strong>[^<]*</strong> )?Voor (.*?)</p>", text)
        told[name] = set(re.split(r", | en (?=[A-Z])", plain(served[0]))) if served else set()
    return told


def test_there_are_at_least_twenty_postcodes_on_a_border() -> None:
    assert len(BORDERS) >= 20
    assert {len(WIJKEN[pc4]) for pc4 in BORDERS} == {1, 2, 3, 4, 5}
    assert len(SHARED) > 10


@pytest.mark.parametrize("pc4", BORDERS)
def test_postcode_on_a_border_never_gives_a_wrong_team(
    full_client: FlaskClient, paths: dict[str, str], pc4: str
) -> None:
    wijken = WIJKEN[pc4]
    if len(wijken) == 1:
        assert led(full_client, pc4) == paths[wijken[0]]
    else:
        options = parts(
            asked(full_client, pc4).split('<ul class="wijken')[1].split("</section>")[0], "<li>"
        )
        assert len(options) == len(wijken)
        for wijk, option in zip(wijken, options, strict=True):
            assert f'href="{paths[wijk]}"' in option
            text = plain(option.split("</li>")[0])
            assert {name for name in TEAMS if name in text} == okts_of(wijk).keys()
            sure = {TEAMS[name]["telefoon"] for name in whole_teams(wijk)}
            assert set(re.findall(r"020 000 \d{4}", text)) <= sure
    for wijk in wijken:
        told = told_teams(full_client.get(paths[wijk]).text)
        own = {name: set() if own == WHOLE[wijk] else own for name, own in okts_of(wijk).items()}
        assert told == own, f"{pc4} in {wijk}"


FOUR = ("1031", "1013", "1095", "1069")


def sure_team(pc4: str) -> set[str]:
    """The team that serves all of every wijk of a postcode, if there is one."""
    return set.intersection(*(whole_teams(wijk) for wijk in WIJKEN[pc4]))


def test_of_some_postcodes_one_team_is_sure_and_of_others_not() -> None:
    assert 0 < sum(bool(sure_team(pc4)) for pc4 in FOUR) < len(FOUR)


@pytest.mark.parametrize("pc4", FOUR)
def test_one_team_is_named_at_once_only_where_it_serves_all(
    full_client: FlaskClient, pc4: str
) -> None:
    named = re.search(r"In al die wijken werkt (.*?):", plain(asked(full_client, pc4)))
    assert ({named[1]} if named else set()) == sure_team(pc4)


@pytest.mark.parametrize("wijk", sorted(SHARED)[:6])
def test_known_buurt_puts_its_own_team_first(
    full_client: FlaskClient, full_tree: AreaTree, paths: dict[str, str], wijk: str
) -> None:
    for node in full_tree.children(wijk):
        page = full_client.get(paths[wijk], query_string={"buurt": node.slug}).text
        first = next(iter(told_teams(page)))
        assert node.name in OKTS[wijk][first]
        assert f"woont in de buurt {node.name}" in plain(page)


@pytest.mark.parametrize("pc4", ONE)
def test_postcode_in_one_wijk_goes_straight_on(
    full_client: FlaskClient, paths: dict[str, str], pc4: str
) -> None:
    (wijk,) = WIJKEN[pc4]
    assert led(full_client, pc4) == paths[wijk]
    assert led(full_client, f"{pc4}ab") == paths[wijk]
    assert NAME_OF[wijk] in plain(full_client.get(paths[wijk]).text)


def test_whole_postcode_is_asked_about_too(client: FlaskClient) -> None:
    page = asked(client, " 1031  ab ")
    assert "In welke wijk woont het gezin?" in page
    assert 'value="1031 ab"' in page


# What is typed


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("Volewijck", VOLEWIJCK),
        ("volewijck", VOLEWIJCK),
        ("wijk:NK", VOLEWIJCK),
        ("IJplein/Vogelbuurt", "/huisarts/ijplein-vogelbuurt"),
        ("Van der Pekbuurt", f"{VOLEWIJCK}?buurt=van-der-pekbuurt"),
        ("buurt:NK03", f"{VOLEWIJCK}?buurt=van-der-pekbuurt"),
    ],
)
def test_name_of_one_wijk_or_buurt_goes_straight_on(
    client: FlaskClient, typed: str, path: str
) -> None:
    assert led(client, typed) == path


def test_stadsdeel_is_a_choice_of_its_wijken(client: FlaskClient, tree: AreaTree) -> None:
    page = asked(client, "Noord")
    for node in tree.inside("N", AreaLevel.WIJK):
        assert f'href="/huisarts/{node.slug}"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3511", "ligt niet in Amsterdam of Weesp"),
        ("3511 AB", "ligt niet in Amsterdam of Weesp"),
        ("103", "Dit is geen postcode"),
        ("10311", "Dit is geen postcode"),
        ("qwxyz", "Deze plek kennen wij niet"),
        ("<b>nee</b>", "Deze plek kennen wij niet"),
        ("wijk:ZZZ", "Deze plek kennen wij niet"),
        ("", "Vul een postcode in"),
        ("   ", "Vul een postcode in"),
        ("Amsterdam", "Dit gaat over de hele stad"),
        ("a" * 5_000, "Deze plek kennen wij niet"),
    ],
)
def test_wrong_input_says_at_the_field_what_is_right(
    client: FlaskClient, typed: str, said: str
) -> None:
    page = asked(client, typed)
    (error,) = re.findall(r'id="pc-fout">(.*?)</span></span>', page, re.DOTALL)
    assert said in plain(error)
    assert "1031" in error or "gemeente" in error
    assert 'aria-invalid="true" ' in page.replace(">", " ")
    assert 'aria-describedby="pc-hint pc-fout"' in page
    assert "<title>Fout: " in page
    assert "<b>nee" not in page
    assert "In welke wijk" not in page


def test_what_was_typed_is_kept(client: FlaskClient) -> None:
    assert 'name="bij" value="3511 ab"' in asked(client, "3511 ab")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("slotermeer", ["slotermeer-noordoost", "slotermeer-zuidoost"]),
        ("volewijk", ["volewijck"]),
        ("Banne", ["banne-buiksloot"]),
    ],
)
def test_name_that_is_almost_right_is_offered_and_not_taken(
    client: FlaskClient, typed: str, offered: list[str]
) -> None:
    page = asked(client, typed)
    assert "Bedoelt u een van deze wijken?" in page
    for slug in offered:
        assert f'href="/huisarts/{slug}"' in page


def test_nothing_asked_is_no_mistake(client: FlaskClient) -> None:
    page = client.get("/huisarts").text
    assert "pc-fout" not in page
    assert "noindex" not in page
    for who in ("Huisarts", "Verloskundige", "Kinderopvang", "School", "Politie"):
        assert f"<dt>{who}</dt>" in page


@pytest.mark.sqlite
def test_address_becomes_its_buurt_and_leaves_the_url(folder: Path) -> None:
    with asking(folder, lambda path: found()) as (client, _):
        answer = client.get("/huisarts", query_string={"bij": ADDRESS})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
        assert answer.headers["Location"] == "/huisarts?bij=buurt:van-der-pekbuurt"
        assert led(client, "buurt:van-der-pekbuurt") == f"{VOLEWIJCK}?buurt=van-der-pekbuurt"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("answer", "said"),
    [(NOTHING, "Dit adres vonden wij niet"), (Answer(status=500), "nu geen adressen opzoeken")],
)
def test_address_that_is_not_found_says_so_and_is_not_told_on(
    folder: Path, answer: Answer, said: str
) -> None:
    with asking(folder, lambda path: answer) as (client, _):
        away = client.get("/huisarts", query_string={"bij": ADDRESS}).headers["Location"]
        assert "entiaan" not in away
        page = client.get(away).text
        assert said in page
        assert "1031 of 1031 AB" in page
        assert "zonder uw adres gezocht" not in page


def test_without_geocoder_a_postcode_is_asked(client: FlaskClient) -> None:
    away = client.get("/huisarts", query_string={"bij": ADDRESS}).headers["Location"]
    assert away == "/huisarts?adres=uit"
    assert "Vul alleen de postcode in" in client.get(away).text


# The page of a wijk


@pytest.fixture
def cast(engine: sa.Engine, tree: AreaTree) -> Cast:
    """A team of two; no other team works in the Volewijck."""
    buurten = [node.code for node in tree.inside("NK", AreaLevel.BUURT)]
    with db.writing(engine) as session:
        session.exec(delete(TeamArea).where(col(TeamArea.area_code).in_(buurten)))
    return Cast(engine)


def test_team_comes_with_number_names_and_deputies(cast: Cast, visitor: Visitor) -> None:
    cast.agrees_to(DetailKind.DAYS, DetailKind.LANGUAGES)
    cast.makes_team(areas=frozenset({"NK01", "NK02", "NK03"}), phone="020 000 0160", leader="mila")
    cast.joins(
        workplace="Basisschool De Pont",
        hours="di 08:30-12:00|do",
        min_age_months=48,
        max_age_months=155,
        backup="mila",
        themes=frozenset({"school"}),
    )
    text = visitor.text(VOLEWIJCK)
    assert text.index("Bel 020 000 0160") < text.index("Basisschool De Pont")
    assert "Teamleider: Mila Okafor, 020 000 0162" in text
    line = text[text.index("Basisschool De Pont") :]
    order = [
        "Jip Verdonk",
        "4–12\u00a0jaar".replace("\u00a0", " "),
        "di 8.30–12.00, do",
        "Nederlands en Turks. School",
        "020 000 0161",
        "Mila Okafor, 020 000 0162",
    ]
    assert [line.index(words) for words in order] == sorted(line.index(words) for words in order)


def test_nothing_is_shown_without_consent(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(areas=frozenset({"NK01"}))
    cast.joins(workplace="Basisschool De Pont", hours="di 08:30-12:00")
    page = visitor.reads(VOLEWIJCK)
    for secret in ("06 0000 0161", "jip@pontplein.example", "Turks", "8.30–12.00"):
        assert secret not in page
    assert "020 000 0161" in page, "a function number needs no consent"


def test_member_without_a_number_is_reached_through_the_team(cast: Cast, visitor: Visitor) -> None:
    cast.knows_person("pim", "Pim Zonderland")
    cast.makes_team(areas=frozenset({"NK01"}), phone="020 000 0160")
    cast.joins("pim", workplace="OKC De Pont", backup="jip")
    line = visitor.text(VOLEWIJCK).split("OKC De Pont")[1]
    assert "020 000 0160 team" in line
    assert "Jip Verdonk, 020 000 0161" in line


def test_assignment_that_ends_soon_says_its_last_day(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(areas=frozenset({"NK01"}))
    cast.joins(workplace="Basisschool De Pont", until_on=date(2026, 12, 31))
    cast.joins("mila", workplace="Basisschool De Pont", until_on=date(2027, 7, 31))
    text = visitor.text(VOLEWIJCK)
    assert "tot en met 31 dec 2026" in text
    assert "31 jul" not in text


def test_team_without_members_or_number_says_what_to_do(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(place=None, areas=frozenset({"NK01", "NK02", "NK03"}))
    text = visitor.text(VOLEWIJCK)
    assert "Van dit team weten wij nog geen nummer" in text
    assert "Teamleider onbekend" in text
    assert "Wij weten nog niet wie er in OKT Pontplein werken" in text
    assert "Wijkcontactpersoon Volewijck" in text


def test_wijk_without_a_team_gives_the_next_level(cast: Cast, visitor: Visitor) -> None:
    text = visitor.text(VOLEWIJCK)
    assert "Voor Volewijck kennen wij geen ouder- en kindteam. Bel Fadila Bouzid" in text
    assert "Bel 020 000 0029" in text
    assert "Contactpersoon van stadsdeel Noord" in text
    assert "OKT Oud Noord" not in text


def test_wijk_without_team_and_contact_gives_the_stadsdeel(
    cast: Cast, visitor: Visitor, engine: sa.Engine
) -> None:
    with db.writing(engine) as session:
        session.exec(delete(WijkContact).where(col(WijkContact.area_code) == "NK"))
    text = visitor.text(VOLEWIJCK)
    assert "kennen wij geen ouder- en kindteam. Bel " in text
    assert "Tot er iemand is, helpt" in text
    assert "contactpersoon van" in text


def test_wijk_where_nobody_is_known_is_no_dead_end(
    cast: Cast, visitor: Visitor, engine: sa.Engine
) -> None:
    with db.writing(engine) as session:
        session.exec(delete(WijkContact))
    page = visitor.reads(VOLEWIJCK)
    assert "Wij weten ook nog niet wie u hier kunt bellen" in plain(page)
    assert 'href="/waarheen"' in page


def test_buurten_without_a_team_are_named(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(areas=frozenset({"NK01"}), phone="020 000 0160")
    text = visitor.text(VOLEWIJCK)
    assert "Voor Bloemenbuurt-Noord" in text or "Voor Van der Pekbuurt" in text
    assert "kennen wij geen ouder- en kindteam. Vraag het de contactpersoon" in text


def test_emergency_numbers_and_the_law_are_told(visitor: Visitor) -> None:
    text = visitor.text(VOLEWIJCK)
    for words in ("112", "0800-2000", "0800-0113", "0800-0432", "artikel 2.6"):
        assert words in text
    assert "Van 12 tot 16 jaar de jongere en de ouders samen. Vanaf 16 jaar alleen" in text
    assert "Spreek af hoe u terughoort" in text
    assert "werkdagen" not in text, "no promise of teams that exist"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/huisarts/NK", VOLEWIJCK),
        ("/huisarts/Volewijck", VOLEWIJCK),
        ("/huisarts/het-oude-noord", VOLEWIJCK),
        ("/huisarts/van-der-pekbuurt", f"{VOLEWIJCK}?buurt=van-der-pekbuurt"),
        ("/huisarts/noord", "/huisarts?bij=stadsdeel:noord"),
        ("/huisarts/oud-noord", "/huisarts?bij=gebied:oud-noord"),
    ],
)
def test_code_and_former_address_lead_on(
    client: FlaskClient, engine: sa.Engine, path: str, target: str
) -> None:
    with db.writing(engine) as session:
        session.add(FormerSlug(noun="area", slug="het-oude-noord", now_slug="volewijck"))
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (301, target)
    assert client.get(target).status_code == 200


@pytest.mark.parametrize("slug", ["nergens", "amsterdam", "0363", "okt-oud-noord"])
def test_no_wijk_is_not_found(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/huisarts/{slug}").status_code == 404


# The flexibele schil


@pytest.fixture
def shelved(visitor: Visitor) -> Visitor:
    flex = {"level": "flex", "routes": ["oka", "huisarts"]}
    visitor.knows(
        listing("rouwgroep", themes=["rouw"], min_age_months=72, max_age_months=155, **flex),
        listing("durven", themes=["faalangst"], **flex),
        listing("rustig", themes=["boosheid"], coverage=["NL"], places=[], **flex),
        listing("elders", themes=["boosheid"], coverage=["K"], places=[], **flex),
        listing("open-groep", themes=["rouw"]),
        listing("gestopt", themes=["rouw"], status="ended", ended_on=date(2026, 9, 1), **flex),
        listing("oud", themes=["rouw"], confirmed_on=date(2025, 1, 1), **flex),
        listing("laat", themes=["rouw"], confirmed_on=date(2026, 5, 10), **flex),
        listing("vol", themes=["rouw"], room="vol", weeks=9, reported_on=TODAY, **flex),
    )
    return visitor


def schil(visitor: Visitor, **params: str) -> str:
    path = f"{VOLEWIJCK}?" + "&".join(f"{name}={value}" for name, value in params.items())
    return plain(visitor.section("Flexibele schil van Noord", path))


def test_schil_stands_by_problem_with_age_route_and_room(shelved: Visitor) -> None:
    text = schil(shelved)
    assert "5 vermeldingen" in text
    table = plain(shelved.section("Flexibele schil", VOLEWIJCK).split("<tbody")[1])
    assert table.startswith('role="rowgroup"> Gedrag Rustig'), "in the order of the themes"
    line = text[text.index("Rouwgroep") :]
    assert "Jongerenwerk Noordlicht · Rouw en verlies" in line
    assert "Leeftijd" in text
    assert "6–12 jaar" in line
    assert "Via de OKA, zonder tussenstap · via de huisarts" in line
    assert re.search(r"Vol ongeveer 9 weken, gemeld 23 nov 2026", text)
    assert re.search(r"Laat .*?mogelijk verouderd", text)


def test_schil_leaves_out_what_is_not_of_it_or_not_any_more(shelved: Visitor) -> None:
    text = schil(shelved)
    for title in ("Open groep", "Gestopt", "Oud ", "Elders"):
        assert title not in text


def test_schil_says_what_is_not_for_this_wijk(shelved: Visitor) -> None:
    assert "Niet voor Volewijck, wel voor IJplein/Vogelbuurt" in schil(shelved)


def test_schil_is_narrowed_down_by_problem_and_age(shelved: Visitor) -> None:
    assert "Rustig" not in schil(shelved, thema="angst-en-somberheid")
    young = schil(shelved, thema="angst-en-somberheid", leeftijd="7")
    assert "Rouwgroep" in young
    assert "Durven" not in young
    assert "Toon alles" in young


def test_schil_with_wrong_filters_says_so_and_keeps_them(shelved: Visitor) -> None:
    page = shelved.reads(f"{VOLEWIJCK}?leeftijd=oud&thema=nergens")
    assert 'name="leeftijd" value="oud"' in page
    assert page.count('aria-invalid="true"') == 2
    assert "5 vermeldingen" in schil(shelved, leeftijd="oud")


def test_schil_with_nothing_says_what_to_do(visitor: Visitor) -> None:
    assert "Vraag het team wat er is" in schil(visitor)
    assert "of bel het team" in schil(visitor, leeftijd="3")


# Ways here


@pytest.mark.parametrize("path", ["/", "/wijk/volewijck", "/team/okt-oud-noord", "/waarheen"])
def test_other_pages_lead_here(client: FlaskClient, path: str) -> None:
    assert 'href="/huisarts' in client.get(path).text


def test_front_page_asks_the_postcode_for_neighbours(client: FlaskClient) -> None:
    page = client.get("/").text
    assert re.search(r'<form class="search" action="/huisarts">', page)


def test_start_is_in_the_sitemap_and_an_example_is_not_indexed(client: FlaskClient) -> None:
    assert "/huisarts<" in client.get("/sitemap.xml").text
    page = client.get(VOLEWIJCK).text
    assert '<meta name="robots" content="noindex">' in page
    assert "Voorbeeldgegevens" in page
