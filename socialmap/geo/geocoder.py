"""Addresses: what looks like one, and where it is, by PDOK's Locatieserver where switched on."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any, Self
from urllib.parse import urlencode

from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeopyError
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from socialmap.geo.fetching import USER_AGENT, Breaker, FetchError, fetch
from socialmap.geo.tree import CITY, AreaNode, AreaTree
from socialmap.models.slugs import folded
from socialmap.models.terms import AreaLevel

SECONDS = 2.0
MOST_BYTES = 256 * 1024
ALIKE = 0.8
"""So much of a street's name must be the same: `Gentiaanstr` is, another street is not."""
POSTCODE = r"(?P<postcode>[1-9]\d{3}\s?[a-z]{2})"
ADDITION = r"(?P<addition>[a-z]{1,2}\d{0,2}|\d{1,3}|huis|bis|[ivx]{1,4})"
NUMBER = rf"(?P<number>\d{{1,5}})(?:\s?-?\s?{ADDITION})?"
CITY_NAME = r"(?P<city>[^\W\d_][^\d,]*)"
STREET = r"(?P<street>(?:\d{1,2}e\s)?[^\W\d_][^\d,]{2,60}?)"
BY_STREET = re.compile(
    rf"{STREET},?\s+{NUMBER}(?:[\s,]+{POSTCODE})?(?:[\s,]+{CITY_NAME})?", re.IGNORECASE
)
BY_POSTCODE = re.compile(rf"{POSTCODE}[\s,]+{NUMBER}(?:[\s,]+{CITY_NAME})?", re.IGNORECASE)
STREET_END = re.compile(
    r"\w{3,}(?:straat|str\.?|laan|weg|plein|kade|gracht|dijk|pad|singel|dreef|plantsoen|steeg"
    r"|burgwal)",
    re.IGNORECASE,
)
POINT = re.compile(r"POINT\s?\((-?\d{1,3}(?:\.\d+)?) (-?\d{1,3}(?:\.\d+)?)\)")
SHOWN_NAME = re.compile(r"(?P<street>.+?) (?P<number>\d{1,5})")


@dataclass(frozen=True)
class Address:
    """An address as someone wrote it; without a street it has a postcode."""

    street: str
    number: int
    addition: str = ""
    postcode: str = ""
    """Like 1031AE, or empty."""
    city: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The address that a text is, or None: `Gentiaanstraat 1-hs, 1031 AE Amsterdam`."""
        text = " ".join(text.split())
        found = BY_POSTCODE.fullmatch(text) or BY_STREET.fullmatch(text)
        if found is None:
            return None
        told = found.groupdict(default="")
        return cls(
            street=told.get("street", "").strip(" ,"),
            number=int(told["number"]),
            addition=told["addition"],
            postcode=told["postcode"].replace(" ", "").upper(),
            city=told["city"].strip(),
        )

    @property
    def is_unmistakable(self) -> bool:
        """Can this be nothing but an address? `faalangst 14 1031AE` reads as one too."""
        return not self.street or bool(STREET_END.fullmatch(self.street.split(" ")[-1]))

    def as_query(self) -> str:
        number = f"{self.number}{'-' if self.addition else ''}{self.addition}"
        return " ".join(part for part in (self.street, number, self.postcode) if part)


@dataclass(frozen=True)
class Spot:
    """Where an address is, in degrees, and in which buurt."""

    lat: float
    lon: float
    buurt: AreaNode


class SilentError(Exception):
    """The geocoder gives no answer now."""


class _StrictAdapter(URLLibAdapter):  # type: ignore[misc]
    """geopy's own adapter, but with a deadline and a limit, and without redirects. geopy puts an
    answer in its log when a service refuses; ours holds no word of it."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        try:
            return json.loads(self.get_text(url, timeout=timeout, headers=headers))
        except (ValueError, RecursionError):
            raise GeocoderParseError("not JSON") from None

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        try:
            return fetch(url, seconds=timeout, most_bytes=MOST_BYTES).body.decode("utf-8")
        except FetchError as error:
            raise GeocoderServiceError(str(error)) from None
        except UnicodeDecodeError:
            raise GeocoderParseError("not UTF-8") from None


