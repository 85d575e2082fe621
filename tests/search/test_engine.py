"""What a search finds, in which order, with which counts and reasons."""

from datetime import timedelta
from typing import Any

import pytest

from socialmap.listings.values import PlaceValues, ProviderValues
from socialmap.search.answer.found import Found
from tests.factories import (
    DRAAD,
    SECRET,
    SOMEWHERE_IN_VOLEWIJCK,
    TODAY,
    TUESDAY_AFTERNOON,
    listing,
)
from tests.searching import Seeker

OSDORP = PlaceValues(name="De Punt", lat=52.3558, lon=4.7956, area_code="FJ03")


def count(found: Found, facet: str, value: str) -> int | None:
    return next((o.count for o in found.facets[facet] if o.value == value), None)


def test_words_are_found_in_any_form(seeker: Seeker) -> None:
    seeker.knows(listing("naailes", description="Voor moeders en dochters."), listing("judo"))
    assert seeker.sees(q="moeder dochter") == ["Naailes"]


def test_a_listing_without_themes_or_texts_does_not_hide_the_others(seeker: Seeker) -> None:
    seeker.knows(listing("kaal", themes=[], forms=[], summary="", description=""), listing("judo"))
    assert seeker.sees(q="judo") == ["Judo"]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("faalangsttraining", "faalangst"),
        ("faalangsttraining", "faalangst training"),
        ("training tegen faalangst", "faalangsttraining"),
        ("naaimiddag", "naai middag"),
        ("kinderkookclub", "kookclub"),
        ("opvoedcursussen", "cursus"),
    ],
)
def test_compounds_are_found_whole_and_in_parts(seeker: Seeker, said: str, asked: str) -> None:
    seeker.knows(listing("wel", description=said), listing("niet", themes=["lvb"], summary=""))
    assert seeker.sees(q=asked)[0] == "Wel"


def test_a_title_counts_more_than_a_text(seeker: Seeker) -> None:
    seeker.knows(listing("koken", description="Ook judo."), listing("judo"))
    assert seeker.sees(q="judo") == ["Judo", "Koken"]


def test_what_it_is_not_for_does_not_find_it(seeker: Seeker) -> None:
    seeker.knows(listing("praatgroep", not_for="Niet bij een eetstoornis."))
    assert seeker.sees(q="eetstoornis") == []


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_public_is_not_found(seeker: Seeker, status: str) -> None:
    seeker.knows(listing("geheim", status=status))
    assert seeker.sees(q="geheim", toon="verouderd,gestopt") == []


def test_ended_listings_come_only_when_asked_for(seeker: Seeker) -> None:
    seeker.knows(listing("oud", status="ended", ended_on=TODAY - timedelta(days=1)))
    assert seeker.sees() == []
    assert seeker.sees(toon="gestopt") == ["Oud"]


def test_ended_listings_are_shown_when_nothing_else_fits(seeker: Seeker) -> None:
    gone = {"status": "ended", "ended_on": TODAY - timedelta(days=1)}
    seeker.knows(listing("kring", description="Samen wiegen.", **gone), listing("judo"))
    found = seeker.finds(q="wiegen")
    assert [note.code for note in found.notes] == ["only_ended"]
    assert seeker.sees(q="wiegen") == ["Kring"]
    seeker.knows(listing("bad", description="Baby's wiegen in het water."))
    assert seeker.sees(q="wiegen") == ["Bad"]


def test_an_announced_end_is_not_yet_true(seeker: Seeker) -> None:
    seeker.knows(listing("bijna", status="ended", ended_on=TODAY + timedelta(days=1)))
    assert seeker.sees() == ["Bijna"]
    assert seeker.sees(TODAY + timedelta(days=1)) == []


def test_long_unchecked_listings_leave_the_results_but_stay_findable(seeker: Seeker) -> None:
    seeker.knows(listing("stil", confirmed_on=TODAY - timedelta(days=300), review_months=6))
    assert seeker.sees() == []
    assert seeker.sees(toon="verouderd") == ["Stil"]


@pytest.mark.parametrize(
    ("leeftijd", "fits"), [("11", False), ("12", True), ("16", True), ("17", False), ("4-12", True)]
)
def test_ages_match_by_overlap(seeker: Seeker, leeftijd: str, fits: bool) -> None:
    seeker.knows(listing(min_age_months=144, max_age_months=203))
    assert bool(seeker.sees(leeftijd=leeftijd)) is fits


