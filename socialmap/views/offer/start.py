"""The first form of a new offer: what it is called, who offers it, and whom we tell."""

from collections.abc import Mapping
from datetime import date

from socialmap.models import Account
from socialmap.models.terms import ConsentWay
from socialmap.reviews.offers import HELPERS, Consent, Start
from socialmap.views.edit.reader import Reader, Typed

FIRST_NAME = 30
NAMELESS = "Hoe heet het aanbod? Zonder naam vindt niemand het."
NOBODY = "Wie biedt het aan? Schrijf de naam van de organisatie of de groep."
MAILLESS = "Vul een mailadres in. Daar horen wij u en hoort u ons."
INFORMAL = {
    "ja": "Bewoners of vrijwilligers",
    "nee": "Een organisatie met beroepskrachten",
}
OWN, OTHER = "zelf", "ander"
FOR_WHOM = {
    OWN: "Ik voer mijn eigen aanbod in",
    OTHER: "Ik voer dit in voor een vrijwilliger of bewoner",
}


def is_helper(account: Account | None) -> bool:
    """May this account enter an offer for a volunteer or a resident?"""
    return account is not None and account.ended_on is None and account.has_role(*HELPERS)


def read_start(
    typed: Typed, account: Account | None, today: date
) -> tuple[Start | None, Mapping[str, str]]:
    """How an offer begins, or what is wrong by box. `account` is who is signed in."""
    reader = Reader(typed)
    is_for_other = is_helper(account) and reader.raw("voor") == OTHER
    title = reader.line("title", missing=NAMELESS)
    provider = reader.line("provider", missing=NOBODY)
    informal = read_informal(reader)
    mail = account.mail if is_for_other and account else reader.mail("mail")
    if not mail:
        reader.fail("mail", MAILLESS)
    consent = _consent(reader, today) if is_for_other else None
    if reader.errors:
        return None, reader.errors
    return Start(title, provider, informal, mail or "", consent), {}


def read_informal(reader: Reader) -> bool:
    """Is it offered by people without a profession in it? One has to be chosen."""
    chosen = reader.raw("informal")
    if chosen not in INFORMAL:
        reader.fail("informal", "Kies wie het aanbiedt.")
    return chosen == "ja"


def _consent(reader: Reader, today: date) -> Consent | None:
    name = reader.line("consent_name", longest=FIRST_NAME, missing="Vul in wie toestemming gaf.")
    on = reader.day("consent_on", missing="Schrijf op welke dag u toestemming kreeg.")
    how = reader.one_of("consent_how", ConsentWay, missing="Kies hoe u toestemming kreeg.")
    if on and on > today:
        reader.fail("consent_on", "Deze dag moet nog komen. Kijk de datum na.")
    if reader.raw("consent_told") != "ja":
        reader.fail("consent_told", "Vertel eerst dat de toestemming altijd terug kan.")
    return Consent(name, on, how) if on and how else None
