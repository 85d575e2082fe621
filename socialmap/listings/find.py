"""Finding listings and providers: by their address, whole, or only what a list needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.listings.values import ListingValues
from socialmap.models import FormerSlug, Listing, ListingPlace, ListingTheme, Place, Provider
from socialmap.models.terms import PUBLIC_STATUSES, ListingKind, Status, Visibility

NOUN = "listing"
MOST_RELATED = 60
CHUNK = 300
"""So many listings are read together."""


@dataclass(frozen=True)
class NamedListing:
    """What a listing is called, whose it is and where: enough to know it again."""

    key: str
    title: str
    kind: ListingKind
    provider: str | None
    postcodes: frozenset[str]


def find_public_listing(session: Session, slug: str) -> Listing | None:
    """The listing with this slug as a visitor may see it, loaded whole, or None."""
    query = select(Listing).where(Listing.slug == slug, col(Listing.status).in_(PUBLIC_STATUSES))
    return session.exec(query.options(*Listing.everything())).one_or_none()


def find_new_slug(session: Session, noun: str, slug: str) -> str | None:
    """Where a former address leads now, or None."""
    row = session.get(FormerSlug, (noun, slug))
    return row.now_slug if row else None


def public_ids(session: Session, slugs: Iterable[str]) -> dict[str, UUID]:
    """The listings at these addresses that a visitor may see, by address and in their order; a
    former address leads on."""
    asked = list(dict.fromkeys(slugs))
    found = _public_ids(session, asked)
    moved = select(FormerSlug.slug, FormerSlug.now_slug).where(
        FormerSlug.noun == NOUN, col(FormerSlug.slug).in_(set(asked) - found.keys())
    )
    now = dict(session.exec(moved).all())
    led_on = _public_ids(session, now.values())
    found |= {slug: led_on[to] for slug, to in now.items() if to in led_on}
    return {slug: found[slug] for slug in asked if slug in found}


def _public_ids(session: Session, slugs: Iterable[str]) -> dict[str, UUID]:
    query = select(Listing.slug, Listing.id).where(
        col(Listing.slug).in_(list(slugs)), col(Listing.status).in_(PUBLIC_STATUSES)
    )
    return dict(session.exec(query).all())


def load_listings(session: Session, ids: Iterable[UUID]) -> list[Listing]:
    """These listings with all that they own, in no order."""
    query = select(Listing).where(col(Listing.id).in_(list(ids)))
    return list(session.exec(query.options(*Listing.everything())).all())


def find_listing(session: Session, slug: str) -> Listing | None:
    """The listing with this slug, public or not, loaded whole, or None."""
    query = select(Listing).where(Listing.slug == slug)
    return session.exec(query.options(*Listing.everything())).one_or_none()


def find_listing_by_id(session: Session, id: UUID) -> Listing:
    """This listing, loaded whole; raises NoResultFound when it is gone."""
    query = select(Listing).where(Listing.id == id)
    return session.exec(query.options(*Listing.everything())).one()


def related_ids(session: Session, values: ListingValues) -> list[UUID]:
    """What can stand in the place of a listing: its alternatives, then what shares its first
    theme, by title; at most `MOST_RELATED`."""
    alike = select(ListingTheme.listing_id).where(col(ListingTheme.theme_id).in_(values.themes[:1]))
    query = select(Listing.id, Listing.key, Listing.title).where(
        Listing.key != values.key,
        sa.or_(col(Listing.id).in_(alike), col(Listing.key).in_(values.alternatives)),
        col(Listing.status).in_(PUBLIC_STATUSES),
        Listing.kind != ListingKind.PLACE,
    )
    rows = session.exec(query).all()
    ranked = sorted(rows, key=lambda row: (row[1] not in values.alternatives, row[2]))
    return [id for id, _, _ in ranked[:MOST_RELATED]]


def keys_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The keys of these listings, by id."""
    query = select(Listing.id, Listing.key).where(col(Listing.id).in_(list(ids)))
    return dict(session.exec(query).all())


def listings_by_key(session: Session, keys: Iterable[str]) -> dict[str, Listing]:
    """These listings by their key, without what they own; unknown keys are left out."""
    query = select(Listing).where(col(Listing.key).in_(list(keys)))
    return {listing.key: listing for listing in session.exec(query)}


def listing_ids(session: Session) -> list[UUID]:
    """The ids of all listings, in the order of their keys."""
    return list(session.exec(select(Listing.id).order_by(col(Listing.key))).all())


