"""Official areas in GeoJSON: codes and shapes from the layouts of the city, its API, and CBS/PDOK.

- maps.amsterdam.nl: `Wijkcode: "AA"`, `Stadsdeelcode: "A"`, `Gebiedcode`, `Buurtcode`;
- api.data.amsterdam.nl v1: `code: "AA01"`, `cbsCode`, `eindGeldigheid`; pages with `_links`, and
  outside GeoJSON the areas in `_embedded` with their shape in `geometrie`;
- CBS, by PDOK or as download: `buurtcode`/`bu_code`/`statcode: "BU0363AA01"`, `wijkcode:
  "WK0363AA"`, `gemeentecode: "GM0363"`. Since 2023 the part behind `0363` is the city's own code;
  before, CBS numbered (`WK036300`), and those are areas of a division that no longer exists.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from importers.report import Problem
from importers.rows.shapes import ShapeError, System, as_degrees, read_shape, system_of

MUNICIPALITY = "0363"
LARGEST_MB = 30
CODES = (
    ("buurtcode", "bucode", "cbsbuurtcode"),
    ("wijkcode", "wkcode", "cbswijkcode"),
    ("gebiedcode", "gebiedscode"),
    ("stadsdeelcode",),
    ("code", "statcode", "cbscode"),
)
"""Names of properties that hold the code, smallest area first: a buurt names its wijk too."""
NAMES = ("buurt", "buurtnaam", "wijk", "wijknaam", "gebied", "stadsdeel", "naam", "statnaam")
CBS_CODE = re.compile(r"(?:GM|WK|BU)(\d{4})([0-9A-Z]*)")
OLD_CODE = re.compile(r"\d{2}|\d{4}|[A-Z]\d{2}[a-z]?")
"""`00`, `0000` (CBS before 2023), `A00`, `A00a` (the city before March 2022)."""
MOST_NAMED = 10
ALL_IN_ONE = (
    "Haal alles in één bestand op, bij api.data.amsterdam.nl bijvoorbeeld met _format=geojson"
)
Json = dict[str, Any]


@dataclass(frozen=True)
class AreaShape:
    """One area of a file: our code for it, its name there, its shape in lon, lat degrees."""

    code: str
    name: str
    shape: BaseGeometry


@dataclass
class AreaFile:
    """The areas of a file that could be read, and what is wrong with it or worth knowing."""

    shapes: list[AreaShape] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def refuse(self, value: str, message: str) -> None:
        """Note that an area, or the file as a whole, cannot be used."""
        self.problems.append(Problem(0, "", value, message))


@dataclass(frozen=True)
class _Told:
    """An area as the file tells it."""

    code: str
    name: str
    shape: BaseGeometry
    is_mended: bool

    @property
    def system(self) -> System | None:
        return system_of(self.shape)


def read_areas(path: Path, today: date) -> AreaFile:
    """Read a file of areas; of those that ended before `today` nothing is taken.

    Raises OSError when it can't be opened. What the areas mean for the city is not known here.
    """
    file = AreaFile()
    document = _document(path, file)
    if document is None:
        return file
    if _has_next(document):
        file.refuse("", f"dit is één bladzijde van meer (_links.next). {ALL_IN_ONE}")
    told = _told(list(_own(_features(document), file, today)), file)
    _refuse_doubles(told, file)
    system = _one_system(told, file)
    if system is not None:
        _convert(told, system, file)
    return file


def _document(path: Path, file: AreaFile) -> Json | None:
    """The JSON of a file, or None with the reason noted."""
    megabytes = path.stat().st_size / 1_000_000
    if megabytes > LARGEST_MB:
        message = f"het bestand is {megabytes:.0f} MB, hoogstens {LARGEST_MB} MB mag. Haal alleen"
        file.refuse("", f"{message} Amsterdam op, en één soort gebied per bestand")
        return None
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        file.refuse("", "dit is een zip-bestand; pak het uit, of haal GeoJSON op")
        return None
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        file.refuse("", "dit bestand is geen UTF-8, en dus geen GeoJSON")
        return None
    except (ValueError, RecursionError) as error:
        file.refuse("", f"dit is geen JSON{_where(error)}. Is het bestand helemaal binnengekomen?")
        return None
    if not isinstance(document, dict):
        file.refuse("", "dit is geen GeoJSON; wij verwachten een FeatureCollection")
        return None
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _where(error: Exception) -> str:
    return f" (regel {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""


def _has_next(document: Json) -> bool:
    """Is there more than this page? `_links` (HAL, the city's API) and `links` (OGC API)."""
    links = document.get("_links") or document.get("links") or ()
    if isinstance(links, dict):
        return bool(links.get("next"))
    if isinstance(links, list):
        return any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
    return False


def _features(document: Json) -> list[Any]:
    """The areas: GeoJSON's `features`, or the one list that HAL embeds."""
    embedded = document.get("_embedded")
    found = document.get("features")
    if found is None and isinstance(embedded, dict):
        found = next(iter(embedded.values()), None)
    return found if isinstance(found, list) else []


def _own(features: list[Any], file: AreaFile, today: date) -> Iterator[tuple[str, str, Any]]:
    """Code, name and raw shape of the areas of our city that are land and still exist."""
    if not features:
        file.refuse("", "er staan geen gebieden in; wij verwachten een FeatureCollection")
    left_out: Counter[str] = Counter()
    strangers: Counter[str] = Counter()
    old: list[str] = []
    for number, feature in enumerate(features, 1):
        properties = _properties(feature)
        code, municipality = _code(properties)
        if reason := _reason_to_skip(properties, today):
            left_out[reason] += 1
        elif municipality not in ("", MUNICIPALITY):
            strangers[municipality] += 1
        elif not code:
            file.refuse("", f"gebied {number} heeft geen code (Wijkcode, code, wijkcode, …)")
        elif OLD_CODE.fullmatch(code):
            old.append(str(_first(properties, *CODES) or code))
        else:
            yield code, _name(properties), _raw_shape(feature, properties)
    _tell_left_out(file, left_out, strangers, old, len(features))


def _tell_left_out(
    file: AreaFile, left_out: Counter[str], strangers: Counter[str], old: list[str], total: int
) -> None:
    for reason, count in left_out.items():
        file.notices.append(f"{count} keer overgeslagen: {reason}")
    others = strangers.total()
    if others and others + left_out.total() == total:
        names = ", ".join(sorted(strangers)[:MOST_NAMED])
        file.refuse("", f"dit gaat over een andere gemeente ({names}), niet Amsterdam (0363)")
    elif others:
        file.notices.append(f"{others} gebieden van andere gemeenten zijn overgeslagen")
    if old:
        file.refuse(
            old[0],
            f"{len(old)} codes zijn van de indeling van vóór 24 maart 2022, die niet op de onze "
            "past. Haal de kaart van 2023 of later op",
        )


def _properties(feature: Any) -> Json:
    """The properties by their names in small letters and digits only: `CBS_Wijkcode` ->
    `cbswijkcode`. Outside GeoJSON an area is its own properties."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties", feature)
    if not isinstance(properties, dict):
        return {}
    return {re.sub(r"[^a-z0-9]", "", name.lower()): value for name, value in properties.items()}


def _code(properties: Json) -> tuple[str, str]:
    """The city's code of an area, and the municipality where CBS names it; both may be empty."""
    written = str(_first(properties, *CODES) or "").strip()
    cbs = CBS_CODE.fullmatch(written.upper())
    if cbs:
        return cbs.group(2), cbs.group(1)
    told = str(_first(properties, ("gemeentecode", "gmcode")) or "").strip().upper()
    return written, told.removeprefix("GM")


def _first(properties: Json, *levels: tuple[str, ...]) -> Any:
    """The first of these properties that says something."""
    names = (name for level in levels for name in level)
    return next((properties[name] for name in names if properties.get(name)), None)


def _name(properties: Json) -> str:
    return str(_first(properties, NAMES) or "")


def _reason_to_skip(properties: Json, today: date) -> str:
    """Why an area is not taken: it is water (CBS), or it ended (the city's API)."""
    if str(_first(properties, ("water", "h2o")) or "").upper() == "JA":
        return "water, geen gebied"
    ended = properties.get("eindgeldigheid")
    if isinstance(ended, str) and ended[:10] <= today.isoformat():
        return "gebied dat niet meer bestaat"
    return ""


def _raw_shape(feature: Any, properties: Json) -> Any:
    return feature.get("geometry") or properties.get("geometrie")


def _told(own: list[tuple[str, str, Any]], file: AreaFile) -> list[_Told]:
    """The areas whose shape can be read; the others become problems."""
    found = []
    for code, name, raw in own:
        try:
            shape, is_mended = read_shape(raw)
        except ShapeError as error:
            file.refuse(code, str(error))
        else:
            found.append(_Told(code, name, shape, is_mended))
    return found


def _refuse_doubles(told: list[_Told], file: AreaFile) -> None:
    for code, times in Counter(one.code for one in told).items():
        if times > 1:
            file.refuse(code, f"deze code staat er {times} keer in; elk gebied mag er één keer in")


def _one_system(told: list[_Told], file: AreaFile) -> System | None:
    """The system in which most shapes are written; a shape in another one is damaged."""
    counts = Counter(one.system for one in told)
    if not counts:
        return None
    system = counts.most_common(1)[0][0]
    if system is None:
        x, y = told[0].shape.bounds[:2]
        message = f"de coördinaten ({x:.6g}, {y:.6g}) zijn geen graden (WGS 84) en geen RD"
        file.refuse("", f"{message} in Nederland. Haal het bestand op in EPSG:4326 of EPSG:28992")
        return None
    for one in told:
        if one.system != system:
            file.refuse(one.code, "de coördinaten liggen ergens anders dan die van de rest")
    return system


def _convert(told: list[_Told], system: System, file: AreaFile) -> None:
    """Take over the shapes as degrees, and say what was done to them."""
    good = [one for one in told if one.system == system]
    for one, shape in zip(good, as_degrees([one.shape for one in good], system), strict=True):
        file.shapes.append(AreaShape(one.code, one.name, shape))
    if system.note:
        file.notices.append(system.note)
    mended = [one.code for one in good if one.is_mended]
    if mended:
        file.notices.append(f"kleine fouten in de vorm hersteld: {listed_short(mended)}")


def listed_short(names: list[str]) -> str:
    """`AA, AB, AC`, and of a long list only how many more there are."""
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} en nog {more}" if more > 0 else shown
