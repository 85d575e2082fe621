"""The closed lists of the directory; a value is what addresses, JSON and tables carry."""

from enum import StrEnum


class AreaLevel(StrEnum):
    """Levels of the city, wide to narrow: stad, stadsdeel, gebied, wijk, buurt."""

    CITY = "stad"
    DISTRICT = "stadsdeel"
    ZONE = "gebied"
    WIJK = "wijk"
    BUURT = "buurt"


class AgeBracket(StrEnum):
    """Ages of a child in whole years, both ends inclusive, as misses are counted."""

    SMALL = "0-3"
    PRIMARY = "4-11"
    TEEN = "12-15"
    GROWN = "16-23"
    NONE = "geen"
    """No age was asked, or one above these."""

    @property
    def years(self) -> range:
        """The years of age inside; none for NONE."""
        low, _, high = self.value.partition("-")
        return range(int(low), int(high) + 1) if high else range(0)


class Counted(StrEnum):
    """What is counted of a listing, per month."""

    SHOWN = "getoond"
    OPENED = "geopend"
    CALLED = "gebeld"
    """A tap on its telephone number, mail address or WhatsApp."""


class AskedField(StrEnum):
    """On what people choose while they search, as that is counted."""

    COST = "kosten"
    AGE = "leeftijd"
    LANGUAGE = "taal"
    DAY = "dag"
    PLACE = "waar"
    ROOM = "beschikbaar"
    ROUTE = "route"
    AUDIENCE = "doelgroep"
    FORM = "vorm"


class ListingKind(StrEnum):
    OFFER = "offer"
    ACTIVITY = "activity"
    PLACE = "place"
    TEAM = "team"


class Level(StrEnum):
    """Levels of help, light to heavy (R2)."""

    OPEN = "open"
    OKT = "okt"
    FLEX = "flex"
    CITY = "stad"

    @property
    def weight(self) -> int:
        """0 for the lightest help, 3 for the heaviest."""
        return list(Level).index(self)


class Form(StrEnum):
    TALK = "gesprek"
    GROUP = "groep"
    WALK_IN = "inloop"
    CONSULT = "consult"
    HOME_VISIT = "huisbezoek"
    ACTIVITY = "activiteit"
    PEERS = "lotgenoten"
    PRACTICAL = "praktisch"
    TREATMENT = "behandeling"
    DAYTIME = "dagbesteding"
    CARE = "opvang"
    ONLINE = "online"


class ReferralRoute(StrEnum):
    """How one gets in: "Hoe kom je hier terecht?"."""

    SELF = "zelf"
    SCHOOL = "school"
    OKA = "oka"
    WITHIN_OKT = "okt"
    GP = "huisarts"
    SAMEN_DOEN = "samen-doen"
    DECISION = "beschikking"
    YOUTH_PROTECTION = "jeugdbescherming"
    CONSULT_ONLY = "consult"

    @property
    def step(self) -> int:
        """The place in a list of ways in: to think it over together comes before a referral."""
        others = [way for way in type(self) if way not in LIGHT]
        return [*LIGHT, *others].index(self)


LIGHT = (ReferralRoute.SELF, ReferralRoute.CONSULT_ONLY)


class Audience(StrEnum):
    YOUTH = "jeugd"
    PARENT = "ouder"
    FAMILY = "gezin"
    PROFESSIONAL = "professional"


class OnlyFor(StrEnum):
    WOMEN = "vrouwen"
    GIRLS = "meisjes"
    BOYS = "jongens"
    MEN = "mannen"


class Setting(StrEnum):
    """Where help is given."""

    VENUE = "plek"
    HOME = "thuis"
    SCHOOL = "school"
    NOT_SCHOOL = "buiten-school"
    ONLINE = "online"


class Language(StrEnum):
    """ISO 639 codes; 639-3 where 639-1 has none (dse is Dutch sign language)."""

    NL = "nl"
    EN = "en"
    TR = "tr"
    AR = "ar"
    ARY = "ary"
    ZGH = "zgh"
    FR = "fr"
    ES = "es"
    PL = "pl"
    PAP = "pap"
    SRN = "srn"
    TI = "ti"
    SO = "so"
    UK = "uk"
    FA = "fa"
    BG = "bg"
    PT = "pt"
    ZH = "zh"
    UR = "ur"
    DE = "de"
    RO = "ro"
    RU = "ru"
    HI = "hi"
    TW = "tw"
    DSE = "dse"

    @property
    def is_rtl(self) -> bool:
        """Is it written from right to left?"""
        return self in (Language.AR, Language.ARY, Language.FA, Language.UR)


OTHER_LANGUAGES = tuple(one for one in Language if one not in (Language.NL, Language.DSE))
"""In which a summary can be written besides Dutch."""


class Cost(StrEnum):
    FREE = "gratis"
    OWN_SHARE = "eigen-bijdrage"
    COVERED = "vergoed"


