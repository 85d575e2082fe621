"""The Dutch words for what the code names in English; one word for one thing."""

from datetime import date
from enum import StrEnum

from socialmap.models.terms import (
    AgeBracket,
    AreaLevel,
    Audience,
    ChangeState,
    ClaimState,
    ConsentWay,
    ContactRole,
    Cost,
    Cut,
    DayPart,
    DetailKind,
    DetailVisibility,
    Door,
    EditState,
    Form,
    Language,
    Level,
    LinkPurpose,
    ListingKind,
    OnlyFor,
    Part,
    Presence,
    Reach,
    ReferralRoute,
    ReportKind,
    ReportState,
    Role,
    Room,
    Setting,
    Status,
    TermKind,
    Visibility,
    Weekday,
)

LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    AreaLevel: {
        AreaLevel.CITY: "stad",
        AreaLevel.DISTRICT: "stadsdeel",
        AreaLevel.ZONE: "gebied",
        AreaLevel.WIJK: "wijk",
        AreaLevel.BUURT: "buurt",
    },
    AgeBracket: {
        AgeBracket.SMALL: "0–3 jaar",
        AgeBracket.PRIMARY: "4–11 jaar",
        AgeBracket.TEEN: "12–15 jaar",
        AgeBracket.GROWN: "16–23 jaar",
        AgeBracket.NONE: "geen leeftijd",
    },
    ListingKind: {
        ListingKind.OFFER: "Hulp en steun",
        ListingKind.ACTIVITY: "Activiteit",
        ListingKind.PLACE: "Plek in de buurt",
        ListingKind.TEAM: "Van een team",
    },
    Level: {
        Level.OPEN: "Informeel en open",
        Level.OKT: "Ouder- en kindteam",
        Level.FLEX: "Flexibele schil",
        Level.CITY: "Specialistisch",
    },
    Form: {
        Form.TALK: "gesprek",
        Form.GROUP: "groep of training",
        Form.WALK_IN: "inloop of spreekuur",
        Form.CONSULT: "meedenken (consult)",
        Form.HOME_VISIT: "huisbezoek",
        Form.ACTIVITY: "activiteit",
        Form.PEERS: "lotgenotengroep",
        Form.PRACTICAL: "praktische hulp",
        Form.TREATMENT: "behandeling",
        Form.DAYTIME: "dagbesteding",
        Form.CARE: "opvang",
        Form.ONLINE: "online",
    },
    ReferralRoute: {
        ReferralRoute.SELF: "zelf",
        ReferralRoute.SCHOOL: "via school",
        ReferralRoute.OKA: "via de OKA, zonder tussenstap",
        ReferralRoute.WITHIN_OKT: "binnen het OKT",
        ReferralRoute.GP: "via de huisarts",
        ReferralRoute.SAMEN_DOEN: "via het buurtteam (Samen DOEN)",
        ReferralRoute.DECISION: "met een beschikking",
        ReferralRoute.YOUTH_PROTECTION: "via jeugdbescherming",
        ReferralRoute.CONSULT_ONLY: "alleen overleg",
    },
    Audience: {
        Audience.YOUTH: "jeugd",
        Audience.PARENT: "ouders",
        Audience.FAMILY: "het gezin",
        Audience.PROFESSIONAL: "professionals",
    },
    OnlyFor: {
        OnlyFor.WOMEN: "alleen vrouwen",
        OnlyFor.GIRLS: "alleen meisjes",
        OnlyFor.BOYS: "alleen jongens",
        OnlyFor.MEN: "alleen mannen",
    },
    Setting: {
        Setting.VENUE: "op een plek",
        Setting.HOME: "thuis",
        Setting.SCHOOL: "op school",
        Setting.NOT_SCHOOL: "niet op school",
        Setting.ONLINE: "online",
    },
    Language: {
        Language.NL: "Nederlands",
        Language.EN: "Engels",
        Language.TR: "Turks",
        Language.AR: "Arabisch",
        Language.ARY: "Marokkaans-Arabisch",
        Language.ZGH: "Berbers (Tamazight)",
        Language.FR: "Frans",
        Language.ES: "Spaans",
        Language.PL: "Pools",
        Language.PAP: "Papiamento",
        Language.SRN: "Sranan",
        Language.TI: "Tigrinya",
        Language.SO: "Somalisch",
        Language.UK: "Oekraïens",
        Language.FA: "Perzisch (Farsi)",
        Language.BG: "Bulgaars",
        Language.PT: "Portugees",
        Language.ZH: "Chinees",
        Language.UR: "Urdu",
        Language.DE: "Duits",
        Language.RO: "Roemeens",
        Language.RU: "Russisch",
        Language.HI: "Hindi",
        Language.TW: "Twi (Ghana)",
        Language.DSE: "Nederlandse gebarentaal",
    },
    Cost: {
        Cost.FREE: "gratis",
        Cost.OWN_SHARE: "eigen bijdrage",
        Cost.COVERED: "vergoed",
    },
    Status: {
        Status.DRAFT: "concept",
        Status.LIVE: "actueel",
        Status.UNCERTAIN: "onzeker of dit nog bestaat",
        Status.CLOSED: "tijdelijk dicht",
        Status.ENDED: "gestopt",
        Status.WITHDRAWN: "ingetrokken",
    },
    Room: {
        Room.FREE: "Plek",
        Room.LIMITED: "Beperkt",
        Room.FULL: "Vol",
    },
    Visibility: {
        Visibility.EXACT: "adres zichtbaar",
        Visibility.AREA: "alleen de wijk zichtbaar",
        Visibility.HIDDEN: "adres geheim",
    },
    Weekday: {
        Weekday.MON: "maandag",
        Weekday.TUE: "dinsdag",
        Weekday.WED: "woensdag",
        Weekday.THU: "donderdag",
        Weekday.FRI: "vrijdag",
        Weekday.SAT: "zaterdag",
        Weekday.SUN: "zondag",
    },
    DayPart: {
        DayPart.MORNING: "ochtend",
        DayPart.AFTERNOON: "middag",
        DayPart.EVENING: "avond",
    },
    Reach: {
        Reach.CITY: "heel Amsterdam",
        Reach.BEYOND: "ook buiten Amsterdam",
    },
    TermKind: {
        TermKind.FORM: "vorm",
        TermKind.ROUTE: "hoe kom je hier terecht",
        TermKind.AUDIENCE: "voor wie",
        TermKind.ONLY_FOR: "alleen voor",
        TermKind.SETTING: "waar",
        TermKind.LANGUAGE: "taal",
    },
    DetailKind: {
        DetailKind.PHONE: "telefoon",
        DetailKind.MOBILE: "mobiel",
        DetailKind.WHATSAPP: "WhatsApp",
        DetailKind.MAIL: "mail",
        DetailKind.DAYS: "bereikbare dagen",
        DetailKind.LANGUAGES: "talen",
        DetailKind.PHOTO: "foto",
        DetailKind.FORMER_EMPLOYER: "vorige werkgever",
    },
    DetailVisibility: {
        DetailVisibility.PUBLIC: "voor iedereen",
        DetailVisibility.PROFESSIONALS: "voor professionals",
    },
    Cut: {
        Cut.UPPER: "in het midden, iets naar boven",
        Cut.TOP: "helemaal bovenaan",
        Cut.MIDDLE: "precies in het midden",
        Cut.BOTTOM: "onderaan",
        Cut.LEFT: "links",
        Cut.RIGHT: "rechts",
    },
    ChangeState: {
        ChangeState.APPLIED: "doorgevoerd",
        ChangeState.PROPOSED: "wacht op controle",
        ChangeState.APPROVED: "goedgekeurd",
        ChangeState.RETURNED: "teruggegeven",
        ChangeState.OVERTAKEN: "vervallen",
    },
    Part: {
        Part.ROOM: "Is er plek?",
        Part.TEXT: "Naam en uitleg",
        Part.WHO: "Voor wie",
        Part.ACCESS: "Hoe kom je hier terecht?",
        Part.WHEN: "Wanneer",
        Part.WHERE: "Waar",
        Part.CONTACT: "Contact",
        Part.END: "Gestopt of even dicht",
        Part.KIND: "Indeling",
    },
    EditState: {
        EditState.DONE: "doorgevoerd",
        EditState.WAITING: "wacht op controle",
        EditState.APPROVED: "goedgekeurd",
        EditState.RETURNED: "teruggegeven",
        EditState.OVERTAKEN: "vervallen",
    },
    ReportKind: {
        ReportKind.ENDED: "het is gestopt",
        ReportKind.REACH: "de telefoon of de mail",
        ReportKind.ADDRESS: "het adres of de plek",
        ReportKind.TIMES: "de dagen of de tijden",
        ReportKind.CONTACT: "de contactpersoon",
        ReportKind.COSTS: "de kosten",
        ReportKind.OTHER: "iets anders",
    },
    ReportState: {
        ReportState.OPEN: "open",
        ReportState.HANDLED: "aangepast",
        ReportState.DISMISSED: "klopt wel",
    },
    ContactRole: {
        ContactRole.PRIMARY: "contactpersoon",
        ContactRole.BACKUP: "vervanger",
    },
    Presence: {
        Presence.PRESENT: "aanwezig",
        Presence.ON_LEAVE: "afwezig",
        Presence.VACANT: "vacant",
    },
    Role: {
        Role.EDITOR: "bewerker van een aanbieder",
        Role.WIJK_CONTACT: "wijkcontactpersoon",
        Role.PROFESSIONAL: "professional",
        Role.REDACTEUR: "redacteur",
    },
    LinkPurpose: {
        LinkPurpose.LOGIN: "inloggen",
        LinkPurpose.INVITE: "uitnodiging",
    },
    ConsentWay: {
        ConsentWay.SPOKEN: "mondeling",
        ConsentWay.WRITTEN: "schriftelijk",
    },
    ClaimState: {
        ClaimState.ASKED: "nog niet bevestigd",
        ClaimState.CONFIRMED: "wacht op een besluit",
        ClaimState.RUNNING: "gaat vanzelf in",
        ClaimState.GRANTED: "toegekend",
        ClaimState.REFUSED: "afgewezen",
        ClaimState.STOPPED: "tegengehouden",
    },
    Door: {
        Door.IMPORT: "import",
        Door.FORM: "formulier",
        Door.COMMAND: "opdracht",
    },
}

