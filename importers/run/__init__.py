"""Imports: a file is read, checked against the directory, and written as a whole or not at all."""

from importers.run.folder import Loaded, load_folder
from importers.run.listings import Listings, Progress, import_listings, read_file
from importers.run.people import import_contacts, import_teams

__all__ = [
    "Listings",
    "Loaded",
    "Progress",
    "import_contacts",
    "import_listings",
    "import_teams",
    "load_folder",
    "read_file",
]
