"""People: whom to call for an area, who stands in, and what each agreed to show."""

from socialmap.people.edits import (
    Consent,
    OverlapError,
    PersonValues,
    WijkContactValues,
    person_keys,
    save_people,
    save_person,
    save_wijk_contacts,
)
from socialmap.people.find import (
    AreaContact,
    PersonView,
    Presence,
    StandIn,
    StandInRole,
    contact_for_area,
    contacts_for_areas,
    personal_details,
    view_of,
    with_details,
    words_of,
)
from socialmap.people.roles import (
    Profile,
    Role,
    choices_for,
    contacts_of_listings,
    find_profile,
)

__all__ = [
    "AreaContact",
    "Consent",
    "OverlapError",
    "PersonValues",
    "PersonView",
    "Presence",
    "Profile",
    "Role",
    "StandIn",
    "StandInRole",
    "WijkContactValues",
    "choices_for",
    "contact_for_area",
    "contacts_for_areas",
    "contacts_of_listings",
    "find_profile",
    "person_keys",
    "personal_details",
    "save_people",
    "save_person",
    "save_wijk_contacts",
    "view_of",
    "with_details",
    "words_of",
]
