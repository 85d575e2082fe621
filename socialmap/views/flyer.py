"""A flyer for the door of a school or centre: who of the team is there, when, and what to ask."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, teams
from socialmap.labels import day, label, listed
from socialmap.listings.find import find_new_slug
from socialmap.people import PersonView
from socialmap.teams import Membership, OfficeHour
from socialmap.views import printed
from socialmap.views.clock import today
from socialmap.views.guide import languages, named_days
from socialmap.views.jinja import clock, sentence
from socialmap.views.paper import sent
from socialmap.views.person import NOUN
from socialmap.views.portrait import picture
from socialmap.views.qr import drawing
from socialmap.views.structured import public_url

MOST_DESKS, MOST_ASKS = 4, 3
LONGEST_ASK, LONGEST_NAME = 400, 120

bp = Blueprint("flyer", __name__)


@bp.get("/persoon/<slug>/flyer.pdf")
def flyer(slug: str) -> ResponseReturnValue:
    """The flyer of someone who is in a team today."""
    profile = people.find_profile(db.session(), slug, today())
    if profile is None:
        return moved_or_404(slug)
    member_of = teams.memberships_of(db.session(), profile.person.id, today())
    if not member_of:
        abort(404)
    sheet = printed.sheet("flyer", flyer_of(profile.person, member_of))
    return sent(sheet, f"flyer-{slug}-{today()}.pdf")


def moved_or_404(slug: str) -> ResponseReturnValue:
    """Lead a former address to the flyer of today."""
    now = find_new_slug(db.session(), NOUN, slug)
    if now is None:
        abort(404)
    return redirect(url_for("flyer.flyer", slug=now), 301)


def flyer_of(person: PersonView, member_of: Sequence[Membership]) -> printed.Flyer:
    """All that fits on one page about a person in these teams."""
    team = next((one for one in member_of if one.team_phone), None)
    url = public_url("person.person", slug=person.slug)
    more = len(member_of) - MOST_DESKS
    return printed.Flyer(
        name=shortened(person.name, LONGEST_NAME),
        first_name=shortened(person.first_name, LONGEST_NAME),
        role=shortened(sentence(person.role), LONGEST_NAME),
        organisation=shortened(person.organisation, LONGEST_NAME),
        photo=picture(person),
        desks=[desk(one) for one in member_of[:MOST_DESKS]],
        more=f"En op nog {more} andere {'plek' if more == 1 else 'plekken'}." if more > 0 else "",
        asks=list(asks(member_of))[:MOST_ASKS],
        languages=languages(person),
        phone=person.phone or (team.team_phone if team else None) or "",
        phone_of=shortened(team.team_name, LONGEST_NAME) if team and not person.phone else "",
        backup=next(filter(None, map(backup, member_of)), ""),
        is_example=person.is_example,
        made_on=day(today()),
        url=url,
        qr=drawing(url).encode(),
    )


@bp.app_template_global("flyer_holds")
def held_by(person: PersonView, member_of: Sequence[Membership]) -> list[str]:
    """What the flyer of a person holds of when and how to reach them, in a few words."""
    desks = member_of[:MOST_DESKS]
    has_times = any(hour.starts_at for one in desks for hour in one.member.hours)
    has_days = bool(person.days) or any(one.member.hours for one in desks)
    number = f"nummer van {person.first_name}" if person.phone else ""
    if not number and any(one.team_phone for one in member_of):
        number = "nummer van het team"
    when = ["dagen", "tijden"] if has_times else ["dagen"] if has_days else []
    return [*when, *filter(None, [number])]


def desk(membership: Membership) -> printed.Desk:
    """When someone is at a school or centre; the days where the hours are not known."""
    member = membership.member
    days = named_days(member.person)
    return printed.Desk(
        place=shortened(member.workplace, LONGEST_NAME),
        team=shortened(membership.team_name, LONGEST_NAME),
        hours=[(sentence(label(one.weekday)), times(one)) for one in member.hours],
        instead="" if member.hours else sentence(days) or "Bel voor een afspraak",
        until=f"Dit geldt tot en met {day(member.until_on)}." if member.until_on else "",
    )


def times(hour: OfficeHour) -> str:
    """`8.30–12.00`; empty when only the day is known."""
    if hour.starts_at is None or hour.ends_at is None:
        return ""
    return f"{clock(hour.starts_at)}–{clock(hour.ends_at)}"


def asks(member_of: Sequence[Membership]) -> Iterator[str]:
    """What to ask, each text once; else what someone knows much of."""
    said = dict.fromkeys(one.member.ask_me for one in member_of if one.member.ask_me)
    known = dict.fromkeys(name for one in member_of for name in one.member.expertise.values())
    if known and not said:
        said = {f"Alles over {listed([name.lower() for name in known])}.": None}
    yield from (shortened(one, LONGEST_ASK) for one in said)


def backup(membership: Membership) -> str:
    """Whom to call when this person is not there; empty when that is not known."""
    member, other = membership.member, membership.member.backup
    if other is None:
        return ""
    number = f", {other.phone}" if other.phone else ""
    return f"Is {member.person.first_name} er niet? Bel {other.name}{number}."


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters, cut between two words."""
    if len(text) <= most:
        return text
    whole = text[: most - 1]
    return (whole.rpartition(" ")[0] or whole) + "…"