class Locatieserver(Geocoder):  # type: ignore[misc]
    """PDOK's Locatieserver, for one municipality.

    Source: https://github.com/PDOK/locatieserver/wiki; `url` ends in `/free`.
    """

    def __init__(self, url: str, *, timeout: float = SECONDS) -> None:
        super().__init__(
            timeout=timeout, user_agent=USER_AGENT, adapter_factory=_StrictAdapter, scheme="https"
        )
        self._url = url

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: float = SECONDS) -> Any:
        """The best answer as a geopy Location with PDOK's own words in `raw`, or None; all answers
        as a list when not `exactly_one`. Raises GeopyError."""
        rows = 1 if exactly_one else 10
        question = urlencode({"q": query, "fq": f"gemeentecode:{CITY}", "rows": rows})
        callback = partial(self._locations, exactly_one=exactly_one)
        return self._call_geocoder(f"{self._url}?{question}", callback, timeout=timeout)

    def _locations(self, answer: Any, *, exactly_one: bool) -> Any:
        found = list(_locations(answer))
        if exactly_one:
            return found[0] if found else None
        return found


def _locations(answer: Any) -> Iterator[Location]:
    response = answer.get("response") if isinstance(answer, dict) else None
    docs = response.get("docs") if isinstance(response, dict) else None
    if not isinstance(docs, list):
        raise GeocoderParseError("an answer of another shape")
    for doc in docs:
        point = POINT.fullmatch(str(doc.get("centroide_ll"))) if isinstance(doc, dict) else None
        if point is None:
            raise GeocoderParseError("an answer of another shape")
        lon, lat = map(float, point.groups())
        if abs(lat) > 90 or abs(lon) > 180:
            raise GeocoderParseError("a point that is not on earth")
        yield Location(str(doc.get("weergavenaam") or ""), (lat, lon), doc)


class AddressFinder:
    """Finds addresses in the city; keeps nothing of what it is asked."""

    def __init__(self, url: str, breaker: Breaker | None = None) -> None:
        self._geocoder = Locatieserver(url)
        self._breaker = breaker or Breaker()

    def find(self, tree: AreaTree, address: Address) -> Spot | None:
        """Where an address of the city is; None where there is no such address.

        Raises SilentError when the geocoder does not answer, or has not for a while.
        """
        if self._breaker.is_open():
            raise SilentError
        try:
            found = self._geocoder.geocode(address.as_query())
        except GeopyError:
            self._breaker.failed()
            raise SilentError from None
        self._breaker.worked()
        if found is None or not _is_meant(address, found.raw):
            return None
        return _spot(tree, found.latitude, found.longitude, found.raw)


def _is_meant(address: Address, doc: dict[str, Any]) -> bool:
    """Is this the address that was asked? The Locatieserver always answers with something."""
    shown = SHOWN_NAME.match(str(doc.get("weergavenaam") or ""))
    street = str(doc.get("straatnaam") or (shown["street"] if shown else ""))
    number = str(doc.get("huisnummer") or (shown["number"] if shown else ""))
    postcode = str(doc.get("postcode") or "")
    place = folded(f"{doc.get('weergavenaam')} {doc.get('woonplaatsnaam')}").split()
    return (
        doc.get("type") == "adres"
        and str(doc.get("gemeentecode") or CITY) == CITY
        and number == str(address.number)
        and address.postcode in ("", postcode)
        and (bool(address.postcode) or _are_alike(street, address.street))
        and (not address.city or any(word in place for word in folded(address.city).split()))
    )


def _are_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, _letters(one), _letters(other)).ratio() >= ALIKE


def _letters(name: str) -> str:
    return re.sub(r"[\W\d_]", "", folded(name))


def _spot(tree: AreaTree, lat: float, lon: float, doc: dict[str, Any]) -> Spot | None:
    """The point with its buurt: the one that the Locatieserver names (`BU0363NK03`) when it lies
    there, else the one of our shapes; None outside the city."""
    buurt = tree.buurt_at(lat, lon)
    if buurt is None:
        return None
    told = str(doc.get("buurtcode") or "").removeprefix(f"BU{CITY}")
    named = tree.find_at(AreaLevel.BUURT, told) if told else None
    is_near = named is not None and tree.up_to(named.code, AreaLevel.DISTRICT) == tree.up_to(
        buurt.code, AreaLevel.DISTRICT
    )
    return Spot(lat, lon, named if named and is_near else buurt)
