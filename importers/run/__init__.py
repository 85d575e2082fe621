"""Imports: a file is read, checked against the directory, and written as a whole or not at all."""

from importers.run.areas import import_areas
from importers.run.folder import Loaded, load_folder
from importers.run.listings import Listings, import_listings, read_file
from importers.run.people import import_contacts, import_teams
from importers.run.undo import UndoError, Undoing, told_imports, undo
from importers.run.writer import Progress

__all__ = [
    "Listings",
    "Loaded",
    "Progress",
    "UndoError",
    "Undoing",
    "import_areas",
    "import_contacts",
    "import_listings",
    "import_teams",
    "load_folder",
    "read_file",
    "told_imports",
    "undo",
]
