"""What an edit page needs: the listing, who asks, what may be done, and the form of the part."""

from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from flask import abort, current_app, redirect, request, url_for

from socialmap import db, people, reviews
from socialmap.geo.geocoder import Address, AddressFinder, SilentError, Spot
from socialmap.geo.tree import area_tree
from socialmap.listings import find
from socialmap.listings.values import ListingValues
from socialmap.models import Account, Listing
from socialmap.models.terms import Part
from socialmap.reviews.parts import FIELDS, FOR_CHECKERS
from socialmap.views import doors
from socialmap.views.clock import today
from socialmap.views.edit.contact import ContactForm
from socialmap.views.edit.forms import Around, PartForm
from socialmap.views.edit.places import PlacesForm
from socialmap.views.edit.room import EndForm, RoomForm
from socialmap.views.edit.temporary import TemporaryForm
from socialmap.views.edit.texts import AccessForm, KindForm, RhythmForm, TextForm
from socialmap.views.edit.times import TimesForm
from socialmap.views.edit.who import WhoForm
from socialmap.views.rights import is_own, may_check_listing

FORMS: dict[Part, PartForm] = {
    Part.ROOM: RoomForm(),
    Part.TEXT: TextForm(),
    Part.WHO: WhoForm(),
    Part.ACCESS: AccessForm(),
    Part.WHEN: TimesForm(),
    Part.WHERE: PlacesForm(),
    Part.CONTACT: ContactForm(),
    Part.TEMPORARY: TemporaryForm(),
    Part.RHYTHM: RhythmForm(),
    Part.END: EndForm(),
    Part.KIND: KindForm(),
}


WAITS = {
    Part.TEXT: "Tekst staat er meteen. Een nieuwe naam kijken wij eerst na.",
    Part.WHERE: (
        "Een nieuw adres of werkgebied kijken wij eerst na. Een adres verbergen gaat meteen."
    ),
    Part.CONTACT: (
        "Telefoon, mail en website staan er meteen. Een andere persoon kijken wij eerst na."
    ),
    Part.TEMPORARY: "Een andere plek kijken wij eerst na. De rest staat er meteen.",
    Part.END: "Even dicht staat er meteen. Dat het gestopt is, kijken wij eerst na.",
}
"""What is said of the parts of which something waits for a check."""


@dataclass(frozen=True)
class Desk:
    """Who edits which listing, and whether that need not be checked."""

    account: Account
    listing: Listing
    may_check: bool
    values: ListingValues
    seen: int
    """The last change of the listing that this page shows."""

    @property
    def parts(self) -> list[Part]:
        """The parts of the form for this account."""
        return [part for part in Part if self.may_check or part not in FOR_CHECKERS]

    def fields_of(self, part: Part) -> tuple[str, ...]:
        """What a part is about."""
        return FIELDS[part]

    def waits(self, part: Part) -> str:
        """What is said of a part of which something waits for a check; empty where nothing does."""
        return "" if self.may_check else WAITS.get(part, "")

    def around(self) -> Around:
        """What the forms need to know besides what was typed."""
        session = db.session()
        found = partial(
            people.choices,
            session,
            self.account,
            today(),
            provider_id=self.listing.provider_id,
            listing_id=self.listing.id,
        )
        return Around(session, area_tree(session), today(), self.values, found, located)


def listing_or_404(slug: str) -> Listing:
    """The listing with this slug, public or not; a former address leads on when it is read."""
    session = db.session()
    found = find.find_listing(session, slug)
    if found is None:
        _lead_on(find.find_new_slug(session, find.NOUN, slug))
    return found


def _lead_on(slug: str | None) -> NoReturn:
    """Lead a reader of a former address on; there is nothing else under it."""
    if slug is None or request.method not in doors.READS or request.endpoint is None:
        abort(404)
    told = dict(request.view_args or {}, slug=slug)
    abort(redirect(url_for(request.endpoint, **told), 302))


def desk_or_403(slug: str, account: Account) -> Desk:
    """The listing that this account may edit; refuses others."""
    desk = desk_of(listing_or_404(slug), account)
    if desk is None:
        abort(403)
    return desk


def desk_of(listing: Listing, account: Account) -> Desk | None:
    """A listing as this account may edit it; None where it may not."""
    may_check = may_check_listing(account, listing)
    if not (may_check or is_own(account, listing)):
        return None
    session = db.session()
    values = reviews.values_of(session, listing)
    return Desk(account, listing, may_check, values, reviews.last_change(session, listing.id))


def part_or_404(name: str, desk: Desk) -> Part:
    """The part with this name, if this account has it."""
    if name not in set(desk.parts):
        abort(404)
    return Part(name)


def located(address: Address) -> Spot | None:
    """Where an address is; None where that is not looked up, not known, or not answered."""
    finder: AddressFinder | None = current_app.extensions["addresses"]
    if finder is None:
        return None
    try:
        return finder.find(area_tree(db.session()), address)
    except SilentError:
        return None
