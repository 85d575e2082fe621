"""Who works for a provider asks to keep its listings, and says yes by the link in a mail."""

from dataclasses import asdict, dataclass
from time import monotonic, sleep
from typing import Self
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import accounts, db
from socialmap.accounts import AccountError
from socialmap.geo.tree import area_tree
from socialmap.listings import find
from socialmap.listings.values import one_line, plain_lines
from socialmap.mail import Letter, MailError
from socialmap.models import Account, Claim, Provider
from socialmap.reviews import claims
from socialmap.reviews.claims import Confirmed
from socialmap.views import doors, login
from socialmap.views.clock import now, today
from socialmap.views.letters import letter, send_all
from socialmap.views.provider import NOUN
from socialmap.views.structured import public_url

LONGEST_NAME, LONGEST_WORDS = 80, 300
NO_NAME = "Vul uw naam in, zodat wij weten wie u bent."
LONG_NAME = f"Deze naam is te lang. Schrijf hem in {LONGEST_NAME} tekens of minder."
LONG_WORDS = f"Dit is te lang. Zeg het in {LONGEST_WORDS} tekens of minder."

bp = Blueprint("claim", __name__)
bp.after_request(doors.keep_private)


@dataclass(frozen=True)
class Asking:
    """What someone types who asks: mail address, name, a few words."""

    mail: str = ""
    name: str = ""
    words: str = ""

    @classmethod
    def typed(cls) -> Self:
        """What was typed in the form of this request."""
        told = request.form
        words = plain_lines(told.get("woorden", "").strip())
        return cls(told.get("mail", "").strip()[:300], one_line(told.get("naam", "")), words)

    def errors(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        found = {}
        if not self.name:
            found["naam"] = NO_NAME
        elif len(self.name) > LONGEST_NAME:
            found["naam"] = LONG_NAME
        try:
            accounts.folded(self.mail)
        except AccountError as error:
            found["mail"] = str(error)
        if len(self.words) > LONGEST_WORDS:
            found["woorden"] = LONG_WORDS
        return found


# Asking


@bp.get("/aanbieder/<slug>/beheer")
def ask(slug: str) -> ResponseReturnValue:
    """The form; who is signed in finds the own address in it."""
    visit = doors.visit()
    asking = Asking(visit.account.mail, visit.account.name) if visit else Asking()
    return _form(provider_or_404(slug), asking, {})


@bp.post("/aanbieder/<slug>/beheer")
def send(slug: str) -> ResponseReturnValue:
    """Keep what is asked and mail a link; the answer is always the same."""
    started, provider, asking = monotonic(), provider_or_404(slug), Asking.typed()
    errors = asking.errors()
    if not errors and not doors.is_fresh_form():
        errors = {"mail": login.STALE}
    if errors:
        return _form(provider, asking, errors), 422
    mail = accounts.folded(asking.mail)
    asked = _letter_for(provider, mail, asking)
    try:
        login.post(asked)
    except MailError:
        return _form(provider, asking, {}, is_unsent=True), 503
    finally:
        sleep(max(0.0, started + login.LEAST_SECONDS - monotonic()))
    told = {"provider": provider, "mail": mail, "minutes": accounts.MINUTES}
    return render_template("claim/asked.html", **told)


def provider_or_404(slug: str) -> Provider:
    """The provider with this slug; leads a former address on."""
    session = db.session()
    found = find.find_provider(session, slug)
    if found is None:
        moved = find.find_new_slug(session, NOUN, slug)
        abort(redirect(url_for("claim.ask", slug=moved), 301) if moved else 404)
    return found


def _form(
    provider: Provider, asking: Asking, errors: dict[str, str], *, is_unsent: bool = False
) -> str:
    told = {"provider": provider, "errors": errors, "is_unsent": is_unsent}
    return render_template("claim/ask.html", **told, **asdict(asking))


def _letter_for(provider: Provider, mail: str, asking: Asking) -> Letter | None:
    """The letter with a link to the claim; None for an address or a network that asks too often,
    and for an account that has ended."""
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        if accounts.is_too_often(session, key, mail, doors.network(), now()):
            return None
        told = (mail, asking.name, asking.words, now(), today())
        asked = claims.ask(session, provider.id, *told)
        if asked is None:
            return None
        claim = asked.claim
        leads_to = url_for("claim.claim", id=claim.id) if claim else ""
        link = accounts.make_link(session, asked.account, now(), leads_to)
        details = {
            "name": asked.account.name,
            "link": public_url("login.link", token=link),
            "minutes": accounts.MINUTES,
            "provider": provider.name,
            "is_editor": claim is None,
        }
    return letter(mail, "Uw link van de Gouden Gids", "claim_link", **details)


# Saying yes


@bp.get("/bureau/aanvraag/<uuid:id>")
def claim(id: UUID) -> ResponseReturnValue:
    """What someone asked, and how far it is."""
    account, session = doors.account_or_login(), db.session()
    found = own_or_404(session, id, account)
    is_editor = account.edits(found.provider_id, now())
    may_run = claims.may_begin(session, area_tree(session), found, now())
    told = {"is_editor": is_editor, "may_run": may_run, "is_running": found.is_running(now())}
    return render_template("claim/claim.html", claim=found, **told)


@bp.post("/bureau/aanvraag/<uuid:id>")
def confirm(id: UUID) -> ResponseReturnValue:
    """Yes, this is me: those who may decide are told, and only then the 48 hours begin."""
    account = doors.account_or_login()
    with db.writing(db.engine()) as session:
        found = own_or_404(session, id, account)
        confirmed = claims.confirm(session, area_tree(session), found, now())
        letters = _told(confirmed) if confirmed else []
        may_run = confirmed is not None and confirmed.may_run
    if send_all(letters) and may_run:
        with db.writing(db.engine()) as session:
            claims.begin(session, own_or_404(session, id, account), now())
    return redirect(url_for("claim.claim", id=id), 303)


def own_or_404(session: Session, id: UUID, account: Account) -> Claim:
    """A claim that this account made; another's is as unknown as one that is gone."""
    found = claims.find_own_claim(session, id, account)
    if found is None:
        abort(404)
    return found


def _told(confirmed: Confirmed) -> list[Letter]:
    """A letter to each who may decide."""
    found = confirmed.claim
    told = {
        "asker": found.name,
        "mail": found.account.mail,
        "provider": found.provider.name,
        "may_run": confirmed.may_run,
        "link": public_url("claims.decide", id=found.id),
    }
    subject = "Iemand wil vermeldingen bijhouden in de Gouden Gids"
    return [
        letter(one.mail, subject, "claim_told", name=one.name, **told) for one in confirmed.tell
    ]
