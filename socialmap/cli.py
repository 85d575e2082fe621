"""Commands for the operator: the index, backups, and checking what is kept."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from socialmap import accounts, db, labels, people, teams
from socialmap.config import Settings
from socialmap.db import backups
from socialmap.geo.tree import area_tree
from socialmap.listings.checks import listing_faults
from socialmap.listings.find import keys_by_slug
from socialmap.listings.history import Author
from socialmap.models.terms import Door, Role
from socialmap.people import album
from socialmap.people.checks import people_faults
from socialmap.search.answer import misses, relevance
from socialmap.search.answer.engine import Searcher
from socialmap.search.index.checks import index_faults
from socialmap.teams.checks import team_faults
from socialmap.views.clock import now, today

MISS_HEADER = ("thema", "plek", "leeftijd", "hoe vaak")
EVALUATED = "gemeten.json"
"""In the instance folder: how well each labelled question was answered the last time."""
MOST_SHIFTS = 20
TIDY = "flask tidy"
NO_TABLES = "Er is nog geen gids in {instance}. Maak hem eerst: flask setup"


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (reindex, drain, check, tidy, backup, restore, search_group, account_group):
        app.cli.add_command(command)


def searcher_of(app: Flask) -> Searcher:
    """The searcher of an app."""
    found: Searcher = app.extensions["searcher"]
    return found


def searcher() -> Searcher:
    """The searcher of the current app."""
    return searcher_of(current_app)


def settings() -> Settings:
    """The settings of the current app."""
    found: Settings = current_app.extensions["settings"]
    return found


def require_tables() -> None:
    """End a command where there is no directory yet, and say how to make one."""
    engine = db.engine()
    if not db.is_there(engine) or db.revision_of(engine) is None:
        raise click.ClickException(NO_TABLES.format(instance=settings().instance))


@click.command()
@with_appcontext
def reindex() -> None:
    """Maak het zoekregister opnieuw uit de tabellen."""
    require_tables()
    count = searcher().store.rebuild(db.engine())
    click.echo(f"Zoekregister gemaakt: {count} vermeldingen.")


@click.command()
@with_appcontext
def drain() -> None:
    """Breng wijzigingen die wachten naar het zoekregister."""
    require_tables()
    count = searcher().store.drain(db.engine())
    click.echo(f"Bijgewerkt in het zoekregister: {count} vermeldingen.")


# How good answers are

search_group = AppGroup("search", help="Hoe goed de gids vindt wat mensen zoeken.")


@search_group.command("evaluate")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--missed", is_flag=True, help="Toon ook de vragen waarvan het antwoord te laag staat."
)
def evaluate(path: Path, missed: bool) -> None:
    """Meet hoe goed gelabelde vragen worden beantwoord (vraag;deel;goed, zie docs/beheer.md)."""
    require_tables()
    try:
        queries = relevance.read_queries(path)
    except OSError as error:
        raise click.ClickException(f"{path} is niet te openen: {error.strerror}") from None
    except relevance.QueriesError as error:
        raise click.ClickException(f"{path}: {error}") from None
    answers = relevance.judged(queries, _found_ids())
    for score in relevance.scores(answers):
        click.echo(
            f"{score.part}: {score.count} vragen, nDCG@10 {score.ndcg:.3f}, "
            f"recall@10 {score.recall:.3f}, MRR {score.mrr:.3f}, "
            f"goed bij de eerste drie {score.success:.0%}, "
            f"zonder goed antwoord {score.wrong}, zonder antwoord {score.empty}"
        )
    for answer in answers if missed else ():
        if not answer.succeeds:
            click.echo(f"  {answer.query.part}: {answer.query.text}")
    _tell_shifts(relevance.shifts(answers, settings().instance / EVALUATED))


def _tell_shifts(shifts: list[relevance.Shift] | None) -> None:
    """What changed since the run before."""
    if shifts is None:
        click.echo("Dit is de eerste meting; de volgende zegt wat er veranderd is.")
        return
    better = sum(one.now > one.before for one in shifts)
    click.echo(f"Sinds de vorige meting: {better} beter, {len(shifts) - better} slechter.")
    for one in shifts[:MOST_SHIFTS]:
        told = f"{one.before:.2f} -> {one.now:.2f}".replace(".", ",")
        click.echo(f"  {told}  {one.query.part}: {one.query.text}")


@search_group.command("misses")
@click.option("--month", "month", metavar="JJJJ-MM", help="Welke maand; anders deze.")
@with_appcontext
def show_misses(month: str | None) -> None:
    """Toon wat mensen zochten en niet of nauwelijks vonden: thema, plek, leeftijd en hoe vaak."""
    require_tables()
    session = db.session()
    first = today() if month is None else _first_day(month)
    rows = misses.read_misses(session, area_tree(session), first)
    if not rows:
        click.echo(_nothing_missed(first, misses.months_with_misses(session)))
        return
    click.echo(f"Gezocht en niet of nauwelijks gevonden in {labels.month(first)}:")
    told = [(row.theme, row.area, row.age, _times(row.count)) for row in rows]
    for line in _table([MISS_HEADER, *told]):
        click.echo(line)


def _first_day(month: str) -> date:
    """The first day of `2026-11`."""
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
        raise click.ClickException(f"‘{month}’ is geen maand. Schrijf een maand als 2026-11.")
    return date.fromisoformat(f"{month}-01")


def _nothing_missed(first: date, months: list[str]) -> str:
    known = labels.listed([labels.month(_first_day(month)) for month in months])
    others = f" Wel in {known}." if known else ""
    return f"In {labels.month(first)} is er niets geteld.{others}"


def _times(count: int | None) -> str:
    return f"minder dan {misses.FEWEST_TOLD}" if count is None else str(count)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as lines, each column as wide as its longest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _found_ids() -> Callable[[str], list[str]]:
    """What asks a question as other programs do, and gives the ids of the first page."""
    client = current_app.test_client()
    keys = keys_by_slug(db.session())
    team_keys = teams.keys_by_slug(db.session())

    def ask(text: str) -> list[str]:
        answer = client.get("/api/search", query_string={"q": text}).get_json()
        return [_id_of(result, keys, team_keys) for result in answer.get("results", ())]

    return ask


def _id_of(result: dict[str, str], keys: dict[str, str], team_keys: dict[str, str]) -> str:
    """The id of a result in a file of labels: of a listing its key, else what it is and its id."""
    if result["kind"] == "person":
        return f"persoon:{result['id']}"
    if result["kind"] == "page":
        return f"pagina:{result['url']}"
    if result["slug"] in team_keys and result["url"].startswith("/team/"):
        return f"team:{team_keys[result['slug']]}"
    return keys.get(result["slug"], result["slug"])


# Accounts

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


# Checking


@click.command()
@with_appcontext
def check() -> None:
    """Kijk na wat er bewaard is; verandert niets. Eindigt met 1 als er iets niet klopt."""
    require_tables()
    found = list(faults())
    for line in found or ["Alles klopt."]:
        click.echo(line)
    if found:
        raise SystemExit(1)


def faults() -> Iterator[str]:
    """A line for everything that is wrong; in a broken database the rest can't be judged."""
    broken = db.faults(db.engine())
    yield from broken
    if broken:
        yield "De rest is niet nagekeken: herstel eerst de database."
        return
    session, tree = db.session(), area_tree(db.session())
    yield from people_faults(session)
    yield from album.album_faults(settings().uploads_dir, session, now())
    yield from team_faults(session, tree)
    yield from listing_faults(session, tree, today())
    yield from index_faults(session, searcher().store)


