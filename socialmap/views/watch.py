"""What wants attention in one's areas: what nobody checked, kept by nobody, or reported (R17)."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.accounts.permissions import areas_to_check
from socialmap.geo.tree import AreaNode, area_tree
from socialmap.listings.export import Row, as_csv
from socialmap.models import Account
from socialmap.models.terms import AreaLevel, Matter, Role
from socialmap.upkeep import watching
from socialmap.upkeep.trend import trend
from socialmap.upkeep.watching import Chosen, Watched
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.confirming import confirm_all
from socialmap.views.structured import public
from socialmap.views.ways import edit_page

PER_PAGE = 50
KINDS, AREA, PAGE, TICKED = "soort", "gebied", "pagina", "klopt"
NONE_TICKED = "Vink aan wat u hebt nagekeken."
TORN = "Er ging iets mis bij het versturen. Kijk na wat u aanvinkte en druk nog een keer."

bp = Blueprint("watch", __name__, url_prefix="/bureau")
bp.after_request(doors.keep_private)


def watcher() -> Account:
    """Who is signed in and sees to an area."""
    return doors.with_role(Role.WIJK_CONTACT, Role.REDACTEUR)


@bp.get("/actueel")
def watch() -> ResponseReturnValue:
    """What wants attention, the most overdue first."""
    return _page(watcher(), [], "")


def _page(account: Account, ticked: list[str], error: str) -> ResponseReturnValue:
    session, tree = db.session(), area_tree(db.session())
    rows = watching.watched(session, tree, account, now(), today())
    areas = _areas(account)
    chosen = _chosen(areas)
    found = watching.chosen_of(tree, rows, chosen)
    in_area = watching.chosen_of(tree, rows, Chosen(area_code=chosen.area_code))
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, request.args.get(PAGE, 1, type=int)), pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    told = render_template(
        "watch/watch.html",
        rows=watching.with_asks(session, shown),
        total=len(found),
        counts=watching.counts_of(in_area),
        matters=Matter,
        chosen=chosen,
        areas=[(node.slug, node.name) for node in areas],
        area=next((node.slug for node in areas if node.code == chosen.area_code), ""),
        trend=trend(session, tree, areas, today()),
        page=page,
        pages=pages,
        here=_here,
        ticked=ticked,
        error=error,
        done=request.args.get("klaar", ""),
    )
    return told, 422 if error else 200


def _areas(account: Account) -> list[AreaNode]:
    """The areas to choose from: stadsdelen, gebieden and wijken, as one has them."""
    levels = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.WIJK)
    found = areas_to_check(account, area_tree(db.session()))
    return sorted(
        (node for node in found if node.level in levels),
        key=lambda node: (levels.index(node.level), node.name),
    )


def _chosen(areas: list[AreaNode]) -> Chosen:
    """What the address asks; what it names and is not there is left out."""
    typed = set(request.args.getlist(KINDS))
    slug = request.args.get(AREA, "")
    code = next((node.code for node in areas if node.slug == slug), "")
    return Chosen(frozenset(one for one in Matter if one in typed), code)


def _here(page: int | None = None, done: int | None = None) -> str:
    """This page with what was chosen, at another page of it or with what was done."""
    kinds, area = request.args.getlist(KINDS), request.args.get(AREA) or None
    return url_for("watch.watch", soort=kinds, gebied=area, pagina=page, klaar=done)


@bp.post("/actueel")
def confirm() -> ResponseReturnValue:
    """What was ticked is right, from today on."""
    ticked = request.form.getlist(TICKED)
    account = doors.checked(
        doors.account_or_kept([(TICKED, one) for one in ticked]),
        Role.WIJK_CONTACT,
        Role.REDACTEUR,
    )
    if request.form.get(doors.ACT) == doors.BACK:
        return _page(account, ticked, "")
    if not doors.is_signed_form() or not ticked:
        return _page(account, ticked, NONE_TICKED if doors.is_signed_form() else TORN)
    return redirect(_here(done=confirm_all(account, _ids(account, ticked))), 303)


def _ids(account: Account, slugs: list[str]) -> list[UUID]:
    session, tree = db.session(), area_tree(db.session())
    rows = watching.watched(session, tree, account, now(), today())
    known = {row.card.slug: row.card.id for row in rows}
    return [known[slug] for slug in slugs if slug in known]


@bp.get("/actueel.csv")
def table() -> ResponseReturnValue:
    """The same as a file."""
    account = watcher()
    session, tree = db.session(), area_tree(db.session())
    rows = watching.watched(session, tree, account, now(), today())
    found = watching.chosen_of(tree, rows, _chosen(_areas(account)))
    lines = as_csv(_cells(watching.with_asks(session, found)), watching.COLUMNS)
    response = Response("".join(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="actueel.csv"'
    return response


def _cells(rows: list[Watched]) -> Iterator[Row]:
    return (watching.as_row(row, public(edit_page(row.card.slug)), today()) for row in rows)