def test_no_age_limit_fits_every_age_and_unknown_is_said(seeker: Seeker) -> None:
    seeker.knows(
        listing("ieder", min_age_months=None, max_age_months=None),
        listing("vaag", ages_known=False, min_age_months=None, max_age_months=None),
    )
    found = seeker.finds(leeftijd="14")
    assert seeker.sees(leeftijd="14") == ["Ieder", "Vaag"]
    assert [hit.unknown for hit in found.hits] == [(), ("leeftijd",)]


FILTERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "niveau": ("flex", {"level": "flex"}, {"level": "open"}),
    "soort": ("informeel", {"provider": DRAAD}, {}),
    "thema": ("gedrag", {"themes": ["boosheid"]}, {"themes": ["lvb"]}),
    "vorm": ("inloop", {"forms": ["inloop"]}, {"forms": ["groep"]}),
    "route": ("huisarts", {"routes": ["huisarts"]}, {"routes": ["zelf"]}),
    "taal": ("tr", {"languages": ["nl", "tr"]}, {"languages": ["nl"]}),
    "doelgroep": ("ouder", {"audience": ["ouder"]}, {"audience": ["jeugd"]}),
    "kosten": ("gratis", {"cost": "gratis"}, {"cost": "vergoed"}),
    "waar": ("thuis", {"settings": ["thuis"]}, {"settings": ["plek"]}),
    "dag": (
        "di",
        {"sessions": [TUESDAY_AFTERNOON]},
        {"sessions": [{"weekday": "wo", "part": "middag"}]},
    ),
    "dagdeel": (
        "middag",
        {"sessions": [TUESDAY_AFTERNOON]},
        {"sessions": [{"weekday": "di", "part": "avond"}]},
    ),
    "beschikbaar": (
        "nu",
        {"room": "plek", "reported_on": TODAY},
        {"room": "vol", "reported_on": TODAY},
    ),
    "stadsdeel": ("noord", {"coverage": ["NK"]}, {"coverage": ["FJ"]}),
    "wijk": ("volewijck", {"coverage": ["N"]}, {"coverage": ["NE"]}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_keeps_what_matches_with_its_count(seeker: Seeker, name: str) -> None:
    value, fits, other = FILTERS[name]
    seeker.knows(listing("wel", **fits), listing("niet", **other))
    found = seeker.finds(**{name: value})
    assert seeker.sees(**{name: value}) == ["Wel"]
    assert count(found, name, value) == 1


def test_unknown_is_not_no_and_comes_below(seeker: Seeker) -> None:
    seeker.knows(listing("zwijgt", languages=[]), listing("turks", languages=["tr"]))
    found = seeker.finds(taal="tr")
    assert seeker.sees(taal="tr") == ["Turks", "Zwijgt"]
    assert found.hits[1].unknown == ("taal",)


def test_weekday_and_part_of_the_day_are_of_one_meeting(seeker: Seeker) -> None:
    sessions = [{"weekday": "di", "part": "ochtend"}, {"weekday": "wo", "part": "middag"}]
    seeker.knows(listing(sessions=sessions))
    assert seeker.sees(dag="di", dagdeel="middag") == []
    assert seeker.sees(dag="di", dagdeel="ochtend") == ["Kop op"]


def test_values_of_one_filter_are_or_and_filters_together_are_and(seeker: Seeker) -> None:
    seeker.knows(listing("een", level="open"), listing("twee", level="okt", cost="vergoed"))
    assert len(seeker.sees(niveau="open,okt")) == 2
    assert seeker.sees(niveau="open,okt", kosten="vergoed") == ["Twee"]


def test_counts_leave_their_own_filter_out(seeker: Seeker) -> None:
    seeker.knows(listing("een", level="open"), listing("twee", level="okt"))
    found = seeker.finds(niveau="open")
    assert count(found, "niveau", "okt") == 1
    assert found.total == 1


def test_only_for_women_leaves_out_only_for_men(seeker: Seeker) -> None:
    seeker.knows(
        listing("vrouwen", only_for=["vrouwen"]),
        listing("mannen", only_for=["mannen"]),
        listing("allen"),
    )
    assert seeker.sees(doelgroep="vrouwen") == ["Vrouwen", "Allen"]


def test_a_city_wide_listing_serves_every_stadsdeel(seeker: Seeker) -> None:
    seeker.knows(listing("stad", coverage=["stad"], places=[]))
    assert seeker.sees(stadsdeel="zuidoost") == ["Stad"]
    assert count(seeker.finds(), "stadsdeel", "zuid") == 1


def test_without_coverage_it_serves_where_it_is(seeker: Seeker) -> None:
    seeker.knows(listing(coverage=[]))
    assert seeker.sees(wijk="NK") == ["Kop op"]
    assert seeker.sees(stadsdeel="west") == []


def test_the_nearest_comes_first_with_its_distance(seeker: Seeker) -> None:
    seeker.knows(listing("ver", places=[OSDORP], coverage=["stad"]), listing("dichtbij"))
    found = seeker.finds(bij="wijk:NK", sorteer="afstand")
    assert seeker.sees(bij="wijk:NK", sorteer="afstand") == ["Dichtbij", "Ver"]
    near, far = found.hits
    assert near.distance_m is not None
    assert near.distance_m < 1000
    assert near.distance_m % 10 == 0
    assert (near.by_ferry, far.by_ferry) == (False, True)


def test_a_radius_keeps_what_lies_in_it(seeker: Seeker) -> None:
    seeker.knows(listing("ver", places=[OSDORP], coverage=["stad"]), listing("dichtbij"))
    assert seeker.sees(bij="wijk:NK", straal="2") == ["Dichtbij"]


def test_a_protected_place_is_measured_from_the_middle_of_its_area(seeker: Seeker) -> None:
    seeker.knows(listing("ergens", places=[SOMEWHERE_IN_VOLEWIJCK]))
    [hit] = seeker.finds(bij="stadsdeel:noord").hits
    assert hit.distance_from == "area"
    assert hit.distance_m is not None
    assert hit.distance_m % 500 == 0
    [here] = seeker.finds(bij="wijk:NK").hits
    assert here.distance_m == 0


def test_a_hidden_place_has_no_distance_and_is_found_by_its_coverage(seeker: Seeker) -> None:
    seeker.knows(listing("geheim", places=[SECRET], coverage=["stad"]))
    [hit] = seeker.finds(bij="wijk:NK", straal="1").hits
    assert (hit.distance_m, hit.distance_from) == (None, None)


def test_light_comes_before_heavy_when_equal(seeker: Seeker) -> None:
    levels = ["stad", "open", "flex", "okt"]
    seeker.knows(*(listing(f"hulp-{level}", title="Hulp", level=level) for level in levels))
    found = seeker.finds(q="hulp")
    with_levels = [hit.listing_id for hit in found.hits]
    assert len(with_levels) == 4
    assert [o.value for o in found.facets["niveau"]] == ["open", "okt", "flex", "stad"]


def test_places_rank_below_offers(seeker: Seeker) -> None:
    seeker.knows(
        listing("judozaal", kind="place", provider=None, title="Judo Judo"),
        listing("les", description="Ook judo."),
    )
    assert seeker.sees(q="judo") == ["Les", "Judo Judo"]
    assert count(seeker.finds(q="judo"), "kind", "place") == 1


def test_stale_listings_come_lower(seeker: Seeker) -> None:
    seeker.knows(
        listing("oud", title="Judo", confirmed_on=TODAY - timedelta(days=200)),
        listing("nieuw", title="Judo"),
    )
    first, second = seeker.finds(q="judo").hits
    with_dates = seeker.finds(q="judo", sorteer="gecontroleerd").hits
    assert [first.listing_id, second.listing_id] == [hit.listing_id for hit in with_dates]


def test_a_known_provider_can_be_left_out(seeker: Seeker) -> None:
    seeker.knows(listing("een"), listing("twee", provider=DRAAD))
    assert seeker.sees(zonder="jongerenwerk-noordlicht") == ["Twee"]


def test_each_hit_says_why_it_fits(seeker: Seeker) -> None:
    seeker.knows(listing())
    [hit] = seeker.finds(q="durven", leeftijd="14", vorm="groep", stadsdeel="noord").hits
    assert [reason.text for reason in hit.reasons] == [
        "durven",
        "groep of training",
        "12–16 jaar",
        "voor Noord",
    ]


def test_thin_results_lead_wider_with_counts(seeker: Seeker) -> None:
    seeker.knows(listing("zuid", coverage=["K"], places=[]))
    found = seeker.finds(q="durven", stadsdeel="noord")
    assert [hit.distance_m for hit in found.hits] == [None], "the nearest there is"
    assert [(way.label, way.count) for way in found.wider] == [("Heel Amsterdam", 1)]
    assert found.notes[0].code == "no_coverage"


def test_neighbours_are_offered_but_never_across_the_water(seeker: Seeker) -> None:
    seeker.knows(listing("buur", coverage=["NL"]), listing("overkant", coverage=["AE"]))
    ways = {way.label: way.count for way in seeker.finds(wijk="NK").wider}
    assert ways["Ook in de buurwijken"] == 1


@pytest.mark.parametrize("asked", [{"q": "zelfmoord"}, {"thema": "kindermishandeling"}])
def test_danger_is_recognised(seeker: Seeker, asked: dict[str, str]) -> None:
    assert seeker.finds(**asked).is_danger
    assert not seeker.finds(q="naailes").is_danger


def test_twenty_a_page_and_beyond_the_last_nothing(seeker: Seeker) -> None:
    seeker.knows(*(listing(f"les-{number}") for number in range(21)))
    assert len(seeker.finds().hits) == 20
    assert len(seeker.finds(pagina="2").hits) == 1
    beyond = seeker.finds(pagina="9")
    assert (beyond.total, beyond.pages, beyond.hits) == (21, 2, ())


def test_a_change_is_found_after_the_outbox_is_drained(seeker: Seeker) -> None:
    seeker.knows(listing(title="Eerst"))
    seeker.knows(listing(title="Later"))
    assert seeker.sees(q="eerst") == []
    assert seeker.sees(q="later") == ["Later"]


def test_what_changed_often_in_a_small_directory_is_found(seeker: Seeker) -> None:
    for word in ("eerst", "daarna", "toen", "nu"):
        seeker.knows(listing("durf", summary=word))
    assert seeker.sees(q="faalangst") == ["Durf"]


def test_two_steps_at_once_where_one_does_not_help(seeker: Seeker) -> None:
    seeker.knows(listing("judo", languages=["tr"], min_age_months=48, max_age_months=95))
    found = seeker.finds(leeftijd="14", taal="pl")
    assert [(way.label, way.count) for way in found.wider] == [
        ("Ook voor andere leeftijden, ook zonder Pools", 1)
    ]


def test_what_is_only_for_the_region_is_said_to_be(seeker: Seeker) -> None:
    seeker.knows(listing("kliniek", coverage=["buiten"], places=[]))
    labels = [way.label for way in seeker.finds(stadsdeel="noord").wider]
    assert labels == ["Heel Amsterdam en daarbuiten"]


def test_what_was_understood_is_left_out_when_nothing_fits_with_it(seeker: Seeker) -> None:
    seeker.knows(listing("judo", languages=["tr"], min_age_months=48, max_age_months=95))
    found = seeker.finds(q="judo 14 jaar")
    assert seeker.sees(q="judo 14 jaar") == ["Judo"]
    assert [note.text for note in found.notes] == [
        "Met ‘14 jaar’ vonden wij niets. Dit is er zonder."
    ]
    assert found.left_out == ("leeftijd",)
    assert seeker.sees(q="judo", leeftijd="14") == [], "what was chosen stays"


def test_a_provider_is_known_by_its_name(seeker: Seeker) -> None:
    onder_stoom = ProviderValues(name="Stichting Onder Stoom", is_informal=False)
    seeker.knows(
        listing("vulkaan", provider=onder_stoom), listing("judo", description="Sport met stoom.")
    )
    found = seeker.finds(q="onder stoom")
    assert [(chip.param, chip.value, chip.text) for chip in found.chips] == [
        ("aanbieder", "stichting-onder-stoom", "onder stoom")
    ]
    assert seeker.sees(q="onder stoom") == ["Vulkaan"]


def test_one_word_is_a_provider_only_where_nobody_else_says_it(seeker: Seeker) -> None:
    zijstap, luwte = (ProviderValues(name=name, is_informal=False) for name in ("Zijstap", "Luwte"))
    seeker.knows(
        listing("thuis", provider=zijstap),
        listing("rust", provider=luwte),
        listing("tuin", description="Een plek in de luwte."),
    )
    assert [chip.param for chip in seeker.finds(q="zijstap").chips] == ["aanbieder"]
    assert seeker.finds(q="luwte").chips == ()
