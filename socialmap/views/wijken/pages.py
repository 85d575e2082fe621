"""Pages on which people say who holds an area, who stands in, and that it is right (R13)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from socialmap import db, people, teams
from socialmap.accounts import permissions
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.listings.history import Author
from socialmap.models import Account
from socialmap.models.currency import months_later
from socialmap.models.people import CONFIRM_MONTHS
from socialmap.models.terms import AreaLevel, Door, Role
from socialmap.people import Attention, Circle, Outlook
from socialmap.teams import assigning
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.edit.reader import Boxes, Faults
from socialmap.views.jinja import area_name
from socialmap.views.wijken.acts import Act, Asked, ConflictError, WrongError, texts_now
from socialmap.views.wijken.area import AreaDesk, area_or_404, desk_of

CHECKERS = (Role.WIJK_CONTACT, Role.REDACTEUR)
MOST = 40
"""So many areas on a list; who looks for one types more of its name."""
ALL = "alle"
"""The list without a stadsdeel."""
CIRCLES = {
    Circle.NOW: "Nu",
    Circle.HOLDERS: "Contactpersonen in de buurt",
    Circle.TEAMS: "In een team in de buurt",
    Circle.ADDED: "Door u toegevoegd",
}

bp = Blueprint("wijken", __name__, url_prefix="/bureau/wijken")
bp.after_request(doors.keep_private)


@bp.get("")
def wijken() -> ResponseReturnValue:
    """The areas on which this account may decide, with what of them asks for attention."""
    account = doors.with_role(*CHECKERS)
    session = db.session()
    tree = area_tree(session)
    nodes = permissions.areas_to_check(account, tree)
    has_all = permissions.sees_everything(account)
    name, district = request.args.get("naam", "").strip(), request.args.get("stadsdeel", "")
    is_list = bool(name or district) or not has_all
    chosen = narrowed(tree, nodes, name, district) if is_list else []
    held = people.held_areas(session, tree, [node.code for node in chosen[:MOST]], today())
    return render_template(
        "wijken/wijken.html",
        asking=[one for one in held if one.attention],
        calm=[one for one in held if not one.attention],
        is_list=is_list,
        has_all=has_all,
        left=max(0, len(chosen) - MOST),
        counted=[] if is_list else counted_districts(session, tree, nodes),
        served=served(tree, nodes, district),
        name=name,
        district=district,
        done=next((node for node in nodes if node.slug == request.args.get("wijk")), None),
    )


@bp.get("/<slug>")
def wijk(slug: str) -> ResponseReturnValue:
    """One area: who holds it, what everybody sees, and what can be changed."""
    account = doors.account_or_login()
    node = area_or_404(db.session(), account, slug)
    return page(desk_of(db.session(), account, node, today()))


@bp.post("/<slug>")
def save(slug: str) -> ResponseReturnValue:
    """Do what is asked, unless it is wrong or somebody else changed the same area."""
    account = doors.account_or_kept()
    node = area_or_404(db.session(), account, slug)
    asked = Asked.of(request.form)
    if asked is None:
        abort(400)
    if not doors.is_sent():
        return page(desk_of(db.session(), account, node, today()), asked), 403
    try:
        with db.writing(db.engine()) as session:
            desk = desk_of(session, account, node, today())
            asked.do(session, desk, today(), author(account))
    except WrongError as error:
        desk = desk_of(db.session(), account, node, today())
        return page(desk, asked, errors=error.errors), 422
    except ConflictError:
        desk = desk_of(db.session(), account, node, today())
        return page(desk, asked, is_conflict=True), 409
    return redirect(onward(node, asked), 303)


def author(account: Account) -> Author:
    """Who saves, for the history."""
    return Author(account.name or account.mail, Door.FORM, now())


def onward(node: AreaNode, asked: Asked) -> str:
    """Where someone goes on: back to the list from which was confirmed, else to the area."""
    if district := asked.typed.get("lijst"):
        inside = None if district == ALL else district
        return url_for("wijken.wijken", wijk=node.slug, stadsdeel=inside)
    also = 1 if asked.is_for_all else None
    return url_for("wijken.wijk", slug=node.slug, gedaan=asked.act, ook=also)


# The list


def narrowed(tree: AreaTree, nodes: list[AreaNode], name: str, district: str) -> list[AreaNode]:
    """Those of a stadsdeel with these letters in their name: per stadsdeel, larger ones first."""
    inside = tree.find_at(AreaLevel.DISTRICT, district) if district else None
    found = [
        node
        for node in nodes
        if name.casefold() in node.name.casefold()
        and (inside is None or tree.up_to(node.code, AreaLevel.DISTRICT) == inside)
    ]
    return sorted(found, key=lambda node: place_in_list(tree, node))


def served(tree: AreaTree, nodes: list[AreaNode], district: str) -> list[tuple[str, str, int]]:
    """(slug, name, how many assignments are asked) of each team in these areas; for who has the
    whole city those of the stadsdeel."""
    session = db.session()
    inside = tree.find_at(AreaLevel.DISTRICT, district) if district else None
    tops = [inside] if inside else [node for node in nodes if node.code != CITY]
    if not inside and tree.get(CITY) in nodes:
        return []
    found = {
        team.id: team
        for node in tops
        for team in teams.teams_of_area(session, tree, node.code, today())
    }
    counts = assigning.asked_counts(session, list(found), today())
    return sorted((team.slug, team.name, counts.get(id, 0)) for id, team in found.items())


def place_in_list(tree: AreaTree, node: AreaNode) -> tuple[str, int, str]:
    """By what an area stands in the list."""
    home = tree.up_to(node.code, AreaLevel.DISTRICT)
    return home.name if home else "", list(AreaLevel).index(node.level), node.name


def counted_districts(
    session: Session, tree: AreaTree, nodes: list[AreaNode]
) -> list[tuple[AreaNode, dict[Attention, int]]]:
    """Each stadsdeel, and how many areas in it ask for attention for what."""
    held = people.held_areas(session, tree, [node.code for node in nodes], today())
    counts: dict[str, Counter[Attention]] = {}
    for one in held:
        home = tree.up_to(one.code, AreaLevel.DISTRICT)
        counts.setdefault(home.code if home else CITY, Counter()).update(one.attention)
    order = [node for node in nodes if node.level in (AreaLevel.CITY, AreaLevel.DISTRICT)]
    order.sort(key=lambda node: place_in_list(tree, node))
    return [(node, counts[node.code]) for node in order]


# One area


def page(
    desk: AreaDesk,
    asked: Asked | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    is_conflict: bool = False,
) -> str:
    """The page of an area, with what was typed where that is not kept yet."""
    texts = texts_now(desk) | (asked.boxes if asked else {})
    return render_template(
        "wijken/wijk.html",
        desk=desk,
        now=desk.now,
        later=desk.held.later,
        outlook=outlook_of(desk.node.code),
        groups={CIRCLES[circle]: known for circle, known in desk.choices.items()},
        also_names=[area_name(row.area_code) for row in desk.others],
        boxes=Boxes(MultiDict(texts)),
        errors=Faults(errors or {}),
        act=asked.act if asked else None,
        is_for_all=asked.is_for_all if asked else True,
        is_conflict=is_conflict,
        differing=asked.differing(desk) if asked and is_conflict else [],
        **saved_of(desk),
    )


def outlook_of(code: str) -> list[Outlook]:
    """Whom everybody is told to call, from today on."""
    session = db.session()
    return people.outlook(session, area_tree(session), code, today())


def saved_of(desk: AreaDesk) -> dict[str, Any]:
    """What was saved a moment ago, and what everybody sees now in the holder's other areas."""
    done = request.args.get("gedaan", "") if request.method == "GET" else ""
    also = desk.others if "ook" in request.args else ()
    return {
        "done": next((one for one in Act if one == done), None),
        "also": [(row.area_code, outlook_of(row.area_code)) for row in also] if done else [],
        "asked_again_on": months_later(today(), CONFIRM_MONTHS),
    }
