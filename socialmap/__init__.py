"""The social map of Amsterdam: who can help this family, nearby, and how to get in."""
