"""Finding listings and providers: by their address, whole, or only what a list needs."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.models import FormerSlug, Listing, Provider
from socialmap.models.terms import PUBLIC_STATUSES

NOUN = "listing"


def find_public_listing(session: Session, slug: str) -> Listing | None:
    """The listing with this slug as a visitor may see it, loaded whole, or None."""
    query = select(Listing).where(Listing.slug == slug, col(Listing.status).in_(PUBLIC_STATUSES))
    return session.exec(query.options(*Listing.everything())).one_or_none()


def find_new_slug(session: Session, noun: str, slug: str) -> str | None:
    """Where a former address leads now, or None."""
    row = session.get(FormerSlug, (noun, slug))
    return row.now_slug if row else None


def load_listings(session: Session, ids: Iterable[UUID]) -> list[Listing]:
    """These listings with all that they own, in no order."""
    query = select(Listing).where(col(Listing.id).in_(list(ids)))
    return list(session.exec(query.options(*Listing.everything())).all())


def listing_ids(session: Session) -> list[UUID]:
    """The ids of all listings, in the order of their keys."""
    return list(session.exec(select(Listing.id).order_by(col(Listing.key))).all())


def find_provider(session: Session, slug: str) -> Provider | None:
    """The provider with this slug, or None."""
    return session.exec(select(Provider).where(Provider.slug == slug)).one_or_none()


def public_ids_of_provider(session: Session, provider: Provider) -> list[UUID]:
    """The listings of a provider that a visitor may see, by title."""
    query = (
        select(Listing.id)
        .where(Listing.provider_id == provider.id, col(Listing.status).in_(PUBLIC_STATUSES))
        .order_by(col(Listing.title))
    )
    return list(session.exec(query).all())


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