class Status(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    UNCERTAIN = "uncertain"
    CLOSED = "closed"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


PUBLIC_STATUSES = frozenset({Status.LIVE, Status.UNCERTAIN, Status.CLOSED, Status.ENDED})
"""What a visitor may see; drafts and withdrawn listings are for their makers only."""


class Room(StrEnum):
    """Is there room: plek, beperkt, vol."""

    FREE = "plek"
    LIMITED = "beperkt"
    FULL = "vol"


class Visibility(StrEnum):
    """What may be shown of an address (R12)."""

    EXACT = "exact"
    AREA = "area"
    HIDDEN = "hidden"


class Weekday(StrEnum):
    MON = "ma"
    TUE = "di"
    WED = "wo"
    THU = "do"
    FRI = "vr"
    SAT = "za"
    SUN = "zo"

    @property
    def number(self) -> int:
        """0 for Monday, as `date.weekday()` counts."""
        return list(Weekday).index(self)


class DayPart(StrEnum):
    MORNING = "ochtend"
    AFTERNOON = "middag"
    EVENING = "avond"


class TemporaryKind(StrEnum):
    """What is different for a while (R19)."""

    CLOSED = "gesloten"
    MOVED = "andere-plek"
    OTHER_TIMES = "andere-tijd"
    OTHER = "let-op"


class Reach(StrEnum):
    """Coverage that is not one area: the whole city, or beyond it."""

    CITY = "stad"
    BEYOND = "buiten"


class TermKind(StrEnum):
    """The lists of which a listing carries several terms."""

    FORM = "form"
    ROUTE = "route"
    AUDIENCE = "audience"
    ONLY_FOR = "only_for"
    SETTING = "setting"
    LANGUAGE = "language"


TERMS: dict[TermKind, type[StrEnum]] = {
    TermKind.FORM: Form,
    TermKind.ROUTE: ReferralRoute,
    TermKind.AUDIENCE: Audience,
    TermKind.ONLY_FOR: OnlyFor,
    TermKind.SETTING: Setting,
    TermKind.LANGUAGE: Language,
}


class DetailKind(StrEnum):
    """What a person can agree to show (R35)."""

    PHONE = "telefoon"
    MOBILE = "mobiel"
    WHATSAPP = "whatsapp"
    MAIL = "mail"
    DAYS = "dagen"
    LANGUAGES = "talen"
    PHOTO = "foto"
    FORMER_EMPLOYER = "vorige_werkgever"


class DetailVisibility(StrEnum):
    """Who sees a contact detail."""

    PUBLIC = "public"
    PROFESSIONALS = "professionals"


class Cut(StrEnum):
    """Which part of a photo stays when a portrait is cut out of it."""

    UPPER = "boven-midden"
    TOP = "boven"
    MIDDLE = "midden"
    BOTTOM = "onder"
    LEFT = "links"
    RIGHT = "rechts"


class ContactRole(StrEnum):
    PRIMARY = "primary"
    BACKUP = "backup"


class Presence(StrEnum):
    """Is there a contact for an area today? Never stored: it follows from the day."""

    PRESENT = "present"
    ON_LEAVE = "on_leave"
    VACANT = "vacant"


class Role(StrEnum):
    """What an account is for."""

    EDITOR = "aanbieder"
    WIJK_CONTACT = "wijkcontact"
    PROFESSIONAL = "professional"
    REDACTEUR = "redacteur"


class LinkPurpose(StrEnum):
    """What a link in a mail is for."""

    LOGIN = "inloggen"
    INVITE = "uitnodiging"


class ConsentWay(StrEnum):
    """How somebody agreed to be helped into the directory."""

    SPOKEN = "mondeling"
    WRITTEN = "schriftelijk"


class ClaimState(StrEnum):
    """How far someone is who asks to keep the listings of a provider."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    """Waits for a decision."""
    RUNNING = "running"
    """Holds from its moment on, unless it is stopped before."""
    GRANTED = "granted"
    REFUSED = "refused"
    STOPPED = "stopped"


class AskedAs(StrEnum):
    """What for somebody is asked whether a listing is still right."""

    EDITOR = "bewerker"
    WIJK_CONTACT = "wijkcontact"


class Upkeep(StrEnum):
    """How a listing stands in its rhythm; always worked out from its dates."""

    CHECKED = "gecontroleerd"
    ASKED = "gevraagd"
    """Its editors are asked, once and again."""
    WITH_CONTACT = "bij-wijkcontact"
    """They did not answer: the wijk contact is asked too."""
    STALE = "verouderd"
    LAPSED = "uit-de-lijst"


class Matter(StrEnum):
    """Why a listing wants the attention of who sees to it."""

    OVERDUE = "niet-gecontroleerd"
    """Its editors did not answer, or it is past its rhythm."""
    ORPHAN = "verweesd"
    """Nobody who keeps it can be reached."""
    REPORTED = "melding"
    """A reader said that something is wrong, and nobody answered."""
    NO_CONTACT = "zonder-contact"
    """It names nobody to call."""


class Door(StrEnum):
    """By which door a change came in."""

    IMPORT = "import"
    FORM = "form"
    COMMAND = "command"


class ChangeState(StrEnum):
    """A change is applied, or waits for a decision, or what came of that."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    APPROVED = "approved"
    """Its decision wrote a change of its own, which is applied."""
    RETURNED = "returned"
    OVERTAKEN = "overtaken"
    """A newer one came in its place, or it can no longer be."""


class Part(StrEnum):
    """The parts of the form of a listing, one at a time on a phone."""

    ROOM = "plek"
    TEXT = "tekst"
    WHO = "wie"
    ACCESS = "toegang"
    WHEN = "wanneer"
    WHERE = "waar"
    CONTACT = "contact"
    TEMPORARY = "tijdelijk"
    RHYTHM = "ritme"
    END = "stoppen"
    KIND = "indeling"
    """For who checks, not for providers."""


class ReportKind(StrEnum):
    """What does not hold, as a reader tells it (R20)."""

    ENDED = "gestopt"
    REACH = "telefoon-of-mail"
    ADDRESS = "adres"
    TIMES = "tijden"
    CONTACT = "contactpersoon"
    COSTS = "kosten"
    OTHER = "anders"


class ReportState(StrEnum):
    """What came of what a reader told."""

    OPEN = "open"
    HANDLED = "handled"
    DISMISSED = "dismissed"


class EditState(StrEnum):
    """What came of what someone saved."""

    DONE = "done"
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    OVERTAKEN = "overtaken"
