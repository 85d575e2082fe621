"""Reports that something is wrong: sent by anyone, answered by who checks or keeps the listing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select

from socialmap.accounts import count_try, forget_tries
from socialmap.accounts.permissions import can_check_any, can_edit
from socialmap.geo.tree import AreaTree
from socialmap.models import Account, Listing, ListingPlace, Report
from socialmap.models.currency import months_later
from socialmap.models.terms import PUBLIC_STATUSES, ReportKind, ReportState

PER_NETWORK, PER_LISTING = 20, 40
"""Reports that may be sent in an hour; so many that one network can't close a listing to others."""
SAME = timedelta(days=1)
"""So long the same words about the same listing are one report."""
RECENT = timedelta(days=30)
"""So long a decided report is shown to who may decide."""
DECIDED_MONTHS, OPEN_MONTHS = 12, 24
"""So long a report is kept."""


class Filed(Enum):
    """What came of a report that was sent."""

    KEPT = "kept"
    KNOWN = "known"
    """The same was told within a day: a second press of the button, or somebody else's."""
    TOO_MANY = "too many"


@dataclass(frozen=True)
class Said:
    """What someone says is wrong."""

    listing_id: UUID
    kind: ReportKind
    words: str


@dataclass(frozen=True)
class ReportView:
    """A report, the listing it is about, and whether this account may say that all is well."""

    report: Report
    title: str
    slug: str
    provider: str
    """Empty where nobody offers it."""
    is_public: bool
    may_dismiss: bool


# Sending


def file_report(session: Session, key: str, said: Said, network: str, now: datetime) -> Filed:
    """Keep a report, unless it is known already or too many came this hour; forget old ones.

    A network over its limit counts for no listing.
    """
    forget_tries(session, now)
    forget_old(session, now.date())
    if _is_known(session, said, now):
        return Filed.KNOWN
    if count_try(session, key, "report-network", network, now) > PER_NETWORK:
        return Filed.TOO_MANY
    if count_try(session, key, "report-listing", str(said.listing_id), now) > PER_LISTING:
        return Filed.TOO_MANY
    session.add(
        Report(
            listing_id=said.listing_id,
            kind=said.kind,
            words=said.words,
            at=now,
            state=ReportState.OPEN,
        )
    )
    session.flush()
    return Filed.KEPT


def _is_known(session: Session, said: Said, now: datetime) -> bool:
    same = select(Report.id).where(
        Report.listing_id == said.listing_id,
        Report.kind == said.kind,
        Report.words == said.words,
        col(Report.at) > now - SAME,
    )
    return session.exec(same).first() is not None


# Answering


def open_reports(
    session: Session, tree: AreaTree, account: Account, now: datetime
) -> list[ReportView]:
    """The reports that this account may decide on, the oldest first."""
    return _views(session, tree, account, now, col(Report.state) == ReportState.OPEN)


def open_count(session: Session, tree: AreaTree, account: Account, now: datetime) -> int:
    """How many reports this account may decide on."""
    return len(open_reports(session, tree, account, now))


def decided_reports(
    session: Session, tree: AreaTree, account: Account, now: datetime
) -> list[ReportView]:
    """What was decided lately on reports that this account may decide on, the newest first."""
    found = _views(session, tree, account, now, col(Report.decided_at) > now - RECENT)
    return sorted(found, key=lambda view: view.report.decided_at or now, reverse=True)


def find_report(
    session: Session, tree: AreaTree, account: Account, id: UUID, now: datetime
) -> ReportView | None:
    """One report, open or not; None where there is none on which this account may decide."""
    return next(iter(_views(session, tree, account, now, col(Report.id) == id)), None)


def decide(
    session: Session, id: UUID, state: ReportState, answer: str, by: str, now: datetime
) -> bool:
    """Close an open report; False, and nothing changes, when it was closed or erased already."""
    report = session.get(Report, id)
    if report is None or report.state != ReportState.OPEN:
        return False
    report.state, report.answer = state, answer
    report.decided_by, report.decided_at = by, now
    session.flush()
    return True


def _views(
    session: Session,
    tree: AreaTree,
    account: Account,
    now: datetime,
    wanted: sa.ColumnElement[bool],
) -> list[ReportView]:
    """The reports among these on which an account may decide, the oldest first.

    Read first and judged then: few wait at a time, and who may decide is said in one place.
    """
    place = selectinload(Listing.place_links).joinedload(ListingPlace.place)  # type: ignore[arg-type]
    loads = (joinedload(Listing.provider), selectinload(Listing.coverage), place)  # type: ignore[arg-type]
    rows = (
        select(Report, Listing)
        .join(Listing, col(Listing.id) == Report.listing_id)
        .where(wanted)
        .order_by(col(Report.at), col(Report.id))
    )
    found = (_view(tree, account, now, *row) for row in session.exec(rows.options(*loads)))
    return [view for view in found if view is not None]


def _view(
    tree: AreaTree, account: Account, now: datetime, report: Report, listing: Listing
) -> ReportView | None:
    """A report as this account sees it; None where it is none of its business."""
    areas = {row.area_code for row in listing.coverage} | {it.area_code for it in listing.places}
    may_check = can_check_any(account, tree, (code for code in areas if code))
    provider = listing.provider
    if not may_check and not (provider and can_edit(account, provider.id, now)):
        return None
    return ReportView(
        report=report,
        title=listing.title,
        slug=listing.slug,
        provider=provider.name if provider else "",
        is_public=listing.status in PUBLIC_STATUSES,
        may_dismiss=may_check,
    )


# Forgetting


def forget_old(session: Session, today: date) -> int:
    """Erase reports a year after they were decided, open ones after two; returns how many."""
    decided, opened = (
        datetime.combine(months_later(today, -months), time(), UTC)
        for months in (DECIDED_MONTHS, OPEN_MONTHS)
    )
    is_open = col(Report.state) == ReportState.OPEN
    old = sa.or_(col(Report.decided_at) < decided, sa.and_(is_open, col(Report.at) < opened))
    ids = list(session.exec(select(Report.id).where(old)))
    gone = sa.delete(Report).where(col(Report.id).in_(ids))
    session.execute(gone, execution_options={"synchronize_session": False})
    return len(ids)
