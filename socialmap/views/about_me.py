"""What the directory keeps about whoever asks: read it, have it mended, withdraw it, leave (R35).

Without an account: who reads the mailbox that the directory keeps for a person is that person. The
link in the letter is signed, lasts an hour and is kept nowhere.
"""

from dataclasses import dataclass
from time import monotonic, sleep
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from socialmap import accounts, db, people
from socialmap.accounts import AccountError, count_try
from socialmap.geo.tree import area_tree
from socialmap.labels import label
from socialmap.listings.history import Author
from socialmap.mail import Letter, MailError
from socialmap.models import Account
from socialmap.models.reports import MOST_WORDS
from socialmap.models.terms import DetailKind, Door
from socialmap.people import album, consents
from socialmap.people.own import Own, find_own, people_with_mail
from socialmap.reviews import words
from socialmap.views import doors, login
from socialmap.views.clock import now, today
from socialmap.views.letters import letter, send_all
from socialmap.views.listing import editors
from socialmap.views.report import SLIPS, TOO_OLD, too_long
from socialmap.views.structured import public_url
from socialmap.views.typed import plain_lines

SECONDS = 60 * 60
"""So long a link works: the letter and the pages call it an hour."""
LETTERS = 5
"""Letters to who keeps the entry that one person may send in an hour."""
SELF = "de persoon zelf"
"""What history calls who withdraws or leaves."""
TELL = "Schrijf in een paar woorden wat er anders moet."
BUSY = "U schreef al een paar keer in dit uur. Wacht een uur, of mail of bel de redactie."
UNSENT = "De mail kon niet worden verstuurd. Probeer het over een paar minuten nog eens."
NOBODY = "Er is nu niemand die deze mail krijgt. Mail of bel de redactie."

bp = Blueprint("about_me", __name__, url_prefix="/privacy/over-mij")
bp.after_request(doors.keep_private)


# Asking


@bp.get("")
def ask() -> str:
    """The form for the mail address that the directory keeps."""
    return ask_page(state="erased" if "gewist" in request.args else "")


@bp.post("")
def send() -> ResponseReturnValue:
    """Mail a link where the address is known; the answer is the same where it is not."""
    started, typed = monotonic(), request.form.get("mail", "")[:300]
    try:
        mail = accounts.folded(typed)
    except AccountError as error:
        return ask_page(typed, str(error)), 422
    if not doors.is_fresh_form():
        return ask_page(typed, login.STALE), 422
    try:
        login.post(letter_for(mail))
    except MailError:
        return ask_page(typed, state="unsent"), 503
    finally:
        sleep(max(0.0, started + login.LEAST_SECONDS - monotonic()))
    return render_template("about_me/asked.html", mail=mail, editors=editors())


def ask_page(mail: str = "", error: str = "", state: str = "") -> str:
    """The form with what was typed; `state` says what came of a link or a letter."""
    told = {"mail": mail, "error": error, "state": state}
    return render_template("about_me/ask.html", **told, editors=editors())


def letter_for(mail: str) -> Letter | None:
    """The letter with a link; None for an unknown address and for one that asks too often. Of an
    address that several people share nobody can tell who reads it: no link then."""
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        if accounts.is_too_often(session, key, mail, doors.network(), now()):
            return None
        found = people_with_mail(session, mail)
        if not found:
            return None
        link = "" if len(found) > 1 else public_url("about_me.show", token=_signed(found[0].id))
    subject = "Wat er van u in de Gouden Gids staat"
    return letter(mail, subject, "about_me", link=link, privacy=public_url("pages.privacy"))


# The link


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(doors.settings().secret_key, salt="about-me")


def _signed(id: UUID) -> str:
    return str(_signer().dumps(id.hex))


def own_or_refused(token: str) -> Own:
    """All that is kept of whom a link is for; says what to do where it does not work."""
    try:
        id = UUID(_signer().loads(token, max_age=SECONDS))
    except SignatureExpired:
        abort(make_response(ask_page(state="expired"), 410))
    except (BadSignature, ValueError):
        abort(make_response(ask_page(state="unknown"), 404))
    own = find_own(db.session(), id, today())
    return own if own else abort(make_response(ask_page(state="unknown"), 404))


# Reading


@bp.get("/<token>")
def show(token: str) -> str:
    """All that is kept, who may see it and how long it stays."""
    own = own_or_refused(token)
    photo = own.detail(DetailKind.PHOTO)
    is_ours = photo is not None and album.find(doors.settings().uploads_dir, photo.row.value)
    gone = next((kind for kind in DetailKind if kind == request.args.get("gewist")), None)
    return page(
        "show",
        token,
        own,
        has_photo=bool(is_ours),
        gone=label(gone) if gone else "",
        is_sent="verstuurd" in request.args,
        is_called=people.is_called(db.session(), own.person, today()),
        is_added=own.person.added_by_id is not None,
    )


@bp.get("/<token>/foto")
def photo(token: str) -> Response:
    """The portrait, also where others may not see it."""
    detail = own_or_refused(token).detail(DetailKind.PHOTO)
    path = album.find(doors.settings().uploads_dir, detail.row.value) if detail else None
    return Response(path.read_bytes(), mimetype="image/jpeg") if path else abort(404)


def page(name: str, token: str, own: Own, **told: object) -> str:
    """A page about one person."""
    is_example = own.person.is_example
    known = {"own": own, "person": own.person, "token": token, "is_example": is_example}
    return render_template(f"about_me/{name}.html", **known, editors=editors(), **told)


