"""Who keeps whose entry, who can be chosen as contact, and what history keeps of people."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, delete, select

from socialmap import accounts, db, people
from socialmap.accounts.permissions import can_edit_person
from socialmap.geo.tree import AreaTree
from socialmap.listings.history import Author
from socialmap.models import (
    Account,
    Change,
    Contact,
    FormerSlug,
    Listing,
    Person,
    Provider,
    WijkContact,
)
from socialmap.models.terms import DetailKind, DetailVisibility, Door, Role
from socialmap.people import Agreement, Choice, Consent, PersonValues, WijkContactValues
from tests.factories import DRAAD, NOW, SECRET, TODAY, listing, save
from tests.reading import Visitor

pytestmark = pytest.mark.pages

DAY = timedelta(days=1)
BY_FORM = Author("Fatma", Door.FORM, NOW)
NUMBER = "06 0000 0161"
MAIL = "fatma@draad.example"
TIES_DRAAD = "draad-daad"


@pytest.fixture
def city(engine: sa.Engine) -> sa.Engine:
    """Two providers, each with a contact; Jip is a backup, and Mila has nothing to do."""
    with db.writing(engine) as session:
        for key, name in (("fatma", "Fatma"), ("jip", "Jip"), ("ada", "Ada"), ("mila", "Mila")):
            people.save_person(session, PersonValues(key, name, role="kok"))
    save(
        engine,
        listing("naailes", provider=DRAAD, contact="fatma", backup="jip"),
        listing("atelier", provider=DRAAD, contact="fatma", status="draft"),
        listing("judo", contact="ada"),
        listing("plein", kind="place", provider=None, contact="mila"),
    )
    return engine


def account(engine: sa.Engine, role: Role, mail: str = MAIL, **scope: str) -> Account:
    with db.writing(engine) as session:
        accounts.add_role(session, mail, role, TODAY, **scope)
    with Session(engine) as session:
        return accounts.find_account(session, mail)


def may(engine: sa.Engine, tree: AreaTree, who: Account, key: str, on: date = TODAY) -> bool:
    with Session(engine) as session:
        person = session.exec(select(Person).where(Person.key == key)).one()
        return can_edit_person(who, tree, people.ties_of(session, person, on), NOW)


def test_an_editor_keeps_the_contacts_of_the_own_provider(city: sa.Engine, tree: AreaTree) -> None:
    editor = account(city, Role.EDITOR, provider=TIES_DRAAD)
    allowed = [key for key in ("fatma", "jip", "ada", "mila") if may(city, tree, editor, key)]
    assert allowed == ["fatma", "jip"]


def test_that_ends_with_the_last_day_as_contact(city: sa.Engine, tree: AreaTree) -> None:
    editor = account(city, Role.EDITOR, provider=TIES_DRAAD)
    with db.writing(city) as session:
        for row in session.exec(select(Contact)):
            row.until_on = TODAY
    assert may(city, tree, editor, "fatma")
    assert not may(city, tree, editor, "fatma", TODAY + DAY)


def test_who_added_someone_keeps_that_entry_while_entrusted_with_anything(
    city: sa.Engine, tree: AreaTree
) -> None:
    editor = account(city, Role.EDITOR, provider=TIES_DRAAD)
    other = account(city, Role.EDITOR, "ada@noord.example", provider="jongerenwerk-noordlicht")
    with db.writing(city) as session:
        people.add_person(session, PersonValues("noor", "Noor"), BY_FORM, editor.id)
    assert may(city, tree, editor, "noor")
    assert not may(city, tree, other, "noor")
    with db.writing(city) as session:
        accounts.find_account(session, MAIL).roles = []
    gone = account(city, Role.PROFESSIONAL)
    assert not may(city, tree, gone, "noor")


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("NK", {"fatma", "jip", "ada", "mila"}),
        ("N", {"fatma", "jip", "ada", "mila"}),
        ("AA", set()),
    ],
)
def test_a_wijk_contact_keeps_the_people_of_the_own_area(
    city: sa.Engine, tree: AreaTree, area: str, expected: set[str]
) -> None:
    who = account(city, Role.WIJK_CONTACT, area=area)
    assert {k for k in ("fatma", "jip", "ada", "mila") if may(city, tree, who, k)} == expected


def test_a_secret_place_counts_where_it_serves_one_area(city: sa.Engine, tree: AreaTree) -> None:
    with db.writing(city) as session:
        people.save_person(session, PersonValues("safe", "Safe"))
    save(city, listing("opvang", places=[SECRET], coverage=["NK"], contact="safe"))
    assert may(city, tree, account(city, Role.WIJK_CONTACT, area="NK"), "safe")
    save(city, listing("opvang", places=[SECRET], coverage=["NK", "AA"], contact="safe"))
    assert not may(city, tree, account(city, Role.WIJK_CONTACT, area="NK"), "safe")


def test_who_holds_an_area_is_kept_by_those_who_have_it(city: sa.Engine, tree: AreaTree) -> None:
    with db.writing(city) as session:
        session.exec(delete(WijkContact).where(WijkContact.area_code == "AA"))
        row = WijkContactValues("AA", "ada", TODAY, deputy="mila")
        people.save_wijk_contacts(session, [row])
    who = account(city, Role.WIJK_CONTACT, area="AA")
    assert may(city, tree, who, "ada")
    assert not may(city, tree, who, "mila"), "choosing a deputy gives no right to keep the entry"
    assert not may(city, tree, who, "jip")


def test_a_deputy_who_does_nothing_else_is_kept_by_who_has_the_area(
    city: sa.Engine, tree: AreaTree
) -> None:
    with db.writing(city) as session:
        session.exec(delete(WijkContact).where(WijkContact.area_code == "AA"))
        people.save_person(session, PersonValues("nora", "Nora Dijk"))
        row = WijkContactValues("AA", "ada", TODAY, deputy="nora")
        people.save_wijk_contacts(session, [row])
    assert may(city, tree, account(city, Role.WIJK_CONTACT, area="AA"), "nora")


@pytest.mark.parametrize("role", [Role.REDACTEUR, Role.PROFESSIONAL])
def test_a_redacteur_keeps_everybody_and_a_professional_nobody(
    city: sa.Engine, tree: AreaTree, role: Role
) -> None:
    who = account(city, role)
    assert may(city, tree, who, "mila") == (role == Role.REDACTEUR)
    who.ended_on = TODAY
    assert not may(city, tree, who, "mila")


# Who can be chosen


def choices(engine: sa.Engine, who: Account, **where: object) -> list[Choice]:
    with Session(engine) as session:
        return people.choices(session, who, TODAY, **where)


def provider_id(engine: sa.Engine) -> object:
    with Session(engine) as session:
        return session.exec(select(Provider.id).where(Provider.slug == TIES_DRAAD)).one()


def test_an_editor_chooses_among_own_contacts_and_who_was_added(city: sa.Engine) -> None:
    editor = account(city, Role.EDITOR, provider=TIES_DRAAD)
    with db.writing(city) as session:
        people.add_person(
            session, PersonValues("noor", "Noor", role="naaister"), BY_FORM, editor.id
        )
    assert choices(city, editor, provider_id=provider_id(city)) == [
        ("fatma", "Fatma", "kok"),
        ("jip", "Jip", "kok"),
        ("noor", "Noor", "naaister"),
    ]


def test_without_a_provider_nobody_else_can_be_chosen(city: sa.Engine) -> None:
    editor = account(city, Role.EDITOR, provider=TIES_DRAAD)
    assert choices(city, editor, provider_id=None) == []
    with Session(city) as session:
        plein = session.exec(select(Listing.id).where(Listing.key == "plein")).one()
    assert choices(city, editor, provider_id=None, listing_id=plein) == [("mila", "Mila", "kok")]


# Linked to nothing


def test_who_is_linked_to_nothing_is_on_no_page_in_no_feed_and_in_no_search(
    city: sa.Engine, visitor: Visitor, client: FlaskClient
) -> None:
    editor = account(city, Role.EDITOR, provider=TIES_DRAAD)
    consent = Consent(TODAY, "Noor Bakkerzoon")
    public = frozenset(DetailKind)
    details = {DetailKind.MOBILE: NUMBER, DetailKind.LANGUAGES: "tr", DetailKind.DAYS: "ma"}
    details |= {DetailKind.MAIL: "noor@draad.example"}
    values = PersonValues("noor", "Noor Bakkerzoon", role="oka", details=details)
    with db.writing(city) as session:
        told = PersonValues(**{**vars(values), "public": public, "consent": consent})
        slug = people.add_person(session, told, BY_FORM, editor.id)
    assert slug == "noor-bakkerzoon"
    assert client.get(f"/persoon/{slug}").status_code == 404
    addresses = [
        "/zoeken?q=noor+bakkerzoon",
        "/zoeken?q=wie+is+noor+bakkerzoon",
        "/zoeken?q=wie+spreekt+turks",
        "/zoeken?q=oka+noord",
        "/api/search?q=noor+bakkerzoon",
        "/api/suggest?q=bakkerzoon",
        "/wijk/volewijck",
        "/stadsdeel/noord",
        "/a-z/b",
        "/a-z/n",
        "/sitemap.xml",
        "/open-data",
        "/aanbieder/draad-daad",
        "/aanbod/naailes",
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        told = answer.text.replace("noor bakkerzoon", "").replace("noor+bakkerzoon", "")
        for personal in ("Bakkerzoon", "noor-bakkerzoon", NUMBER, "noor@draad.example"):
            assert personal not in told, (address, personal)


# What is kept, and what history keeps of it


def changes(session: Session) -> list[Change]:
    return list(session.exec(select(Change).where(Change.noun == "person").order_by(Change.id)))


def agreed(visibility: DetailVisibility = DetailVisibility.PUBLIC, by: str = "Fatma") -> Agreement:
    return Agreement(visibility, Consent(TODAY, by))


def test_each_detail_has_an_agreement_of_its_own(city: sa.Engine, session: Session) -> None:
    details = {DetailKind.MOBILE: NUMBER, DetailKind.MAIL: MAIL, DetailKind.PHONE: "020 000 0012"}
    agreements = {
        DetailKind.MOBILE: agreed(),
        DetailKind.MAIL: agreed(DetailVisibility.PROFESSIONALS, "Jip"),
        DetailKind.PHONE: Agreement(DetailVisibility.PROFESSIONALS),
    }
    values = PersonValues("fatma", "Fatma", "kok", details=details, agreements=agreements)
    with db.writing(city) as writer:
        assert people.save_person(writer, values) == {"mobiel", "mail", "telefoon"}
        assert people.save_person(writer, values) == set()
    person = people.find_person(session, "fatma")
    assert person.public_details(TODAY) == {DetailKind.MOBILE: NUMBER}
    assert {row.kind: row.consent_by for row in person.details} == {
        DetailKind.MOBILE: "Fatma",
        DetailKind.MAIL: "Jip",
        DetailKind.PHONE: None,
    }
    assert PersonValues.of(person).agreements == agreements


def test_history_says_what_changed_and_never_what_a_detail_says(
    city: sa.Engine, session: Session
) -> None:
    kept = {"details": {DetailKind.MOBILE: NUMBER}, "agreements": {DetailKind.MOBILE: agreed()}}
    with db.writing(city) as writer:
        people.save_person(writer, PersonValues("noor", "Noor", **kept), BY_FORM)
        people.save_person(writer, PersonValues("noor", "Noor", role="naaister", **kept), BY_FORM)
        people.save_person(writer, PersonValues("noor", "Noor", role="naaister"), BY_FORM)
    born, role, withdrawn = changes(session)
    assert (born.by, born.door, born.field) == ("Fatma", Door.FORM, "")
    assert (born.after["name"], born.after["mobiel"]) == ("Noor", {"visibility": "public"})
    assert (role.field, role.before, role.after) == ("role", "", "naaister")
    assert (withdrawn.field, withdrawn.before) == ("mobiel", {"visibility": "public"})
    assert withdrawn.after is None
    assert all(NUMBER not in f"{change.before}{change.after}" for change in changes(session))


def test_who_wants_a_shorter_name_gets_a_shorter_address(
    city: sa.Engine, session: Session, client: FlaskClient
) -> None:
    with db.writing(city) as writer:
        people.save_person(writer, PersonValues("ada", "Ada de Vries"))
        people.save_person(writer, PersonValues("ada", "Ada V."))
        people.save_person(writer, PersonValues("ada", "ada v"))
    assert people.find_person(session, "ada-v") is not None
    former = session.exec(select(FormerSlug).where(FormerSlug.noun == "person")).all()
    assert {row.slug: row.now_slug for row in former} == {"ada": "ada-v", "ada-de-vries": "ada-v"}
    assert client.get("/persoon/ada-de-vries").headers["Location"] == "/persoon/ada-v"
    assert "ada-de-vries" not in client.get("/aanbod/judo").text


def test_nobody_gets_the_address_of_a_page(city: sa.Engine, session: Session) -> None:
    with db.writing(city) as writer:
        people.save_person(writer, PersonValues("nieuw", "Nieuw"))
    assert people.find_person(session, "nieuw") is None
    assert people.find_person(session, "nieuw-2") is not None
