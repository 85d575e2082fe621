"""For the huisarts and other neighbours of the teams: from a postcode to the team, who is in it,
and what goes where (R30)."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, teams, themes
from socialmap.geo.tree import AreaNode, AreaTree, area_tree
from socialmap.listings.cards import cards
from socialmap.listings.find import find_new_slug
from socialmap.models.terms import AreaLevel
from socialmap.search.question.where import (
    Whereabouts,
    find_place,
    is_postcode,
    wijken_like,
    wijken_of,
)
from socialmap.teams import MemberView, Share, TeamView
from socialmap.views import addresses, areas
from socialmap.views.asking import Step, address
from socialmap.views.clock import today
from socialmap.views.shell import shell_of
from socialmap.views.structured import public_url

LONGEST = 200
MOST_WIJKEN = 30
"""More than this is not a choice any more."""
MOST_CONSULTS = 4
WORKPLACE_SIGNS, NAME_SIGNS, BACKUP_SIGNS = 32, 36, 18
"""So many signs fit on a line in the columns of the A4."""
EXAMPLE = "1031 of 1031 AB"

bp = Blueprint("huisarts", __name__)


@dataclass(frozen=True)
class Option:
    """A wijk in which a postcode may lie, with the names of its buurten and its ouder- en
    kindteams."""

    wijk: AreaNode
    buurten: list[str]
    shares: list[Share]


@dataclass(frozen=True)
class Crew:
    """An ouder- en kindteam in a wijk, and who is in it."""

    team: TeamView
    buurten: list[str]
    """The names of the buurten that it serves; empty where that is the whole wijk."""
    members: list[MemberView]

    @property
    def lines(self) -> int:
        """About how many lines its names take on paper, where the columns are narrow."""
        texts = (
            (
                one.workplace,
                f"{one.person.name} {one.person.role}",
                one.backup.name if one.backup else "",
            )
            for one in self.members
        )
        widths = (WORKPLACE_SIGNS, NAME_SIGNS, BACKUP_SIGNS)
        return sum(
            max(ceil(len(text) / width) for text, width in zip(row, widths, strict=True))
            for row in texts
        )


@bp.get("/huisarts")
def start() -> ResponseReturnValue:
    """From a postcode or a name to the wijk; where there are several, the reader says which."""
    elsewhere = addresses.without_address(request.args)
    if elsewhere is not None:
        return redirect(address(elsewhere, "huisarts.start"), 303), {"Cache-Control": "no-store"}
    session = db.session()
    tree = area_tree(session)
    typed = " ".join(request.args.get("bij", "").split())[:LONGEST]
    where = find_place(session, tree, typed) if typed else Whereabouts()
    wijken = wijken_of(tree, where)
    if len(wijken) == 1:
        return redirect(onward(tree, wijken[0], where), 303)
    options = offered(tree, wijken) if len(wijken) <= MOST_WIJKEN else []
    return render_template(
        "huisarts/start.html",
        typed=typed,
        place=where.near.label if where.near else typed,
        is_code=is_postcode(typed),
        error="" if options else problem(typed, is_too_wide=bool(wijken)),
        options=options,
        alike=[] if wijken or not typed else wijken_like(tree, typed),
        only=only_team(options),
        is_example=any(share.team.is_example for one in options for share in one.shares),
    )


@bp.get("/huisarts/<slug>")
def wijk(slug: str) -> ResponseReturnValue:
    """The teams of a wijk: whom to call, who is at which school, and what goes where."""
    session = db.session()
    tree = area_tree(session)
    node = tree.find_at(AreaLevel.WIJK, slug)
    if node is None or node.slug != slug:
        return moved_or_404(tree, slug)
    buurt = asked_buurt(tree, node)
    shares = teams.shares_by_wijk(session, tree, [node.code], today())[node.code]
    crews = crews_of(shares, buurt)
    contact, next_level = areas.contacts(tree, node)
    shell = shell_of(tree, node, request.args)
    return render_template(
        "huisarts/wijk.html",
        node=node,
        buurt=buurt,
        crews=crews,
        unserved=unserved(tree, node, crews),
        others=[share for share in shares if not share.team.is_okt],
        contact=contact,
        next_level=next_level,
        numbers=themes.emergency_numbers(session),
        shell=shell,
        address=public_url("huisarts.wijk", slug=node.slug),
        is_example=contact.is_example or shell.is_example or is_example(shares, crews),
        **ways(node),
        **areas.whereabouts(tree, node),
    )


def onward(tree: AreaTree, wijk: AreaNode, where: Whereabouts) -> str:
    """The page of a wijk, with the buurt where that is known."""
    near = where.near
    node = tree.get(near.area_code) if near and near.area_code else wijk
    buurt = node.slug if node.level == AreaLevel.BUURT else None
    return url_for("huisarts.wijk", slug=wijk.slug, buurt=buurt)


def problem(typed: str, *, is_too_wide: bool) -> str:
    """Why what was typed leads to no wijk, and what would; empty where nothing was asked."""
    if became := addresses.message_of(request.args):
        return became
    if not typed:
        return f"Vul een postcode in ({EXAMPLE})." if "bij" in request.args else ""
    if is_too_wide:
        return f"Dit gaat over de hele stad. Vul een postcode in ({EXAMPLE}) of een wijk."
    if is_postcode(typed):
        return (
            "Deze postcode ligt niet in Amsterdam of Weesp. Kijk de cijfers na. "
            "Woont het gezin ergens anders? Bel dan de gemeente daar."
        )
    if typed[0].isdigit():
        return f"Dit is geen postcode. Vul vier cijfers in, met of zonder letters: {EXAMPLE}."
    return f"Deze plek kennen wij niet. Vul een postcode in ({EXAMPLE}) of de naam van een wijk."


def offered(tree: AreaTree, wijken: list[AreaNode]) -> list[Option]:
    """The wijken to choose from, each with what tells them apart."""
    codes = [node.code for node in wijken]
    shares = teams.shares_by_wijk(db.session(), tree, codes, today())
    return [
        Option(
            node,
            [buurt.name for buurt in tree.children(node.code) if buurt.name != node.name],
            [share for share in shares[node.code] if share.team.is_okt],
        )
        for node in wijken
    ]


def only_team(options: list[Option]) -> TeamView | None:
    """The one team that serves all of every wijk to choose from, or None."""
    shares = [share for option in options for share in option.shares]
    is_sure = all(len(option.shares) == 1 for option in options)
    if not options or not is_sure or any(share.buurten for share in shares):
        return None
    return shares[0].team if len({share.team.slug for share in shares}) == 1 else None


def moved_or_404(tree: AreaTree, slug: str) -> ResponseReturnValue:
    """Lead a code, a former address or a buurt to its wijk; a larger area to its wijken."""
    node = tree.find(find_new_slug(db.session(), areas.NOUN, slug) or slug)
    if node is None or node.level == AreaLevel.CITY:
        abort(404)
    home = tree.up_to(node.code, AreaLevel.WIJK)
    if home is None:
        return redirect(url_for("huisarts.start", bij=f"{node.level}:{node.slug}"), 301)
    buurt = node.slug if node.level == AreaLevel.BUURT else None
    return redirect(url_for("huisarts.wijk", slug=home.slug, buurt=buurt), 301)


def asked_buurt(tree: AreaTree, wijk: AreaNode) -> AreaNode | None:
    """The buurt of this wijk that is asked about, or None."""
    buurt = tree.find_at(AreaLevel.BUURT, request.args.get("buurt", ""))
    return buurt if buurt in tree.children(wijk.code) else None


def crews_of(shares: list[Share], buurt: AreaNode | None) -> list[Crew]:
    """The ouder- en kindteams with their members; those of the buurt that is asked about first."""
    session = db.session()
    okts = [share for share in shares if share.team.is_okt]
    if buurt:
        okts.sort(key=lambda share: buurt.code not in share.team.buurten)
    return [Crew(*share, teams.members_of(session, share.team.id, today())) for share in okts]


def unserved(tree: AreaTree, wijk: AreaNode, crews: list[Crew]) -> list[str]:
    """The names of the buurten for which no ouder- en kindteam is known, where others have one."""
    served = {code for crew in crews for code in crew.team.buurten}
    left = [node.name for node in tree.children(wijk.code) if node.code not in served]
    return left if crews else []


def is_example(shares: list[Share], crews: list[Crew]) -> bool:
    """Is any of these teams invented, or anyone in them?"""
    members = (member.person for crew in crews for member in crew.members)
    return any(share.team.is_example for share in shares) or any(one.is_example for one in members)


def ways(wijk: AreaNode) -> dict[str, Any]:
    """What one may go to directly, what goes through the team, and what through the huisarts."""
    consults = areas.ask(wijk, vorm=("consult",))
    return {
        "consults": cards(db.session(), consults.ranked.ids[:MOST_CONSULTS]),
        "directly": [
            Step("Met wie kunt u overleggen?", search_url(wijk, vorm="consult"), consults.total),
            counted(wijk, "Informeel, open voor iedereen", soort="informeel"),
            counted(wijk, "Formeel, vrij toegankelijk", soort="formeel", niveau="open"),
        ],
        "by_team": counted(wijk, "Hulp van het team zelf", niveau="okt"),
        "by_doctor": [
            counted(wijk, "Via de huisarts", route="huisarts"),
            counted(wijk, "Specialistische hulp", niveau="stad"),
        ],
    }


def counted(wijk: AreaNode, label: str, **chosen: str) -> Step:
    """A search in a wijk with how much it finds."""
    found = areas.ask(wijk, **{name: (value,) for name, value in chosen.items()})
    return Step(label, search_url(wijk, **chosen), found.total)


def search_url(wijk: AreaNode, **chosen: str) -> str:
    """The address of a search in a wijk."""
    return address({"wijk": (wijk.slug,), **{name: (value,) for name, value in chosen.items()}})
