"""The shape of the index: text to search, and columns of days, numbers and codes. Never states."""

from dataclasses import dataclass

from whoosh import columns, fields
from whoosh.analysis import KeywordAnalyzer

from socialmap.search.language.analysis import DutchTokenizer, SurfaceTokenizer

FORMAT = 5
"""Goes up when the shape or the analysis changes: an older index is then built again."""
SEPARATOR = "|"
NONE = -1
"""A number that is not known, or a day that is not set."""

WHOLE_FIELDS = {"name": 3.0, "topic": 1.5, "summary": 1.5, "body": 1.0}
PART_FIELDS = {"name_parts": 1.5, "parts": 0.5}
TEXT_FIELDS = {**WHOLE_FIELDS, **PART_FIELDS}
"""Field -> weight in the text score. `…parts` hold the parts of compounds, as stems,
with half the weight of the whole word."""

SURFACE = "surface"
"""The words as they are written, each once; never scored, only to know words and their slips."""

CODE_COLUMNS = (
    "kind level informal themes forms routes languages audience only_for cost settings times "
    "served status provider".split()
)
"""Columns that hold a few of many codes, joined by SEPARATOR."""

NUMBER_COLUMNS = (
    "min_age max_age ages_known confirmed_day due_day room reported_day weeks ended_day "
    "closed_from closed_until has_contact".split()
)

ROOMS = ("plek", "beperkt", "vol")


@dataclass(frozen=True)
class PlacePoint:
    """A place in the index: for a protected one the middle of its area, and no more."""

    lat: float
    lon: float
    is_exact: bool
    area_code: str

    def packed(self) -> str:
        return f"{self.lat:.5f},{self.lon:.5f},{int(self.is_exact)},{self.area_code}"

    @classmethod
    def unpacked(cls, text: str) -> "PlacePoint":
        lat, lon, is_exact, area_code = text.split(",")
        return cls(float(lat), float(lon), is_exact == "1", area_code)


@dataclass(frozen=True)
class Closure:
    """Days on which a listing is closed, both inclusive, by their numbers."""

    begins: int
    until: int

    def packed(self) -> str:
        return f"{self.begins},{self.until}"

    @classmethod
    def unpacked(cls, text: str) -> "Closure":
        begins, until = text.split(",")
        return cls(int(begins), int(until))


def make_schema() -> fields.Schema:
    """The Whoosh schema; pages show what the database holds, so only the key is stored."""
    schema = fields.Schema(key=fields.ID(unique=True, stored=True))
    for name in TEXT_FIELDS:
        analyzer = KeywordAnalyzer() if name in PART_FIELDS else DutchTokenizer()
        schema.add(name, fields.TEXT(analyzer=analyzer, phrase=False))
    schema.add(SURFACE, fields.TEXT(analyzer=SurfaceTokenizer(), phrase=False))
    for name in CODE_COLUMNS:
        schema.add(name, fields.COLUMN(columns.RefBytesColumn()))
    for name in NUMBER_COLUMNS:
        schema.add(name, fields.COLUMN(columns.NumericColumn("i", default=NONE)))
    for name in ("points", "closures"):
        schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
    return schema
