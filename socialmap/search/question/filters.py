"""The filters of a search: the parameters of API.md, and the values that each may have."""

from socialmap.labels import labels
from socialmap.models.terms import (
    AreaLevel,
    Audience,
    Cost,
    DayPart,
    Form,
    Language,
    Level,
    ListingKind,
    OnlyFor,
    ReferralRoute,
    Setting,
    Weekday,
)

INFORMAL = {"informeel": "informeel", "formeel": "formeel"}
AVAILABLE = {"nu": "nu plek", "wachtlijst": "met wachtlijst"}

FACET_LABELS: dict[str, dict[str, str]] = {
    "niveau": labels(Level),
    "soort": INFORMAL,
    "vorm": labels(Form),
    "route": labels(ReferralRoute),
    "taal": labels(Language),
    "dag": labels(Weekday),
    "dagdeel": labels(DayPart),
    "doelgroep": {**labels(Audience), **labels(OnlyFor)},
    "kosten": labels(Cost),
    "waar": labels(Setting),
    "beschikbaar": AVAILABLE,
    "kind": labels(ListingKind),
}
"""Parameter -> value -> Dutch label; themes and areas get theirs from the tables."""

AREA_PARAMS = {
    "stadsdeel": AreaLevel.DISTRICT,
    "gebied": AreaLevel.ZONE,
    "wijk": AreaLevel.WIJK,
}
