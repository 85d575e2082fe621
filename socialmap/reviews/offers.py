"""New offers: typed in steps, kept until they are sent, and then a draft that waits for a check.

Who has the link of an offer goes on with it. That the mail address with it is theirs, nobody has
shown: it is told what becomes of the offer, and what it may do is for who checks to say.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.accounts import account_for, add_role, find_account
from socialmap.accounts.entering import digest, erased
from socialmap.accounts.permissions import can_check_any
from socialmap.geo.tree import AreaTree
from socialmap.labels import day, label
from socialmap.listings.edits import Author, Editor
from socialmap.listings.find import find_listing_by_id
from socialmap.listings.sources import NOUN
from socialmap.listings.values import ListingValues, ProviderValues
from socialmap.models import Account, AccountRole, Change, Edit, Listing, OfferDraft, Provider
from socialmap.models.slugs import slug_of
from socialmap.models.terms import ConsentWay, Door, EditState, Level, ListingKind, Role, Status
from socialmap.reviews.saving import close_edit, signature

KEPT = timedelta(days=30)
"""So long what was typed is kept after the last change of it."""
HELPERS = (Role.PROFESSIONAL, Role.WIJK_CONTACT, Role.REDACTEUR)
"""Who may enter an offer for a volunteer or a resident."""
THEMSELVES = "de aanbieder zelf"
Boxes = Mapping[str, list[str]]
"""What was typed in a form, by box."""


class OfferError(ValueError):
    """Says in Dutch why an offer can't be decided on."""


@dataclass(frozen=True)
class Consent:
    """That somebody agreed to have an offer entered, and that it can be taken back (R35)."""

    name: str
    """A first name is enough."""
    on: date
    how: ConsentWay

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "on": self.on.isoformat(), "how": str(self.how)}

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        return cls(data["name"], date.fromisoformat(data["on"]), ConsentWay(data["how"]))

    def told(self) -> str:
        """The same in words, for who checks and for history."""
        return (
            f"Ingevoerd voor een vrijwilliger of bewoner. {self.name} gaf op {day(self.on)} "
            f"{label(self.how)} toestemming, en weet dat die altijd kan worden ingetrokken."
        )


@dataclass(frozen=True)
class Start:
    """How an offer begins: what it is called, whose it is, and whom to tell."""

    title: str
    provider: str
    is_informal: bool
    mail: str
    consent: Consent | None = None

    def values(self) -> ListingValues:
        """What is known of the listing by that; whose level who checks can change."""
        return ListingValues(
            key=f"melding-{uuid4().hex[:12]}",
            kind=ListingKind.OFFER,
            title=self.title,
            provider=ProviderValues(name=self.provider, is_informal=self.is_informal),
            level=Level.OPEN,
            ages_known=False,
            status=Status.DRAFT,
        )


# Making one


def begin(session: Session, start: Start, now: datetime, helper: Account | None = None) -> str:
    """Begin an offer; returns the token of its address, which is kept nowhere.

    `helper` enters it for somebody else, with the consent that `start` then holds.
    """
    forget_old(session, now)
    token = secrets.token_urlsafe(32)
    data = {
        "key": start.values().key,
        "title": start.title,
        "provider": start.provider,
        "is_informal": start.is_informal,
        "consent": start.consent.as_json() if start.consent else None,
        "parts": {},
        "done": [],
    }
    draft = OfferDraft(
        token_hash=digest(token),
        mail=start.mail,
        data=data,
        made_at=now,
        changed_at=now,
        account_id=helper.id if helper else None,
    )
    session.add(draft)
    session.flush()
    return token


def find_draft(session: Session, token: str) -> OfferDraft | None:
    """The offer at this address, sent or not; None where there is none, or no longer."""
    return session.get(OfferDraft, digest(token))


def start_of(draft: OfferDraft) -> Start:
    """How an offer that was not sent yet began."""
    data = draft.data
    consent = Consent.of(data["consent"]) if data["consent"] else None
    named = (data["title"], data["provider"], data["is_informal"])
    return Start(*named, mail=draft.mail, consent=consent)


