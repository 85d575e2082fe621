"""Importers: reading the files of others, checking them, and saying what is wrong and where."""
