"""The copy of the tables that is searched: on disk, and in memory."""
