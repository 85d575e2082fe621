"""Letters about what waits for a check, to who checks it, and about what was decided, to who
proposed it."""

from sqlmodel import Session

from socialmap import reviews
from socialmap.geo.tree import AreaTree
from socialmap.mail import Letter
from socialmap.models import Account, Listing
from socialmap.models.terms import EditState
from socialmap.reviews import Decision, Difference, Kind, Names, Outcome
from socialmap.views.letters import letter
from socialmap.views.structured import public, public_url
from socialmap.views.ways import edit_page


def letters_about(
    session: Session, tree: AreaTree, account: Account, listing: Listing, outcome: Outcome
) -> list[Letter]:
    """To who checks a listing, that something waits which this account saved; none when nothing
    does."""
    if not outcome.waiting or outcome.edit is None:
        return []
    checkers = reviews.checkers_of(session, tree, listing, but=account.id)
    return letters_to_check(checkers, outcome.edit.id, account, listing.title, outcome.waiting)


def letters_to_check(
    checkers: list[Account], edit_id: object, account: Account, title: str, fields: frozenset[str]
) -> list[Letter]:
    """To each of these, that an edit waits."""
    told = {
        "by": account.name or account.mail,
        "title": title,
        "fields": reviews.names_of(fields),
        "link": public_url("checking.case", id=edit_id),
    }
    subject = _one_line(f"Wilt u dit nakijken? {title}")
    return [letter(one.mail, subject, "waiting", name=one.name, **told) for one in checkers]


def letters_of(decision: Decision, names: Names) -> list[Letter]:
    """To who proposed it, what was decided; none where there is nobody to tell."""
    if decision.to is None:
        return []
    is_approved = decision.state == EditState.APPROVED
    told = {
        "name": decision.to.name,
        "by": decision.by,
        "title": decision.title,
        "fields": reviews.names_of(decision.fields),
        "is_new": decision.is_new,
        "adjusted": _adjusted(decision, names),
        "words": decision.words,
        "page": public_url("listing.listing", slug=decision.slug),
        "form": public(edit_page(decision.slug)),
    }
    what = "Uw aanbod" if decision.is_new else "Uw wijziging"
    became = "staat in de gids" if is_approved else "kan nog niet in de gids"
    subject = _one_line(f"{what} {became}: {decision.title}")
    return [letter(decision.to.mail, subject, "approved" if is_approved else "returned", **told)]


def _adjusted(decision: Decision, names: Names) -> list[tuple[str, str]]:
    """What stands there instead of what was proposed, by the name of the field."""
    changes = {one.field: (one.here, one.proposed) for one in decision.adjusted}
    return [(one.name, _now(one)) for one in reviews.differences(changes, names)]


def _now(difference: Difference) -> str:
    kept = [piece.text for piece in difference.pieces if piece.kind != Kind.GONE]
    return ("" if difference.is_text else "; ").join(kept) or "leeg"


def _one_line(subject: str) -> str:
    """A subject without what a mail program can't show."""
    return "".join(sign for sign in subject if sign.isprintable())
