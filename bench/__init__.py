"""Measurements beside a peer: `make bench` prints medians and ratios of one run."""
