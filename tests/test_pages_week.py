"""Deze week: the page, the calendar (RFC 5545) and the feed (RFC 4287) say the same."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from socialmap.listings.values import PlaceValues, SessionValues
from socialmap.views import ics
from tests.factories import DRAAD, SECRET, SOMEWHERE_IN_VOLEWIJCK, TODAY, VAN_DER_PEK, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

WEEK = "/deze-week"
ATOM = "{http://www.w3.org/2005/Atom}"
TUESDAY = SessionValues(weekday="di", part="middag", starts_at="13:30", ends_at="15:30")
OOST = PlaceValues(name="Archipel", street="Makassarplein", house_number="1", area_code="MJ02")


def properties(text: str) -> list[dict[str, str]]:
    """The events of a calendar, unfolded and unescaped (RFC 5545, 3.1 and 3.3.11)."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = re.sub(
                r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], value
            )
    return found


def events(visitor: Visitor, path: str = f"{WEEK}.ics") -> list[dict[str, str]]:
    return properties(visitor.client.get(path).text)


def entries(visitor: Visitor, path: str = f"{WEEK}.atom") -> list[ElementTree.Element]:
    text = visitor.client.get(path).text
    return ElementTree.fromstring(text).findall(f"{ATOM}entry")  # noqa: S314  our own feed


# The page


def test_week_stands_under_days_and_parts_of_the_day(visitor: Visitor) -> None:
    evening = SessionValues(weekday="di", part="avond")
    morning = SessionValues(weekday="ma", part="ochtend", starts_at="09:00")
    visitor.knows(
        listing("kop-op", sessions=[TUESDAY, evening]), listing("ontbijt", sessions=[morning])
    )
    text = visitor.text(WEEK)
    order = [
        "3 keer iets te doen, van maandag 23 november tot en met zondag 29 november",
        "Maandag 23 november vandaag Ochtend 9.00 Ontbijt",
        "Dinsdag 24 november Middag 13.30–15.30 Kop op 12–16 jaar · OBA Van der Pek",
        "Avond tijd onbekend Kop op",
    ]
    assert [words for words in order if words in text] == order
    assert sorted(order, key=text.index) == order


def test_unknown_time_stands_below_known_ones(visitor: Visitor) -> None:
    visitor.knows(
        listing("aap", sessions=[SessionValues(weekday="di", part="middag")]),
        listing("zebra", sessions=[TUESDAY]),
    )
    text = visitor.text(WEEK)
    assert text.index("Zebra") < text.index("Aap")


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        (WEEK, {"Noord", "Oost", "Ergens", "Geheim"}),
        ("/deze-week/stadsdeel/noord", {"Noord", "Ergens"}),
        ("/deze-week/wijk/volewijck", {"Noord", "Ergens"}),
        ("/deze-week/wijk/banne-buiksloot", set()),
        ("/deze-week/stadsdeel/oost", {"Oost"}),
    ],
)
def test_each_area_has_its_own_week(visitor: Visitor, path: str, titles: set[str]) -> None:
    everywhere = {
        "noord": VAN_DER_PEK,
        "oost": OOST,
        "ergens": SOMEWHERE_IN_VOLEWIJCK,
        "geheim": SECRET,
    }
    visitor.knows(
        *(listing(key, places=[place], sessions=[TUESDAY]) for key, place in everywhere.items())
    )
    assert {event["SUMMARY"] for event in events(visitor, f"{path}.ics")} == titles
    assert len(entries(visitor, f"{path}.atom")) == len(titles)
    page = visitor.reads(path)
    for title in ("Noord", "Oost", "Ergens", "Geheim"):
        assert (f'/aanbod/{title.lower()}"' in page) == (title in titles)


