"""A person's entry as it is typed in a form: kept as typed, judged, and turned into values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple, Self

from socialmap.labels import label, listed
from socialmap.listings.values import one_line
from socialmap.models.terms import Cut, DetailKind, DetailVisibility
from socialmap.people.checks import CODES
from socialmap.people.edits import PersonValues

NOBODY = "niemand"
"""Who may see a detail that is not to be kept."""
SHOWN = (*(kind for kind in DetailKind if kind != DetailKind.PHOTO), DetailKind.PHOTO)
"""Details in the order of the form."""
PLAIN = {"naam": "name", "rol": "role", "organisatie": "organisation", "toelichting": "note"}
"""Fields of the form, and what they are called here."""

Form = Mapping[str, Sequence[str]]


class Consented(NamedTuple):
    """By whom, when and until when someone agreed, as typed."""

    by: str = ""
    on: str = ""
    until: str = ""


@dataclass(frozen=True)
class DetailEntry:
    """One detail as typed: what it says, who may see it, and by what consent."""

    value: str = ""
    who: str = ""
    consent: Consented = Consented()

    @property
    def codes(self) -> list[str]:
        """The values of a detail that is several."""
        return [code for code in self.value.split("|") if code]

    @property
    def kept(self) -> tuple[str, str]:
        """What would be kept: the value and who may see it; both empty for nothing."""
        return (self.value, self.who) if self.value and self.who != NOBODY else ("", "")

    def told(self, kind: DetailKind) -> str:
        """What it says, for a reader."""
        if kind == DetailKind.PHOTO:
            return "een foto" if self.value else ""
        terms = {str(term): label(term) for term in CODES.get(kind, ())}
        return listed([terms.get(code, code) for code in self.codes])

    def summary(self, kind: str) -> str:
        """What would be kept and for whom: `06 0000 0096, voor iedereen`."""
        if not self.kept[0]:
            return "niet in de gids"
        who = [label(one) for one in DetailVisibility if one == self.who]
        return ", ".join([self.told(DetailKind(kind)), *who])


@dataclass(frozen=True)
class Entry:
    """What was typed about a person."""

    name: str = ""
    role: str = ""
    organisation: str = ""
    note: str = ""
    is_minor: str = ""
    """`ja` or `nee`; empty where it was not said."""
    consent: Consented = Consented()
    """Asked once, for the details of which it is not said apart."""
    details: Mapping[DetailKind, DetailEntry] = field(default_factory=dict)
    cut: Cut = Cut.UPPER
    is_without_child: bool = False
    """Was it said that no child is on the photo?"""

    @classmethod
    def typed(cls, form: Form) -> Self:
        """What came in with a form: the values of each field by its name."""

        def first(name: str) -> str:
            return next(iter(form.get(name, ())), "").strip()

        def consented(prefix: str = "") -> Consented:
            return Consented(*(first(f"{prefix}{part}") for part in ("door", "op", "tot")))

        details = {
            kind: DetailEntry(
                "|".join(form.get(kind, ())) if kind in CODES else first(kind),
                first(f"{kind}-wie"),
                consented(f"{kind}-"),
            )
            for kind in DetailKind
        }
        return cls(
            **{name: first(of_form) for of_form, name in PLAIN.items()},
            is_minor=first("minderjarig"),
            consent=consented(),
            details=details,
            cut=next((cut for cut in Cut if cut == first("foto-uitsnede")), Cut.UPPER),
            is_without_child="foto-zonder-kind" in form,
        )

    @classmethod
    def of(cls, values: PersonValues) -> Self:
        """What a form begins with: the person as it is now."""
        return cls(
            **{name: getattr(values, name) for name in PLAIN.values()},
            is_minor="nee",
            details={kind: _shown(values, kind) for kind in DetailKind},
        )

    def detail(self, kind: str) -> DetailEntry:
        """What was typed of one detail."""
        return self.details.get(DetailKind(kind), DetailEntry())

    def with_photo(self, name: str) -> Self:
        """The same with another portrait; empty for none."""
        row = replace(self.detail(DetailKind.PHOTO), value=name)
        return replace(self, details={**self.details, DetailKind.PHOTO: row})

    @property
    def version(self) -> str:
        """Tells whether the person is as when the form was given out."""
        return sha256(repr(self).encode()).hexdigest()

    def differing(self, other: Self) -> list[tuple[str, str]]:
        """(label, what the other says) of each field that would be kept otherwise."""
        plain = [
            (of_form, getattr(other, name))
            for of_form, name in PLAIN.items()
            if one_line(getattr(self, name)) != one_line(getattr(other, name))
        ]
        kinds = (kind for kind in SHOWN if self.detail(kind).kept != other.detail(kind).kept)
        return plain + [(label(kind), other.detail(kind).told(kind)) for kind in kinds]


def _shown(values: PersonValues, kind: DetailKind) -> DetailEntry:
    value = values.details.get(kind, "")
    if not value:
        return DetailEntry()
    agreement = values.agreement(kind)
    told, consented = agreement.consent, Consented()
    if told:
        until = told.until.isoformat() if told.until else ""
        consented = Consented(told.by, told.on.isoformat(), until)
    return DetailEntry(value, str(agreement.visibility), consented)
