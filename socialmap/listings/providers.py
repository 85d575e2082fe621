"""Providers: which ones there are, shared by their listings."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from socialmap.listings.history import PROVIDER_NOUN, History
from socialmap.listings.values import ProviderValues, one_line
from socialmap.models import Listing, Provider
from socialmap.models.slugs import free_slug


class ProviderBook:
    """Every provider of the directory by its name, so that many edits stay fast."""

    def __init__(self, session: Session, history: History) -> None:
        self._session, self._history = session, history
        providers = session.exec(select(Provider)).all()
        self._by_name = {one_line(provider.name): provider for provider in providers}
        self._slugs = {provider.slug for provider in providers}

    def find(self, name: str) -> ProviderValues | None:
        """What is known of the provider with this name, or None."""
        provider = self._by_name.get(name)
        return ProviderValues.of(provider) if provider else None

    def keep(self, values: ProviderValues) -> tuple[Provider, bool]:
        """The provider of these values, made or changed where needed; and whether one that was
        there already has changed, which all its listings must hear."""
        provider = self._by_name.get(values.name)
        if provider is None:
            return self._add(values), False
        before = ProviderValues.of(provider)
        if before == values:
            return provider, False
        for name, value in values.model_dump().items():
            old = getattr(before, name)
            if old != value:
                setattr(provider, name, value)
                self._history.record(provider.id, name, old, value, noun=PROVIDER_NOUN)
        return provider, True

    def remove_unused(self, providers: Iterable[Provider]) -> None:
        """Remove those of these providers that have no listing any more."""
        for provider in providers:
            used = select(Listing.id).where(col(Listing.provider_id) == provider.id).limit(1)
            if self._session.exec(used).first() is None:
                del self._by_name[one_line(provider.name)]
                self._session.delete(provider)
        self._session.flush()

    def _add(self, values: ProviderValues) -> Provider:
        slug = free_slug(values.name, self._slugs)
        provider = Provider(slug=slug, **values.model_dump())
        self._session.add(provider)
        self._slugs.add(slug)
        self._by_name[values.name] = provider
        return provider
