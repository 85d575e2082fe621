"""Claims: who works for a provider asks to keep its listings, and who may say no is told.

With a mail address of the provider's own website the role begins by itself, 48 hours after they
were told; else it waits for one of them. What is to be sent is returned: the page sends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap import accounts
from socialmap.accounts import permissions
from socialmap.geo.tree import AreaTree
from socialmap.models import (
    Account,
    AccountRole,
    Claim,
    Coverage,
    Listing,
    ListingPlace,
    Place,
)
from socialmap.models.terms import ClaimState, Role, Status
from socialmap.reviews.domains import is_own

NOTICE = timedelta(hours=48)
"""So long those who may stop a claim have to do so."""
UNCONFIRMED = timedelta(days=2)
"""So long a claim is kept that nobody confirms, and the account that was made for it."""
KEPT = timedelta(days=365)
"""So long a claim is kept after it was confirmed and came to an end."""
UNDONE = (ClaimState.REFUSED, ClaimState.STOPPED)
Areas = dict[UUID, frozenset[str]]
"""Codes of the areas in which providers have listings."""


@dataclass(frozen=True)
class Asked:
    """An account that asks, and its claim; without one where it edits for the provider already."""

    account: Account
    claim: Claim | None


@dataclass(frozen=True)
class Confirmed:
    """A claim that waits, and who is to be told of it."""

    claim: Claim
    tell: tuple[Account, ...]
    may_run: bool
    """Once they were told, may it begin by itself?"""


# Asking


def ask(
    session: Session,
    provider_id: UUID,
    mail: str,
    name: str,
    words: str,
    now: datetime,
    today: date,
) -> Asked | None:
    """Keep what someone asks from a folded mail address; None for an account that has ended.

    Anyone can type any address, so that nothing of an account or of a confirmed claim changes.
    """
    forget_old(session, now)
    account = accounts.account_for(session, mail, today)
    if account.ended_on is not None:
        return None
    if account.edits(provider_id, now):
        return Asked(account, None)
    claim = _present(session, account.id, provider_id, now)
    if claim is None:
        claim = Claim(
            account_id=account.id,
            provider_id=provider_id,
            name=name,
            state=ClaimState.ASKED,
            asked_at=now,
        )
        session.add(claim)
    if claim.state == ClaimState.ASKED:
        claim.name, claim.words, claim.asked_at = name, words, now
    session.flush()
    return Asked(account, claim)


def _present(session: Session, account_id: UUID, provider_id: UUID, now: datetime) -> Claim | None:
    """The claim of an account that is open, or runs."""
    query = select(Claim).where(Claim.account_id == account_id, Claim.provider_id == provider_id)
    known = session.exec(query).all()
    return next((one for one in known if _is_open(one, now)), None)


def _is_open(claim: Claim, now: datetime) -> bool:
    return claim.state == ClaimState.ASKED or claim.is_waiting(now)


def forget_old(session: Session, now: datetime) -> int:
    """Erase old claims, and the accounts that were made for them and came to nothing; returns how
    many claims."""
    is_unconfirmed = col(Claim.state) == ClaimState.ASKED
    is_waiting = col(Claim.state) == ClaimState.CONFIRMED
    ended_at = sa.func.coalesce(Claim.decided_at, Claim.from_at, Claim.confirmed_at)
    old = sa.or_(
        sa.and_(is_unconfirmed, col(Claim.asked_at) < now - UNCONFIRMED),
        sa.and_(sa.not_(sa.or_(is_unconfirmed, is_waiting)), ended_at < now - KEPT),
    )
    claims = session.exec(select(Claim).where(old)).all()
    for claim in claims:
        session.delete(claim)
        session.flush()
        accounts.erase_unused(session, claim.account_id)
    return len(claims)


# Finding


def whole() -> SelectOfScalar[Claim]:
    """A query of claims with their provider and account, and its roles."""
    account = joinedload(Claim.account).selectinload(Account.roles)  # type: ignore[arg-type]
    return select(Claim).options(joinedload(Claim.provider), account)  # type: ignore[arg-type]


def find_claim(session: Session, id: UUID) -> Claim | None:
    """A claim with its provider and account; None when it was erased, also with its provider."""
    return session.exec(whole().where(Claim.id == id)).first()


def find_own_claim(session: Session, id: UUID, account: Account) -> Claim | None:
    """A claim that this account made, or None."""
    claim = find_claim(session, id)
    return claim if claim is not None and claim.account_id == account.id else None


def find_claim_to_decide(
    session: Session, tree: AreaTree, id: UUID, account: Account, now: datetime
) -> Claim | None:
    """A claim that was confirmed and on which this account may decide; never on one's own."""
    claim = find_claim(session, id)
    if claim is None or claim.state == ClaimState.ASKED or claim.account_id == account.id:
        return None
    areas = areas_of(session, [claim.provider_id])[claim.provider_id]
    may = permissions.can_admit(account, tree, claim.provider_id, areas, now)
    return claim if may else None


def waiting_claims(
    session: Session, tree: AreaTree, account: Account, now: datetime
) -> list[Claim]:
    """What waits for a decision of this account or can still be stopped by it, the oldest first."""
    open_states = col(Claim.state).in_((ClaimState.CONFIRMED, ClaimState.RUNNING))
    query = whole().where(open_states, Claim.account_id != account.id)
    found = session.exec(query.order_by(col(Claim.confirmed_at), col(Claim.id))).all()
    waiting = [claim for claim in found if is_undecided(claim, now)]
    areas = areas_of(session, {claim.provider_id for claim in waiting})
    return [
        claim
        for claim in waiting
        if permissions.can_admit(account, tree, claim.provider_id, areas[claim.provider_id], now)
    ]


