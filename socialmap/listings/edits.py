"""The one door for changes to listings: row, history, card and outbox in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from socialmap.listings.cards import card_of
from socialmap.geo.tree import AreaTree
from socialmap.listings.values import ListingValues, PlaceValues, ProviderValues, SessionValues
from socialmap.models import (
    Alternative,
    Change,
    Contact,
    Coverage,
    FormerSlug,
    GroupSession,
    ImportedRecord,
    Listing,
    ListingCard,
    ListingPlace,
    ListingTerm,
    ListingTheme,
    Outbox,
    Person,
    Place,
    Provider,
    Team,
)
from socialmap.models.slugs import free_slug
from socialmap.models.terms import (
    ChangeState,
    ContactRole,
    Door,
    Reach,
    TermKind,
    Visibility,
)

NOUN = "listing"
ERASED = "erased"
TERM_FIELDS = {
    "forms": TermKind.FORM,
    "routes": TermKind.ROUTE,
    "audience": TermKind.AUDIENCE,
    "only_for": TermKind.ONLY_FOR,
    "settings": TermKind.SETTING,
    "languages": TermKind.LANGUAGE,
}
RELATED_FIELDS = frozenset(
    {*TERM_FIELDS, "provider", "themes", "places", "coverage", "sessions"}
    | {"alternatives", "contact", "backup"}
)
PLAIN_FIELDS = frozenset(ListingValues.model_fields) - RELATED_FIELDS


@dataclass(frozen=True)
class Author:
    """Who changes something, by which door and when."""

    name: str
    door: Door
    now: datetime
    import_run_id: UUID | None = None


@dataclass(frozen=True)
class Saved:
    """What a save did: which fields changed, and which change by hand was kept and proposed."""

    listing_id: UUID
    is_new: bool
    fields: frozenset[str]
    proposed: frozenset[str] = field(default=frozenset())


class Editor:
    """Saves listings for one author. It flushes; the caller commits.

    Keeps what it has met in this session by name, so that an import of many rows stays fast.
    """

    def __init__(self, session: Session, tree: AreaTree, author: Author) -> None:
        self._session = session
        self._tree = tree
        self._author = author
        self._listings: dict[str, Listing] = {}
        self._imported: dict[UUID, ImportedRecord] = {}
        self._keys = dict(session.exec(select(Listing.key, Listing.id)).all())
        self._keys_by_id = {id: key for key, id in self._keys.items()}
        self._slugs = set(session.exec(select(Listing.slug)).all())
        self._slugs |= set(
            session.exec(select(FormerSlug.slug).where(FormerSlug.noun == NOUN)).all()
        )
        self._people = {person.key: person for person in session.exec(select(Person))}
        self._providers = {provider.name: provider for provider in session.exec(select(Provider))}
        places = session.exec(select(Place)).all()
        self._places = {_place_key(place): place for place in places}
        self._place_slugs = {place.slug for place in places}

    def preload(self, keys: Iterable[str]) -> None:
        """Read these listings together, and forget the ones read before."""
        self._session.flush()
        known = [self._keys[key] for key in keys if key in self._keys]
        query = select(Listing).where(col(Listing.id).in_(known)).options(*Listing.everything())
        self._listings = {listing.key: listing for listing in self._session.exec(query)}
        records = select(ImportedRecord).where(
            ImportedRecord.noun == NOUN, col(ImportedRecord.record_id).in_(known)
        )
        self._imported = {row.record_id: row for row in self._session.exec(records)}

    def known_alternatives(self, values: ListingValues) -> ListingValues:
        """`values` without the alternatives that are not in the directory yet."""
        kept = [key for key in values.alternatives if key in self._keys]
        return values.model_copy(update={"alternatives": kept})

    def save(self, values: ListingValues) -> Saved:
        """Make the listing with this key equal to `values`, and record what changed."""
        with self._session.no_autoflush:
            listing = self._find(values.key)
            if listing is None:
                return self._create(values)
            return self._update(listing, values)

    def _find(self, key: str) -> Listing | None:
        if key not in self._listings and key in self._keys:
            self.preload([key])
        return self._listings.get(key)

    def _create(self, values: ListingValues) -> Saved:
        listing = Listing(
            **{name: getattr(values, name) for name in PLAIN_FIELDS},
            slug=self._new_slug(values.title),
            changed_on=self._author.now.date(),
            terms=[],
            place_links=[],
            contacts=[],
            card=None,
        )
        self._session.add(listing)
        self._listings[values.key] = listing
        self._keys[values.key] = listing.id
        self._keys_by_id[listing.id] = values.key
        self._write_related(listing, values, RELATED_FIELDS)
        self._record(listing.id, "", None, values.as_json())
        self._remember_import(listing, values)
        self._publish(listing)
        return Saved(listing.id, is_new=True, fields=frozenset(ListingValues.model_fields))

    def _update(self, listing: Listing, values: ListingValues) -> Saved:
        before = self.values_of(listing)
        values, proposed = self._keep_changes_by_hand(listing, before, values)
        fields = before.differing(values)
        if fields:
            self._write(listing, before, values, fields)
        return Saved(listing.id, is_new=False, fields=fields, proposed=proposed)

    def _write(
        self, listing: Listing, before: ListingValues, values: ListingValues, fields: frozenset[str]
    ) -> None:
        was_exact = {place.slug for place in listing.places if _is_exact(place)}
        for name in fields & PLAIN_FIELDS:
            setattr(listing, name, getattr(values, name))
        self._write_related(listing, values, fields & RELATED_FIELDS)
        if "title" in fields:
            self._rename(listing)
        listing.changed_on = self._author.now.date()
        old, new = before.as_json(), values.as_json()
        for name in sorted(fields):
            self._record(listing.id, name, old[name], new[name])
        still_exact = {place.slug for place in listing.places if _is_exact(place)}
        is_erasure = "places" in fields and bool(was_exact - still_exact)
        self._publish(listing, is_erasure=is_erasure)
        if is_erasure and any(not _is_exact(place) for place in listing.places):
            self._erase_addresses(listing, was_exact - still_exact)

    def values_of(self, listing: Listing) -> ListingValues:
        """The values of a listing whose relations are loaded, in the shape of an edit."""
        people = {
            contact.role: contact.person.key
            for contact in listing.contacts
            if contact.until_on is None
        }
        plain = {name: getattr(listing, name) for name in PLAIN_FIELDS}
        terms = {name: listing.values_of(kind) for name, kind in TERM_FIELDS.items()}
        return ListingValues.model_validate(
            {
                **plain,
                **terms,
                "provider": listing.provider and ProviderValues.of(listing.provider),
                "themes": listing.theme_ids,
                "places": [PlaceValues.of(place) for place in listing.places],
                "coverage": [row.area_code or str(row.reach) for row in listing.coverage],
                "sessions": [SessionValues.of(row) for row in listing.sessions],
                "alternatives": sorted(
                    self._keys_by_id[row.alternative_id] for row in listing.alternatives
                ),
                "contact": people.get(ContactRole.PRIMARY),
                "backup": people.get(ContactRole.BACKUP),
            }
        )

    # What a listing points to

    def _write_related(
        self, listing: Listing, values: ListingValues, fields: Iterable[str]
    ) -> None:
        fields = set(fields)
        if "provider" in fields:
            listing.provider = values.provider and self._provider(values.provider)
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
            listing.coverage = [_coverage(listing.id, code) for code in values.coverage]
        if "sessions" in fields:
            listing.sessions = [
                GroupSession(listing_id=listing.id, **session.model_dump())
                for session in values.sessions
            ]
        if "alternatives" in fields:
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

    def _write_places(self, listing: Listing, values: ListingValues) -> None:
        wanted = dict.fromkeys(self._place(place).id for place in values.places)
        by_id = {place.id: place for place in self._places.values()}
        kept = {link.place_id: link for link in listing.place_links if link.place_id in wanted}
        links = []
        for at, id in enumerate(wanted):
            link = kept.get(id) or ListingPlace(
                listing_id=listing.id, place_id=id, place=by_id[id]
            )
            link.position = at
            links.append(link)
        listing.place_links = links

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
        provider = self._providers.get(values.name)
        if provider is None:
            taken = {known.slug for known in self._providers.values()}
            provider = Provider(slug=free_slug(values.name, taken), **values.model_dump())
            self._session.add(provider)
            self._providers[values.name] = provider
        elif ProviderValues.of(provider) != values:
            self._change_provider(provider, values)
        return provider

    def _change_provider(self, provider: Provider, values: ProviderValues) -> None:
        before = ProviderValues.of(provider)
        for name, value in values.model_dump().items():
            old = getattr(before, name)
            if old != value:
                setattr(provider, name, value)
                self._record(provider.id, name, old, value, noun="provider")
        others = select(Listing).where(Listing.provider_id == provider.id)
        for listing in self._session.exec(others.options(*Listing.everything())):
            self._publish(listing)

    def _place(self, values: PlaceValues) -> Place:
        """The place of these values; exact ones are shared, as are "ergens in …" and hidden."""
        key = values.identity
        place = self._places.get(key)
        if place is None:
            place = Place(slug=self._place_slug(values), visibility=values.visibility)
            self._session.add(place)
            self._places[key] = place
        self._fill_place(place, values)
        return place

    def _place_slug(self, values: PlaceValues) -> str:
        slug = free_slug(values.title(self._tree), self._place_slugs)
        self._place_slugs.add(slug)
        return slug

    def _fill_place(self, place: Place, values: PlaceValues) -> None:
        code, is_own = values.area_code, values.area_code is not None
        if code is None and values.lat is not None and values.lon is not None:
            buurt = self._tree.buurt_at(values.lat, values.lon)
            code = buurt.code if buurt else None
        for name in ("name", "street", "house_number", "postcode", "lat", "lon"):
            setattr(place, name, getattr(values, name))
        place.area_code = code
        place.area_level = self._tree.get(code).level if code else None
        place.area_is_own = is_own

    # What follows from a change

    def _new_slug(self, title: str) -> str:
        slug = free_slug(title, self._slugs)
        self._slugs.add(slug)
        return slug

    def _rename(self, listing: Listing) -> None:
        old, new = listing.slug, self._new_slug(listing.title)
        listing.slug = new
        moved = update(FormerSlug).where(
            col(FormerSlug.noun) == NOUN, col(FormerSlug.now_slug) == old
        )
        self._session.exec(moved.values(now_slug=new))
        self._session.add(FormerSlug(noun=NOUN, slug=old, now_slug=new))

    def _record(
        self,
        record_id: UUID,
        name: str,
        before: Any,
        after: Any,
        *,
        noun: str = NOUN,
        state: ChangeState = ChangeState.APPLIED,
    ) -> None:
        author = self._author
        self._session.add(
            Change(
                at=author.now,
                by=author.name,
                door=author.door,
                state=state,
                import_run_id=author.import_run_id,
                noun=noun,
                record_id=record_id,
                field=name,
                before=before,
                after=after,
            )
        )

    def _publish(self, listing: Listing, *, is_erasure: bool = False) -> None:
        """Renew the card and tell the index."""
        card = card_of(listing)
        data = card.model_dump(mode="json")
        if listing.card is None:
            listing.card = ListingCard(listing_id=listing.id, slug=card.slug, data=data)
        else:
            listing.card.slug, listing.card.data = card.slug, data
        self._session.add(Outbox(listing_id=listing.id, is_erasure=is_erasure))

    def _keep_changes_by_hand(
        self, listing: Listing, before: ListingValues, values: ListingValues
    ) -> tuple[ListingValues, frozenset[str]]:
        """For an import: what was changed by hand since the last one stays, and the file's
        newer value is proposed instead of written."""
        if self._author.door != Door.IMPORT:
            return values, frozenset()
        record = self._imported.get(listing.id)
        self._remember_import(listing, values)
        if record is None:
            return values, frozenset()
        last, here, new = record_data(record), before.as_json(), values.as_json()
        by_hand = {name for name in new if name in last and here[name] != last[name]}
        proposed = {name for name in by_hand if new[name] not in (last[name], here[name])}
        for name in sorted(proposed):
            self._record(
                listing.id, name, here[name], new[name], state=ChangeState.PROPOSED
            )
        if new != last:
            record.data = new
            record.import_run_id = self._author.import_run_id or record.import_run_id
        kept = {name: getattr(before, name) for name in by_hand}
        return values.model_copy(update=kept), frozenset(proposed)

    def _remember_import(self, listing: Listing, values: ListingValues) -> None:
        run_id = self._author.import_run_id
        if self._author.door != Door.IMPORT or run_id is None or listing.id in self._imported:
            return
        record = ImportedRecord(
            noun=NOUN, record_id=listing.id, import_run_id=run_id, data=values.as_json()
        )
        self._imported[listing.id] = record
        self._session.add(record)

    def _erase_addresses(self, listing: Listing, slugs: set[str]) -> None:
        """Remove what may no longer be kept: the place, unless others use it, and its traces in
        history and in the last import (R12)."""
        self._session.flush()
        for place in [place for place in self._places.values() if place.slug in slugs]:
            if not self._is_used(place):
                del self._places[_place_key(place)]
                self._session.exec(delete(Place).where(col(Place.id) == place.id))
        changes = select(Change).where(Change.noun == NOUN, Change.record_id == listing.id)
        for change in self._session.exec(changes):
            change.before = without_addresses(change.field, change.before)
            change.after = without_addresses(change.field, change.after)
        record = self._session.get(ImportedRecord, (NOUN, listing.id))
        if record is not None:
            record.data = without_addresses("", record.data)

    def _is_used(self, place: Place) -> bool:
        uses = select(ListingPlace.listing_id).where(ListingPlace.place_id == place.id)
        teams = select(Team.id).where(Team.place_id == place.id)
        return bool(self._session.exec(uses).first() or self._session.exec(teams).first())


def record_data(record: ImportedRecord) -> dict[str, Any]:
    """The values of the last import, as a plain mapping."""
    return dict(record.data)


def without_addresses(name: str, value: Any) -> Any:
    """A history value in which exact places are replaced by the word that they were erased."""
    if name == "places" and isinstance(value, list):
        return [
            {"visibility": ERASED} if place.get("visibility") == Visibility.EXACT else place
            for place in value
        ]
    if name == "" and isinstance(value, dict) and "places" in value:
        return {**value, "places": without_addresses("places", value["places"])}
    return value


def _is_exact(place: Place) -> bool:
    return place.visibility == Visibility.EXACT


def _place_key(place: Place) -> str:
    return PlaceValues.of(place).identity


def _coverage(listing_id: UUID, code: str) -> Coverage:
    if code in set(Reach):
        return Coverage(listing_id=listing_id, reach=Reach(code))
    return Coverage(listing_id=listing_id, area_code=code)

