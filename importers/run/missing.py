"""What an earlier file of a source held and the present one does not: named, or ended."""

from sqlmodel import Session

from importers.run.writer import Writer
from socialmap.listings.sources import (
    Missing,
    is_known_source,
    known_sources,
    missing_listings,
)
from socialmap.models import ImportRun


def deal_with_missing(
    session: Session, run: ImportRun, keys: frozenset[str] | None, writer: Writer, *, end: bool
) -> None:
    """Name what has disappeared and, with `end`, end it.

    `keys` holds the ids in the file; with None these are not all known, and nothing is done.
    """
    notices = writer.report.notices
    if keys is None:
        if end:
            notices.append("niet alle regels zijn gelezen; daarom is niets gestopt dat ontbreekt")
        return
    if end and not is_known_source(session, run):
        notices.append(_first_of_its_source(session, run))
    for one in missing_listings(session, run, keys):
        notices.append(_ended(one, writer) if end else _named(one, run))


def _first_of_its_source(session: Session, run: ImportRun) -> str:
    others = [f'"{one}"' for one in known_sources(session) if one != run.source]
    told = f'dit is het eerste bestand van bron "{run.source}"; er is niets om mee te vergelijken'
    if not others:
        return told
    return (
        f"{told}. Volgt het een ander bestand op? Noem dan de bron daarvan met --source: "
        f"{', '.join(others)}"
    )


def _named(one: Missing, run: ImportRun) -> str:
    return (
        f'{one.key} ({one.title}) stond in een eerder bestand van bron "{run.source}" en staat '
        "niet meer in dit; met --end-missing wordt het gestopt"
    )


def _ended(one: Missing, writer: Writer) -> str:
    saved = writer.end_missing(one.key)
    told = f"{one.key} ({one.title}) staat niet meer in het bestand"
    if not saved.fields:
        end = "is voorgesteld" if saved.proposed else "was al voorgesteld"
        return f"{told}, maar is intussen gewijzigd en blijft staan; dat het gestopt is, {end}"
    writer.report.ended += 1
    return f"{told}: {'gestopt' if 'ended_on' in saved.fields else 'concept ingetrokken'}"
