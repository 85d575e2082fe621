"""Where things are: the tree of areas, their shapes, distances, and what a typed place means."""
