"""Search: what is asked, the index that is kept, and what is found."""