def test_closed_ended_dated_and_overdue_meetings_are_left_out(visitor: Visitor) -> None:
    wednesday = TODAY + timedelta(days=2)
    later = SessionValues(weekday="wo", part="middag", from_on=date(2026, 12, 2))
    over = SessionValues(weekday="wo", part="middag", until_on=date(2026, 11, 18))
    both = [TUESDAY, SessionValues(weekday="do", part="middag")]
    visitor.knows(
        listing("later", sessions=[later]),
        listing("over", sessions=[over]),
        listing("dicht", sessions=both, status="closed", closed_until=wednesday),
        listing("stopt", sessions=both, status="ended", ended_on=wednesday),
        listing("gestopt", sessions=both, status="ended", ended_on=TODAY),
        listing("onzeker", sessions=both, status="uncertain"),
        listing("concept", sessions=both, status="draft"),
        listing("vergeten", sessions=both, confirmed_on=date(2025, 1, 1)),
    )
    told = {
        (event["SUMMARY"], event["DTSTART;VALUE=DATE"])
        for event in events(visitor)
        if "DTSTART;VALUE=DATE" in event
    }
    timed = [
        (event["SUMMARY"], event["DTSTART;TZID=Europe/Amsterdam"])
        for event in events(visitor)
        if "DTSTART;TZID=Europe/Amsterdam" in event
    ]
    assert told == {("Dicht", "20261126")}, "open again on Thursday"
    assert timed == [("Stopt", "20261124T133000")], "it still meets on Tuesday"


def test_more_than_fits_leads_to_a_search(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"groep-{number}", sessions=[TUESDAY]) for number in range(30)))
    page = visitor.reads("/deze-week/stadsdeel/noord")
    assert "Zoek alle 30 op dinsdagmiddag" in page
    assert "/zoeken?dag=di&amp;dagdeel=middag&amp;stadsdeel=noord" in page


def test_empty_week_leads_on(visitor: Visitor) -> None:
    text = visitor.text("/deze-week/wijk/kadoelen")
    assert "staat hier niets vast in de gids" in text
    assert "Vraag het iemand die Kadoelen kent" in text
    assert "Deze week in heel Noord" in text
    assert events(visitor, "/deze-week/wijk/kadoelen.ics") == []
    assert entries(visitor, "/deze-week/wijk/kadoelen.atom") == []


