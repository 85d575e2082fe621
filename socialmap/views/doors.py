"""Who comes through a door: forms from our own pages only, and people who are signed in.

A page asks `account_or_login()` or `with_role()`, which check the session, and the token of a form.
Who has a step to go (the code of a redacteur) is led to it, and is nobody until then.
A form that anyone may send asks `is_fresh_form()`. Where a form comes from is always checked.
"""

import hmac
import secrets
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from itsdangerous import BadSignature, TimestampSigner

from socialmap import accounts, db
from socialmap.accounts import Visit
from socialmap.config import Settings
from socialmap.listings.find import find_listing
from socialmap.models import Account
from socialmap.models.terms import Role
from socialmap.views.clock import now, today

COOKIE = "gids_sessie"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_SECONDS = 24 * 60 * 60
"""So long a form that anyone may send can stand open."""
LONGEST_PATH = 300
PROOF = "bewijs"
"""The name of the field with the token or the stamp."""
ONE_LISTING = "edit"
"""The pages that a session for one listing reaches."""
ACT, BACK = "doe", "terug"
"""The name of the buttons of a form, and the one of a page that gives back what was typed."""


def init_app(app: Flask) -> None:
    """Guard every form of `app`, and let templates prove that a form is ours."""
    app.before_request(refuse_strangers)
    app.add_template_global(csrf_token)
    app.add_template_global(form_stamp)


def settings() -> Settings:
    """The settings of the current app."""
    found: Settings = current_app.extensions["settings"]
    return found


def keep_private(response: Response) -> Response:
    """Let no browser and no search engine keep a page."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# Where a form comes from


def refuse_strangers() -> None:
    """Refuse what would change something and was not sent by a page of ours."""
    if request.method not in READS and request.routing_exception is None and not is_from_us():
        abort(403)


def is_from_us() -> bool:
    """Did a page of ours send this? Browsers that say so know best.

    Under `Referrer-Policy: no-referrer` the Origin of our own forms is `null`; without https
    browsers say nothing better, and there is nothing to protect from who is in between.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    own = urlsplit(settings().base_url)
    origin = request.headers.get("Origin")
    if own.scheme == "http" and origin in (None, "null"):
        return True
    return origin == f"{own.scheme}://{own.netloc}"


def form_stamp() -> str:
    """When a form was given out, signed: for forms that anyone may send."""
    return _stamps().sign("form").decode()


def is_fresh_form() -> bool:
    """Was this form given out by us, and not too long ago?"""
    try:
        _stamps().unsign(request.form.get(PROOF, ""), max_age=FORM_SECONDS)
    except BadSignature:
        return False
    return True


def _stamps() -> TimestampSigner:
    return TimestampSigner(settings().secret_key, salt="open-form")


def network() -> str:
    """The network of who asks: an address, of IPv6 the first 64 bits.

    A proxy on this machine says for whom it asks, last of all in X-Forwarded-For.
    """
    text = request.remote_addr or ""
    try:
        if ip_address(text).is_loopback and "X-Forwarded-For" in request.headers:
            text = request.headers["X-Forwarded-For"].rpartition(",")[2].strip()
        found = ip_address(text)
    except ValueError:
        return text
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found), 64), strict=False))
    return str(found)


# Who is signed in


def visit() -> Visit | None:
    """Who is signed in, and in which session; None for a visitor and for who has a step to go."""
    found = arrival()
    return found if found is not None and found.is_complete else None


def arrival() -> Visit | None:
    """Who came in by a link, also with a step to go; None for a visitor."""
    if "visit" not in g:
        key = request.cookies.get(COOKIE, "")
        g.visit = accounts.find_visit(db.session(), key, now(), today()) if key else None
        if g.visit is not None and not _reaches(g.visit.session.listing_id):
            g.visit = None
        if g.visit is not None and g.visit.session.last_seen_on != today():
            with db.writing(db.engine()) as session:
                accounts.mark_seen(session, g.visit.session.id_hash, today())
    found: Visit | None = g.visit
    return found


