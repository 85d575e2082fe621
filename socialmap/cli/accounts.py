"""Commands about who may log in: `flask account add`, `end` and `reset-factor`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup, with_appcontext

from socialmap import accounts, db, labels
from socialmap.cli.grounds import require_tables
from socialmap.models.terms import Role
from socialmap.views.clock import now, today

account_group = AppGroup("account", help="Wie mag inloggen, en waarvoor.")
MADE = {
    "account": "Account gemaakt voor {mail}.",
    "again": "Het account van {mail} was beëindigd en werkt weer; oude rollen zijn weg.",
    "name": "De naam is bewaard.",
    "role": "De rol {role} is erbij gekomen.",
}


@account_group.command("add")
@click.argument("mail")
@click.option(
    "--role", "role", required=True, metavar="ROL", help="Een van: " + ", ".join(Role) + "."
)
@click.option("--provider", default="", metavar="SLUG", help="De aanbieder van een bewerker.")
@click.option("--area", default="", metavar="CODE", help="De wijk van een wijkcontactpersoon.")
@click.option("--name", default="", metavar="NAAM", help="Hoe deze persoon heet; hoeft niet.")
@with_appcontext
def add_account(mail: str, role: str, provider: str, area: str, name: str) -> None:
    """Geef een mailadres een rol, en een account als dat er nog niet is."""
    require_tables()
    if role not in set(Role):
        raise click.ClickException(f"De rol ‘{role}’ is er niet. Kies uit {_roles()}.")
    with _refused(), db.writing(db.engine()) as session:
        changed = accounts.add_role(
            session, mail, Role(role), today(), provider=provider, area=area, name=name
        )
    for what, words in MADE.items():
        if what in changed:
            click.echo(words.format(mail=accounts.folded(mail), role=role))
    if not changed:
        click.echo("Dit account en deze rol waren er al; er is niets veranderd.")


@account_group.command("end")
@click.argument("mail")
@with_appcontext
def end_account(mail: str) -> None:
    """Beëindig een account: het logt overal uit en kan niet meer inloggen."""
    require_tables()
    with _refused(), db.writing(db.engine()) as session:
        is_ended = accounts.end_account(session, mail, now(), today())
    click.echo("Het account is beëindigd." if is_ended else "Dit account was al beëindigd.")


@account_group.command("reset-factor")
@click.argument("mail")
@with_appcontext
def reset_factor(mail: str) -> None:
    """Koppel de authenticator-app van een account los: het logt uit en stelt een nieuwe in."""
    require_tables()
    with _refused(), db.writing(db.engine()) as session:
        had_one = accounts.reset_factor(session, mail, now())
    told = "De app en de herstelcodes zijn losgekoppeld." if had_one else "Er was geen app."
    click.echo(f"{told} Dit account is overal uitgelogd.")


def _roles() -> str:
    return labels.listed([role.value for role in Role], "of")


@contextmanager
def _refused() -> Iterator[None]:
    """Turn what can't be into a message."""
    try:
        yield
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from None
