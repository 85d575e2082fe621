"""Who may do what: every route, asked by everyone.

The address of each route leads to something of Draad & Daad in the Volewijck. A route that is not
in the table is for everyone, so a new one that refuses anybody has to be written down here.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, SQLModel, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from socialmap import accounts, db, people, reviews
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.runs import begin_import, finish_import
from socialmap.listings.values import ListingValues
from socialmap.models import Account, AccountRole, Change, Claim, Edit, Listing, Provider, Report
from socialmap.models.terms import ClaimState, Door, ReportKind, ReportState, Role
from socialmap.people import PersonValues
from socialmap.views import doors
from socialmap.views.clock import now
from tests.entering import OWN, key_of, open_session, proof
from tests.factories import DRAAD, NOW, TODAY, listing, save

pytestmark = pytest.mark.pages

VISITOR = "visitor"
PROFESSIONAL = "professional"
ASKER = "asker"
EDITOR = "editor"
LATER = "later"
OTHER_EDITOR = "other-editor"
CONTACT = "contact"
OTHER_CONTACT = "other-contact"
REDACTEUR = "redacteur"
HALF = "half"
ENDED = "ended"

SIGNED_IN = frozenset(
    {PROFESSIONAL, ASKER, EDITOR, LATER, OTHER_EDITOR, CONTACT, OTHER_CONTACT, REDACTEUR}
)
EVERYONE = SIGNED_IN | {VISITOR, HALF, ENDED}
REDACTIE = frozenset({REDACTEUR})
HERE = frozenset({CONTACT, REDACTEUR})
KEEPERS = HERE | {EDITOR}
CHECKERS = HERE | {OTHER_CONTACT}

ADMITS: Mapping[str, frozenset[str]] = {
    # the desk
    "desk.desk": SIGNED_IN,
    "desk.sign_out": SIGNED_IN | {HALF},
    "desk.sign_out_everywhere": SIGNED_IN | {HALF},
    "desk.ask_erasure": SIGNED_IN,
    "desk.erase": SIGNED_IN,
    "yearly.choose": frozenset({EDITOR, OTHER_EDITOR}),
    "watch.watch": CHECKERS,
    "watch.confirm": CHECKERS,
    "watch.table": CHECKERS,
    "called.ask": CHECKERS | {PROFESSIONAL, ASKER},
    "called.record": CHECKERS | {PROFESSIONAL, ASKER},
    "called.take_back": frozenset(),
    "own_check.ask": SIGNED_IN,
    "own_check.confirm": SIGNED_IN,
    # accounts
    "accounts.everybody": REDACTIE,
    "accounts.search": REDACTIE,
    "accounts.account": REDACTIE,
    "accounts.give_role": REDACTIE,
    "accounts.take_role": REDACTIE,
    "accounts.end": REDACTIE,
    "accounts.reset_factor": REDACTIE,
    "accounts.ask_erasure": REDACTIE,
    "accounts.erase": REDACTIE,
    "invite.ask": CHECKERS,
    "invite.invite": CHECKERS,
    # the second factor; who has a step to go has no app yet, and is led to make one
    "factor.ask": SIGNED_IN,
    "factor.give": SIGNED_IN,
    "factor.ask_recovery": SIGNED_IN,
    "factor.give_recovery": SIGNED_IN,
    "factor.begin": SIGNED_IN | {HALF},
    "factor.set_up": SIGNED_IN | {HALF},
    "factor.codes": REDACTIE,
    "factor.make_codes": REDACTIE,
    # a listing
    "edit.overview": KEEPERS,
    "edit.brings": KEEPERS,
    "edit.confirm": KEEPERS,
    "edit.form": KEEPERS,
    "edit.save": KEEPERS,
    "summaries.overview": KEEPERS,
    "summaries.form": KEEPERS,
    "summaries.save": KEEPERS,
    "history.history": KEEPERS,
    "history.ask_undo": KEEPERS,
    "history.undo": KEEPERS,
    "history.withdraw": frozenset({EDITOR}),
    # a person
    "person_form.new": KEEPERS,
    "person_form.add": KEEPERS,
    "person_form.edit": KEEPERS,
    "person_form.save": KEEPERS,
    # who holds which area
    "wijken.wijken": CHECKERS,
    "wijken.wijk": HERE,
    "wijken.save": HERE,
    "team_desk.team": HERE,
    "team_desk.save": HERE,
    "handing_over.ask": HERE,
    "handing_over.hand_over": HERE,
    "person_erasing.ask": KEEPERS,
    "person_erasing.erase": KEEPERS,
    # deciding
    "checking.queue": CHECKERS,
    "checking.case": HERE,
    "checking.approve": HERE,
    "checking.give_back": HERE,
    "checking.proposed": HERE,
    "checking.take_over": HERE,
    "imports.runs": REDACTIE,
    "imports.ask_undo": REDACTIE,
    "imports.undo": REDACTIE,
    "desk_reports.desk_reports": CHECKERS | {EDITOR, OTHER_EDITOR},
    "desk_reports.decide": KEEPERS,
    # who edits
    "claims.waiting": CHECKERS | {EDITOR, OTHER_EDITOR},
    "claims.decide": KEEPERS,
    "claims.grant": KEEPERS,
    "claims.turn_down": KEEPERS,
    "claim.claim": frozenset({ASKER}),
    "claim.confirm": frozenset({ASKER}),
    "editors.editors": frozenset({EDITOR, REDACTEUR}),
    "editors.add": frozenset({EDITOR, REDACTEUR}),
    "editors.leave": frozenset({EDITOR, REDACTEUR}),
    "editors.take_away": frozenset({EDITOR, REDACTEUR}),
}
"""Who comes in, by the name of a route."""

ASKED = {
    "person_form.new": "?aanbod={listing}",
    "person_form.add": "?aanbod={listing}",
    "history.ask_undo": "?wijziging={change}",
    "history.undo": "?wijziging={change}",
}
"""What stands after an address."""


class City:
    """Draad & Daad with all that can be asked about it, and everyone who may ask."""

    def __init__(self, app: Flask, engine: sa.Engine, folder: Path) -> None:
        self.app, self._engine = app, engine
        self._file, self._kept = folder / "socialmap.db", folder / "kept.db"
        with db.writing(engine) as session:
            people.save_person(session, PersonValues("fatma", "Fatma", role="naait"))
        save(
            engine,
            naailes(),
            listing("elders", coverage=["AB"], places=[]),
        )
        scopes: dict[str, tuple[Role, dict[str, str]]] = {
            PROFESSIONAL: (Role.PROFESSIONAL, {}),
            ASKER: (Role.PROFESSIONAL, {}),
            EDITOR: (Role.EDITOR, {"provider": "draad-daad"}),
            LATER: (Role.EDITOR, {"provider": "draad-daad"}),
            OTHER_EDITOR: (Role.EDITOR, {"provider": "jongerenwerk-noordlicht"}),
            CONTACT: (Role.WIJK_CONTACT, {"area": "NK"}),
            OTHER_CONTACT: (Role.WIJK_CONTACT, {"area": "AB"}),
            REDACTEUR: (Role.REDACTEUR, {}),
            HALF: (Role.REDACTEUR, {}),
            ENDED: (Role.REDACTEUR, {}),
        }
        self._keys: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        for name, (role, scope) in scopes.items():
            self._keys[name] = key_of(app, role, mail_of(name), **scope)
        self._keys[HALF] = open_session(app, engine, mail_of(HALF), has_code=False)
        with db.writing(engine) as session:
            self.asked = self._furnish(session)
            accounts.end_account(session, mail_of(ENDED), NOW, TODAY)
        self.is_sqlite = self._file.exists()
        if self.is_sqlite:
            self._copy(self._file, self._kept)

    def _furnish(self, session: Session) -> dict[str, Any]:
        """Something of every sort that has a page of its own; returns what addresses hold."""
        tree = area_tree(session)
        known = {name: accounts.find_account(session, mail_of(name)) for name in SIGNED_IN}
        accounts_by = {name: one for name, one in known.items() if one is not None}
        provider = session.exec(select(Provider).where(Provider.slug == "draad-daad")).one()
        one = session.exec(select(Listing).where(Listing.key == "naailes")).one()
        held = session.exec(
            select(AccountRole).where(AccountRole.account_id == accounts_by[LATER].id)
        ).one()
        with self.app.app_context():
            held.from_at = now() + timedelta(days=1)
        known_edits = self._edit(session, tree, one, accounts_by[EDITOR])
        report = Report(
            listing_id=one.id, kind=ReportKind.TIMES, words="", at=NOW, state=ReportState.OPEN
        )
        asker = {"account_id": accounts_by[ASKER].id, "provider_id": provider.id, "name": "Asker"}
        asked = {"state": ClaimState.CONFIRMED, "asked_at": NOW, "confirmed_at": NOW}
        claim = Claim(**asker, **asked)
        session.add_all([report, claim])
        session.flush()
        role = session.exec(
            select(AccountRole).where(AccountRole.account_id == accounts_by[PROFESSIONAL].id)
        ).one()
        return {
            "listing": one.slug,
            "person": "fatma",
            "wijk": "volewijck",
            "team": "okt-oud-noord",
            "provider": provider.slug,
            **known_edits,
            "report": report.id,
            "claim": claim.id,
            "account": accounts_by[PROFESSIONAL].id,
            "editor": accounts_by[EDITOR].id,
            "role": role.id,
        }

    def _edit(self, session: Session, tree: AreaTree, one: Listing, by: Account) -> dict[str, Any]:
        """A change that is live, a name that waits, and an import that says something else."""

        def put(**values: str) -> Edit:
            typed = reviews.Typed(values, reviews.last_change(session, one.id))
            saved = reviews.save(session, tree, by, one, typed, NOW, may_check=False).edit
            assert saved is not None
            return saved

        self._import(session, tree)
        done = put(phone="020 000 0012")
        number = self._import(session, tree, phone="020 000 0013")
        edit = put(title="Naaien")
        change = session.exec(select(Change).where(Change.edit_id == done.id)).first()
        assert change is not None
        return {"edit": edit.id, "number": number, "change": change.id}

    @staticmethod
    def _import(session: Session, tree: AreaTree, **values: str) -> int:
        """The number of an import that says this of the listing."""
        run = begin_import(session, by="Bo", file_name="aanbod.csv", now=NOW, source="noord")
        editor = Editor(session, tree, Author("Bo", Door.IMPORT, NOW, run.id))
        editor.save(naailes(**values))
        finish_import(session, run, created=0, changed=1)
        return run.number

    def address(self, rule: Rule, method: str) -> str:
        """Where a route leads to something of Draad & Daad."""
        page = rule.endpoint.partition(".")[0]
        known = self.asked
        slugs = {"person_form": "person", "person": "person", "provider": "provider"}
        slugs |= {"person_erasing": "person"}
        slugs |= {"claim": "provider", "editors": "provider"}
        slugs |= {"introduction.person": "person", "introduction.team": "team"}
        slugs |= {"introduction.area": "wijk", "introduction.provider": "provider"}
        slugs |= {"wijken": "wijk", "team_desk": "team", "handing_over": "person"}
        ids = {"checking": "edit", "history": "edit", "claims": "claim", "claim": "claim"}
        ids |= {"editors": "editor", "accounts": "account"}
        values = {
            "slug": known[slugs.get(rule.endpoint) or slugs.get(page, "listing")],
            "id": known[ids.get(page, "edit")],
            "part": "tekst",
            "number": known["number"],
            "report_id": known["report"],
            "role_id": known["role"],
            "kind": "ics",
            "level": "wijk",
            "language": "tr",
        }
        told = {name: values.get(name, "0") for name in rule.arguments - set(rule.defaults or {})}
        told |= rule.defaults or {}
        return str(self.app.url_map.bind("localhost").build(rule.endpoint, told, method))

    def ask(self, name: str, address: str, method: str) -> TestResponse:
        """What one of them gets, with the token of the own session where there is one."""
        client = self._client(name)
        if method == "GET":
            return client.get(address)
        if name not in self._tokens:
            page = "/inloggen/instellen" if name == HALF else "/bureau"
            has_token = name in SIGNED_IN or name == HALF
            self._tokens[name] = proof(client.get(page).text) if has_token else ""
        return client.post(address, data={"bewijs": self._tokens[name]}, headers=OWN)

    def _client(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        if name in self._keys:
            client.set_cookie(doors.COOKIE, self._keys[name])
        return client

    def told(self) -> dict[str, list[Any]]:
        """All that stands in the tables, but for when somebody was last seen."""
        tables = [one for one in SQLModel.metadata.sorted_tables if one.name != "account_session"]
        with self._engine.connect() as connection:
            return {
                one.name: sorted(map(repr, connection.execute(sa.select(one)))) for one in tables
            }

    def again(self) -> None:
        """Everything as it was."""
        self._engine.dispose()
        self._copy(self._kept, self._file)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)


def naailes(**values: str) -> ListingValues:
    return listing("naailes", provider=DRAAD, contact="fatma", coverage=["NK"], **values)


def mail_of(name: str) -> str:
    return f"{name}@gids.example"


@pytest.fixture
def city(app: Flask, engine: sa.Engine, folder: Path) -> City:
    return City(app, engine, folder)


def is_let_in(answer: TestResponse) -> bool:
    """Did someone get further than the way in?"""
    onward = answer.headers.get("Location", "")
    is_way_in = onward.startswith("/inloggen") and "uit=1" not in onward and "gewist" not in onward
    return answer.status_code not in (401, 403, 404) and not is_way_in


def protected(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint in ADMITS]


def methods_of(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def test_every_protected_route_lets_in_who_may_and_nobody_else(city: City) -> None:
    """What changes something is done on SQLite only, where all can be put back at once; who is
    refused changes nothing, on either."""
    before = city.told()
    wrong = []
    for rule in protected(city.app):
        for method in methods_of(rule):
            address = city.address(rule, method)
            address += ASKED.get(rule.endpoint, "").format(**city.asked)
            for name in sorted(EVERYONE):
                is_change = method != "GET" and name in ADMITS[rule.endpoint]
                if is_change and not city.is_sqlite:
                    continue
                answer = city.ask(name, address, method)
                assert answer.status_code != 500, (rule.endpoint, name)
                if is_let_in(answer) != (name in ADMITS[rule.endpoint]):
                    onward = answer.headers.get("Location", "")
                    wrong.append((rule.endpoint, method, name, answer.status_code, onward))
                if is_change:
                    city.again()
    assert not wrong, "\n".join(map(str, wrong))
    assert city.told() == before


def test_every_other_route_is_the_same_for_everyone(city: City) -> None:
    """Nobody is refused, and nobody gets more: but for forms of one's own, by their link."""
    for rule in city.app.url_map.iter_rules():
        if rule.endpoint in ADMITS or "GET" not in methods_of(rule):
            continue
        address = city.address(rule, "GET")
        found = {name: city.ask(name, address, "GET").status_code for name in sorted(EVERYONE)}
        assert set(found.values()) <= {200, 301, 302, 303, 304, 404}, (rule.endpoint, found)
        is_way_in = rule.endpoint == "login.ask"  # who is in already goes on to the desk
        assert is_way_in or len(set(found.values())) == 1, (rule.endpoint, found)


def test_the_table_names_only_routes_that_are_there(app: Flask) -> None:
    assert set(ADMITS) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_what_belongs_to_another_listing_is_not_reached_by_this_one(city: City) -> None:
    """A change, a claim or an editor of Draad & Daad, asked under a listing one may edit."""
    other = city.ask(OTHER_EDITOR, "/bijwerken/elders", "GET")
    assert other.status_code == 200
    edit = city.asked["edit"]
    for address, status in (
        (f"/bijwerken/elders/geschiedenis/{edit}/intrekken", 404),
        (f"/bureau/keuren/{edit}/goedkeuren", 403),
    ):
        assert city.ask(OTHER_EDITOR, address, "POST").status_code == status
    editors = f"/bureau/aanbieder/jongerenwerk-noordlicht/bewerkers/{city.asked['editor']}/weg"
    assert city.ask(OTHER_EDITOR, editors, "GET").status_code == 404
    city.ask(OTHER_EDITOR, editors, "POST")
    assert city.ask(EDITOR, "/bijwerken/naailes", "GET").status_code == 200, "still an editor"
