"""Measurements beside three peers, in one run: `make bench` prints speed, memory and answers."""
