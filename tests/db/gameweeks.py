"""Functions that add gameweeks, remove heatmaps, run only a check, and read the coverage that it stored."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import attributes, heatmaps, lineups, mapping_check, season_statistics
from fpl_pulse.etl.context import StepContext
from tests.installations import FIRST_MONDAY

SETTLED = slots_of(FIRST_MONDAY)["collect_heatmaps"] + timedelta(days=3)
"""An as-of time at which all matches of the first week are older than the settling time."""
OF_GAMEWEEK = (
    "(select event_id from pulse.fixture_mappings join pulse.fpl_fixtures using (season, fixture_id)"
    " where gameweek = %s)"
)
SHIFT = 20_000_000
"""Event ids of an added gameweek are those of gameweek 1 plus gameweek * SHIFT. The sandbox has no id as large."""
CHECKS: dict[str, Callable[[StepContext], Any]] = {
    "update_fixture_mappings": mapping_check.check_mappings,
    "update_lineups": lineups.check_lineups,
    "collect_heatmaps": heatmaps.check_heatmaps,
    "update_season_stats": season_statistics.check_season_statistics,
    "update_radar_attributes": attributes.check_attributes,
}


def coverage_rows(pipelines: Pipelines, context: StepContext, what: str) -> dict[int, dict[str, Any]]:
    """Gameweek -> the row of pulse.coverage that a run stored for it."""
    found = pipelines.conn.execute(
        "select gameweek, to_jsonb(coverage) from pulse.coverage where dag_id = %s and run_id = %s and what = %s",
        (context.run.dag_id, context.run.run_id, what),
    ).fetchall()
    return {int(gameweek): dict(row) for gameweek, row in found}


def check(pipelines: Pipelines, dag_id: str) -> tuple[StepContext, list[str]]:
    """Run only a pipeline's check, days after the matches. Returns the run's context and the problems that it found."""
    context = pipelines.context(dag_id, SETTLED)
    try:
        CHECKS[dag_id](context)
    except CheckFailedError as failed:
        return context, list(failed.problems)
    return context, []


def delete_heatmaps(pipelines: Pipelines, gameweek: int, count: int | None = None) -> int:
    """Delete heatmaps of a gameweek as if SofaSport had no data for them. Returns their number."""
    deleted = pipelines.conn.execute(
        f"delete from pulse.sofasport_heatmaps where (event_id, player_id) in (select event_id, player_id"
        f" from pulse.sofasport_heatmaps where event_id in {OF_GAMEWEEK} order by 1, 2 limit %s)"
        " returning format('event_id=%%s&player_id=%%s', event_id, player_id)".encode(),
        (gameweek, count),
    ).fetchall()
    pipelines.conn.execute(
        "update pulse.raw_resources set outcome = 'no_data' where resource = any(%s)", ([key for (key,) in deleted],)
    )
    return len(deleted)


def add_gameweeks(pipelines: Pipelines, first: int, last: int, matches: int = 10) -> None:
    """Add gameweeks that FPL does not have, each with copies of SofaSport's matches of gameweek 1, of other clubs."""
    for gameweek in range(first, last + 1):
        copied = {"shift": gameweek * SHIFT, "gameweek": gameweek, "matches": matches}
        pipelines.conn.execute(
            "create temporary table copied as select event_id from pulse.event_gameweeks where gameweek = 1"
            " order by event_id limit %(matches)s",
            copied,
        )
        pipelines.conn.execute(
            "insert into pulse.sofasport_teams (team_id, name) select team_id + %(shift)s, name"
            " from pulse.sofasport_teams where team_id < 20000000",
            copied,
        )
        for table, other_values in (
            (
                "sofasport_events",
                "'round', %(gameweek)s, 'home_team_id', home_team_id + %(shift)s, 'away_team_id',"
                " away_team_id + %(shift)s, ",
            ),
            ("sofasport_lineups", ""),
            ("sofasport_lineup_players", ""),
            ("sofasport_heatmaps", ""),
        ):
            pipelines.conn.execute(
                f"insert into pulse.{table} select (jsonb_populate_record(original, jsonb_build_object({other_values}"
                f" 'event_id', event_id + %(shift)s))).* from pulse.{table} as original"
                " where event_id in (select event_id from copied)".encode(),
                copied,
            )
        pipelines.conn.execute("drop table copied")
    # Each player of the copied matches has a heatmap or no minutes.
    pipelines.conn.execute(
        "update pulse.sofasport_lineup_players as players set minutes = 0 where event_id > %s and not exists ("
        "select from pulse.sofasport_heatmaps as heatmaps where heatmaps.event_id = players.event_id"
        " and heatmaps.player_id = players.player_id)",
        (SHIFT,),
    )
