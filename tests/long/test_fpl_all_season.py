"""A real season of FPL, read three times a week: nothing is refused, and the figures are those of the day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import slots_of
from fpl_pulse.etl import reference
from tests.replay.season import ReplayPipelines, mondays, needs_replay, replayed

pytestmark = [pytest.mark.replay, needs_replay]

FIRST, LAST = date(2025, 8, 11), date(2026, 7, 13)
READING = ("update_fixture_mappings", "update_lineups", "update_season_stats")
"""The pipelines that read FPL."""

BEHIND = """
    select count(*) from pulse.fpl_players as players where minutes <> (
        select coalesce(sum(minutes), 0) from pulse.fpl_player_fixtures as figures
        where figures.season = players.season and figures.element_id = players.element_id)
"""
OF_DOUBLE_GAMEWEEKS = """
    select figures.minutes, figures.bps, figures.saves, figures.defensive_contribution, figures.expected_goals
    from pulse.fpl_player_fixtures as figures
    join (select gameweek, element_id from pulse.fpl_player_fixtures group by 1, 2 having count(*) > 1) as doubles
        using (gameweek, element_id)
    where figures.minutes > 0
"""


@pytest.fixture
def pipelines(postgres: EmbeddedPostgres, _template: str) -> Iterator[ReplayPipelines]:
    """The pipelines on an empty database."""
    with replayed(postgres, _template) as found:
        yield found


@pytest.mark.timeout(3000)
def test_nothing_of_a_real_season_is_refused(pipelines: ReplayPipelines) -> None:
    behind: list[int] = []
    calls: list[int] = []
    rejected: set[Any] = set()
    for monday in mondays(FIRST, LAST):
        for dag_id in READING:
            context = pipelines.context(dag_id, slots_of(monday)[dag_id])
            reference.refresh_fpl(context)
            calls.append(sum(pipelines.calls(context, "fpl").values()))
            # Before the first match FPL shows the totals of the season before.
            behind.append(pipelines.one(BEHIND) if monday > date(2025, 8, 18) else 0)
            found = pipelines.conn.execute("select path, reason from pulse.rejected_records").fetchall()
            rejected |= {row for row in found if "bootstrap-static lacks" not in row[1]}
            print(monday, dag_id, calls[-1], behind[-1], flush=True)
    doubles = pipelines.conn.execute(OF_DOUBLE_GAMEWEEKS).fetchall()
    last = pipelines.one("select count(*) from pulse.fpl_player_fixtures where minutes > 0")
    print(max(behind), sum(calls), max(calls), len(doubles), last)
    assert rejected == set()
    assert last > 11_000
    assert len(doubles) > 200
    assert [row for row in doubles if None in row[:4]] == []
    assert any(row[4] is None for row in doubles)
    assert sum(calls) < 12 * len(calls)
    # FPL corrected the totals of a few players later than its figures.
    assert max(behind) <= 10
