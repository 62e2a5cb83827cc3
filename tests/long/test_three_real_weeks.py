"""Three replayed weeks of October 2025 on a real Airflow: a first run and two later weeks (`make weeks`).

The fixture `real_weeks` runs the weeks once, in order, and records the content of the database after each week.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table

from dev.bench.old_system import OldCost, old_cost
from dev.local import postgres_home, report
from dev.local.airflow_environment import POSTGRES_CONNECTION, Databases
from dev.local.airflow_stack import LocalStack
from dev.local.layout import Layout
from dev.local.progress import Progress
from dev.local.report import RunFigures
from dev.local.source import FPL_CONNECTION, SOFASPORT_CONNECTION, Source, dsn_of
from dev.local.week_run import PlannedRun, SlotRun, WeekRunner, plan_week
from fpl_pulse.week import PIPELINES

REPLAY = os.environ.get("FPL_PULSE_REPLAY_URL", "")

pytestmark = [
    pytest.mark.replay,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not REPLAY, reason="FPL_PULSE_REPLAY_URL is not set: the replay of a real season does not run"),
]

PLAYED = {date(2025, 10, 13): 70, date(2025, 10, 20): 80, date(2025, 10, 27): 90}
"""Monday of the week -> matches of the season that have ended by its Wednesday."""
FIRST, SECOND, THIRD = PLAYED
REPEATED = (FIRST, THIRD)
MOST_OF_OLD_COST = 0.6
DATABASES = Databases("airflow_replay", "fpl_pulse_replay")
KEY = "key-of-the-replay-tests"
REFERENCE = {"seasons/events", "fpl/bootstrap-static", "fpl/fixtures"}
MONDAYS_PIPELINE = PIPELINES[0]
LINKS = "select event_id, fixture_id, is_current, method from pulse.fixture_mappings order by event_id, fixture_id"
"""The endpoints that a run reads to find out that nothing is due."""


@dataclass(frozen=True)
class WeekNotes:
    """The content of the database after one week."""

    figures: list[RunFigures]
    old: OldCost
    again: list[RunFigures]
    """Figures of the same week, run again at the same as-of times. Empty where the week was not repeated."""
    again_changed: set[str]
    """Tables that the repetition has changed."""
    again_links_changed: bool
    again_endpoints: set[str]
    matches_with_lineups: int
    players_with_minutes: int
    heatmaps: int
    no_data: dict[tuple[int, int], datetime]
    """(event id, player id) without a heatmap -> as-of time of the last response."""
    never_requested: int
    contradicted: list[tuple[int, int]]
    """Stored as no data, although the source had a heatmap at that time."""
    totals: list[dict[str, Any]]
    borrowed: int

    @property
    def sofasport_calls(self) -> int:
        """The calls of the five runs together."""
        return sum(one.api_calls["sofasport"] for one in self.figures)


@dataclass(frozen=True)
class WeekPlayer:
    """Runs weeks on one stack and records their results."""

    runner: WeekRunner
    dsn: str
    source: Source

    def week(self, monday: date) -> WeekNotes:
        """Run one week. Run it once more if its Monday is in `REPEATED`."""
        planned = plan_week(monday)
        figures = report.figures_of(self.dsn, self.runner.run(planned))
        old = old_cost(self.dsn, planned[-1].as_of)
        notes = self._notes(planned)
        contradicted = self._wrong_no_data(notes["no_data"])
        before, links_before = report.fingerprints(self.dsn), self._rows(LINKS)
        again: list[SlotRun] = self.runner.run(planned) if monday in REPEATED else []
        after = report.fingerprints(self.dsn)
        endpoints = self._rows(
            "select distinct endpoint from pulse.api_calls where run_id = any(%s)", [[run.run_id for run in again]]
        )
        return WeekNotes(
            figures=figures,
            old=old,
            again=report.figures_of(self.dsn, again),
            again_changed={table for table in after if after[table] != before[table]},
            again_links_changed=self._rows(LINKS) != links_before,
            again_endpoints={row["endpoint"] for row in endpoints},
            contradicted=contradicted,
            **notes,
        )

    def _notes(self, planned: Sequence[PlannedRun]) -> dict[str, Any]:
        without_heatmap = self._rows(
            "select players.event_id, players.player_id, reads.outcome, reads.as_of"
            " from pulse.sofasport_lineup_players as players"
            " left join pulse.sofasport_heatmaps as heatmaps using (event_id, player_id)"
            " left join pulse.raw_resources as reads on reads.endpoint = 'events/player-heatmap'"
            " and reads.event_id = players.event_id and reads.player_id = players.player_id"
            " where players.minutes > 0 and heatmaps.event_id is null"
        )
        totals = (Path(__file__).parent / "totals_against_matches.sql").read_text()
        return {
            "matches_with_lineups": self._count(
                "select count(*) as n from (select event_id from pulse.sofasport_lineups join pulse.fixture_mappings"
                " using (event_id) where is_current and starters = 11 group by event_id having count(*) = 2) as whole"
            ),
            "players_with_minutes": self._count(
                "select count(*) as n from pulse.sofasport_lineup_players where minutes > 0"
            ),
            "heatmaps": self._count("select count(*) as n from pulse.sofasport_heatmaps"),
            "no_data": {
                (row["event_id"], row["player_id"]): row["as_of"]
                for row in without_heatmap
                if row["outcome"] == "no_data"
            },
            "never_requested": sum(row["outcome"] != "no_data" for row in without_heatmap),
            "totals": self._rows(totals, {"as_of": planned[-1].as_of}),
            "borrowed": self._count(
                "select count(*) as n from pulse.sofasport_attributes as own join pulse.sofasport_position_averages"
                " as average on average.details ->> 'id' = own.details ->> 'id'"
            ),
        }

    def _wrong_no_data(self, no_data: dict[tuple[int, int], datetime]) -> list[tuple[int, int]]:
        """Request each heatmap that is stored as no data from the source, at the same time. Return those that exist."""
        wrong = []
        for (event_id, player_id), as_of in sorted(no_data.items(), key=lambda one: one[1]):
            self.source.set_clock(as_of)
            response = requests.get(
                f"{REPLAY}/v1/events/player-heatmap",
                params={"event_id": event_id, "player_id": player_id},
                headers={"x-rapidapi-key": KEY, "x-rapidapi-host": "replay"},
                timeout=30,
            )
            if response.status_code != 404 and response.json()["data"] != []:
                wrong.append((event_id, player_id))
        return wrong

    def _rows(self, statement: str, parameters: Any = None) -> list[dict[str, Any]]:  # noqa: ANN401 - psycopg's own
        with psycopg.connect(self.dsn, row_factory=dict_row) as connection:
            return connection.execute(statement.encode(), parameters or ()).fetchall()

    def _count(self, statement: str) -> int:
        return int(self._rows(statement)[0]["n"])


@pytest.fixture(scope="module")
def real_weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[date, WeekNotes]]:
    """Run the three weeks once, and print a table of their figures (shown with -s)."""
    layout = Layout(state=tmp_path_factory.mktemp("replay") / "local")
    source = _source()
    stack = LocalStack(
        layout, source.connections, databases=DATABASES, schedules=False, on_progress=print, calls_per_second="200"
    )
    try:
        stack.start()
        dsn = dsn_of(stack.settings.connections[POSTGRES_CONNECTION])
        progress = Progress(Console(file=StringIO()))
        runner = WeekRunner(stack.airflow, progress, set_clock=source.set_clock, logs_at="(the test's logs)")
        player = WeekPlayer(runner, dsn, source)
        weeks = {monday: player.week(monday) for monday in PLAYED}
        _print(weeks, layout.state / "figures.txt")
        yield weeks
    finally:
        stack.stop()
        postgres_home.remove(layout.postgres)
        requests.post(f"{REPLAY}/__replay__/reset", json={"all": True}, timeout=30).raise_for_status()


def _source() -> Source:
    extra = {"x-rapidapi-host": "replay", "timeout": 30}
    sofasport = {"conn_type": "http", "host": REPLAY, "password": KEY, "extra": extra}
    fpl = {"conn_type": "http", "host": REPLAY, "extra": {"timeout": 30}}
    connections = {SOFASPORT_CONNECTION: json.dumps(sofasport), FPL_CONNECTION: json.dumps(fpl)}
    return Source(connections, f"{REPLAY}/__replay__/clock")


@pytest.mark.parametrize("monday", PLAYED, ids=str)
def test_every_run_succeeds_and_every_match_that_ended_has_its_lineups(
    real_weeks: dict[date, WeekNotes], monday: date
) -> None:
    week = real_weeks[monday]
    assert [(one.run.slot.dag_id, one.run.state) for one in week.figures] == [
        (dag_id, "success") for dag_id in PIPELINES
    ]
    assert report.problems(week.figures, expect_no_changes=False) == []
    assert week.matches_with_lineups == PLAYED[monday]
    assert week.figures[1].coverage["matches"] == (PLAYED[monday], PLAYED[monday])


@pytest.mark.parametrize("monday", PLAYED, ids=str)
def test_a_player_without_a_heatmap_has_none_at_the_source(real_weeks: dict[date, WeekNotes], monday: date) -> None:
    week = real_weeks[monday]
    assert week.never_requested == 0
    assert week.heatmaps + len(week.no_data) == week.players_with_minutes > 25 * PLAYED[monday]
    assert len(week.no_data) < 0.05 * week.players_with_minutes
    assert week.contradicted == []


@pytest.mark.parametrize("monday", PLAYED, ids=str)
def test_season_minutes_and_goals_equal_the_sums_of_the_matches(
    real_weeks: dict[date, WeekNotes], monday: date
) -> None:
    totals = real_weeks[monday].totals
    assert len(totals) > 400
    assert _different(totals, ["minutes", "goals"]) == []


@pytest.mark.parametrize("monday", PLAYED, ids=str)
def test_other_season_totals_equal_the_sum_of_final_matches(real_weeks: dict[date, WeekNotes], monday: date) -> None:
    final = [row for row in real_weeks[monday].totals if row["is_final"]]
    assert len(final) > 50
    counts = [name.removeprefix("season_") for name in final[0] if name.startswith("season_")]
    assert len(counts) > 15
    assert _different(final, counts) == []


@pytest.mark.parametrize("monday", PLAYED, ids=str)
def test_no_player_has_the_average_attributes_of_his_position(real_weeks: dict[date, WeekNotes], monday: date) -> None:
    assert real_weeks[monday].borrowed == 0


@pytest.mark.parametrize("monday", [SECOND, THIRD], ids=str)
def test_a_later_week_makes_at_most_60_percent_of_the_old_systems_calls(
    real_weeks: dict[date, WeekNotes], monday: date
) -> None:
    week = real_weeks[monday]
    assert week.old.lineups == PLAYED[monday]
    assert 0 < week.sofasport_calls <= MOST_OF_OLD_COST * week.old.total, week.old


@pytest.mark.parametrize("monday", REPEATED, ids=str)
def test_a_repeated_week_changes_no_data_and_fetches_only_reference_data(
    real_weeks: dict[date, WeekNotes], monday: date
) -> None:
    again = real_weeks[monday].again
    assert {one.run.slot.dag_id: one.rows_inserted for one in again} == dict.fromkeys(PIPELINES, 0)
    # The repeated Monday compares its events with FPL's fixtures of Wednesday, which stay: a kick-off may have moved.
    updated = {one.run.slot.dag_id: one.rows_updated for one in again if one.run.slot.dag_id != MONDAYS_PIPELINE}
    assert updated == dict.fromkeys(set(PIPELINES) - {MONDAYS_PIPELINE}, 0)
    assert real_weeks[monday].again_changed <= {"fixture_mappings", "mapping_candidates"}
    assert not real_weeks[monday].again_links_changed
    assert real_weeks[monday].again_endpoints <= REFERENCE


def _different(totals: list[dict[str, Any]], counts: Sequence[str]) -> list[str]:
    return [
        f"player {row['player_id']}: {count} {row[f'season_{count}']}, sum of the matches {row[f'match_{count}']}"
        for row in totals
        for count in counts
        if row[f"season_{count}"] != row[f"match_{count}"]
    ]


def _print(weeks: dict[date, WeekNotes], file: Path) -> None:
    """Print the figures of the weeks and write them to a file."""
    table = Table(title="Three real weeks")
    table.add_column("week of")
    for name in ("seconds", "SofaSport", "old system", "share", "FPL", "inserted", "updated", "heatmaps", "no data"):
        table.add_column(name, justify="right")
    for monday, week in weeks.items():
        for label, runs in ((str(monday), week.figures), (f"{monday} again", week.again)):
            spent = sum(one.api_calls["sofasport"] for one in runs)
            cells = [
                f"{sum(one.run.seconds for one in runs):.0f}",
                spent,
                week.old.total,
                f"{spent / week.old.total:.0%}",
                sum(one.api_calls["fpl"] for one in runs),
                sum(one.rows_inserted for one in runs),
                sum(one.rows_updated for one in runs),
                week.heatmaps,
                len(week.no_data),
            ]
            if runs:
                table.add_row(label, *map(str, cells))
    with file.open("w") as text:
        for console in (Console(file=text, width=120), Console(width=120)):
            console.print(table)
            for monday, week in weeks.items():
                coverage = {name: pair for one in week.figures for name, pair in one.coverage.items()}
                pairs = ", ".join(f"{name} {have}/{want}" for name, (have, want) in coverage.items())
                console.print(f"{monday}: old system {week.old}\n  {pairs}", highlight=False)
