"""Direct answers: people, teams and explanations that a question asks for, above the listings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from socialmap import db, teams, themes
from socialmap.geo.tree import CITY, AreaNode, area_tree
from socialmap.listings.cards import Card, cards
from socialmap.models import GlossaryTerm
from socialmap.models.terms import AreaLevel
from socialmap.people import PersonView
from socialmap.search.language.analysis import STOPWORDS, pieces, stem
from socialmap.search.language.meaning import meant
from socialmap.search.language.synonyms import synonyms
from socialmap.teams import AskedFor, Membership, TeamView
from socialmap.views.asking import Asked
from socialmap.views.clock import today
from socialmap.views.maps import area_url

MOST_TERMS = 2
EXPERTS_NEAR, EXPERTS_ELSEWHERE = 2, 1
EXPERTS_BEHIND = 3
"""After so many listings stand the people who know much of the subject."""
EXPLAIN = frozenset("wat betekent betekenis verschil uitleg doet criteria werkwijze".split())
CALL = frozenset("bel bellen nummer telefoonnummer contact bereiken".split())
UNTOLD = STOPWORDS | EXPLAIN | CALL
WHO = "wie"


@dataclass(frozen=True)
class Page:
    """A page that answers: its address and title, and what kind of page it is."""

    url: str
    title: str
    about: str


@dataclass(frozen=True)
class DirectAnswers:
    """Who or what a question asks for by name, role or expertise."""

    people: tuple[tuple[PersonView, str], ...] = ()
    """People with their keys."""
    teams: tuple[TeamView, ...] = ()
    terms: tuple[GlossaryTerm, ...] = ()
    pages: tuple[Page, ...] = ()
    places: tuple[Card, ...] = ()
    """Places that were asked for by name, which rank below all offers."""
    experts: tuple[Membership, ...] = ()
    """Members of teams who know much of the subject: they stand among the listings."""
    subjects: frozenset[str] = frozenset()
    """The themes of the question and those above them, by id."""

    @property
    def is_example(self) -> bool:
        """Is anybody of them invented?"""
        people = [person for person, _ in self.people]
        people += [expert.member.person for expert in self.experts]
        invented = [*(team.is_example for team in self.teams), *(one.is_example for one in people)]
        return any(invented)

    def __bool__(self) -> bool:
        """Is there something to show above the list?"""
        return bool(self.people or self.teams or self.terms or self.pages or self.places)


def direct_answers(asked: Asked) -> DirectAnswers:
    """What answers a question better than any listing; most questions have none."""
    session, tree = db.session(), area_tree(db.session())
    typed = pieces(asked.query.typed)
    if not typed:
        return DirectAnswers()
    codes = asked.area_codes
    wanted = asked_for(asked, codes)
    people = tuple(
        (fit.view, fit.key) for fit in teams.people_asked_for(session, tree, wanted, today())
    )
    asked_teams = tuple(teams.teams_asked_for(session, tree, wanted, today()))
    is_about_people = bool(people or asked_teams)
    return DirectAnswers(
        people=people,
        teams=asked_teams,
        terms=tuple(explained(typed, () if is_about_people else pieces(asked.query.text))),
        pages=tuple(pages(asked, [tree.get(code) for code in codes])),
        places=tuple(cards(session, asked.found.named_places)),
        experts=() if people else tuple(experts(asked, wanted)),
        subjects=wanted.themes | broader(wanted.themes),
    )


def broader(subjects: frozenset[str]) -> frozenset[str]:
    """The themes above these."""
    parents = themes.theme_parents(db.session())
    return frozenset(parents[id] for id in subjects if id in parents)


def experts(asked: Asked, wanted: AskedFor) -> list[Membership]:
    """Who knows much of the subject: near where help is sought, else one from the city."""
    if not wanted.themes:
        return []
    area = asked.area or asked.point
    subject = teams.Subject(
        themes=wanted.themes,
        broader=broader(wanted.themes),
        areas=wanted.areas or ((area.code,) if area else ()),
        ages=tuple((age.min_months, age.max_months) for age in asked.query.ages),
        languages=wanted.languages,
    )
    most = EXPERTS_NEAR if subject.areas else EXPERTS_ELSEWHERE
    tree = area_tree(db.session())
    return teams.experts(db.session(), tree, subject, today(), most)


def asked_for(asked: Asked, codes: tuple[str, ...]) -> AskedFor:
    """What a question asks of people and teams."""
    text = meant(asked.query.text, synonyms())
    own = (chip.text for chip in asked.query.chips if chip.param == "aanbieder")
    told = [word for word in pieces(" ".join([asked.query.text, *own])) if word not in STOPWORDS]
    sure = {
        term
        for concept in text.concepts
        for way in concept.ways
        for term in way.terms
        if way.weight >= 1.0
    }
    return AskedFor(
        stems=frozenset(map(stem, told)) | (sure & {stem("okt"), stem("buurtteam")}),
        themes=frozenset(asked.found.themes),
        languages=frozenset(asked.query.chosen.get("taal", ())),
        areas=codes,
        is_who=WHO in pieces(asked.query.typed),
    )


def explained(typed: tuple[str, ...], text: tuple[str, ...]) -> Iterator[GlossaryTerm]:
    """The words that a question is nothing but, as it was typed or in the text beside its chips,
    or that it wants to see explained."""
    rest, beside = ([word for word in words if word not in UNTOLD] for words in (typed, text))
    wants = not EXPLAIN.isdisjoint(typed)
    terms = themes.glossary(db.session())
    found = 0
    for term in terms:
        names = [pieces(name) for name in (term.word, *term.also)]
        if any(_telling(name) in (tuple(rest), tuple(beside)) for name in names) or (
            wants and any(_is_in(_telling(name), rest) for name in names)
        ):
            yield term
            found += 1
            if found == MOST_TERMS:
                return


def _telling(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in STOPWORDS)


def _is_in(name: tuple[str, ...], words: list[str]) -> bool:
    return bool(name) and all(word in words for word in name)


def pages(asked: Asked, areas: list[AreaNode]) -> Iterator[Page]:
    """Whom to ring in danger; and the page of an area that is all that is asked."""
    if asked.found.is_danger:
        yield Page(url_for("pages.where_to"), "Wie bel ik waarvoor?", "Uitleg")
    is_all = not asked.query.text and not asked.query.chosen and not asked.query.ages
    for area in areas:
        if is_all and area.code != CITY and area.level != AreaLevel.BUURT:
            yield Page(area_url(area), area.name, "Kaart, teams en contactpersoon")
