"""Anyone says what does not hold, without an account; who checks or keeps the listing answers."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.geo.tree import AreaTree
from socialmap.labels import label
from socialmap.models import Account, Listing, LoginTry, Report
from socialmap.models.terms import ReportKind, ReportState, Role
from socialmap.reviews import reports
from socialmap.reviews.reports import Filed, Said
from tests.entering import OWN, enter, post, proof
from tests.factories import DRAAD, NOW, SECRET, SOMEWHERE_IN_VOLEWIJCK, TODAY, listing, save
from tests.reading import plain

FORM = "/aanbod/kop-op/klopt-niet"
SENT = f"{FORM}/verstuurd"
DESK = "/bureau/meldingen"
WORDS = "De les is nu op woensdag."
BSN = "1234.56.782"


@pytest.fixture
def kop_op(engine: sa.Engine) -> None:
    save(engine, listing())


def send(client: FlaskClient, **fields: str) -> tuple[int, str]:
    """Send the form; returns the status, and the page or where it leads."""
    return post(client, FORM, **{"wat": "tijden", "woorden": WORDS} | fields)


def kept(engine: sa.Engine) -> list[Report]:
    with Session(engine) as session:
        return list(session.exec(select(Report).order_by(Report.at)))


def tell(engine: sa.Engine, key: str = "kop-op", at: datetime = NOW, words: str = WORDS) -> None:
    """Keep a report of a listing."""
    with db.writing(engine) as session:
        id = session.exec(select(Listing.id).where(Listing.key == key)).one()
        said = Said(id, ReportKind.TIMES, words)
        assert reports.file_report(session, "not-secret", said, "192.0.2.7", at) == Filed.KEPT


# The form


def test_a_listing_leads_to_the_form_first(client: FlaskClient, kop_op: None) -> None:
    page = client.get("/aanbod/kop-op").text
    assert f'href="{FORM}"' in page
    assert page.index(FORM) < page.index("Mail de redactie")


def test_anyone_tells_what_is_wrong(client: FlaskClient, engine: sa.Engine, kop_op: None) -> None:
    form = client.get(FORM)
    assert "Het gaat over Kop op van Jongerenwerk Noordlicht." in plain(form.text)
    assert 'content="noindex"' in form.text
    for kind in ReportKind:
        assert label(kind) in form.text.lower()
    assert send(client) == (303, SENT)
    page = client.get(SENT).text
    assert "Uw melding is verstuurd" in page
    assert "Wat er nu gebeurt" in page
    assert 'href="/aanbod/kop-op"' in page
    [report] = kept(engine)
    assert (report.kind, report.words, report.state) == ("tijden", WORDS, "open")


def test_nothing_of_who_tells_is_kept(client: FlaskClient, engine: sa.Engine, kop_op: None) -> None:
    data = {"bewijs": proof(client.get(FORM).text), "wat": "kosten"}
    from_here = OWN | {"X-Forwarded-For": "192.0.2.7", "User-Agent": "Telefoon van Sam"}
    answer = client.post(FORM, data=data, headers=from_here)
    assert "Set-Cookie" not in answer.headers
    with engine.connect() as connection:
        rows = [
            str(connection.execute(sa.select(table)).all())
            for table in (Report.__table__, LoginTry.__table__)
        ]
    assert len(kept(engine)) == 1
    assert not any(told in row for row in rows for told in ("192.0.2", "Telefoon van Sam"))


def test_few_words_are_enough_but_not_for_something_else(
    client: FlaskClient, engine: sa.Engine, kop_op: None
) -> None:
    assert send(client, wat="gestopt", woorden="")[0] == 303
    status, page = send(client, wat="anders", woorden=" \n ")
    assert status == 422
    assert page.count("Schrijf in een paar woorden wat er niet klopt.") == 2
    assert len(kept(engine)) == 1


@pytest.mark.parametrize("wat", ["", "weg", "open"])
def test_what_is_wrong_must_be_chosen(client: FlaskClient, kop_op: None, wat: str) -> None:
    status, page = send(client, wat=wat)
    assert status == 422
    assert "<title>Fout: Klopt er iets niet?" in page
    assert '<a href="#f-wat">Kies wat er niet klopt.</a>' in page
    assert page.count("Kies wat er niet klopt.") == 2
    assert WORDS in page


def test_too_many_words_are_told_by_how_many(
    client: FlaskClient, engine: sa.Engine, kop_op: None
) -> None:
    status, page = send(client, woorden="é\r\n" * 251)
    assert status == 422
    assert "1 tekens te veel" in page
    assert send(client, woorden="é\r\n" * 250 + "\0")[0] == 303
    assert kept(engine)[0].words == "\n".join("é" * 250)


@pytest.mark.parametrize(
    ("slip", "told"),
    [(f"Zijn bsn is {BSN}", "burgerservicenummer"), ("Sam, 12 maart 2015", "geboortedatum")],
)
def test_a_bsn_or_a_birth_date_is_stopped_and_stays_typed(
    client: FlaskClient, engine: sa.Engine, kop_op: None, slip: str, told: str
) -> None:
    for fields in ({}, {"toch": "1"}):
        status, page = send(client, woorden=slip, **fields)
        assert status == 422
        assert page.count(told) == 2
        assert slip in page
        assert 'value="tijden" checked' in page
    assert kept(engine) == []


@pytest.mark.parametrize("slip", ["Mijn cliënt stond voor niets", "Fatima, 14 jaar, mag niet meer"])
def test_talk_of_a_child_is_asked_about_and_may_be_sent(
    client: FlaskClient, engine: sa.Engine, kop_op: None, slip: str
) -> None:
    status, page = send(client, woorden=slip)
    assert status == 422
    assert "<title>Let op: Klopt er iets niet?" in page
    assert "Staat hier iets in over een kind of een cliënt?" in page
    assert slip in page
    assert 'name="toch"' in page
    assert kept(engine) == []
    assert send(client, woorden=slip, toch="1") == (303, SENT)
    assert [report.words for report in kept(engine)] == [slip]


def test_markup_stays_text(client: FlaskClient, kop_op: None) -> None:
    _, page = send(client, wat="", woorden="</textarea><script>x")
    assert "&lt;/textarea&gt;&lt;script&gt;x</textarea>" in page


def test_an_old_form_is_sent_once_more_and_a_quick_one_is_fine(
    client: FlaskClient, engine: sa.Engine, kop_op: None
) -> None:
    for stamp in ("", "form.x.y"):
        status, page = send(client, bewijs=stamp)
        assert status == 422
        assert "stond te lang open" in page
        assert WORDS in page
    assert kept(engine) == []
    assert send(client)[0] == 303


@pytest.mark.parametrize(("status", "code"), [("draft", 404), ("withdrawn", 404), ("ended", 200)])
def test_only_what_readers_see_can_be_told_about(
    client: FlaskClient, engine: sa.Engine, status: str, code: int
) -> None:
    save(engine, listing(status=status, ended_on=TODAY if status == "ended" else None))
    stamp = proof(client.get("/inloggen").text)
    data = {"wat": "gestopt", "bewijs": stamp}
    assert client.get(FORM).status_code == client.get(SENT).status_code == code
    assert client.post(FORM, data=data, headers=OWN).status_code == (303 if code == 200 else 404)
    assert len(kept(engine)) == (code == 200)


def test_a_former_address_leads_on_and_loses_no_report(
    client: FlaskClient, engine: sa.Engine, kop_op: None
) -> None:
    stamp = proof(client.get(FORM).text)
    save(engine, listing(title="Durf het maar"))
    now = "/aanbod/durf-het-maar/klopt-niet"
    assert client.get(FORM).headers["Location"] == now
    assert client.get(SENT).headers["Location"] == f"{now}/verstuurd"
    data = {"wat": "gestopt", "bewijs": stamp}
    answer = client.post(FORM, data=data, headers=OWN)
    assert answer.headers["Location"] == f"{now}/verstuurd"
    assert len(kept(engine)) == 1


# Floods


def test_a_double_click_tells_once(client: FlaskClient, engine: sa.Engine, kop_op: None) -> None:
    assert [send(client)[0] for _ in range(3)] == [303] * 3
    assert len(kept(engine)) == 1
    send(client, woorden=WORDS + " Echt.")
    assert len(kept(engine)) == 2


def test_the_same_words_a_day_later_are_new(engine: sa.Engine, kop_op: None) -> None:
    tell(engine)
    tell(engine, at=NOW + timedelta(days=1))
    assert len(kept(engine)) == 2


def test_a_flood_from_one_network_meets_a_friendly_page(
    client: FlaskClient, engine: sa.Engine, kop_op: None
) -> None:
    stamp = proof(client.get(FORM).text)

    def once(number: int, network: str = "192.0.2.7"):
        data = {"wat": "anders", "woorden": f"Nummer {number} klopt niet", "bewijs": stamp}
        return client.post(FORM, data=data, headers=OWN | {"X-Forwarded-For": network})

    answers = [once(number) for number in range(reports.PER_NETWORK + 2)]
    assert [answer.status_code for answer in answers] == [303] * reports.PER_NETWORK + [429] * 2
    assert answers[-1].headers["Retry-After"] == "3600"
    page = plain(answers[-1].text)
    assert "Uw melding is nog niet verstuurd" in page
    assert "Bel 020" in page
    assert f"Nummer {reports.PER_NETWORK + 1} klopt niet" in answers[-1].text
    assert once(0).status_code == 303, "what was kept already is not refused"
    assert once(99, "192.0.2.8").status_code == 303
    assert len(kept(engine)) == reports.PER_NETWORK + 1


def test_a_flood_about_one_listing_leaves_others_open(engine: sa.Engine, kop_op: None) -> None:
    save(engine, listing("anders"))
    with db.writing(engine) as session:
        ids = dict(session.exec(select(Listing.key, Listing.id)).all())

        def once(number: int, key: str = "kop-op", now: datetime = NOW) -> Filed:
            said = Said(ids[key], ReportKind.OTHER, str(number))
            return reports.file_report(session, "not-secret", said, f"10.0.0.{number}", now)

        told = [once(number) for number in range(reports.PER_LISTING + 1)]
        assert told == [Filed.KEPT] * reports.PER_LISTING + [Filed.TOO_MANY]
        assert once(99, "anders") == Filed.KEPT
        assert once(99, now=NOW + timedelta(hours=1)) == Filed.KEPT
    assert reports.PER_NETWORK < reports.PER_LISTING, "one network can't close a listing to others"


def test_counts_are_forgotten_after_a_day(engine: sa.Engine, kop_op: None) -> None:
    tell(engine)
    tell(engine, at=NOW + timedelta(days=2))
    with Session(engine) as session:
        hours = {row.hour for row in session.exec(select(LoginTry))}
    assert hours == {NOW + timedelta(days=2)}


# Who answers


def account(session: Session, role: Role, **scope: str) -> Account:
    mail = f"{role.value}-{'-'.join(scope.values()).lower()}@gids.example"
    accounts.add_role(session, mail, role, TODAY, **scope)
    found = accounts.find_account(session, mail)
    assert found is not None
    return found


def test_each_sees_the_reports_it_may_decide_on(engine: sa.Engine, tree: AreaTree) -> None:
    save(
        engine,
        listing("in-noord", coverage=["stad"]),
        listing("ergens", places=[SOMEWHERE_IN_VOLEWIJCK], coverage=["stad"], provider=DRAAD),
        listing("geheim", places=[SECRET], coverage=["stad"]),
        listing("oost", places=[], coverage=["M"]),
    )
    for minute, key in enumerate(["oost", "in-noord", "geheim", "ergens"]):
        tell(engine, key, NOW + timedelta(minutes=minute))

    def seen(role: Role, **scope: str) -> list[str]:
        with db.writing(engine) as session:
            who = account(session, role, **scope)
            found = reports.open_reports(session, tree, who, NOW)
            assert reports.open_count(session, tree, who, NOW) == len(found)
        return [view.slug + ("" if view.may_dismiss else " (own)") for view in found]

    assert seen(Role.REDACTEUR) == ["oost", "in-noord", "geheim", "ergens"]
    assert seen(Role.WIJK_CONTACT, area="NK") == ["in-noord", "ergens"]
    assert seen(Role.WIJK_CONTACT, area="N") == ["in-noord", "ergens"]
    assert seen(Role.WIJK_CONTACT, area="NL") == []
    assert seen(Role.WIJK_CONTACT, area="M") == ["oost"]
    assert seen(Role.EDITOR, provider="draad-daad") == ["ergens (own)"]
    assert seen(Role.PROFESSIONAL) == []


def test_a_wijk_contact_adapts_and_says_so(app: Flask, engine: sa.Engine, kop_op: None) -> None:
    tell(engine, words="De les is\nop woensdag.")
    yara = enter(app, engine, "yara@gids.example", Role.WIJK_CONTACT, area="NK", name="Yara")
    page = plain(yara.get(DESK).text)
    assert "Open: 1" in page
    assert "De dagen of de tijden De les is op woensdag. " in page
    [report] = kept(engine)
    told = {"besluit": "aangepast", "antwoord": "Gebeld, nu woensdag."}
    status, onward = post(yara, DESK, f"{DESK}/{report.id}", **told)
    assert status == 303
    page = plain(yara.get(onward).text)
    assert "De melding is afgehandeld: aangepast." in page
    assert "Er zijn geen open meldingen." in page
    assert "Aangepast op 23 november 2026 door Yara Gebeld, nu woensdag." in page
    [report] = kept(engine)
    assert (report.state, report.decided_by) == ("handled", "Yara")


def test_a_second_decision_changes_nothing(app: Flask, engine: sa.Engine, kop_op: None) -> None:
    tell(engine)
    yara = enter(app, engine, "yara@gids.example", Role.REDACTEUR, name="Yara")
    address = f"{DESK}/{kept(engine)[0].id}"
    assert post(yara, DESK, address, besluit="klopt-wel")[0] == 303
    sam = enter(app, engine, "sam@gids.example", Role.REDACTEUR, name="Sam")
    stamp = proof(yara.get("/bureau").text)
    assert stamp
    _, onward = post(sam, "/bureau", address, besluit="aangepast")
    assert "Deze melding was al afgehandeld." in sam.get(onward).text
    [report] = kept(engine)
    assert (report.state, report.decided_by) == ("dismissed", "Yara")


def test_the_provider_marks_its_own_as_handled_only(app: Flask, engine: sa.Engine) -> None:
    save(engine, listing("van-ons", provider=DRAAD), listing("kop-op"))
    tell(engine, "van-ons")
    tell(engine, "kop-op", NOW + timedelta(minutes=1))
    own, other = (f"{DESK}/{report.id}" for report in kept(engine))
    fatma = enter(app, engine, "fatma@draad.example", Role.EDITOR, provider="draad-daad")
    page = fatma.get(DESK).text
    assert "Van ons" in page
    assert "Kop op" not in page
    assert "klopt-wel" not in page
    assert post(fatma, DESK, own, besluit="klopt-wel")[0] == 403
    assert post(fatma, DESK, other, besluit="aangepast")[0] == 404
    assert {report.state for report in kept(engine)} == {ReportState.OPEN}
    assert post(fatma, DESK, own, besluit="aangepast")[0] == 303
    assert [report.state for report in kept(engine)] == ["handled", "open"]


def test_others_are_refused(app: Flask, engine: sa.Engine, kop_op: None) -> None:
    tell(engine)
    address = f"{DESK}/{kept(engine)[0].id}"
    assert app.test_client().get(DESK).headers["Location"].startswith("/inloggen")
    pro = enter(app, engine, "pro@gids.example", Role.PROFESSIONAL)
    assert pro.get(DESK).status_code == 403
    assert post(pro, "/bureau", address, besluit="aangepast")[0] == 403
    elsewhere = enter(app, engine, "els@gids.example", Role.WIJK_CONTACT, area="NL")
    assert post(elsewhere, "/bureau", address, besluit="aangepast")[0] == 404
    yara = enter(app, engine, "yara@gids.example", Role.REDACTEUR)
    assert yara.post(address, data={"besluit": "aangepast"}, headers=OWN).status_code == 403
    for strange in (f"{DESK}/{uuid4()}", f"{DESK}/x"):
        assert post(yara, DESK, strange, besluit="aangepast")[0] == 404
    assert post(yara, DESK, address, besluit="weg")[0] == 400
    assert [report.state for report in kept(engine)] == ["open"]


def test_an_answer_holds_no_bsn_and_is_no_essay(
    app: Flask, engine: sa.Engine, kop_op: None
) -> None:
    tell(engine)
    id = kept(engine)[0].id
    yara = enter(app, engine, "yara@gids.example", Role.REDACTEUR)
    for answer, told in ((f"Zie {BSN}", "burgerservicenummer"), ("x" * 501, "1 tekens te veel")):
        status, page = post(yara, DESK, f"{DESK}/{id}", besluit="aangepast", antwoord=answer)
        assert status == 422
        assert "<title>Fout: Meldingen" in page
        assert page.count(told) == 2
        assert f'href="#a-{id}"' in page
        assert answer in page
    assert [report.state for report in kept(engine)] == ["open"]


def test_a_withdrawn_listing_keeps_its_reports(app: Flask, engine: sa.Engine, kop_op: None) -> None:
    tell(engine)
    save(engine, listing(status="withdrawn"))
    page = enter(app, engine, "yara@gids.example", Role.REDACTEUR).get(DESK).text
    assert "Kop op (niet zichtbaar)" in page
    assert 'href="/aanbod/kop-op"' not in page


# Forgetting


def test_reports_are_erased_in_time(engine: sa.Engine, kop_op: None) -> None:
    ages = [(400, 364), (400, 367), (729, None), (733, None)]
    with db.writing(engine) as session:
        id = session.exec(select(Listing.id)).one()
        for told, decided in ages:
            state = ReportState.OPEN if decided is None else ReportState.DISMISSED
            at = None if decided is None else NOW - timedelta(days=decided)
            dated = {"at": NOW - timedelta(days=told), "decided_at": at, "words": f"{told} {at}"}
            kind = ReportKind.OTHER
            session.add(Report(listing_id=id, kind=kind, state=state, **dated))
        session.flush()
        assert reports.forget_old(session, TODAY) == 2
        assert reports.forget_old(session, TODAY) == 0
    assert {(NOW - report.at).days for report in kept(engine)} == {400, 729}


def test_the_next_report_erases_what_is_old(engine: sa.Engine, kop_op: None) -> None:
    with db.writing(engine) as session:
        id = session.exec(select(Listing.id)).one()
        old = {"at": NOW - timedelta(days=733), "words": "", "state": ReportState.OPEN}
        session.add(Report(listing_id=id, kind=ReportKind.OTHER, **old))
    tell(engine)
    assert len(kept(engine)) == 1


def test_what_may_no_longer_be_shown_is_in_no_report(engine: sa.Engine, kop_op: None) -> None:
    with db.writing(engine) as session:
        id = session.exec(select(Listing.id)).one()
        for kind in (ReportKind.ADDRESS, ReportKind.OTHER, ReportKind.COSTS):
            said = Said(id, kind, "Het is Gentiaanstraat 3.")
            reports.file_report(session, "not-secret", said, "192.0.2.7", NOW)
    save(engine, listing(places=[SECRET]))
    assert {report.kind: report.words for report in kept(engine)} == {
        "adres": "",
        "anders": "",
        "kosten": "",
    }
