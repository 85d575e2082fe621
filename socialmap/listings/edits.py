"""The one door for changes to listings: row, history, card and outbox in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlmodel import Session, and_, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap.geo.tree import AreaTree
from socialmap.listings.births import Birth, Births, coverage_row, temporary_row
from socialmap.listings.cards import card_of
from socialmap.listings.history import Author, History
from socialmap.listings.places import PlaceBook, is_exact
from socialmap.listings.providers import ProviderBook
from socialmap.listings.sources import NOUN
from socialmap.listings.values import (
    PLAIN_FIELDS,
    RELATED_FIELDS,
    TERM_FIELDS,
    ListingValues,
    PlaceValues,
    ProviderValues,
    in_order,
)
from socialmap.listings.venues import (
    forget_moves,
    has_news,
    others_at,
    venue_changes,
    who_tells_of,
)
from socialmap.models import (
    Alternative,
    Contact,
    Coverage,
    FormerSlug,
    GroupSession,
    Listing,
    ListingCard,
    ListingPlace,
    ListingTerm,
    ListingTheme,
    Outbox,
    Person,
    Place,
    Provider,
    TemporaryChange,
)
from socialmap.models.slugs import free_slug
from socialmap.models.terms import ContactRole

__all__ = ["Author", "Editor", "Saved"]


@dataclass(frozen=True)
class Saved:
    """What a save did: which fields changed, and which change by hand was kept and proposed."""

    listing_id: UUID
    is_new: bool
    fields: frozenset[str]
    proposed: frozenset[str] = field(default=frozenset())
    is_erasure: bool = False
    """An address may no longer be kept: scrub the files of the database after the commit."""


class Editor:
    """Saves listings for one author. It flushes; the caller commits.

    Keeps what it has met in this session by name, so that an import of many rows stays fast.
    """

    def __init__(self, session: Session, tree: AreaTree, author: Author) -> None:
        self._session = session
        self._tree = tree
        self._author = author
        self._listings: dict[str, Listing] = {}
        self._history = History(session, author)
        self._keys = dict(session.exec(select(Listing.key, Listing.id)).all())
        self._keys_by_id = {id: key for key, id in self._keys.items()}
        self._slugs = set(session.exec(select(Listing.slug)).all())
        self._slugs |= set(
            session.exec(select(FormerSlug.slug).where(FormerSlug.noun == NOUN)).all()
        )
        self._people = {person.key: person for person in session.exec(select(Person))}
        self.providers = ProviderBook(session, self._history)
        self._places = PlaceBook(session, tree)
        self._births = Births(session)
        self._venues = venue_changes(session)

    def preload(self, keys: Iterable[str]) -> None:
        """Read these listings together, and forget the ones read before."""
        self._listings = {}
        self._history.forget()
        self._load([self._keys[key] for key in keys if key in self._keys])

    def _load(self, known: list[UUID]) -> None:
        self._session.flush()
        query = select(Listing).where(col(Listing.id).in_(known)).options(*Listing.everything())
        self._listings |= {listing.key: listing for listing in self._session.exec(query)}
        self._history.load(known)

    def knows(self, key: str) -> bool:
        """Is there a listing with this key?"""
        return key in self._keys

    def knows_person(self, key: str) -> bool:
        """Is there a person with this key?"""
        return key in self._people

    def knows_place(self, slug: str) -> bool:
        """Is there a place with this slug that may be shown?"""
        return self._places.knows_exact(slug)

    def known_alternatives(self, values: ListingValues) -> ListingValues:
        """`values` without the alternatives that are not in the directory yet."""
        kept = [key for key in values.alternatives if key in self._keys]
        return values.model_copy(update={"alternatives": kept})

    def save(self, values: ListingValues) -> Saved:
        """Make the listing with this key equal to `values`, and record what changed."""
        with self._session.no_autoflush:
            saved = self._save(values)
            self._births.write()
        return saved

    def save_all(self, many: Sequence[ListingValues]) -> list[Saved]:
        """Save some hundreds of listings together: much faster than one by one."""
        self.preload(values.key for values in many)
        with self._session.no_autoflush:
            saved = [self._save(values) for values in many]
            self._births.write()
        return saved

    def _save(self, values: ListingValues) -> Saved:
        listing = self._find(values.key)
        return self._update(listing, values) if listing else self._create(values)

    def _find(self, key: str) -> Listing | None:
        if key not in self._listings and key in self._keys:
            self._births.write()
            self._load([self._keys[key]])
        return self._listings.get(key)

    def _get(self, key: str) -> Listing:
        listing = self._find(key)
        if listing is None:
            raise KeyError(key)
        return listing

    def _create(self, values: ListingValues) -> Saved:
        people = {ContactRole.PRIMARY: values.contact, ContactRole.BACKUP: values.backup}
        birth = Birth(
            id=uuid4(),
            slug=self._new_slug(values.title),
            values=values,
            provider=self._provider(values.provider) if values.provider else None,
            places=[self._place(place) for place in values.places],
            people={role: self._people[key].id for role, key in people.items() if key},
            alternatives=[self._keys[key] for key in values.alternatives],
            meanwhile={one.place: self._places.get(one.place) for one in values.moves if one.place},
            venues=self._venues,
        )
        self._keys[values.key] = birth.id
        self._keys_by_id[birth.id] = values.key
        self._births.add(birth, self._history.origin(), is_import=self._author.is_import)
        if has_news(None, values):
            self._births.write()
            self._tell_around(birth.id, {place.id for place in birth.places})
        return Saved(birth.id, is_new=True, fields=frozenset(ListingValues.model_fields))

    def _update(self, listing: Listing, values: ListingValues) -> Saved:
        before = self.values_of(listing)
        is_protected = any(not is_exact(place) for place in listing.places)
        values, proposed = self._history.keep_changes_by_hand(
            listing.id, before, values, is_protected=is_protected
        )
        return self._saved(listing, before, values, proposed)

    def _saved(
        self,
        listing: Listing,
        before: ListingValues,
        values: ListingValues,
        proposed: frozenset[str],
    ) -> Saved:
        fields = before.differing(values)
        is_erasure = bool(fields) and self._write(listing, before, values, fields)
        return Saved(listing.id, False, fields, proposed, is_erasure)

    def change_provider(self, values: ProviderValues) -> None:
        """Make the provider with this name equal to `values`."""
        self._provider(values)

    def current(self, key: str) -> ListingValues:
        """The values of a listing as it is now; raises KeyError for an unknown key."""
        return self.values_of(self._get(key))

    def end_missing(self, key: str, reason: str) -> Saved:
        """End a listing that its file no longer names; raises KeyError for an unknown key.

        Where somebody has changed it since, its end is only proposed.
        """
        listing = self._get(key)
        before = self.values_of(listing)
        ended = before.ended(self._author.now.date(), reason)
        with self._session.no_autoflush:
            values, proposed = self._history.end(listing.id, before, ended)
            return self._saved(listing, before, values, proposed)

    def remove(self, keys: Sequence[str]) -> None:
        """Remove these listings, and the places and providers that nothing needs without them.

        Their history stays and says so. What points to one of them loses it: see to that first.
        """
        self.preload(keys)
        listings = [self._get(key) for key in keys]
        places = {place.slug for listing in listings for place in listing.places}
        for listing in listings:
            self._history.record(listing.id, "", self.values_of(listing).as_json(), None)
            self._session.add(Outbox(listing_id=listing.id))
            del self._keys[listing.key], self._listings[listing.key]
            self._session.expunge(listing)  # the database removes what it owns
        self._session.exec(delete(Listing).where(col(Listing.id).in_([one.id for one in listings])))
        slugs = [listing.slug for listing in listings]
        self._session.exec(delete(FormerSlug).where(col(FormerSlug.now_slug).in_(slugs)))
        self._places.erase_unused(places)
        for listing in listings:
            if has_news(self.values_of(listing), None):
                self._tell_around(listing.id, {place.id for place in listing.places})
        providers = {one.provider.id: one.provider for one in listings if one.provider}
        self.providers.remove_unused(providers.values())

    def _write(
        self, listing: Listing, before: ListingValues, values: ListingValues, fields: frozenset[str]
    ) -> bool:
        """Write the fields that differ; returns whether an address may no longer be kept."""
        was_exact = {place.slug for place in listing.places if is_exact(place)}
        was_at = {place.id for place in listing.places}
        for name in fields & PLAIN_FIELDS:
            setattr(listing, name, getattr(values, name))
        self._write_related(listing, values, fields & RELATED_FIELDS)
        if "title" in fields:
            self._rename(listing)
        listing.changed_on = self._author.now.date()
        old, new = before.as_json(), values.as_json()
        for name in sorted(fields):
            self._history.record(listing.id, name, old[name], new[name])
        if has_news(before, values):
            self._tell_around(listing.id, was_at | {place.id for place in listing.places})
        gone = was_exact - {place.slug for place in listing.places if is_exact(place)}
        self._publish(listing, is_erasure=bool(gone))
        if not gone or all(is_exact(place) for place in listing.places):
            return False
        self._erase_addresses(listing, gone)
        return True

    def renew(self, ids: Iterable[UUID]) -> None:
        """Renew the cards of these listings and tell the index, for what changes around them:
        the shapes of areas, not their own values."""
        self._publish_all(select(Listing).where(col(Listing.id).in_(list(ids))))

    def values_of(self, listing: Listing) -> ListingValues:
        """The values of a listing whose relations are loaded, in the shape of an edit."""
        return ListingValues.of(listing, self._keys_by_id)

    # What a listing points to

    def _write_related(
        self, listing: Listing, values: ListingValues, fields: Iterable[str]
    ) -> None:
        fields = set(fields)
        if "provider" in fields:
            listing.provider = self._provider(values.provider) if values.provider else None
        if "themes" in fields:
            listing.theme_links = [
                ListingTheme(listing_id=listing.id, theme_id=id, position=at)
                for at, id in enumerate(values.themes)
            ]
        if fields & TERM_FIELDS.keys():
            self._write_terms(listing, values)
        if "places" in fields:
            self._write_places(listing, values)
        if "coverage" in fields:
            self._write_coverage(listing, values)
        if "sessions" in fields:
            listing.sessions = [
                GroupSession(listing_id=listing.id, **session.model_dump())
                for session in values.sessions
            ]
        if fields & {"temporary", "moves"}:
            self._write_temporary(listing, values)
        if "alternatives" in fields:
            self._births.write()  # one of them may be new
            listing.alternatives = [
                Alternative(listing_id=listing.id, alternative_id=self._keys[key])
                for key in values.alternatives
            ]
        if fields & {"contact", "backup"}:
            self._write_contacts(listing, values)

    def _write_terms(self, listing: Listing, values: ListingValues) -> None:
        wanted = {
            (kind, str(term)): at
            for name, kind in TERM_FIELDS.items()
            for at, term in enumerate(getattr(values, name))
        }
        kept = [row for row in listing.terms if (row.kind, row.term) in wanted]
        for row in kept:
            row.position = wanted.pop((row.kind, row.term))
        listing.terms = kept + [
            ListingTerm(listing_id=listing.id, kind=kind, term=term, position=at)
            for (kind, term), at in wanted.items()
        ]

    def _write_coverage(self, listing: Listing, values: ListingValues) -> None:
        listing.coverage = []
        self._session.flush()  # the old rows go before the same ones come again, in their new order
        listing.coverage = [Coverage(**coverage_row(listing.id, code)) for code in values.coverage]

    def _write_places(self, listing: Listing, values: ListingValues) -> None:
        places = {place.id: place for place in map(self._place, values.places)}
        kept = {link.place_id: link for link in listing.place_links}
        links = []
        for at, (id, place) in enumerate(places.items()):
            link = kept.get(id) or ListingPlace(listing_id=listing.id, place_id=id, place=place)
            link.position = at
            links.append(link)
        listing.place_links = links

    def _write_temporary(self, listing: Listing, values: ListingValues) -> None:
        rows = []
        for change in in_order([*values.temporary, *values.moves]):
            place = self._places.get(change.place) if change.place else None
            rows.append(TemporaryChange(**temporary_row(listing.id, change, place), place=place))
        listing.temporary = rows

    def _write_contacts(self, listing: Listing, values: ListingValues) -> None:
        today = self._author.now.date()
        wanted = {ContactRole.PRIMARY: values.contact, ContactRole.BACKUP: values.backup}
        current = [contact for contact in listing.contacts if contact.until_on is None]
        leaving = [contact for contact in current if contact.person.key != wanted[contact.role]]
        for contact in leaving:
            contact.until_on = today
        if leaving:
            self._session.flush()  # the old contact ends before the new one begins
        held = {contact.role for contact in current if contact.until_on is None}
        for role, key in wanted.items():
            if key and role not in held:
                person = self._people[key]
                listing.contacts.append(
                    Contact(
                        person_id=person.id,
                        person=person,
                        listing_id=listing.id,
                        role=role,
                        from_on=today,
                    )
                )

    def _provider(self, values: ProviderValues) -> Provider:
        """The provider of these values; the cards of its listings follow when it changes."""
        provider, has_changed = self.providers.keep(values)
        if has_changed:
            self._publish_all(select(Listing).where(Listing.provider_id == provider.id))
        return provider

    def _place(self, values: PlaceValues) -> Place:
        """The place of these values; the cards of others there follow when it changes."""
        place, has_changed = self._places.keep(values)
        if has_changed:
            self._publish_all(select(Listing).where(col(Listing.id).in_(who_tells_of(place))))
        return place

    # What follows from a change

    def _new_slug(self, title: str) -> str:
        slug = free_slug(title, self._slugs)
        self._slugs.add(slug)
        return slug

    def _rename(self, listing: Listing) -> None:
        """Give a listing the address of its new title; of its former ones one may be its again."""
        old = listing.slug
        own = and_(col(FormerSlug.noun) == NOUN, col(FormerSlug.now_slug) == old)
        self._slugs -= set(self._session.exec(select(FormerSlug.slug).where(own)).all())
        listing.slug = new = self._new_slug(listing.title)
        self._session.exec(delete(FormerSlug).where(own, col(FormerSlug.slug) == new))
        former = self._session.exec(select(FormerSlug).where(own)).all()
        for one in [*former, FormerSlug(noun=NOUN, slug=old, now_slug=new)]:
            one.now_slug = new
            self._session.add(one)
            self._slugs.add(one.slug)

    def _publish(self, listing: Listing, *, is_erasure: bool = False) -> None:
        """Renew the card and tell the index."""
        card = card_of(listing, self._venues)
        data = card.model_dump(mode="json")
        if listing.card is None:
            listing.card = ListingCard(listing_id=listing.id, slug=card.slug, data=data)
        else:
            listing.card.slug, listing.card.data = card.slug, data
        self._session.add(Outbox(listing_id=listing.id, is_erasure=is_erasure))

    def _publish_all(self, query: SelectOfScalar[Listing]) -> None:
        """Renew the cards of listings that something they share has changed."""
        for listing in self._session.exec(query.options(*Listing.everything())):
            self._publish(listing)

    def _tell_around(self, venue_id: UUID, place_ids: set[UUID]) -> None:
        """Renew the cards of what is given at the places of a venue that tells something new."""
        self._session.flush()
        self._venues = venue_changes(self._session)
        self._publish_all(others_at(place_ids, but=venue_id))

    def _erase_addresses(self, listing: Listing, slugs: set[str]) -> None:
        """Remove what may no longer be kept: the place, unless others use it, and its traces in
        history and in the last import (R12)."""
        self._session.flush()
        told = forget_moves(self._session, slugs, listing.id, self._author.now.date())
        self._publish_all(select(Listing).where(col(Listing.id).in_(told)))
        self._places.erase_unused(slugs)
        self._history.erase_addresses(listing.id)
