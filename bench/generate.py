"""Listings in the shape of real ones, as many as wanted, the same for the same seed."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from socialmap.config import DATA
from socialmap.listings.values import (
    ListingValues,
    PlaceValues,
    ProviderValues,
    SessionValues,
)
from socialmap.models.terms import (
    Audience,
    Cost,
    DayPart,
    Form,
    Language,
    Level,
    ListingKind,
    ReferralRoute,
    Room,
    Setting,
    Visibility,
    Weekday,
)

TODAY = date(2026, 11, 23)
VOCABULARY = 14_800
WORDS_PER_TEXT = (60, 140)
LISTINGS_PER_PROVIDER = 4


class Generator:
    """Makes listings from the words of the written offers, mixed into new compounds."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        self._words = self._vocabulary()
        self._weights = list(accumulate(1 / rank for rank in range(2, len(self._words) + 2)))
        self._buurten = _rows("areas.csv", ",")
        self._wijken = sorted({row["wijk_code"] for row in self._buurten})
        self._districts = sorted({row["district_code"] for row in self._buurten})
        self._themes = [row["id"] for row in _rows("themes.csv", ";")]

    def _vocabulary(self) -> list[str]:
        """Words by how common they are, filled up with compounds of two."""
        counts: dict[str, int] = {}
        for row in _rows("providers.csv", ";"):
            for word in f"{row['samenvatting']} {row['beschrijving']}".lower().split():
                plain = "".join(sign for sign in word if sign.isalpha())
                if len(plain) > 1:
                    counts[plain] = counts.get(plain, 0) + 1
        common = sorted(counts, key=lambda word: -counts[word])
        parts = [word for word in common if len(word) > 3]
        while len(common) < VOCABULARY:
            common.append(self._dice.choice(parts) + self._dice.choice(parts))
        return common[:VOCABULARY]

    def text(self, words: int) -> str:
        """So many words, the common ones often."""
        return " ".join(self._dice.choices(self._words, cum_weights=self._weights, k=words))

    def queries(self, count: int, words: int = 2) -> list[str]:
        """Questions of so many words, of middling rarity as people ask them."""
        middling = self._words[50:3000]
        return [" ".join(self._dice.sample(middling, words)) for _ in range(count)]

    def listings(self, count: int) -> Iterator[ListingValues]:
        for number in range(count):
            yield self._listing(number)

    def _listing(self, number: int) -> ListingValues:
        dice = self._dice
        low = dice.choice((None, 0, 4, 6, 8, 12, 16))
        known_room = dice.random() < 0.5
        return ListingValues(
            key=f"bench-{number}",
            kind=dice.choice((ListingKind.OFFER, ListingKind.ACTIVITY)),
            title=self.text(4).capitalize(),
            provider=ProviderValues(
                name=f"Aanbieder {number // LISTINGS_PER_PROVIDER}",
                is_informal=number // LISTINGS_PER_PROVIDER % 2 == 0,
                is_example=True,
            ),
            level=dice.choice(list(Level)),
            themes=dice.sample(self._themes, dice.randint(1, 3)),
            forms=dice.sample(list(Form), dice.randint(1, 2)),
            audience=dice.sample(list(Audience), dice.randint(1, 2)),
            routes=dice.sample(list(ReferralRoute), dice.randint(1, 2)),
            settings=dice.sample(list(Setting), dice.randint(0, 2)),
            languages=dice.sample(list(Language), dice.randint(0, 3)),
            min_age_months=None if low is None else low * 12,
            max_age_months=None if low is None else (low + dice.randint(2, 10)) * 12 + 11,
            summary=self.text(30),
            description=self.text(dice.randint(*WORDS_PER_TEXT)),
            cost=dice.choice((None, *Cost)),
            phone="020 000 0000",
            places=[self._place(number)],
            coverage=self._coverage(),
            sessions=[self._session() for _ in range(dice.randint(0, 2))],
            room=dice.choice(list(Room)) if known_room else None,
            reported_on=TODAY - timedelta(days=dice.randint(0, 60)) if known_room else None,
            confirmed_on=TODAY - timedelta(days=dice.randint(0, 300)),
            is_example=True,
        )

    def _place(self, number: int) -> PlaceValues:
        buurt = self._dice.choice(self._buurten)
        if number % 20 == 0:
            return PlaceValues(visibility=Visibility.AREA, area_code=buurt["wijk_code"])
        return PlaceValues(
            name=f"Plek {number // 3}",
            street="Voorbeeldstraat",
            house_number=str(number),
            postcode="1000AA",
            lat=float(buurt["lat"]) + self._dice.uniform(-0.002, 0.002),
            lon=float(buurt["lon"]) + self._dice.uniform(-0.003, 0.003),
            area_code=buurt["buurt_code"],
        )

    def _coverage(self) -> list[str]:
        draw = self._dice.random()
        if draw < 0.3:
            return ["stad"]
        if draw < 0.6:
            return [self._dice.choice(self._districts)]
        return self._dice.sample(self._wijken, self._dice.randint(1, 3))

    def _session(self) -> SessionValues:
        return SessionValues(
            weekday=self._dice.choice(list(Weekday)), part=self._dice.choice(list(DayPart))
        )


def _rows(name: str, delimiter: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))
