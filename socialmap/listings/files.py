"""How files write listings: the columns, the words of closed lists, and cells that a spreadsheet
would take for a formula."""

import re

from socialmap.models.terms import ListingKind, Status, Visibility

COLUMNS = (
    "id soort titel aanbieder aanbieder_informeel aanbieder_site niveau themas vormen doelgroep "
    "alleen_voor leeftijd_van leeftijd_tm samenvatting beschrijving voor_professionals niet_voor "
    "criteria routes formulieren stappen kosten kosten_toelichting talen waar plek straat "
    "huisnummer postcode lat lon buurt zichtbaarheid werkgebied tijden van tot contact "
    "contact_reserve telefoon mail website beschikbaar wachtweken gemeld_op status gestopt_op "
    "reden alternatieven gecontroleerd_op ritme_maanden ingevoerd_door voorbeeld"
).split()
"""The columns of providers.csv, in their order (API.md)."""
KINDS = {
    "aanbod": ListingKind.OFFER,
    "activiteit": ListingKind.ACTIVITY,
    "plek": ListingKind.PLACE,
    "team": ListingKind.TEAM,
}
STATUSES = {
    "concept": Status.DRAFT,
    "actueel": Status.LIVE,
    "onzeker": Status.UNCERTAIN,
    "tijdelijk-dicht": Status.CLOSED,
    "gestopt": Status.ENDED,
    "ingetrokken": Status.WITHDRAWN,
}
VISIBILITIES = {
    "exact": Visibility.EXACT,
    "gebied": Visibility.AREA,
    "verborgen": Visibility.HIDDEN,
}
YES_OR_NO = {"ja": True, "nee": False}
UNKNOWN = "onbekend"
RUNS = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet may run; or that looks as if it was disarmed already."""


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet runs: `=1+1` becomes `'=1+1`."""
    return f"'{cell}" if RUNS.match(cell) else cell


def as_meant(cell: str) -> str:
    """What a cell said before it was disarmed; any other text as it is (`'s Gravenhekje`)."""
    return cell[1:] if cell.startswith("'") and RUNS.match(cell) else cell