def values_of_start(draft: OfferDraft) -> ListingValues:
    """What is known of a listing by how it began; each time with the same key."""
    return start_of(draft).values().model_copy(update={"key": draft.data["key"]})


def boxes_of(draft: OfferDraft) -> Mapping[str, Boxes]:
    """What was typed so far, by part."""
    parts: Mapping[str, Boxes] = draft.data.get("parts", {})
    return parts


def parts_done(draft: OfferDraft) -> frozenset[str]:
    """The parts that one has gone through."""
    return frozenset(draft.data.get("done", ()))


def keep(session: Session, token: str, part: str, boxes: Boxes, now: datetime) -> None:
    """Keep what was typed in a part, right or wrong; of an offer that was sent nothing more."""
    draft = find_draft(session, token)
    if draft is None or draft.sent_at is not None:
        return
    parts = {**draft.data["parts"], part: dict(boxes)}
    done = [one for one in draft.data["done"] if one != part]
    draft.data = {**draft.data, "parts": parts, "done": done}
    draft.changed_at = max(now, draft.made_at)
    session.flush()


def mark_done(session: Session, token: str, part: str) -> None:
    """Remember that one has gone through a part: its boxes are kept, and nothing is wrong."""
    draft = find_draft(session, token)
    if draft is not None and draft.sent_at is None:
        draft.data = {**draft.data, "done": [*draft.data["done"], part]}
        session.flush()


def forget_old(session: Session, now: datetime) -> int:
    """Erase the offers that nobody changed for thirty days; returns how many."""
    return erased(session, sa.delete(OfferDraft).where(col(OfferDraft.changed_at) < now - KEPT))


# Sending it


def send(
    session: Session, tree: AreaTree, draft: OfferDraft, values: ListingValues, now: datetime
) -> Edit:
    """Make a draft listing of an offer, that waits for a check; what was typed is then erased.

    Sent twice it is one listing, and the same edit. It flushes; the caller commits.
    """
    if draft.listing_id is not None:
        return edit_of(session, draft.listing_id)
    start, helper = start_of(draft), _helper(session, draft)
    account = helper or account_for(session, draft.mail, now.date())
    named = values.provider.name if values.provider else start.provider
    known = find_provider_like(session, named)
    edit = Edit(
        listing_id=uuid4(),  # known when it is born, which needs the edit
        account_id=account.id,
        at=now,
        state=EditState.WAITING,
        note=_note(start.consent, known),
    )
    session.add(edit)
    session.flush()
    by = signature(helper) if helper else THEMSELVES
    offered = values.model_copy(
        update={
            "status": Status.DRAFT,
            "provider": ProviderValues.of(known) if known else values.provider,
            "entered_by": _entered_by(helper),
        }
    )
    author = Author(by, Door.FORM, now, edit_id=edit.id)
    edit.listing_id = Editor(session, tree, author).save(offered).listing_id
    draft.listing_id, draft.sent_at, draft.data = edit.listing_id, now, {}
    draft.changed_at = max(now, draft.made_at)
    session.flush()
    return edit


def edit_of(session: Session, listing_id: UUID) -> Edit:
    """The edit with which a new offer was sent."""
    born = select(Change.edit_id).where(
        Change.noun == NOUN, Change.record_id == listing_id, Change.field == ""
    )
    return session.exec(select(Edit).where(col(Edit.id).in_(born))).one()


def find_provider_like(session: Session, name: str) -> Provider | None:
    """The provider with this name, however it is written."""
    wanted = slug_of(name)
    found = session.exec(select(Provider).order_by(col(Provider.name)))
    return next((one for one in found if slug_of(one.name) == wanted), None)


def _helper(session: Session, draft: OfferDraft) -> Account | None:
    """Who enters it for somebody else, with the roles that show as whom."""
    account = session.get(Account, draft.account_id) if draft.account_id else None
    return find_account(session, account.mail) if account else None


def _entered_by(helper: Account | None) -> str:
    """By whom it was entered, in words that everyone may read."""
    if helper is None:
        return THEMSELVES
    role = next(role for role in HELPERS if helper.has_role(role))
    return f"{label(role)}, met toestemming"


