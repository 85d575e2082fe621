"""The tables, one file per group of nouns."""

from socialmap.models.accounts import (
    Account,
    AccountRole,
    AccountSession,
    LoginLink,
    LoginTry,
    RecoveryCode,
    SecondFactor,
)
from socialmap.models.areas import Area, Postcode, PostcodeWijk
from socialmap.models.claims import Claim
from socialmap.models.counts import FieldAsk, ListingCount
from socialmap.models.history import Change, Edit, ImportedRecord, ImportRun, Outbox
from socialmap.models.listings import (
    Alternative,
    Coverage,
    GroupSession,
    Listing,
    ListingCard,
    ListingPlace,
    ListingTerm,
    ListingTheme,
)
from socialmap.models.misses import SearchMiss
from socialmap.models.offers import OfferDraft
from socialmap.models.people import Contact, Person, PersonDetail, WijkContact
from socialmap.models.places import GeocodedAddress, Place
from socialmap.models.providers import FormerSlug, Provider
from socialmap.models.reports import Report
from socialmap.models.summaries import ListingSummary
from socialmap.models.teams import MemberTheme, Team, TeamArea, TeamKind, TeamMember, TeamTheme
from socialmap.models.temporary import TemporaryChange
from socialmap.models.themes import EmergencyNumber, GlossaryTerm, Theme
from socialmap.models.upkeep import ListingCall, ReviewAsk

__all__ = [
    "Account",
    "AccountRole",
    "AccountSession",
    "Alternative",
    "Area",
    "Change",
    "Claim",
    "Contact",
    "Coverage",
    "Edit",
    "EmergencyNumber",
    "FieldAsk",
    "FormerSlug",
    "GeocodedAddress",
    "GlossaryTerm",
    "GroupSession",
    "ImportRun",
    "ImportedRecord",
    "Listing",
    "ListingCall",
    "ListingCard",
    "ListingCount",
    "ListingPlace",
    "ListingSummary",
    "ListingTerm",
    "ListingTheme",
    "LoginLink",
    "LoginTry",
    "MemberTheme",
    "OfferDraft",
    "Outbox",
    "Person",
    "PersonDetail",
    "Place",
    "Postcode",
    "PostcodeWijk",
    "Provider",
    "Report",
    "RecoveryCode",
    "ReviewAsk",
    "SearchMiss",
    "SecondFactor",
    "Team",
    "TeamArea",
    "TeamKind",
    "TeamMember",
    "TeamTheme",
    "TemporaryChange",
    "Theme",
    "WijkContact",
]