def named_listings(session: Session) -> list[NamedListing]:
    """Every listing that was not withdrawn, as far as it is known again by."""
    here = select(ListingPlace.listing_id, Place.postcode).join(
        Place, col(Place.id) == ListingPlace.place_id
    )
    postcodes: dict[UUID, set[str]] = {}
    for id, postcode in session.exec(here):
        postcodes.setdefault(id, set()).update({postcode} if postcode else ())
    owners = select(Listing.id, Provider.name).join(
        Provider, col(Provider.id) == Listing.provider_id
    )
    provider_of = dict(session.exec(owners).all())
    query = select(Listing.id, Listing.key, Listing.title, Listing.kind)
    return [
        NamedListing(
            key, title, ListingKind(kind), provider_of.get(id), frozenset(postcodes.get(id, ()))
        )
        for id, key, title, kind in session.exec(query.where(Listing.status != Status.WITHDRAWN))
    ]


def all_values(session: Session) -> Iterator[ListingValues]:
    """What is said of every listing, public or not, in the order of their keys."""
    key_of = dict(session.exec(select(Listing.id, Listing.key)).all())
    ids = sorted(key_of, key=lambda id: key_of[id])
    for start in range(0, len(ids), CHUNK):
        found = load_listings(session, ids[start : start + CHUNK])
        yield from (
            ListingValues.of(listing, key_of) for listing in sorted(found, key=lambda one: one.key)
        )
        session.expunge_all()


def values_of_listings(session: Session, listings: Iterable[Listing]) -> dict[UUID, ListingValues]:
    """What is said of these listings, which are loaded whole, by id."""
    wanted = list(listings)
    pointed_to = {row.alternative_id for listing in wanted for row in listing.alternatives}
    query = select(Listing.id, Listing.key).where(col(Listing.id).in_(pointed_to))
    key_of = dict(session.exec(query).all())
    return {listing.id: ListingValues.of(listing, key_of) for listing in wanted}


def find_provider(session: Session, slug: str) -> Provider | None:
    """The provider with this slug, or None."""
    return session.exec(select(Provider).where(Provider.slug == slug)).one_or_none()


def provider_names(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """The names of these providers, by slug; unknown ones are left out."""
    names = select(Provider.slug, Provider.name).where(col(Provider.slug).in_(list(slugs)))
    return dict(session.exec(names).all())


def public_ids_of_provider(session: Session, provider: Provider) -> list[UUID]:
    """The listings of a provider that a visitor may see, by title."""
    query = (
        select(Listing.id)
        .where(Listing.provider_id == provider.id, col(Listing.status).in_(PUBLIC_STATUSES))
        .order_by(col(Listing.title))
    )
    return list(session.exec(query).all())


def public_ids_at(session: Session, place_ids: Iterable[UUID]) -> list[UUID]:
    """What a visitor may see of all that is given at these places, by title; not the places."""
    here = select(ListingPlace.listing_id).where(col(ListingPlace.place_id).in_(list(place_ids)))
    query = (
        select(Listing.id)
        .where(col(Listing.id).in_(here), col(Listing.status).in_(PUBLIC_STATUSES))
        .where(Listing.kind != ListingKind.PLACE)
        .order_by(col(Listing.title))
    )
    return list(session.exec(query).all())


def open_places(session: Session) -> list[Place]:
    """The exact places with a name or a street where something public is, by their slug."""
    here = (
        select(ListingPlace.place_id)
        .join(Listing, col(Listing.id) == ListingPlace.listing_id)
        .where(col(Listing.status).in_(PUBLIC_STATUSES))
    )
    query = select(Place).where(
        Place.visibility == Visibility.EXACT,
        sa.or_(col(Place.name).is_not(None), col(Place.street).is_not(None)),
        col(Place.id).in_(here),
    )
    return list(session.exec(query.order_by(col(Place.slug))).all())


def public_addresses(session: Session) -> list[tuple[str, str]]:
    """(slug, last change) of every public listing that is not an example, for the sitemap."""
    query = (
        select(col(Listing.slug), col(Listing.changed_on))
        .where(col(Listing.status).in_(PUBLIC_STATUSES), col(Listing.is_example).is_(False))
        .order_by(col(Listing.slug))
    )
    return [(slug, changed.isoformat()) for slug, changed in session.exec(query)]


def listing_keys(session: Session) -> list[str]:
    """The keys of all listings, as files name them."""
    return list(session.exec(select(Listing.key)).all())


def keys_by_slug(session: Session) -> dict[str, str]:
    """The key of every listing, by its slug."""
    return dict(session.exec(select(Listing.slug, Listing.key)).all())