# Erasing


@click.command()
@click.option("--dry-run", is_flag=True, help="Zeg alleen wat er weg zou gaan.")
@with_appcontext
def tidy(dry_run: bool) -> None:
    """Wis wie een jaar geleden vertrok (docs/privacy.md). Elke dag, twee keer kan geen kwaad."""
    require_tables()
    with db.writing(db.engine()) as session:
        gone = people.gone_people(session, today())
        slugs = [one.slug for one in gone]
    for slug in () if dry_run else slugs:
        _erase(slug)
    if slugs and not dry_run:
        db.scrub(db.engine())
    click.echo(f"{'Te wissen' if dry_run else 'Gewist'}: {len(slugs)} personen die vertrokken.")


def _erase(slug: str) -> None:
    """Erase one person, and then the portrait that no row names any more."""
    with db.writing(db.engine()) as session:
        person = people.find_person(session, slug)
        if person is None:
            return
        author = Author(TIDY, Door.COMMAND, now())
        photo = people.erase_person(session, area_tree(session), person, author)
    with db.writing(db.engine()) as session:
        album.forget(settings().uploads_dir, session, [photo])


# Backups


def _named(_context: click.Context, _param: click.Parameter, path: Path | None) -> Path:
    """The file of a command; says which words to type when it is missing."""
    if path is None:
        command = click.get_current_context().command.name
        raise click.UsageError(f"Noem het bestand: flask {command} BESTAND")
    return path


FILE = click.argument(
    "path", metavar="BESTAND", required=False, type=click.Path(path_type=Path), callback=_named
)


@click.command()
@FILE
@with_appcontext
def backup(path: Path) -> None:
    """Bewaar de database en de uploads in één bestand; de gids mag gewoon doorgaan."""
    engine = db.engine()
    if engine.dialect.name != "sqlite":
        _point_to(backups.pg_dump_command(engine, path), "Bewaar deze database met")
    with _told():
        made = backups.back_up(engine, settings().uploads_dir, path, datetime.now(UTC))
    click.echo(f"Bewaard in {path}: {_summary(made)}.")


@click.command()
@FILE
@with_appcontext
def restore(path: Path) -> None:
    """Zet een reservekopie terug in een lege map, en maak het zoekregister."""
    engine = db.engine()
    if engine.dialect.name != "sqlite":
        _point_to(backups.pg_restore_command(engine, path), "Zet deze database terug met")
    with _told():
        found = backups.restore(settings().database_url, settings().instance, path)
    count = searcher().store.rebuild(engine)
    click.echo(f"Teruggezet uit {path}: {_summary(found)}.")
    click.echo(f"Zoekregister gemaakt: {count} vermeldingen.")


def _point_to(command: str, what: str) -> None:
    """End with the command of PostgreSQL that does this."""
    raise click.ClickException(
        f"Dit kan alleen met SQLite. {what}\n  {command}\n"
        f"en bewaar de map {settings().uploads_dir} apart, als die er is."
    )


@contextmanager
def _told() -> Iterator[None]:
    """Turn a refusal into a message."""
    try:
        yield
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from None


def _summary(manifest: backups.Manifest) -> str:
    listings, people = manifest.counts.get("listing", 0), manifest.counts.get("person", 0)
    uploads = len(manifest.files) - 1
    return (
        f"{listings} vermeldingen, {people} personen, {uploads} uploads, "
        f"versie {manifest.revision} van de tabellen"
    )
