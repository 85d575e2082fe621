"""Listings: what may be said of one, the one door for changes, and how lists show it."""
