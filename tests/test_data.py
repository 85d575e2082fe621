"""The starting set: complete, varied, and marked as what it is."""

import csv
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from importers.rows.listings import COLUMNS, read_listings
from importers.rows.people import CONTACT_COLUMNS, TEAM_COLUMNS
from importers.rows.summaries import SUMMARY_COLUMNS
from importers.rows.tables import read_table
from socialmap.config import DATA
from socialmap.models.terms import Audience, Form, Language, Level, ReferralRoute, Setting

HEADER = (
    "id;soort;titel;aanbieder;aanbieder_informeel;aanbieder_site;niveau;themas;vormen;doelgroep;"
    "alleen_voor;leeftijd_van;leeftijd_tm;samenvatting;beschrijving;voor_professionals;niet_voor;"
    "criteria;routes;formulieren;stappen;kosten;kosten_toelichting;talen;waar;plek;straat;"
    "huisnummer;postcode;lat;lon;buurt;zichtbaarheid;werkgebied;tijden;van;tot;contact;"
    "contact_reserve;telefoon;mail;website;beschikbaar;wachtweken;gemeld_op;status;gestopt_op;"
    "reden;alternatieven;gecontroleerd_op;ritme_maanden;ingevoerd_door;voorbeeld"
)
BRACKETS = {"0-4": (0, 4), "4-12": (4, 12), "12-18": (12, 18), "16-23": (16, 23)}
STADSDELEN = set("ABEFKMNST") - {"B"}
"""All but Westpoort, where nobody lives."""
FICTIVE = re.compile(r"020 000 00\d\d|06 0000 00\d\d")
RUN, LARGEST_SHARE = 5, 0.15


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


ROWS = rows_of("providers.csv")
VENUES = [row for row in ROWS if row["soort"] == "plek"]
OFFERS = [row for row in ROWS if row["soort"] != "plek"]


def values(column: str) -> set[str]:
    """Every value of a column in the offers."""
    return {word for row in OFFERS for word in row[column].split("|") if word}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("providers.csv", COLUMNS),
        ("contacts.csv", CONTACT_COLUMNS),
        ("teams.csv", TEAM_COLUMNS),
        ("summaries.csv", SUMMARY_COLUMNS),
    ],
)
def test_a_file_is_utf8_with_a_bom_and_has_no_problems(name: str, columns: list[str]) -> None:
    path: Path = DATA / name
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = read_table(path, columns)
    assert table.lines
    assert table.problems == []


def test_the_header_is_the_frozen_one() -> None:
    assert (DATA / "providers.csv").read_text("utf-8-sig").splitlines()[0] == HEADER


def test_every_row_can_be_read() -> None:
    entries = read_listings(read_table(DATA / "providers.csv", COLUMNS))
    assert [problem for entry in entries for problem in entry.problems] == []


def test_all_venues_and_at_least_180_offers_are_there() -> None:
    assert len(VENUES) == 344
    assert len(OFFERS) >= 180
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("niveau", set(Level)),
        ("routes", set(ReferralRoute)),
        ("vormen", set(Form)),
        ("doelgroep", set(Audience)),
        ("waar", set(Setting)),
        ("talen", set(Language) - {"hi"}),
        ("alleen_voor", {"vrouwen", "meisjes", "jongens", "mannen"}),
        ("zichtbaarheid", {"exact", "gebied", "verborgen"}),
        ("kosten", {"gratis", "eigen-bijdrage", "vergoed"}),
        ("beschikbaar", {"plek", "beperkt", "vol"}),
        (
            "status",
            {"concept", "actueel", "onzeker", "tijdelijk-dicht", "gestopt", "ingetrokken"},
        ),
        ("aanbieder_informeel", {"ja", "nee"}),
    ],
)
def test_the_offers_show_every_value(column: str, wanted: set[str]) -> None:
    assert wanted <= values(column)


def test_every_theme_has_an_offer() -> None:
    themes = rows_of("themes.csv")
    used = values("themas")
    parents = {row["ouder"] for row in themes if row["id"] in used}
    assert {row["id"] for row in themes} <= used | parents


@pytest.mark.parametrize("bracket", BRACKETS)
def test_every_age_bracket_is_served(bracket: str) -> None:
    low, high = BRACKETS[bracket]
    served = [
        row
        for row in OFFERS
        if row["leeftijd_van"].replace(".", "").isdigit()
        and row["leeftijd_tm"].replace(".", "").isdigit()
        and low <= float(row["leeftijd_van"])
        and float(row["leeftijd_tm"]) <= high
    ]
    assert len(served) >= 5


def test_every_stadsdeel_has_offers() -> None:
    at = Counter(row["buurt"][0] for row in OFFERS if row["buurt"])
    assert set(at) == STADSDELEN
    assert min(at.values()) >= 5


def test_only_the_venues_are_not_examples() -> None:
    assert {row["voorbeeld"] for row in OFFERS} == {"ja"}
    assert {row["voorbeeld"] for row in VENUES} <= {"", "nee"}
    for name in ("contacts.csv", "teams.csv"):
        assert {row["voorbeeld"] for row in rows_of(name)} == {"ja"}


@pytest.mark.parametrize("name", ["providers.csv", "contacts.csv", "teams.csv"])
def test_no_number_mail_or_site_reaches_anybody(name: str) -> None:
    for row in rows_of(name):
        for column in ("telefoon", "mobiel", "whatsapp"):
            assert not row.get(column) or FICTIVE.fullmatch(row[column]), row["id"]
        text = " ".join(row.values())
        for told in re.findall(
            r"\b0\d{1,3}[ -]?\d{3}[ -]?\d{4}\b|\b06[ -]?\d{4}[ -]?\d{4}\b", text
        ):
            assert FICTIVE.fullmatch(told), row["id"]
        hosts = re.findall(r"@([\w.-]+)|https?://([^/|\s]+)", text)
        assert all("".join(host).endswith(".example") for host in hosts), row["id"]


def test_offers_have_a_text_of_60_to_180_words() -> None:
    lengths = {row["id"]: len(row["beschrijving"].split()) for row in OFFERS}
    assert {id: words for id, words in lengths.items() if not 60 <= words <= 180} == {}


def test_no_two_offers_share_their_words() -> None:
    runs = {row["id"]: runs_of(f"{row['samenvatting']} {row['beschrijving']}") for row in OFFERS}
    alike = [
        (one, other)
        for one, other in combinations(runs, 2)
        if len(runs[one] & runs[other]) > LARGEST_SHARE * min(len(runs[one]), len(runs[other]))
    ]
    assert alike == []


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Every run of five words of a text."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def test_no_sign_of_a_name_was_lost() -> None:
    for name in ("providers.csv", "teams.csv"):
        for row in rows_of(name):
            for column in ("titel", "naam", "plek", "straat"):
                assert "`" not in row.get(column, "")
                assert not re.search(r"\w\?\w|\ufffd", row.get(column, "")), row["id"]


def test_at_least_80_wijken_have_a_contact_and_some_are_vacant() -> None:
    held = {
        word
        for row in rows_of("contacts.csv")
        if not row["tot"]
        for word in row["contact_voor"].split("|")
        if word.startswith("wijk:")
    }
    assert 80 <= len(held) < 110
    assert [row for row in rows_of("contacts.csv") if row["afwezig_tot"] and row["vervanger"]]
