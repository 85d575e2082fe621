"""Rows of files: reading them, whatever the encoding, and giving each cell its meaning."""