OWN_NAMES = {
    Language.EN: "English",
    Language.TR: "Türkçe",
    Language.AR: "العربية",
    Language.ARY: "الدارجة",
    Language.ZGH: "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    Language.FR: "Français",
    Language.ES: "Español",
    Language.PL: "Polski",
    Language.PAP: "Papiamentu",
    Language.SRN: "Sranantongo",
    Language.TI: "ትግርኛ",
    Language.SO: "Soomaali",
    Language.UK: "Українська",
    Language.FA: "فارسی",
    Language.BG: "Български",
    Language.PT: "Português",
    Language.ZH: "中文",
    Language.UR: "اردو",
    Language.DE: "Deutsch",
    Language.RO: "Română",
    Language.RU: "Русский",
    Language.HI: "हिन्दी",
    Language.TW: "Twi",
}
"""What a language is called by who speaks it."""

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
SHORT_MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()


def label(term: StrEnum) -> str:
    """The Dutch word for a term; every term has one (a test proves it)."""
    return LABELS[type(term)][term]


def labels(terms: type[StrEnum]) -> dict[str, str]:
    """The Dutch words of a whole list, by value."""
    return {str(term): label(term) for term in terms}


def own_name(language: Language) -> str:
    """`Türkçe`: what people look for who read no Dutch; the Dutch word where we know no other."""
    return OWN_NAMES.get(language) or label(language)