def claims_by(session: Session, account: Account, now: datetime) -> list[Claim]:
    """What this account asked and does not have yet, the oldest first."""
    query = whole().where(Claim.account_id == account.id).order_by(col(Claim.asked_at))
    mine = session.exec(query).all()
    return [one for one in mine if one.state == ClaimState.ASKED or is_undecided(one, now)]


def is_undecided(claim: Claim, now: datetime) -> bool:
    """Does a whole claim wait? Not where the role was given, or the account ended, meanwhile."""
    has_role = claim.account.edits(claim.provider_id, now)
    return claim.is_waiting(now) and not has_role and claim.account.ended_on is None


# Confirming


def confirm(session: Session, tree: AreaTree, claim: Claim, now: datetime) -> Confirmed | None:
    """The mailbox says yes, and the claim waits; None where it said so before."""
    if claim.state != ClaimState.ASKED:
        return None
    claim.state, claim.confirmed_at = ClaimState.CONFIRMED, now
    claim.account.name = claim.account.name or claim.name
    session.flush()
    may_run = may_begin(session, tree, claim, now)
    return Confirmed(claim, who_decide(session, tree, claim, now), may_run)


def may_begin(session: Session, tree: AreaTree, claim: Claim, now: datetime) -> bool:
    """May it begin by itself: with an address of the provider's own, someone to tell, and no
    earlier claim on this provider that was turned down?"""
    undone = select(Claim.id).where(Claim.provider_id == claim.provider_id)
    if session.exec(undone.where(col(Claim.state).in_(UNDONE))).first() is not None:
        return False
    is_proven = is_own(claim.account.mail, claim.provider.website)
    return is_proven and bool(who_decide(session, tree, claim, now))


def begin(session: Session, claim: Claim, now: datetime) -> None:
    """All were told: let the role begin 48 hours from now, unless someone decided meanwhile."""
    if claim.state != ClaimState.CONFIRMED:
        return
    claim.state, claim.from_at = ClaimState.RUNNING, now + NOTICE
    accounts.make_editor(session, claim.account, claim.provider_id, claim.from_at)


def who_decide(
    session: Session, tree: AreaTree, claim: Claim, now: datetime
) -> tuple[Account, ...]:
    """Who is told of a claim: the editors of the provider and the nearest wijk contacts of its
    areas; where there are none of these, the redacteurs. Never who made it."""
    areas = areas_of(session, [claim.provider_id])[claim.provider_id]
    held = _holders(session, now, but=claim.account_id)
    contacts = [one for code in sorted(areas) for one in _nearest(tree, code, held)]
    redacteurs = held.get((Role.REDACTEUR, None), [])
    editors = accounts.editors_of(session, claim.provider_id, now)
    found = {one.id: one for one in (*editors, *(contacts or redacteurs))}
    return tuple(found.values())


Held = dict[tuple[Role, str | None], list[Account]]


def _holders(session: Session, now: datetime, but: UUID) -> Held:
    """Wijk contacts by their area, and redacteurs; all but one account."""
    roles = col(AccountRole.role).in_((Role.WIJK_CONTACT, Role.REDACTEUR))
    query = select(Account, AccountRole).join(
        AccountRole, col(AccountRole.account_id) == Account.id
    )
    query = query.where(roles, col(Account.ended_on).is_(None), Account.id != but)
    found: Held = {}
    for account, role in session.exec(query.order_by(col(Account.mail))):
        if role.holds(now):
            found.setdefault((role.role, role.area_code), []).append(account)
    return found


def _nearest(tree: AreaTree, code: str, held: Held) -> list[Account]:
    """The wijk contacts of an area, or of the first one above it that has any."""
    above = (held.get((Role.WIJK_CONTACT, node.code), []) for node in tree.ancestors(code))
    return next((found for found in above if found), [])


def areas_of(session: Session, provider_ids: Iterable[UUID]) -> Areas:
    """The areas where these providers have listings: where those stand, or whom they serve."""
    ids = list(provider_ids)
    listed = (col(Listing.provider_id).in_(ids), Listing.status != Status.WITHDRAWN)
    stands = (
        select(Listing.provider_id, Place.area_code)
        .join(ListingPlace, col(ListingPlace.listing_id) == Listing.id)
        .join(Place, col(Place.id) == ListingPlace.place_id)
    )
    serves = select(Listing.provider_id, Coverage.area_code).join(
        Coverage, col(Coverage.listing_id) == Listing.id
    )
    found: dict[UUID, set[str]] = {id: set() for id in ids}
    for query in (stands, serves):
        for id, code in session.exec(query.where(*listed)):
            if id is not None and code is not None:
                found[id].add(code)
    return {id: frozenset(codes) for id, codes in found.items()}


# Deciding


def grant(session: Session, claim: Claim, by: Account, now: datetime) -> bool:
    """Let who asked edit at once; False when there is nothing to decide any more."""
    if claim.state != ClaimState.CONFIRMED or claim.account.ended_on is not None:
        return False
    accounts.make_editor(session, claim.account, claim.provider_id)
    _decide(session, claim, ClaimState.GRANTED, by, now)
    return True


def turn_down(session: Session, claim: Claim, by: Account, reason: str, now: datetime) -> bool:
    """Refuse a claim that waits, stop one that runs; False when it is too late for either."""
    if not is_undecided(claim, now):
        return False
    is_running = claim.is_running(now)
    if is_running:
        accounts.take_editor(session, claim.account_id, claim.provider_id)
    claim.reason = reason
    _decide(session, claim, ClaimState.STOPPED if is_running else ClaimState.REFUSED, by, now)
    return True


def _decide(session: Session, claim: Claim, state: ClaimState, by: Account, now: datetime) -> None:
    claim.state, claim.decided_at, claim.decided_by_id = state, now, by.id
    session.flush()
