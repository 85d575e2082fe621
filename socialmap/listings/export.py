"""Listings as rows of a file, so that importing the file again changes nothing.

`rows` makes them; `as_csv` writes them as text, `workbook.save_workbook` as an Excel file.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import TypeVar

from socialmap.geo.tree import AreaTree
from socialmap.listings.files import (
    COLUMNS,
    KINDS,
    STATUSES,
    UNKNOWN,
    VISIBILITIES,
    YES_OR_NO,
    disarmed,
)
from socialmap.listings.values import ListingValues, PlaceValues, ProviderValues, SessionValues
from socialmap.models.terms import Reach, Status

T = TypeVar("T")
Cell = str | int | float | date
"""Text, a number or a day; an empty cell is an empty text."""
Row = dict[str, Cell]
"""The cells of one line by column."""
REACHES = frozenset(map(str, Reach))
BYTE_ORDER_MARK = "\ufeff"
"""By this sign Excel knows that a text file is UTF-8."""


def rows(listings: Iterable[ListingValues], tree: AreaTree) -> Iterator[Row]:
    """A row for each listing with its first place, and a row with only its id for each further
    place; every column of `COLUMNS`."""
    for values in listings:
        places = [_place(place) for place in values.places] or [{}]
        yield _row(_listing(values, tree) | places[0])
        for place in places[1:]:
            yield _row({"id": values.key, **place})


def as_csv(rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """The lines of a CSV file of these rows: `;`, decimal commas, no cell that runs."""
    yield BYTE_ORDER_MARK + _line(columns)
    for row in rows:
        yield _line([as_text(row[column]) for column in columns])


def as_text(cell: Cell) -> str:
    """A cell as a CSV file has it. A decimal comma, since Dutch Excel reads 4.912 as 4912."""
    if isinstance(cell, float):
        return repr(cell).replace(".", ",")
    if isinstance(cell, date):
        return cell.isoformat()
    return disarmed(cell) if isinstance(cell, str) else str(cell)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow(cells)
    return text.getvalue()


def _row(cells: Mapping[str, Cell | None]) -> Row:
    """All columns in their order; what is not said is empty."""
    told = {name: "" if cell is None else cell for name, cell in cells.items()}
    return {column: told.get(column, "") for column in COLUMNS}


def _listing(values: ListingValues, tree: AreaTree) -> dict[str, Cell | None]:
    """The columns of a listing but for its place."""
    return {
        "id": values.key,
        "soort": _word(values.kind, KINDS),
        "titel": values.title,
        **_provider(values.provider),
        "niveau": str(values.level),
        "themas": _joined(values.themes),
        "vormen": _joined(values.forms),
        "doelgroep": _joined(values.audience),
        "alleen_voor": _joined(values.only_for),
        "leeftijd_van": first_age(values.min_age_months) if values.ages_known else UNKNOWN,
        "leeftijd_tm": last_age(values.max_age_months) if values.ages_known else UNKNOWN,
        "samenvatting": values.summary,
        "beschrijving": values.description,
        "voor_professionals": values.professional_note,
        "niet_voor": values.not_for,
        "criteria": values.criteria,
        "routes": _joined(values.routes),
        "formulieren": values.papers,
        "stappen": _joined(values.steps.split("\n")),
        "kosten": values.cost,
        "kosten_toelichting": values.cost_note,
        "talen": _joined(values.languages),
        "waar": _joined(values.settings),
        "werkgebied": _joined(_area(code, tree) for code in values.coverage),
        **_times(values),
        "contact": values.contact,
        "contact_reserve": values.backup,
        "telefoon": values.phone,
        "mail": values.mail,
        "website": values.website,
        "beschikbaar": values.room,
        "wachtweken": values.weeks,
        "gemeld_op": values.reported_on,
        "status": _word(values.status, STATUSES),
        "reden": values.reason,
        "alternatieven": _joined(values.alternatives),
        "gecontroleerd_op": values.confirmed_on,
        "ritme_maanden": values.review_months,
        "ingevoerd_door": values.entered_by,
        "voorbeeld": _word(values.is_example, YES_OR_NO),
    }


def _provider(provider: ProviderValues | None) -> dict[str, Cell | None]:
    if provider is None:
        return {}
    return {
        "aanbieder": provider.name,
        "aanbieder_informeel": _word(provider.is_informal, YES_OR_NO),
        "aanbieder_site": provider.website,
    }


def _place(place: PlaceValues) -> dict[str, Cell | None]:
    """The columns of a place; one that is not exact has no more than the code of its area."""
    return {
        "plek": place.name,
        "straat": place.street,
        "huisnummer": place.house_number,
        "postcode": place.postcode,
        "lat": place.lat,
        "lon": place.lon,
        "buurt": place.area_code,
        "zichtbaarheid": _word(place.visibility, VISIBILITIES),
    }


def _times(values: ListingValues) -> dict[str, Cell | None]:
    """When it meets and, in the same columns, when it is closed or has ended.

    One first and last day for all meetings stand in columns of their own, unless those say until
    when it is closed.
    """
    is_closed = values.status == Status.CLOSED
    days = {(session.from_on, session.until_on) for session in values.sessions}
    from_on, until_on = days.pop() if len(days) == 1 else (None, None)
    is_shared = not days and not (is_closed and until_on)
    told: dict[str, Cell | None] = {
        "tijden": _joined(_session(one, with_days=not is_shared) for one in values.sessions),
        "van": from_on if is_shared else None,
        "tot": until_on if is_shared else None,
    }
    if is_closed:
        told |= {"gestopt_op": values.closed_from, "tot": values.closed_until}
    elif values.status == Status.ENDED:
        told["gestopt_op"] = values.ended_on
    return told


def _session(session: SessionValues, *, with_days: bool) -> str:
    words = f"{session.weekday}-{session.part}"
    if session.starts_at:
        words += f" {_clock(session.starts_at)}"
        words += f"-{_clock(session.ends_at)}" if session.ends_at else ""
    if with_days:
        words += f" van {session.from_on}" if session.from_on else ""
        words += f" tot {session.until_on}" if session.until_on else ""
    return words


def _clock(at: time) -> str:
    return f"{at.hour}.{at.minute:02}"


def first_age(months: int | None) -> Cell | None:
    """A lower bound in years: 48 -> 4, 6 -> 0.5."""
    return months if months is None else _years(months)


def last_age(months: int | None) -> Cell | None:
    """An upper bound in years. A whole year lasts until the next birthday (155 -> 12), so that
    "until the first birthday itself" is a little more than 1."""
    if months is None:
        return None
    if (months + 1) % 12 == 0:
        return (months + 1) // 12 - 1
    return _years(months) if months % 12 else months // 12 + 0.01


def _years(months: int) -> int | float:
    return months // 12 if months % 12 == 0 else round(months / 12, 2)


def _area(code: str, tree: AreaTree) -> str:
    """`wijk:NK`, `stadsdeel:N`, `stad`, `buiten`."""
    return code if code in REACHES else f"{tree.get(code).level}:{code}"


def _joined(words: Iterable[str]) -> str:
    return "|".join(map(str, words))


def _word(value: T, words: Mapping[str, T]) -> str:
    return next(word for word, meant in words.items() if meant == value)
