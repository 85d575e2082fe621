"""Accounts and roles: made and ended by a command, and what they allow."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, select

from socialmap import accounts, cli, db
from socialmap.accounts import permissions
from socialmap.geo.tree import AreaTree
from socialmap.models import Account, AccountRole, Provider
from socialmap.models.terms import Role
from tests.entering import enter, post
from tests.factories import NOW, TODAY, listing, save

MAIL = "fatma@draad.example"


def run(app: Flask, *words: str) -> tuple[int, str]:
    """What `flask account …` ends with, and what it says."""
    result = app.test_cli_runner().invoke(cli.account_group, list(words))
    return result.exit_code, result.output


def test_the_first_redacteur_is_made_by_a_command(app: Flask, session: Session) -> None:
    add = ("add", "Fatma@Draad.example", "--role", "redacteur", "--name", "Fatma")
    code, told = run(app, *add)
    assert code == 0
    assert "Account gemaakt voor fatma@draad.example" in told
    assert "De rol redacteur is erbij gekomen" in told
    assert run(app, *add)[1].startswith("Dit account en deze rol waren er al")
    assert run(app, "add", MAIL, "--role", "professional") == (
        0,
        "De rol professional is erbij gekomen.\n",
    )
    [account] = session.exec(select(Account)).all()
    assert (account.mail, account.name, account.created_on) == (MAIL, "Fatma", TODAY)
    assert len(session.exec(select(AccountRole)).all()) == 2


def test_roles_say_what_they_are_for(app: Flask, engine: sa.Engine, session: Session) -> None:
    save(engine, listing())
    slug = session.exec(select(Provider.slug)).one()
    session.rollback()
    assert run(app, "add", MAIL, "--role", "aanbieder", "--provider", slug)[0] == 0
    assert run(app, "add", MAIL, "--role", "wijkcontact", "--area", "NK")[0] == 0
    account = accounts.find_account(session, MAIL)
    assert account is not None
    told = [(view.role, view.scope) for view in accounts.roles_of(session, account, NOW)]
    assert told == [(Role.EDITOR, "Jongerenwerk Noordlicht"), (Role.WIJK_CONTACT, "Volewijck")]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("geen-adres", "--role", "redacteur"), "Dit is geen mailadres"),
        ((MAIL, "--role", "baas"), "De rol ‘baas’ is er niet. Kies uit aanbieder"),
        ((MAIL, "--role", "wijkcontact"), "hoort --area CODE"),
        ((MAIL, "--role", "wijkcontact", "--area", "XX"), "geen wijk, gebied of stadsdeel"),
        ((MAIL, "--role", "wijkcontact", "--area", "NK03"), "geen wijk, gebied of stadsdeel"),
        ((MAIL, "--role", "aanbieder"), "hoort --provider SLUG"),
        ((MAIL, "--role", "aanbieder", "--provider", "niets"), "Er is geen aanbieder ‘niets’"),
        ((MAIL, "--role", "redacteur", "--area", "NK"), "hoort geen --provider of --area"),
    ],
)
def test_what_is_unknown_is_refused(
    app: Flask, session: Session, words: tuple[str, ...], why: str
) -> None:
    code, told = run(app, "add", *words)
    assert code == 1
    assert why in told
    assert session.exec(select(Account)).all() == []


def test_an_account_ends_once_and_comes_back_without_roles(app: Flask, session: Session) -> None:
    run(app, "add", MAIL, "--role", "redacteur")
    assert run(app, "end", MAIL) == (0, "Het account is beëindigd.\n")
    assert run(app, "end", MAIL) == (0, "Dit account was al beëindigd.\n")
    assert run(app, "end", "niemand@x.example")[0] == 1
    assert "werkt weer" in run(app, "add", MAIL, "--role", "professional")[1]
    assert session.exec(select(AccountRole.role)).all() == [Role.PROFESSIONAL]


def test_permissions_follow_roles(engine: sa.Engine, tree: AreaTree) -> None:
    save(engine, listing())
    with db.writing(engine) as session:
        provider = session.exec(select(Provider)).one()
        accounts.add_role(session, MAIL, Role.EDITOR, TODAY, provider=provider.slug)
        accounts.add_role(session, "wijk@x.example", Role.WIJK_CONTACT, TODAY, area="NK")
        accounts.add_role(session, "redactie@x.example", Role.REDACTEUR, TODAY)
        accounts.add_role(session, "arts@x.example", Role.PROFESSIONAL, TODAY)
        found = {
            name: accounts.find_account(session, f"{name}@x.example")
            for name in ("wijk", "redactie", "arts")
        } | {"fatma": accounts.find_account(session, MAIL)}
        cast = {name: account for name, account in found.items() if account}
        assert len(cast) == 4
        can = permissions.can_edit
        assert {name for name, one in cast.items() if can(one, provider.id, NOW)} == {
            "fatma",
            "redactie",
        }
        assert {name for name, one in cast.items() if can(one, uuid4(), NOW)} == {"redactie"}
        for code, wanted in (("NK", {"wijk", "redactie"}), ("NK03", {"wijk", "redactie"})):
            checks = {n for n, one in cast.items() if permissions.can_check(one, tree, code)}
            assert checks == wanted
        assert not permissions.can_check(cast["wijk"], tree, "NL")
        accounts.end_account(session, "redactie@x.example", NOW, TODAY)
        assert not can(cast["redactie"], provider.id, NOW)


def test_who_enters_in_a_test_is_signed_in(app: Flask, engine: sa.Engine) -> None:
    client = enter(app, engine, MAIL, Role.WIJK_CONTACT, area="NK", name="Fatma")
    assert "Wijkcontactpersoon: Volewijck" in client.get("/bureau").text
    assert post(client, "/bureau", "/bureau/uitloggen") == (303, "/inloggen?uit=1")
    assert client.get("/bureau").status_code == 303
