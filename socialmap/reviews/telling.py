"""What stands in a field, said in Dutch."""

from typing import Any


def told(name: str, value: Any) -> str:
    """One line for what stands in a field."""
    return str(value or "niets")