def _reaches(listing_id: UUID | None) -> bool:
    """Does a session reach this page? One that a digest began only the forms of its listing."""
    if listing_id is None:
        return True
    slug = (request.view_args or {}).get("slug", "")
    found = find_listing(db.session(), slug) if request.blueprint == ONE_LISTING else None
    return found is not None and found.id == listing_id


def account_or_login() -> Account:
    """The account that is signed in; leads others to the way in. Refuses a form without token."""
    found = arrival_or_login()
    if not found.is_complete:
        abort(redirect(next_step(asked_path()), 303))
    return found.account


def account_or_kept(boxes: Sequence[tuple[str, str]] | None = None) -> Account:
    """The account that sends a form; who is not signed in any more gets back what was typed, to
    send it after logging in: all of it, or these boxes. Whether the form has its token is still to
    be asked."""
    found = visit()
    if found is None:
        told = {
            "action": request.script_root + request.full_path.rstrip("?"),
            "boxes": typed_boxes() if boxes is None else boxes,
            "has_file": any(request.files.values()),
        }
        abort(make_response(render_template("login/lost.html", **told), 403))
    return found.account


def typed_boxes() -> list[tuple[str, str]]:
    """All that was typed in the form of this request, to send along."""
    return [pair for pair in request.form.items(multi=True) if pair[0] not in (PROOF, ACT)]


def arrival_or_login() -> Visit:
    """The same for the pages of a step to go, and for signing out."""
    found = arrival()
    if found is None:
        abort(redirect(url_for("login.ask", naar=asked_path() or None), 303))
    if request.method not in READS and not is_signed_form():
        abort(403)
    return found


def next_step(onward: str) -> str:
    """The page where the code is asked that makes a session complete."""
    return url_for("factor.ask", naar=onward or None)


def is_signed_form() -> bool:
    """Does this form have the token of who came in, also with a step to go?"""
    found = arrival()
    return found is not None and _is_token(request.form.get(PROOF, ""), found)


def asked_path() -> str:
    """The page to come back to after logging in: this one, or the one its form stands on."""
    path = request.script_root + request.path
    return path if request.method in READS and path != url_for("desk.desk") else ""


def own_path(path: str) -> str:
    """A path of ours as it is, and nothing for any other: it leads to no other site."""
    base = _cookie_path().rstrip("/") + "/"
    is_ours = path.startswith(base) and len(path) <= LONGEST_PATH
    has_odd = path.startswith("//") or "\\" in path or not path.isprintable() or " " in path
    return path if is_ours and not has_odd else ""


def with_role(*roles: Role) -> Account:
    """The same, where it has one of these roles; refuses others."""
    return checked(account_or_login(), *roles)


def checked(account: Account, *roles: Role) -> Account:
    """The account, where it has one of these roles; refuses others."""
    if not account.has_role(*roles, now=now()):
        abort(403)
    return account


def csrf_token() -> str:
    """The token of a form of someone who is signed in: bound to the session, each time another,
    so that compressed pages do not give it away."""
    found = arrival()
    if found is None:
        raise LookupError("only a page of someone who is signed in has a token")
    salt = secrets.token_hex(8)
    return f"{salt}.{_signed(salt, found)}"


def is_sent() -> bool:
    """Is this form meant to be kept: given out to who sends it, and not given back first?"""
    return is_signed_form() and request.form.get(ACT) != BACK


def _is_token(token: str, found: Visit) -> bool:
    salt, _, signed = token.partition(".")
    return hmac.compare_digest(signed.encode(), _signed(salt, found).encode())


def _signed(salt: str, found: Visit) -> str:
    text = f"csrf:{salt}:{found.session.id_hash}"
    return hmac.new(settings().secret_key.encode(), text.encode(), "sha256").hexdigest()


# The cookie


def open_session(response: Response, key: str) -> None:
    """Give the browser the id of its session; nothing of the person is in it."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=accounts.LASTS,
        path=_cookie_path(),
        secure=settings().base_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def close_session(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=_cookie_path(), httponly=True, samesite="Lax")


def _cookie_path() -> str:
    return urlsplit(settings().base_url).path or "/"
