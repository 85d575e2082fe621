"""Themes, the words of the field explained, and the numbers to ring in danger."""

from socialmap.themes.emergency import (
    EmergencyValues,
    emergency_numbers,
    save_emergency_numbers,
)
from socialmap.themes.glossary import (
    GlossaryValues,
    find_term,
    former_names_in,
    glossary,
    save_glossary,
)
from socialmap.themes.register import (
    ThemeGroup,
    ThemeValues,
    all_themes,
    danger_themes,
    find_theme,
    save_themes,
    theme_groups,
    theme_names,
    theme_parents,
)

__all__ = [
    "EmergencyValues",
    "GlossaryValues",
    "ThemeGroup",
    "ThemeValues",
    "all_themes",
    "danger_themes",
    "emergency_numbers",
    "find_term",
    "find_theme",
    "former_names_in",
    "glossary",
    "save_emergency_numbers",
    "save_glossary",
    "save_themes",
    "theme_groups",
    "theme_names",
    "theme_parents",
]
