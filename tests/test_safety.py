"""What always holds: no cookie, no stranger, no words in the log, text stays text."""

import json
import logging
import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from socialmap.listings.values import ProviderValues
from socialmap.search.answer.engine import Searcher
from tests.factories import VAN_DER_PEK, listing, save

pytestmark = pytest.mark.pages

HOSTILE = (
    "<script>alert(1)</script>",
    "${alert(1)}",
    "`alert(1)`",
    "</script><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "{{ 7*7 }}",
    "\u202egnp.exe",
)
PAGES = ("/", "/zoeken", "/stadsdeel/noord", "/wijk/volewijck", "/waarheen", "/over", "/privacy")


class Elements(HTMLParser):
    """Collects what a page would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(text)
    return parser.found


@pytest.fixture
def hostile(engine: sa.Engine, searcher: Searcher) -> list[str]:
    """Listings whose every text is an attack; returns their slugs."""
    for number, text in enumerate(HOSTILE):
        save(
            engine,
            listing(
                f"hostile-{number}",
                title=f"Aanval {text}",
                provider=ProviderValues(name=f"Aanbieder {number} {text}"),
                summary=text,
                description=text,
                professional_note=text,
                not_for=text,
                criteria=text,
                papers=text,
                steps=text,
                cost_note=text,
                entered_by=text,
                places=[VAN_DER_PEK.model_copy(update={"name": text, "house_number": str(number)})],
                is_example=False,
            ),
        )
    searcher.store.drain(engine)
    return []


def assert_harmless(text: str) -> None:
    for tag, attrs in elements(text):
        assert tag not in {"img"} or "onerror" not in attrs
        assert not any(name.startswith("on") for name in attrs), (tag, attrs)
        assert "style" not in attrs, (tag, attrs)
        for name in ("src", "action"):
            assert not (attrs.get(name) or "").startswith(("http", "//")), (tag, attrs)
    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL):
        attributes, body = script
        if "ld+json" in attributes:
            json.loads(body)
        else:
            assert body.strip() == "", "no inline script"


def test_hostile_texts_stay_text_on_pages(client: FlaskClient, hostile: list[str]) -> None:
    found = client.get("/api/search?q=aanval").json
    assert found is not None
    assert found["total"] == len(HOSTILE)
    pages = ["/zoeken?q=aanval", "/wijk/volewijck", "/stadsdeel/noord", "/"]
    pages += [result["url"] for result in found["results"]]
    pages += [f"/aanbieder/{result['provider']['slug']}" for result in found["results"]]
    pages += [f"/zoeken?q={text}" for text in HOSTILE]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert_harmless(response.text)


def test_hostile_texts_stay_data_on_maps(client: FlaskClient, hostile: list[str]) -> None:
    response = client.get("/kaart/noord.geojson?q=aanval")
    assert response.mimetype == "application/geo+json"
    names = json.dumps(json.loads(response.text), ensure_ascii=False)
    assert "onerror=alert(1)" in names, "the text itself is there, as data"
    page = client.get("/zoeken?q=aanval").text
    for tag, attrs in elements(page):
        if tag == "script" and "/kaart/" in (attrs.get("src") or ""):
            assert "alert" not in client.get(attrs["src"] or "").text


def test_structured_data_is_one_json_document(client: FlaskClient, hostile: list[str]) -> None:
    found = client.get("/api/search?q=aanval").json
    assert found is not None
    for result in found["results"]:
        text = client.get(result["url"]).text
        [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
        assert json.loads(block)["name"] == result["title"]


@pytest.mark.parametrize("page", PAGES)
def test_readers_get_no_cookie_and_a_strict_policy(client: FlaskClient, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert_harmless(response.text)


@pytest.mark.parametrize("page", [*PAGES, "/bestaat-niet"])
def test_danger_comes_first_on_every_page(client: FlaskClient, page: str) -> None:
    assert 'href="tel:112"' in client.get(page).text


def test_the_log_holds_no_question_and_no_address(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/zoeken?q=zelfmoord&bij=1011AB")
        client.get("/aanbod/een-heel-bijzondere-naam")
        client.get("/api/search?leeftijd=oud")
    assert "GET /zoeken 200" in caplog.text
    for secret in ("zelfmoord", "1011AB", "bijzondere", "oud"):
        assert secret not in caplog.text


def test_database_errors_hide_what_was_written(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError) as caught, engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO person (name) VALUES (:n)"), {"n": "Geheime Naam"})
    assert "Geheime Naam" not in str(caught.value)


def test_large_requests_are_refused(client: FlaskClient) -> None:
    assert client.post("/zoeken", data=b"x" * 200_000).status_code in (405, 413)


ANY = "00000000-0000-0000-0000-000000000000"
"""What may stand for any part of an address, also where a UUID is asked."""
OPEN_FORMS = {
    "login.send",
    "login.redeem",
    "report.send",
    "offer.begin",
    "claim.send",
    "offer.save",
    "offer.send",
    "counting.called",
    "about_me.send",
    "about_me.withdraw",
    "about_me.tell",
    "about_me.leave",
    "klopt.answer",
    "klopt.end",
    "klopt.change",
    "klopt.leave",
    "yearly.end",
}
"""Anyone may send these; they come from our own pages, with a time stamp if they grant anything."""
KEEPING = {
    "own_check.confirm",
    "watch.confirm",
    "called.record",
    "edit.confirm",
    "edit.save",
    "person_form.add",
    "person_form.save",
    "summaries.save",
    "wijken.save",
    "handing_over.hand_over",
    "team_desk.save",
}
"""Who is not signed in any more gets back what was typed; nothing of it is saved."""
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
)


def test_every_route_that_changes_something_refuses_strangers(app: Flask) -> None:
    """A form from elsewhere is refused everywhere; without a session only open forms go on."""
    client = app.test_client()
    adapter = app.url_map.bind("localhost")
    seen = set()
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, ANY), method)
            for headers in FOREIGN:
                answer = client.open(address, method=method, headers=headers)
                assert answer.status_code == 403, (rule, headers)
            own = client.open(address, method=method, headers={"Sec-Fetch-Site": "same-origin"})
            if rule.endpoint in KEEPING:
                assert (own.status_code, "niet meer ingelogd" in own.text) == (403, True), rule
            elif rule.endpoint not in OPEN_FORMS:
                assert (own.status_code, own.headers.get("Location")) == (303, "/inloggen"), rule
            assert "Set-Cookie" not in own.headers
            seen.add(rule.endpoint)
    assert seen >= OPEN_FORMS | {"desk.sign_out", "desk.sign_out_everywhere"}


def test_the_app_is_healthy_only_with_its_database(client: FlaskClient) -> None:
    assert client.get("/gezond").json == {"status": "ok"}


def test_examples_are_not_indexed_and_real_venues_are(full_client: FlaskClient) -> None:
    sitemap = full_client.get("/sitemap.xml").text
    example = full_client.get("/api/search?q=naaimiddag").json
    assert example is not None
    assert example["results"][0]["example"]
    assert example["results"][0]["url"] not in sitemap
    assert 'name="robots" content="noindex' in full_client.get(example["results"][0]["url"]).text
    assert "/aanbod/oba-van-der-pek" in sitemap
    assert "noindex" not in full_client.get("/aanbod/oba-van-der-pek").text


def test_no_address_leads_to_the_host_of_a_request(full_client: FlaskClient) -> None:
    for address in ("/static//css/base.css", "/wijk//volewijck", "//evil.example/zoeken"):
        answer = full_client.get(address, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.headers.get("Location", "")