def test_pages_lead_to_the_week(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", sessions=[TUESDAY], kind="activity", provider=DRAAD))
    assert 'href="/deze-week">Alles van deze week' in visitor.reads("/")
    assert 'href="/deze-week/stadsdeel/noord">' in visitor.reads("/stadsdeel/noord")
    assert 'href="/deze-week/wijk/volewijck">' in visitor.reads("/wijk/volewijck")


@pytest.mark.parametrize(
    "path",
    ["stadsdeel/nergens", "wijk/noord", "stadsdeel/volewijck", "buurt/x", "wijk/nergens.ics"],
)
def test_what_is_no_such_area_has_no_week(client: FlaskClient, path: str) -> None:
    assert client.get(f"{WEEK}/{path}").status_code == 404


def test_code_of_an_area_leads_to_its_name(client: FlaskClient) -> None:
    assert client.get("/deze-week/wijk/NK").headers["Location"] == "/deze-week/wijk/volewijck"


# The calendar


def test_calendar_is_whole(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", sessions=[TUESDAY]))
    answer = visitor.client.get(f"{WEEK}.ics")
    assert answer.mimetype == "text/calendar"
    text = answer.text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "TZID:Europe/Amsterdam" in text
    [event] = events(visitor)
    assert event["DTSTART;TZID=Europe/Amsterdam"] == "20261124T133000"
    assert event["DTEND;TZID=Europe/Amsterdam"] == "20261124T153000"
    assert event["DTSTAMP"] == "20261123T000000Z"
    assert event["LOCATION"] == "OBA Van der Pek, Gentiaanstraat 1, 1031 AE"
    assert event["GEO"] == "52.38720;4.91080"
    assert event["URL"] == "http://localhost:8000/aanbod/kop-op"
    assert event["UID"].endswith("-20261124-1330-middag@localhost")


def test_name_of_a_meeting_stays_from_day_to_day(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", sessions=[TUESDAY, SessionValues(weekday="wo", part="avond")]))
    first, again = events(visitor), events(visitor, "/deze-week/wijk/volewijck.ics")
    assert [event["UID"] for event in first] == [event["UID"] for event in again]
    assert len({event["UID"] for event in first}) == 2


def test_examples_say_so_in_the_title(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", sessions=[TUESDAY], is_example=True))
    [event] = events(visitor)
    assert event["SUMMARY"] == "Voorbeeld: Kop op"
    assert event["DESCRIPTION"].startswith("Voorbeeldgegevens: dit aanbod is verzonnen.")
    assert "X-WR-CALNAME:Deze week in Amsterdam (voorbeeldgegevens)" in visitor.reads(f"{WEEK}.ics")
    [entry] = entries(visitor)
    assert "Voorbeeld: Kop op" in (entry.findtext(f"{ATOM}title") or "")


def test_protected_address_stays_so(visitor: Visitor) -> None:
    visitor.knows(
        listing("ergens", places=[SOMEWHERE_IN_VOLEWIJCK], sessions=[TUESDAY]),
        listing("geheim", places=[SECRET], sessions=[TUESDAY]),
    )
    told = {event["SUMMARY"]: event for event in events(visitor)}
    assert told["Ergens"]["LOCATION"] == "Ergens in Volewijck"
    assert told["Geheim"]["LOCATION"] == "Adres is geheim"
    assert all("GEO" not in event for event in told.values())


HOSTILE = (
    "Komma, punt; schuin \\ en\nregel",
    "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
    "<script>alert(1)</script> & ]]> \"'",
    "{{ 7*7 }} {% raw %} ${1}",
    "stuur\x07teken \u2028 en \u202e omgekeerd",
    "=1+1",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_providers_stay_text(visitor: Visitor, text: str) -> None:
    title = " ".join(text.split())
    visitor.knows(
        listing("x", title=text, summary=text, sessions=[TUESDAY]),
    )
    [event] = events(visitor)
    shown = ics.CONTROL.sub("", title)
    assert event["SUMMARY"].split() == shown.split()
    assert set(event) == {
        "UID",
        "DTSTAMP",
        "DTSTART;TZID=Europe/Amsterdam",
        "DTEND;TZID=Europe/Amsterdam",
        "SUMMARY",
        "LOCATION",
        "GEO",
        "DESCRIPTION",
        "URL",
        "TRANSP",
        "END",
        "",
    }
    [entry] = entries(visitor)
    assert (entry.findtext(f"{ATOM}title") or "").split(": ", 1)[1].split() == shown.split()


def test_lines_are_folded_at_75_octets_and_never_inside_a_letter() -> None:
    line = "SUMMARY:" + "één naaimiddag voor iedereen 🧵 " * 8
    folded = ics.folded_line(line)
    parts = folded.encode().split(b"\r\n")
    assert parts[-1] == b""
    assert len(parts) > 4
    for part in parts:
        assert len(part) <= 75
        part.decode()
    assert folded.replace("\r\n ", "") == line + "\r\n"


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150])
def test_line_of_any_length_survives_folding(length: int) -> None:
    line = "X" * length
    assert ics.folded_line(line).replace("\r\n ", "") == line + "\r\n"


# The feed


def test_feed_is_valid_and_names_day_and_time(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", sessions=[TUESDAY]))
    answer = visitor.client.get(f"{WEEK}.atom")
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.text)  # noqa: S314  our own feed
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    [entry] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "di 24 nov 2026 13.30: Kop op"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-18T00:00:00+00:00"
    assert "OBA Van der Pek" in (entry.findtext(f"{ATOM}summary") or "")


def test_page_names_its_feed(visitor: Visitor) -> None:
    page = visitor.reads("/deze-week/wijk/volewijck")
    assert 'href="/deze-week/wijk/volewijck.atom"' in page
    assert 'href="/deze-week/wijk/volewijck.ics"' in page
    assert "Deze week in Volewijck" in plain(page)
