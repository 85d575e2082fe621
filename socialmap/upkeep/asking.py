"""Asking whether listings are still right: who gets a digest today, and about what (R17).

No state of a listing follows from what was sent: that follows from its dates. What was asked is
kept only so that nobody is asked too often, and running twice, late or never changes no state.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.accounts.permissions import providers_of
from socialmap.geo.tree import AreaTree
from socialmap.listings.cards import Card
from socialmap.models import Account, Listing, ListingCard, ReviewAsk
from socialmap.models.currency import AGAIN_DAYS
from socialmap.models.terms import PUBLIC_STATUSES, AskedAs, Upkeep
from socialmap.upkeep.askable import Circle, home_area, providers_of_listings

TIMES = {AskedAs.EDITOR: 2, AskedAs.WIJK_CONTACT: 1}
"""How often one is asked about a listing in a round."""
QUIET_DAYS = 7
"""So long nobody gets another digest."""
HALF_MONTH_DAYS = 14
"""Nothing goes along with a digest in the first half of its rhythm: so many days a month."""
KEPT_DAYS = 400
"""So long it is known who was asked, longer than the longest rhythm; after that a round begins
again for what nobody answered."""
WITH_CONTACT = frozenset({Upkeep.WITH_CONTACT, Upkeep.STALE, Upkeep.LAPSED})
BATCH = 500


@dataclass(frozen=True)
class Digest:
    """One mail to one account: what it keeps itself, and what it sees to as wijk contact; the
    most pressing first."""

    account: Account
    own: tuple[Card, ...] = ()
    wijk: tuple[Card, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        return self.own + self.wijk


def digests(session: Session, tree: AreaTree, now: datetime, today: date) -> list[Digest]:
    """Who is to be asked today about what, by mail address; changes nothing."""
    circle = Circle(session, tree, now)
    due = list(_due(session, today))
    asks = _Asks(session, today)
    wanted: dict[UUID, _Wanted] = {}
    for card, provider_id in due:
        editors = circle.editors_of(provider_id)
        for account in editors:
            wanted.setdefault(account.id, _Wanted(account)).own.append(card)
        if card.upkeep(today) in WITH_CONTACT or (not editors and card.asked_from <= today):
            for account in circle.contacts_of(home_area(tree, card)):
                if account not in editors:
                    wanted.setdefault(account.id, _Wanted(account)).wijk.append(card)
    found = (one.digest(asks, today) for one in wanted.values())
    return sorted((one for one in found if one), key=lambda one: one.account.mail)


def _due(session: Session, today: date) -> Iterator[tuple[Card, UUID | None]]:
    """The listings that may be asked about, the most overdue first, with their providers."""
    since = sa.func.coalesce(Listing.confirmed_on, Listing.added_on)
    half_way = (
        sa.and_(
            col(Listing.review_months) == months,
            since <= today - timedelta(days=HALF_MONTH_DAYS * months),
        )
        for months in range(1, 13)
    )
    query = select(ListingCard.data).join(Listing, col(Listing.id) == ListingCard.listing_id)
    query = query.where(col(Listing.status).in_(PUBLIC_STATUSES), sa.or_(*half_way))
    found = [Card.model_validate(data) for data in session.exec(query)]
    cards = [card for card in found if not card.is_ended(today) and _early_from(card) <= today]
    cards.sort(key=lambda card: (card.review_due_on, card.title, card.slug))
    providers: dict[UUID, UUID | None] = {}
    for start in range(0, len(cards), BATCH):
        ids = [card.id for card in cards[start : start + BATCH]]
        providers |= providers_of_listings(session, ids)
    return ((card, providers.get(card.id)) for card in cards)


def _early_from(card: Card) -> date:
    """From this day on it goes along with a digest that is sent anyway, so that who keeps many
    listings gets few mails."""
    return card.asked_from - (card.review_due_on - card.asked_from)


class _Asks:
    """What was asked of whom."""

    def __init__(self, session: Session, today: date) -> None:
        self._dates: dict[tuple[UUID, UUID], list[date]] = defaultdict(list)
        self._last: dict[UUID, date] = {}
        query = select(
            col(ReviewAsk.account_id), col(ReviewAsk.listing_id), col(ReviewAsk.asked_on)
        )
        since = today - timedelta(days=KEPT_DAYS)
        for account_id, listing_id, on in session.exec(query.where(ReviewAsk.asked_on > since)):
            self._dates[account_id, listing_id].append(on)
            self._last[account_id] = max(on, self._last.get(account_id, date.min))

    def rests(self, account: Account, today: date) -> bool:
        """Did this account get a digest only just?"""
        last = self._last.get(account.id)
        return last is not None and today < last + timedelta(days=QUIET_DAYS)

    def may_ask(self, account: Account, card: Card, asked_as: AskedAs, today: date) -> bool:
        """An editor twice in a round, a wijk contact once; and both once more when it is out of
        the default results."""
        begin = max(card.counts_from, card.called_on or date.min)
        asked = [on for on in self._dates.get((account.id, card.id), ()) if on > begin]
        if not asked:
            return True
        is_time = today >= max(asked) + timedelta(days=AGAIN_DAYS)
        times = TIMES[asked_as]
        return is_time and (len(asked) < times or (len(asked) == times and card.is_lapsed(today)))


@dataclass
class _Wanted:
    """What one account might be asked."""

    account: Account
    own: list[Card] = field(default_factory=list)
    wijk: list[Card] = field(default_factory=list)

    def digest(self, asks: _Asks, today: date) -> Digest | None:
        """The digest of today; None where nothing presses, or the last one is too fresh."""
        if asks.rests(self.account, today):
            return None
        own, wijk = (
            tuple(card for card in cards if asks.may_ask(self.account, card, asked_as, today))
            for asked_as, cards in (
                (AskedAs.EDITOR, self.own),
                (AskedAs.WIJK_CONTACT, self.wijk),
            )
        )
        is_pressing = bool(wijk) or any(card.asked_from <= today for card in own)
        return Digest(self.account, own, wijk) if is_pressing else None


def own_cards(session: Session, account: Account, now: datetime) -> list[Card]:
    """The public listings that an account keeps itself, the most overdue first."""
    query = select(ListingCard).join(Listing, col(Listing.id) == ListingCard.listing_id)
    query = query.where(
        col(Listing.provider_id).in_(providers_of(account, now)),
        col(Listing.status).in_(PUBLIC_STATUSES),
    )
    cards = [Card.model_validate(row.data) for row in session.exec(query)]
    going_on = [card for card in cards if not card.is_ended(now.date())]
    return sorted(going_on, key=lambda card: (card.review_due_on, card.title, card.slug))


# What was sent


def claim(session: Session, digest: Digest, today: date) -> bool:
    """Keep that this is being sent, before it is; False where another run was first today."""
    first = select(ReviewAsk).where(
        ReviewAsk.account_id == digest.account.id, ReviewAsk.asked_on == today
    )
    if session.exec(first.limit(1)).first() is not None:
        return False
    session.add_all(_rows(digest, today))
    session.flush()
    return True


def _rows(digest: Digest, today: date) -> Iterator[ReviewAsk]:
    for asked_as, cards in ((AskedAs.EDITOR, digest.own), (AskedAs.WIJK_CONTACT, digest.wijk)):
        for card in cards:
            yield ReviewAsk(
                account_id=digest.account.id,
                listing_id=card.id,
                asked_on=today,
                asked_as=asked_as,
            )


def unclaim(session: Session, digest: Digest, today: date) -> None:
    """It was not sent: the next run asks again."""
    _forget(session, ReviewAsk.account_id == digest.account.id, ReviewAsk.asked_on == today)


def forget_asks(session: Session, today: date, *, dry_run: bool = False) -> int:
    """Erase who was asked longer ago than any rhythm; returns how many rows."""
    is_old = ReviewAsk.asked_on <= today - timedelta(days=KEPT_DAYS)
    if dry_run:
        return session.exec(select(sa.func.count()).select_from(ReviewAsk).where(is_old)).one()
    return _forget(session, is_old)


def _forget(session: Session, *which: object) -> int:
    gone = sa.delete(ReviewAsk).where(*which)  # type: ignore[arg-type]
    result = session.execute(gone, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def asked_of(session: Session, ids: Collection[UUID]) -> dict[UUID, date]:
    """When somebody was last asked about each of these listings."""
    last = sa.func.max(ReviewAsk.asked_on)
    query = select(ReviewAsk.listing_id, last).where(col(ReviewAsk.listing_id).in_(ids))
    return dict(session.exec(query.group_by(col(ReviewAsk.listing_id))).all())
