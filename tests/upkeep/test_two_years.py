"""A directory that cannot quietly go stale: simulated, with habits that are stated (years.py)."""

from statistics import mean

import pytest
import sqlalchemy as sa

from tests.upkeep.years import City, Habit, Years

pytestmark = pytest.mark.sqlite
MOST_STALE = 0.05
"""Of the default results no more may be past their rhythm."""
YEARS = 2
MONTHS = 12 * YEARS


def told(city: City, years: Years) -> str:
    """What the two years were like, for who runs the proof."""
    by_habit = {
        habit.name.lower(): mean(
            years.mails[one.mail] / YEARS for one in city.providers.values() if one.habit == habit
        )
        for habit in Habit
    }
    decisions = [years.decisions[f"{code.lower()}@wijk.example"] / MONTHS for code in city.wijken]
    mails = [years.mails[f"{code.lower()}@wijk.example"] / YEARS for code in city.wijken]
    return (
        f"past their rhythm: mean {mean(years.shares):.1%}, most {max(years.shares):.1%}; "
        f"mails a year: {', '.join(f'{name} {count:.1f}' for name, count in by_habit.items())}; "
        f"a wijk contact: {mean(mails):.1f} mails a year, {mean(decisions):.1f} decisions a month, "
        f"most {max(decisions):.1f}"
    )


def test_half_a_year_of_a_small_city_stays_true(engine: sa.Engine) -> None:
    city = City(engine, count=25, days=180)
    before = city.count()
    years = city.live(every=2)
    assert max(years.shares) < MOST_STALE
    assert years.mails
    assert sum(years.decisions.values()) > 0
    assert years.twice == 0, "a second run on the same day sends nothing"
    assert city.count() == before, "nothing is deleted"


@pytest.mark.soak
@pytest.mark.parametrize("every", [1, 10])
def test_two_years_of_a_thousand_providers_stay_true(
    engine: sa.Engine, every: int, capsys: pytest.CaptureFixture[str]
) -> None:
    city = City(engine, count=1000, days=365 * YEARS)
    before = city.count()
    years = city.live(every=every)
    with capsys.disabled():
        print(f"\nremind every {every} days, {before} listings: {told(city, years)}")  # noqa: T201
    assert max(years.shares) < MOST_STALE
    assert years.twice == 0
    assert city.count() == before
    lapsed = city.count(lambda one: one.is_lapsed(city.end) and one.status == "live")
    assert 0 < lapsed < before / 4, "what nobody answers for leaves the default results"
