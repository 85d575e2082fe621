"""Dutch as it is typed: words, their stems and parts, slips, and other words for them."""
