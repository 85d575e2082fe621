"""Commands that tell how good answers are: `flask search evaluate` and `flask search misses`."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from socialmap import db, labels, teams
from socialmap.cli.grounds import require_tables, settings
from socialmap.geo.tree import area_tree
from socialmap.listings.find import keys_by_slug
from socialmap.search.answer import misses, relevance
from socialmap.search.tally import FEWEST_TOLD
from socialmap.views.clock import today

MISS_HEADER = ("thema", "plek", "leeftijd", "hoe vaak")
EVALUATED = "gemeten.json"
"""In the instance folder: how well each labelled question was answered the last time."""
MOST_SHIFTS = 20

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
    answers = relevance.judged(queries, found_ids())
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
    return f"minder dan {FEWEST_TOLD}" if count is None else str(count)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as lines, each column as wide as its longest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def found_ids() -> Callable[[str], list[str]]:
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
