"""Loading the starting set: the files of `data/` into tables that are still empty."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from importers.report import Report
from importers.rows import facts
from importers.run.listings import import_listings
from importers.run.people import (
    person_values,
    read_contacts,
    read_teams,
    write_contacts,
    write_teams,
)
from importers.run.summaries import load_summaries
from socialmap import db
from socialmap.areas import save_areas, save_postcodes
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.edits import Author
from socialmap.listings.find import listing_ids
from socialmap.listings.runs import find_import
from socialmap.models.terms import Door
from socialmap.people import person_keys, save_people
from socialmap.teams import save_team_kinds, team_keys
from socialmap.themes import (
    all_themes,
    emergency_numbers,
    glossary,
    save_emergency_numbers,
    save_glossary,
    save_themes,
)

BY = "startset"
SUMMARIES = "summaries.csv"


@dataclass
class Loaded:
    """How many of each were loaded, and the reports of files that have rows to check."""

    counts: dict[str, int] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Did every file go in without a problem?"""
        return not any(report.problems for report in self.reports)

    def summary(self) -> str:
        """`518 gebieden, 88 thema's`; or that everything was there already."""
        told = ", ".join(f"{count} {what}" for what, count in self.counts.items() if count)
        return told or "alles stond er al"


def load_folder(engine: sa.Engine, folder: Path, now: datetime) -> Loaded:
    """Fill empty tables from the files of a folder; tables with rows are left as they are.

    Raises FactsError when a file of areas, postcodes, themes, words or emergency numbers is
    damaged.
    """
    loaded = Loaded()
    with db.writing(engine) as session:
        _load_facts(session, folder, loaded)
    with db.writing(engine) as session:
        _load_people(session, folder, loaded)
        has_listings = bool(listing_ids(session))
    if not has_listings and loaded.is_whole:
        report = import_listings(engine, folder / "providers.csv", by=BY, now=now, save=True)
        loaded.reports.append(report)
        loaded.counts["vermeldingen"] = report.created if report.is_saved else 0
        if report.is_saved and (folder / SUMMARIES).exists():
            _load_summaries(engine, folder / SUMMARIES, report.number, now, loaded)
    return loaded


def _load_summaries(
    engine: sa.Engine, path: Path, number: int | None, now: datetime, loaded: Loaded
) -> None:
    """The summaries that belong to the listings of import `number`, and go with it."""
    with db.writing(engine) as session:
        run = find_import(session, number) if number else None
        author = Author(BY, Door.IMPORT, now, run.id if run else None)
        report = load_summaries(session, path, author)
    loaded.reports.append(report)
    loaded.counts["samenvattingen"] = report.created


def _load_facts(session: Session, folder: Path, loaded: Loaded) -> None:
    counts = loaded.counts
    counts["gebieden"] = save_areas(session, facts.buurten(folder / "areas.csv"))
    shares = facts.postcode_shares(folder / "postcode_wijken.csv")
    points = facts.postcodes(folder / "postcodes.csv")
    points += _missing_points(points, shares, area_tree(session))
    counts["postcodes"] = save_postcodes(session, points, shares)
    if not all_themes(session):
        counts["thema's"] = save_themes(session, facts.themes(folder / "themes.csv"))
    if not glossary(session):
        counts["woorden"] = save_glossary(session, facts.glossary(folder / "glossary.csv"))
    if not emergency_numbers(session):
        numbers = facts.emergency_numbers(folder / "emergency.csv")
        counts["noodnummers"] = save_emergency_numbers(session, numbers)
    save_team_kinds(session)


def _missing_points(
    points: list[facts.Point], shares: list[facts.Share], tree: AreaTree
) -> list[facts.Point]:
    """Postcodes with wijken but without a point (1384): the middle of the wijk named first."""
    known = {pc4 for pc4, _, _ in points}
    wijken = {pc4: wijk for pc4, wijk, _ in reversed(shares) if pc4 not in known}
    return [(pc4, tree.get(wijk).lat, tree.get(wijk).lon) for pc4, wijk in wijken.items()]


def _load_people(session: Session, folder: Path, loaded: Loaded) -> None:
    """People, then teams with their leaders, then who holds an area or is in a team."""
    if person_keys(session) or team_keys(session):
        return
    about_people, about_teams = Report("contacts.csv"), Report("teams.csv")
    people = read_contacts(folder / "contacts.csv", about_people)
    teams, places = read_teams(folder / "teams.csv", about_teams)
    loaded.reports += [about_teams, about_people]
    if loaded.is_whole:
        save_people(session, [person_values(row) for _, row in people])
        write_teams(session, teams, places, about_teams)
        write_contacts(session, people, about_people)
    if not loaded.is_whole:
        session.rollback()
        return
    about_teams.is_saved = about_people.is_saved = True
    loaded.counts["teams"] = len(teams)
    loaded.counts["personen"] = len(people)
