"""The Wijkgids: all that the page of a wijk tells, to print (PDF); whom to call comes first."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, teams, themes
from socialmap.geo.tree import AreaNode, AreaTree, area_tree
from socialmap.labels import day, label, listed, short_day
from socialmap.listings.cards import cards
from socialmap.listings.find import find_new_slug
from socialmap.listings.shelves import Shelves
from socialmap.models.terms import AreaLevel
from socialmap.people import AreaContact, PersonView, Presence, StandIn
from socialmap.teams import MemberView, TeamView
from socialmap.views import printed
from socialmap.views.areas import NOUN, ask, contacts
from socialmap.views.clock import today
from socialmap.views.guide_listings import Shelf, chapters, register
from socialmap.views.jinja import postcode, sentence, words
from socialmap.views.paper import sent, told
from socialmap.views.portrait import picture
from socialmap.views.qr import drawing
from socialmap.views.structured import public_url
from socialmap.views.team import by_workplace

OKT = "okt"

bp = Blueprint("guide", __name__)


@bp.get("/wijk/<slug>/gids.pdf")
def guide(slug: str) -> ResponseReturnValue:
    """The Wijkgids of a wijk, as it is today."""
    tree = area_tree(db.session())
    node = tree.find_at(AreaLevel.WIJK, slug)
    if node is None or node.slug != slug:
        return moved_or_404(tree, slug)
    sheet = printed.sheet("guide", guide_of(tree, node))
    return sent(sheet, f"wijkgids-{node.slug}-{today()}.pdf")


def moved_or_404(tree: AreaTree, slug: str) -> ResponseReturnValue:
    """Lead a code or a former address to the Wijkgids of today."""
    node = tree.find_at(AreaLevel.WIJK, find_new_slug(db.session(), NOUN, slug) or slug)
    if node is None:
        abort(404)
    return redirect(url_for("guide.guide", slug=node.slug), 301)


def guide_of(tree: AreaTree, node: AreaNode) -> printed.Guide:
    """All that a Wijkgids tells about a wijk today."""
    session = db.session()
    found = [card for card in cards(session, ask(node).ranked.ids) if not card.is_ended(today())]
    served = teams.teams_of_area(session, tree, node.code, today())
    members = {team.id: teams.members_of(session, team.id, today()) for team in served}
    contact, above = contacts(tree, node)
    called = people.contacts_of_listings(session, [card.id for card in found], today())
    shelves = Shelves.of(tree, node.code, found)
    home = tree.up_to(node.code, AreaLevel.DISTRICT)
    buurten = [child.name for child in tree.children(node.code)]
    url = public_url("areas.wijk", slug=node.slug)
    shown = [*called.values(), *(one.person for there in members.values() for one in there)]
    return printed.Guide(
        wijk=node.name,
        district=home.name if home else "",
        buurten=listed(buurten) if buurten != [node.name] else "",
        made_on=day(today()),
        is_example=contact.is_example
        or any(one.is_example for one in found)
        or any(one.is_example for one in served)
        or any(one.is_example for one in shown),
        contact=contact_of(tree, contact),
        numbers=numbers(),
        no_team=no_team(above, home) if all(team.kind != OKT for team in served) else "",
        teams=[team_of(team, members[team.id]) for team in served],
        nothing_here="" if shelves.offers else nothing_here(contact),
        chapters=chapters(tree, node, in_order(shelves, node), called),
        themes=register(found),
        url=url,
        qr=drawing(url).encode(),
    )


def in_order(shelves: Shelves, node: AreaNode) -> list[Shelf]:
    """What there is in the order of the page of a wijk: light before heavy, elsewhere last."""
    return [
        Shelf("Informeel en open voor iedereen", shelves.informal),
        Shelf("Formeel, vrij toegankelijk", shelves.formal),
        Shelf("Met verwijzing of via het team", shelves.heavier),
        Shelf("Plekken in de buurt", shelves.places),
        Shelf(f"Van buiten de wijk, ook voor {node.name}", shelves.outside),
    ]


def nothing_here(contact: AreaContact) -> str:
    """What to do in a wijk without offers."""
    said = "Hieronder staat wat er van buiten de wijk komt."
    answers = contact.reachable
    return f"{said} {answers.name} weet vaak meer dan hier staat." if answers else said


def numbers() -> list[printed.Number]:
    """The numbers to ring in danger."""
    return [
        printed.Number(
            "Direct gevaar" if one.name == one.number else one.name,
            one.number,
            one.when_to_call,
            sentence(one.hours),
        )
        for one in themes.emergency_numbers(db.session())
    ]


# Whom to call


def contact_of(tree: AreaTree, contact: AreaContact) -> printed.Contact:
    """Whom to call for the wijk, in the words of its page."""
    is_there = contact.presence == Presence.PRESENT
    person, answers = contact.person, contact.reachable
    deputy = contact.deputy if is_there else None
    return printed.Contact(
        role=sentence(told("contact", "role", tree.get(contact.area_code))),
        name=person.name if person else "Nog niemand",
        note=person.note if person and is_there else "",
        absence="" if is_there else told("contact", "absence", contact),
        answers=answers.name if answers else "",
        ways=ways(answers, contact.phone) if answers else [],
        instead=instead_of(contact.instead) if contact.instead else "",
        days=named_days(answers) if answers and is_there else "",
        languages=languages(answers) if answers and is_there else "",
        deputy=deputy_line(person, deputy) if person and deputy else "",
        confirmed=f"Bevestigd {short_day(contact.confirmed_on)}" if contact.confirmed_on else "",
        photo=picture(person) if person else None,
    )


def instead_of(helper: StandIn) -> str:
    """Whom to ask where of who answers no number and no mail is shown."""
    role = told("contact", "stand_in_role", helper)
    known = helper.phone or helper.person.mail or helper.person.whatsapp
    return f"Vraag het {helper.person.name}, {role}: {known}."


def ways(person: PersonView, phone: str | None) -> list[printed.Way]:
    """The ways to reach someone, the number to ring first."""
    known = {"Bel": phone, "WhatsApp": person.whatsapp, "Mail": person.mail}
    return [printed.Way(word, value) for word, value in known.items() if value]


def deputy_line(person: PersonView, deputy: PersonView) -> str:
    """When to call the deputy instead, and the number."""
    called = f"{told('week', 'other_days', person)}: {deputy.name}"
    return f"{called}, {deputy.phone}" if deputy.phone else called


def named_days(person: PersonView) -> str:
    """`maandag en donderdag`; empty when that is not known."""
    return listed([label(weekday) for weekday in person.days])


def languages(person: PersonView) -> str:
    """`Nederlands en Turks`; empty when that is not known."""
    return listed(words("language", [str(one) for one in person.languages]))


# The teams


def no_team(above: AreaContact, home: AreaNode | None) -> str:
    """That no ouder- en kindteam is known, and whom to call instead."""
    said = "Voor deze wijk kennen wij geen ouder- en kindteam."
    if not above.reachable:
        return said
    is_there = above.presence == Presence.PRESENT and home
    role = f", contactpersoon van stadsdeel {home.name}" if is_there and home else ""
    number = f": {above.phone}" if above.phone else ""
    return f"{said} Bel {above.reachable.name}{role}{number}."


def team_of(team: TeamView, members: Sequence[MemberView]) -> printed.Team:
    """A team with its members at each school or centre."""
    address = [team.street, postcode(team.postcode) if team.postcode else None]
    return printed.Team(
        kind=sentence(team.kind_name),
        name=team.name,
        where=", ".join(filter(None, address)) if team.street else "Adres niet bekend",
        opening=team.opening,
        phone=team.phone or "",
        leader=team.leader.name if team.leader else "",
        workplaces=[
            printed.Workplace(place, [member_of(one, team.phone) for one in there])
            for place, there in by_workplace(members)
        ],
    )


def member_of(member: MemberView, team_phone: str | None) -> printed.Member:
    """A member of a team; the number of the team stands above all of them."""
    person = member.person
    phone = person.phone if person.phone != team_phone else None
    about = [told("asks", "ages", member), languages(person)]
    return printed.Member(
        name=person.name,
        about=", ".join(filter(None, about)),
        when=when(member),
        phone=phone or "",
        ask=member.ask_me,
    )


def when(member: MemberView) -> str:
    """When a member is there; the days where the hours are not known, empty where neither is."""
    days = "" if member.hours else sentence(named_days(member.person))
    return " ".join(filter(None, [days and f"{days}.", told("hours", "hours", member)]))