# Withdrawing


@bp.get("/<token>/intrekken/<kind>")
def ask_withdrawal(token: str, kind: str) -> ResponseReturnValue:
    """What goes, before it goes; the page of all where it is gone already."""
    own = own_or_refused(token)
    detail = own.detail(kind)
    if detail is None:
        return redirect(url_for("about_me.show", token=token), 303)
    return page("withdraw", token, own, detail=detail)


@bp.post("/<token>/intrekken/<kind>")
def withdraw(token: str, kind: str) -> ResponseReturnValue:
    """Erase one detail, at once and everywhere."""
    own = own_or_refused(token)
    detail = own.detail(kind)
    if detail is None or not doors.is_fresh_form():
        return redirect(url_for("about_me.ask_withdrawal", token=token, kind=kind), 303)
    with db.writing(db.engine()) as session:
        found = people.find_person(session, own.person.slug)
        photo = consents.withdraw(session, found, [detail.kind], _author()) if found else ""
    clean_up(photo)
    return redirect(url_for("about_me.show", token=token, gewist=kind), 303)


def clean_up(photo: str) -> None:
    """Let no file keep what was erased: not the portrait, nor the log of the database."""
    with db.writing(db.engine()) as session:
        album.forget(doors.settings().uploads_dir, session, [photo])
    db.scrub_now()


def _author() -> Author:
    return Author(SELF, Door.FORM, now())


# Saying what is wrong


@dataclass(frozen=True)
class Refusal:
    """Why words can't be sent, and with which status that is said."""

    errors: dict[str, list[str]]
    status: int = 422


@bp.get("/<token>/klopt-niet")
def ask_words(token: str) -> str:
    """The form for what must change."""
    return page("wrong", token, own_or_refused(token), typed="", errors={}, most=MOST_WORDS)


@bp.post("/<token>/klopt-niet")
def tell(token: str) -> ResponseReturnValue:
    """Mail what is wrong to who keeps the entry; it is kept nowhere else."""
    own = own_or_refused(token)
    typed = plain_lines(request.form.get("woorden", ""))
    refusal = refused(own, typed)
    if refusal is not None:
        told = {"typed": typed, "errors": refusal.errors, "most": MOST_WORDS}
        return page("wrong", token, own, **told), refusal.status
    return redirect(url_for("about_me.show", token=token, verstuurd=1), 303)


def refused(own: Own, typed: str) -> Refusal | None:
    """Send the words; why not, where that can't be."""
    slips = too_long(typed) or [SLIPS[slip] for slip in words.stops(typed, today())]
    slips = slips if typed else [TELL]
    if slips:
        return Refusal({"woorden": slips})
    if not doors.is_fresh_form():
        return Refusal({"verstuur": [TOO_OLD]})
    if is_too_often(own):
        return Refusal({"verstuur": [BUSY]}, 429)
    keepers = keepers_of(own)
    told = {"person": own.person.name, "words": typed, "link": entry_page(own)}
    letters = [letter(one.mail, "Klopt dit nog?", "about_me_wrong", **told) for one in keepers]
    if not letters:
        return Refusal({"verstuur": [NOBODY]}, 503)
    return None if send_all(letters) else Refusal({"verstuur": [UNSENT]}, 503)


def is_too_often(own: Own) -> bool:
    """Count a letter about this person; were there too many this hour?"""
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        return count_try(session, key, "about-me", own.person.id.hex, now()) > LETTERS


def keepers_of(own: Own) -> list[Account]:
    """Who keeps the entry."""
    session = db.session()
    ties = people.ties_of(session, own.person, today())
    return accounts.keepers_of(session, area_tree(session), ties, now())


def entry_page(own: Own) -> str:
    """Where the entry is kept."""
    return public_url("person_form.edit", slug=own.person.slug)


# Leaving


@bp.get("/<token>/weg")
def ask_leave(token: str) -> str:
    """What goes, and what it means for others."""
    return leave_page(token, own_or_refused(token))


@bp.post("/<token>/weg")
def leave(token: str) -> ResponseReturnValue:
    """Erase the person, and tell who keeps the entry which places are empty now."""
    own = own_or_refused(token)
    typed = plain_lines(request.form.get("woorden", ""))
    slips = too_long(typed) or [SLIPS[slip] for slip in words.stops(typed, today())]
    if slips or not doors.is_fresh_form():
        errors = {"woorden": slips} if slips else {"verstuur": [TOO_OLD]}
        return leave_page(token, own, typed, errors), 422
    told = {"places": [f"{one.what}: {one.of}" for one in own.open_roles(today())]}
    told_to = [one.mail for one in keepers_of(own)] if told["places"] else []
    with db.writing(db.engine()) as session:
        found = people.find_person(session, own.person.slug)
        tree = area_tree(session)
        photo = people.erase_person(session, tree, found, _author()) if found else ""
    clean_up(photo)
    subject = "Er is een contactpersoon minder in de gids"
    send_all(letter(mail, subject, "about_me_left", words=typed, **told) for mail in told_to)
    return redirect(url_for("about_me.ask", gewist=1), 303)


def leave_page(
    token: str, own: Own, typed: str = "", errors: dict[str, list[str]] | None = None
) -> str:
    """The page that asks whether one is sure, with what was typed."""
    roles = own.open_roles(today())
    return page("leave", token, own, roles=roles, typed=typed, errors=errors or {}, most=MOST_WORDS)
