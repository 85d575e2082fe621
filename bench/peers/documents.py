"""What the peers hold of a listing: the very text and codes that our own index is given."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from socialmap.models import Listing
from socialmap.search.index.schema import NONE, SEPARATOR, PlacePoint
from socialmap.search.index.store import add_all

COLUMNS = "kind level informal themes forms routes languages audience cost settings served".split()
"""The columns that peers filter by and count."""
DAM = (52.373, 4.893)
"""Where a listing without a place is put: peers that sort by distance know no unknown."""
OLDEST_MONTHS = 120 * 12


@dataclass(frozen=True)
class Document:
    """A listing as a peer holds it."""

    key: str
    """As in `providers.csv` and in the labels."""
    name: str
    topic: str
    """Themes and forms in words."""
    body: str
    facets: dict[str, list[str]]
    """Column -> values."""
    lat: float
    lon: float
    min_months: int
    max_months: int
    """Ages in months; everybody where nothing is said."""


def documents(session: Session) -> dict[UUID, Document]:
    """Every listing of the tables, by its id, as `document` of our own index writes it."""
    keys = dict(session.exec(select(Listing.id, Listing.key)).all())
    collector = _Collector(keys)
    add_all(session, collector)
    return collector.found


class _Collector:
    """Stands where a Whoosh writer would, and keeps what a peer can use."""

    def __init__(self, keys: dict[UUID, str]) -> None:
        self._keys = keys
        self.found: dict[UUID, Document] = {}

    def add_document(self, **given: object) -> None:
        id = UUID(hex=str(given["key"]))
        lat, lon = _point(given["points"])
        oldest = int(str(given["max_age"]))
        self.found[id] = Document(
            key=self._keys[id],
            name=str(given["name"]),
            topic=str(given["topic"]),
            body=f"{given['summary']} {given['body']}",
            facets={name: _codes(given[name]) for name in COLUMNS},
            lat=lat,
            lon=lon,
            min_months=max(int(str(given["min_age"])), 0),
            max_months=OLDEST_MONTHS if oldest == NONE else oldest,
        )


def _codes(packed: object) -> list[str]:
    assert isinstance(packed, bytes)
    return packed.decode().split(SEPARATOR) if packed else []


def _point(packed: object) -> tuple[float, float]:
    """The first place."""
    points = _codes(packed)
    if not points:
        return DAM
    first = PlacePoint.unpacked(points[0])
    return first.lat, first.lon
