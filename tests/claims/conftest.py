"""A provider in Noord, and a clock that goes on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from socialmap import accounts, db
from socialmap.models.terms import Role
from socialmap.views import clock, doors, login
from tests.claims.claiming import DRAAD, REDACTIE, YARA
from tests.factories import TODAY, listing, save


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test."""
    monkeypatch.setattr(login, "LEAST_SECONDS", 0)


@pytest.fixture
def draad(engine: sa.Engine) -> str:
    """The slug of a provider with one listing in Noord, whose wijk contact and redactie can be
    told."""
    save(engine, listing(provider=DRAAD))
    with db.writing(engine) as session:
        accounts.add_role(session, YARA, Role.WIJK_CONTACT, TODAY, area="NK", name="Yara")
        accounts.add_role(session, REDACTIE, Role.REDACTEUR, TODAY, name="Rik")
    return "draad-daad"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the clock of the pages go on."""

    def at(passed: timedelta) -> None:
        moment = clock.now

        def shifted() -> datetime:
            return moment() + passed

        for page in (doors, login):
            monkeypatch.setattr(page, "now", shifted)
        for name in ("claim", "claims", "editors", "desk", "letters"):
            monkeypatch.setattr(f"socialmap.views.{name}.now", shifted)

    return at
