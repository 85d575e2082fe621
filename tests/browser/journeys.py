"""Counting what a journey takes: actions (a click, a field, a key that sends) and seconds of the
machine. No time of reading or typing is in it."""

import logging
from dataclasses import dataclass, field
from time import monotonic

from playwright.sync_api import Locator

from tests.browser.conftest import Window

log = logging.getLogger("tests.journeys")


@dataclass
class Journey:
    """Someone on the way, in a window."""

    name: str
    window: Window
    actions: int = 0
    began: float = field(default_factory=monotonic)

    def click(self, target: Locator) -> None:
        """Follow a link, press a button, or choose."""
        target.click()
        self.actions += 1

    def types(self, target: Locator, text: str, *, sends: bool = False) -> None:
        """Fill in a field, and send it with Enter if so asked."""
        target.fill(text)
        self.actions += 1
        if sends:
            target.press("Enter")
            self.actions += 1

    def done(self, most: int) -> None:
        """Tell what it took; more actions than `most` is too much."""
        seconds = monotonic() - self.began
        log.warning("%s: %d actions, %.1f s", self.name, self.actions, seconds)
        assert self.actions <= most, f"{self.name} took {self.actions} actions"
