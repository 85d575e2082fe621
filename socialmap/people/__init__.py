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
    view_of,
    with_details,
)

__all__ = [
    "AreaContact",
    "Consent",
    "OverlapError",
    "PersonValues",
    "PersonView",
    "Presence",
    "StandIn",
    "StandInRole",
    "WijkContactValues",
    "contact_for_area",
    "contacts_for_areas",
    "person_keys",
    "save_people",
    "save_person",
    "save_wijk_contacts",
    "view_of",
    "with_details",
]
