"""A city of its own in which everyone of `tests/agreed.py` does what that person does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlmodel import Session, delete, select

from socialmap import accounts, db, people, teams
from socialmap.geo.tree import CITY, AreaTree, area_tree
from socialmap.listings.places import PlaceBook
from socialmap.listings.values import ListingValues, PlaceValues, ProviderValues
from socialmap.models import (
    Claim,
    Contact,
    Listing,
    OfferDraft,
    Person,
    PersonDetail,
    Place,
    Provider,
    Report,
    WijkContact,
)
from socialmap.models.terms import (
    AreaLevel,
    ClaimState,
    ContactRole,
    DetailKind,
    ReportKind,
    ReportState,
    Role,
)
from socialmap.people import PersonValues, WijkContactValues, album
from socialmap.teams import MemberValues, TeamValues
from tests.agreed import CASES, DAY, LONG_AGO, PEOPLE, TOMORROW
from tests.factories import NOW, TODAY, VAN_DER_PEK, listing, save
from tests.pictures import striped, written

OTHERS = "redactie-stil"
"""Who is called where nobody else is; of that person nothing is asked."""
YEAR_AGO = TODAY - timedelta(days=365)
ENDED = {"status": "ended", "ended_on": TODAY - 30 * DAY}
LISTINGS: dict[str, dict[str, Any]] = {
    "contact": {"backup": "backup", "themes": ["faalangst"]},
    "uncertain": {"status": "uncertain"},
    "closed": {"status": "closed", "closed_from": TODAY - DAY},
    "venue": {"kind": "place", "provider": None},
    "stopped": ENDED,
    "draft": {"status": "draft"},
    "withdrawn": {"status": "withdrawn"},
}
"""What there is of which somebody is the contact, by the part of that person."""


@dataclass(frozen=True)
class Homes:
    """The areas where everyone of one case works."""

    district: str
    zone: str
    wijk: str
    away: str
    vacant: str
    coming: str
    left: str
    long_gone: str


def pages_of_areas(app: Flask, cases: Iterable[str]) -> Iterator[str]:
    """The pages of the areas where the people of these cases work, and of teams for neighbours."""
    with Session(app.extensions["engine"]) as session:
        tree = area_tree(session)
    for at in (homes(tree)[case] for case in cases):
        yield f"/stadsdeel/{tree.get(at.district).slug}"
        yield f"/contactpersonen/{tree.get(at.district).slug}"
        yield f"/gebied/{tree.get(at.zone).slug}"
        for code in (at.wijk, at.away, at.vacant, at.coming):
            yield f"/wijk/{tree.get(code).slug}"
        yield f"/huisarts/{tree.get(at.vacant).slug}"


def guides(app: Flask, cases: Iterable[str]) -> list[str]:
    """Where the guides of the wijken of these cases are, to print."""
    with Session(app.extensions["engine"]) as session:
        tree = area_tree(session)
    return [f"/wijk/{tree.get(homes(tree)[case].wijk).slug}/gids.pdf" for case in cases]


def homes(tree: AreaTree) -> dict[str, Homes]:
    """Areas of their own for the people of each case."""
    districts = (node.code for node in tree.at_level(AreaLevel.DISTRICT))
    zones = (node.code for node in tree.at_level(AreaLevel.ZONE))
    wijken = (node.code for node in tree.at_level(AreaLevel.WIJK))
    return {
        case: Homes(next(districts), next(zones), *(next(wijken) for _ in range(6)))
        for case in CASES
    }


def people_a_city(app: Flask) -> None:
    """Fill an empty city, and its index."""
    engine = app.extensions["engine"]
    with db.writing(engine) as session:
        for table in (WijkContact, Contact, PersonDetail):
            session.exec(delete(table))
        people.save_people(session, [one.values for one in PEOPLE])
        other = {DetailKind.PHONE: "020 000 0001"}
        people.save_person(session, PersonValues(OTHERS, "Redactie Stil", details=other))
        tree = area_tree(session)
        here = homes(tree)
        people.save_wijk_contacts(session, held(here))
        make_teams(session, tree, here)
    save(engine, *listings(), by="Zqw001 Zqw002")
    save(engine, listing("elders", provider=ProviderValues(name="Elders")))
    with db.writing(engine) as session:
        furnish(session)
    app.extensions["searcher"].store.drain(engine)
    keep_portraits(app.extensions["settings"].uploads_dir)


def held(here: dict[str, Homes]) -> Iterator[WijkContactValues]:
    """Who holds what, held it or will hold it."""
    yield WijkContactValues(CITY, OTHERS, LONG_AGO)
    for case, at in here.items():
        yield WijkContactValues(at.district, f"stadsdeel-{case}", LONG_AGO)
        yield WijkContactValues(at.zone, f"gebied-{case}", LONG_AGO)
        yield WijkContactValues(at.wijk, f"wijk-{case}", LONG_AGO, deputy=f"deputy-{case}")
        leave = {"absent_from": TODAY - DAY, "deputy": f"stand-in-{case}"}
        yield WijkContactValues(at.away, f"away-{case}", LONG_AGO, **leave)  # type: ignore[arg-type]
        yield WijkContactValues(at.coming, f"coming-{case}", TOMORROW)
        yield WijkContactValues(at.left, f"left-{case}", LONG_AGO, YEAR_AGO)
        yield WijkContactValues(at.long_gone, f"long-gone-{case}", LONG_AGO, YEAR_AGO - DAY)


def make_teams(session: Session, tree: AreaTree, here: dict[str, Homes]) -> None:
    """For each case an OKT for a wijk without a contact, so that its leader stands in there."""
    book = PlaceBook(session, tree)
    for case, at in here.items():
        buurten = frozenset(node.code for node in tree.children(at.vacant))
        team = {"key": f"okt-{case}", "kind_code": "okt", "name": f"OKT {case}", "areas": buurten}
        teams.save_team(session, TeamValues(leader=f"leader-{case}", **team), book)  # type: ignore[arg-type]
        member = {"backup": f"reserve-{case}", "themes": frozenset({"faalangst"})}
        member |= {"workplace": f"School {case}", "hours": f"ma {hours(case, ':', '-')}"}
        teams.save_member(session, MemberValues(f"okt-{case}", f"member-{case}", **member))  # type: ignore[arg-type]


def hours(case: str, colon: str = ".", dash: str = "–") -> str:
    """When the member of a case is at school: `8.03–11.03`."""
    minute = f"{list(CASES).index(case):02}"
    return f"08{colon}{minute}{dash}11{colon}{minute}".removeprefix("0" if colon == "." else "")


def listings() -> Iterator[ListingValues]:
    """One of each sort for each case."""
    for case in CASES:
        for part, told in LISTINGS.items():
            values = {**told, "contact": f"{part}-{case}", "phone": None, "places": [venue(case)]}
            if "backup" in told:
                values["backup"] = f"{told['backup']}-{case}"
            title = f"Cursus {part} {case}"
            yield listing(f"{part}-{case}", title=title, **values)


def venue(case: str) -> PlaceValues:
    """A building for each case."""
    return VAN_DER_PEK.model_copy(update={"house_number": str(list(CASES).index(case) + 1)})


def furnish(session: Session) -> None:
    """What is written of people elsewhere, and is for nobody else: accounts, claims, new offers,
    reports. All of it says a marker."""
    mail = "zqw003@stil.example"
    accounts.add_role(session, mail, Role.PROFESSIONAL, TODAY, name="Zqw004 Zqw005")
    account = accounts.find_account(session, mail)
    assert account is not None
    made = {"made_at": NOW, "changed_at": NOW}
    typed = {"naam": "Zqw006", "telefoon": "06 0000 1999", "mail": "zqw007@stil.example"}
    offer = {"mail": "zqw008@stil.example", "data": {"contact": typed}}
    session.add(OfferDraft(token_hash="c" * 64, **offer, **made))
    noordlicht = select(Provider.id).where(Provider.slug == "jongerenwerk-noordlicht")
    provider = session.exec(noordlicht).one()
    asked = {"state": ClaimState.CONFIRMED, "asked_at": NOW, "confirmed_at": NOW}
    named = {"name": "Zqw009", "words": "Zqw010"}
    session.add(Claim(account_id=account.id, provider_id=provider, **named, **asked))
    shown = session.exec(select(Listing.id).where(Listing.key == "contact-open")).one()
    told = {"kind": ReportKind.REACH, "words": "Zqw011", "state": ReportState.OPEN}
    session.add(Report(listing_id=shown, at=NOW, **told))
    contact_as_such(session)


def contact_as_such(session: Session) -> None:
    """The contact of a place as such, of which no page speaks."""
    place = session.exec(select(Place.id).where(Place.street == VAN_DER_PEK.street)).first()
    whose = session.exec(select(Person.id).where(Person.key == "nothing-inside")).one()
    session.add(Contact(person_id=whose, place_id=place, role=ContactRole.PRIMARY))


def keep_portraits(folder: Path) -> None:
    """The file of every portrait, large and small."""
    folder.mkdir(exist_ok=True)
    face = written(striped((60, 75)))
    for one in PEOPLE:
        name = one.details[DetailKind.PHOTO]
        for file in (name, album.small(name)):
            (folder / file).write_bytes(face)