def _note(consent: Consent | None, known: Provider | None) -> str:
    told = [consent.told() if consent else "Gemeld zonder in te loggen."]
    if known:
        told.append(
            f"Er was al een aanbieder met deze naam: {known.name}. Kijk na of het dezelfde is."
        )
    return " ".join(told)


# Deciding on it


@dataclass(frozen=True)
class Told:
    """What became of a new offer, to be mailed to who sent it."""

    mail: str
    """Empty where there is nobody to tell any more."""
    name: str
    title: str
    slug: str
    is_accepted: bool
    may_edit: bool = False
    """Can they keep it themselves from now on?"""
    words: str = ""


def accept(session: Session, tree: AreaTree, checker: Account, edit: Edit, now: datetime) -> Told:
    """Show a new offer, checked today; who sent it may keep it where the provider is new too.

    Of a provider that others keep, or that offers more, one does not become an editor this way:
    that is for a claim. Raises OfferError when it is too late, PermissionError for who may not.
    """
    shown = {"status": Status.LIVE, "confirmed_on": now.date()}
    listing = _decide(session, tree, checker, edit, now, shown)
    close_edit(session, edit, EditState.APPROVED, now, signature(checker))
    account = _told_of(session, edit)
    may_edit = account is not None and _is_theirs(session, listing, account)
    if account is not None and may_edit and listing.provider is not None:
        add_role(session, account.mail, Role.EDITOR, now.date(), provider=listing.provider.slug)
    return _told(account, listing, is_accepted=True, may_edit=may_edit)


def refuse(
    session: Session, tree: AreaTree, checker: Account, edit: Edit, now: datetime, words: str
) -> Told:
    """Withdraw a new offer, and say why. Raises as `accept` does, and without a reason."""
    if not words.strip():
        raise OfferError("Schrijf waarom dit niet in de gids komt.")
    listing = _decide(session, tree, checker, edit, now, {"status": Status.WITHDRAWN})
    close_edit(session, edit, EditState.RETURNED, now, signature(checker), words.strip())
    account = _told_of(session, edit)
    return _told(account, listing, is_accepted=False, words=words.strip())


def _decide(
    session: Session,
    tree: AreaTree,
    checker: Account,
    edit: Edit,
    now: datetime,
    changes: Mapping[str, Any],
) -> Listing:
    """Write what was decided of a new offer that still waits."""
    listing = find_listing_by_id(session, edit.listing_id)
    if edit.state != EditState.WAITING or listing.status != Status.DRAFT:
        raise OfferError("Over dit aanbod is al beslist.")
    codes = [row.area_code for row in listing.coverage if row.area_code]
    codes += [place.area_code for place in listing.places if place.area_code]
    if not can_check_any(checker, tree, codes):
        raise PermissionError("this is for others to decide")
    editor = Editor(session, tree, Author(signature(checker), Door.FORM, now, edit_id=edit.id))
    editor.save(editor.current(listing.key).model_copy(update=dict(changes)))
    session.flush()
    return listing


def _told_of(session: Session, edit: Edit) -> Account | None:
    """Who sent it, as long as that account did not end."""
    account = session.get(Account, edit.account_id) if edit.account_id else None
    return account if account is not None and account.ended_on is None else None


def _is_theirs(session: Session, listing: Listing, account: Account) -> bool:
    """Is the provider new with this offer, and kept by nobody else?"""
    hidden = (Status.DRAFT, Status.WITHDRAWN)
    others = select(Listing.id).where(
        Listing.provider_id == listing.provider_id,
        Listing.id != listing.id,
        col(Listing.status).not_in(hidden),
    )
    keepers = select(AccountRole.id).where(
        AccountRole.provider_id == listing.provider_id, AccountRole.account_id != account.id
    )
    return not any(session.exec(query.limit(1)).first() for query in (others, keepers))


def _told(
    account: Account | None,
    listing: Listing,
    *,
    is_accepted: bool,
    may_edit: bool = False,
    words: str = "",
) -> Told:
    return Told(
        mail=account.mail if account else "",
        name=account.name if account else "",
        title=listing.title,
        slug=listing.slug,
        is_accepted=is_accepted,
        may_edit=may_edit,
        words=words,
    )
