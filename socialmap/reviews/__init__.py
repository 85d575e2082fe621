"""What people change and tell: saved, checked, taken back; and what waits for a decision."""