WEEKDAYS = tuple(labels(Weekday).values())


def day(on: date) -> str:
    """`3 november 2026`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """`3 nov 2026`."""
    return f"{on.day} {SHORT_MONTHS[on.month - 1]} {on.year}"


def month(on: date) -> str:
    """`november 2026`."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """`dinsdag`."""
    return label(list(Weekday)[on.weekday()])


def age(months: int) -> str:
    """An age in whole months as people say it: `6 maanden`, `1,5 jaar`, `12 jaar`."""
    if months < 12:
        return f"{months} maanden" if months != 1 else "1 maand"
    years, rest = divmod(months, 12)
    return f"{years},5 jaar" if rest == 6 else f"{years} jaar"


def age_range(min_months: int | None, max_months: int | None, *, is_known: bool = True) -> str:
    """`12–16 jaar`, `vanaf 12 jaar`, `0–2 jaar`, `alle leeftijden`; max is inclusive."""
    if not is_known:
        return "leeftijd onbekend"
    if min_months is None and max_months is None:
        return "alle leeftijden"
    top = None if max_months is None else max_months // 12
    if min_months is None:
        return f"tot en met {top} jaar"
    if top is None:
        return f"vanaf {age(min_months)}"
    if min_months % 12:
        return f"{age(min_months)} tot en met {top} jaar"
    bottom = min_months // 12
    return f"{bottom} jaar" if bottom == top else f"{bottom}–{top} jaar"


def metres(distance: int) -> str:
    """`450 m`, `2,1 km`."""
    if distance < 1000:
        return f"{distance} m"
    return f"{distance / 1000:.1f}".replace(".", ",").removesuffix(",0") + " km"


def listed(words: list[str], joint: str = "en") -> str:
    """`a, b en c`."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f" {joint} {words[-1]}"


def initials(name: str) -> str:
    """Two letters for a face without a portrait: `Yara van der Koster` -> `YK`."""
    words = [word for word in name.split() if word[:1].isupper()]
    return "".join(word[0] for word in dict.fromkeys(words[:1] + words[-1:]))
