"""Questions about safety, crisis or suicide: then the emergency numbers come first (R34)."""

from collections.abc import Iterable

from socialmap.search.language.analysis import query_terms

WORDS = (
    "geweld mishandeling mishandeld kindermishandeling misbruik misbruikt aanranding verkrachting "
    "slaat geslagen bedreigd bedreiging stalking eerwraak loverboy uitbuiting crisis onveilig "
    "zelfmoord zelfdoding suicide suicidaal doodgaan zelfbeschadiging automutilatie noodgeval "
    "sos veiligheid verwaarlozing wapen vermist huisverbod"
)
STEMS = frozenset(query_terms(WORDS))


def is_dangerous(text: str, theme_ids: Iterable[str], danger_themes: frozenset[str]) -> bool:
    """Does this question touch on danger, by its words or by its theme?"""
    if not danger_themes.isdisjoint(theme_ids):
        return True
    return not STEMS.isdisjoint(query_terms(text)) if text else False
