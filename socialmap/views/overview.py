"""What someone's desk shows: what waits, wijken, listings, what changed lately, imports."""

from typing import Any

from sqlmodel import Session

from socialmap import accounts, db, people, reviews, upkeep
from socialmap.accounts import permissions
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.runs import import_runs
from socialmap.models import Account
from socialmap.models.terms import Role
from socialmap.reviews import claims
from socialmap.reviews.reports import open_count
from socialmap.upkeep.watching import watched
from socialmap.views.clock import now, today

FIRST = 5
LATEST_IMPORTS = 3


def overview(account: Account) -> dict[str, Any]:
    """What the desk of an account shows, for its template."""
    session = db.session()
    tree = area_tree(session)
    is_checker = account.has_role(Role.WIJK_CONTACT, Role.REDACTEUR)
    waiting = reviews.waiting(session, tree, account) if is_checker else []
    sees_imports = permissions.sees_everything(account)
    return {
        "is_checker": is_checker,
        "count": len(waiting),
        "waiting": waiting[:FIRST],
        "unconfirmed": unconfirmed(session, tree, account) if is_checker else 0,
        "watched": len(watched(session, tree, account, now(), today())) if is_checker else 0,
        "own_due": sum(
            card.asked_from <= today() for card in upkeep.own_cards(session, account, now())
        ),
        "own": reviews.own_listings(session, account, now()),
        "reports": open_count(session, tree, account, now()),
        "asking": len(claims.waiting_claims(session, tree, account, now())),
        "providers": accounts.providers_edited_by(session, account, now()),
        "recent": reviews.recent(session, tree, account, now()),
        "runs": import_runs(session)[:LATEST_IMPORTS] if sees_imports else [],
        "sees_imports": sees_imports,
    }


def unconfirmed(session: Session, tree: AreaTree, account: Account) -> int:
    """How many areas this account is asked to confirm."""
    codes = [node.code for node in permissions.areas_to_check(account, tree)]
    return people.unconfirmed_count(session, codes, today())
