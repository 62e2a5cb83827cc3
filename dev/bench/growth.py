"""How the queries of the pipelines grow with the number of stored seasons.

Each statement runs many times on stores that hold the same season, once alone and once behind earlier ones
(`dev.bench.many_seasons`). A statement that reads what it must takes the same time on all of them.
"""

import math
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg import Connection

from fpl_pulse.alerts import queries as alert_queries
from fpl_pulse.api import sofasport
from fpl_pulse.etl import queries as etl_queries
from fpl_pulse.etl import thresholds
from fpl_pulse.store import queries as store_queries
from fpl_pulse.store.connection import scalar, select_records
from fpl_pulse.week import week_of

PLANNING = (
    "due_attributes", "due_heatmaps", "due_lineups", "due_live_gameweeks", "due_season_statistics", "due_squads",
    "matches_under_way", "stored_events", "unexplained_fixtures", "deepest_unloaded_page", "calls_left", "calls_made",
)  # fmt: skip
"""Queries in `etl/queries` that say which calls a run makes."""

LOADING = ("waiting_responses", "open_calls", "newest_run")
"""Queries in `store/queries` that a fetch, a load or a sensor runs."""

MATCHING = (
    "events_to_match", "fixtures_to_match", "teams_to_match", "fpl_teams_to_match", "linked_teams", "people_to_match",
    "elements_to_match", "appearances_to_match", "figures_to_match", "decisions_in_force", "mapping_report_clubs",
    "mapping_report_pairs",
)  # fmt: skip
"""Queries in `etl/queries` of the identity resolution."""

CHECKS = (
    "lineup_coverage", "heatmap_coverage", "season_totals", "attribute_coverage", "attributes_of_averages",
    "mapping_coverage", "gameweek_coverage", "reconciled_fixtures", "figures_side_by_side", "cards_side_by_side",
    "differing_cards", "played_fixtures_without_event", "clubs_in_review", "teams_without_club",
)  # fmt: skip
"""Queries in `etl/queries` of the checks."""

VIEWS = {
    "freshness": "select * from pulse.freshness",
    "freshness of a season": "select * from pulse.freshness where season = %(season)s",
    "what a season lacks": "select * from pulse.expected_data where season = %(season)s and not is_there",
    "coverage of a season": "select * from pulse.coverage where season = %(season)s and as_of > %(week_ago)s",
    "appearances of a season": "select * from pulse.season_appearances where season = %(season)s",
    "matches of a season": "select * from pulse.event_gameweeks where season = %(season)s",
    "the newest plans": "select * from pulse.run_plans order by as_of desc limit 100",
    "plans of a week": "select * from pulse.run_plans where as_of > %(week_ago)s",
    "the newest changes": "select * from pulse.changes order by changed_at desc limit 1000",
    "quota left": "select * from pulse.quota_left",
    "quota outlook": "select * from pulse.quota_outlook",
    "fpl: the players of a season": "select * from fpl.player_seasons where season = %(season)s",
    "fpl: the players of a gameweek": "select * from fpl.player_matches where season = %(season)s and gameweek = 20",
    "fpl: the league table": "select * from fpl.teams where season = %(season)s",
    "fpl: prices at a deadline": "select * from fpl.players_at_deadline where season = %(season)s and gameweek = 20",
}
"""What people read."""


@dataclass(frozen=True)
class Statement:
    """A statement with its parameters; it changes nothing."""

    name: str
    text: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Timing:
    """How long a statement takes, with the transfer of its rows, in milliseconds."""

    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Growth:
    """How a statement grows. The fitted exponent is 0 when its time stays the same, and 1 when it is proportional."""

    name: str
    timings: Mapping[int, Timing]
    """Number of seasons -> timing."""
    exponent: float


def measure(stores: Mapping[int, Connection[Any]], *, runs: int = 50) -> list[Growth]:
    """Time the statements on each store.

    Args:
        stores: number of seasons -> a connection, in autocommit mode.
        runs: how often each statement runs on each store.
    """
    timings: dict[str, dict[int, Timing]] = {}
    for seasons, conn in stores.items():
        for statement in all_statements(conn):
            timings.setdefault(statement.name, {})[seasons] = timing(conn, statement, runs)
    return [Growth(name, of_stores, exponent(of_stores)) for name, of_stores in timings.items()]


def timing(conn: Connection[Any], statement: Statement, runs: int) -> Timing:
    """Run a statement several times, after one run that is not counted."""
    milliseconds = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        conn.execute(statement.text.encode(), statement.params).fetchall()
        milliseconds.append((time.perf_counter() - start) * 1000)
    ordered = sorted(milliseconds[1:])
    return Timing(statistics.median(ordered), ordered[math.ceil(0.99 * len(ordered)) - 1])


def exponent(timings: Mapping[int, Timing]) -> float:
    """The slope of the logarithm of the median time over the logarithm of the number of seasons."""
    points = [(math.log(seasons), math.log(of.p50_ms)) for seasons, of in timings.items()]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def all_statements(conn: Connection[Any]) -> list[Statement]:
    """Every statement that is measured, with parameters of the newest season and run of a store."""
    return [*query_statements(conn), *view_statements(conn)]


def query_statements(conn: Connection[Any]) -> Iterator[Statement]:
    """The queries of the weekly run."""
    params = newest_params(conn)
    for name in (*PLANNING, *MATCHING, *CHECKS):
        yield Statement(name, etl_queries.query(name), params)
    for name in LOADING:
        yield Statement(name, store_queries.query(name), params)
    yield Statement("is_run_missing", alert_queries.query("is_run_missing"), params)


def view_statements(conn: Connection[Any]) -> Iterator[Statement]:
    """The views as people read them."""
    params = newest_params(conn)
    for name, text in VIEWS.items():
        yield Statement(name, text, params)


def newest_params(conn: Connection[Any]) -> dict[str, object]:
    """Parameters of all measured queries: the newest season, its newest run that planned calls, nothing chosen."""
    (run,) = select_records(
        conn,
        "select dag_id, run_id, as_of from pulse.pipeline_runs as runs where dag_id = 'collect_heatmaps' and exists"
        " (select from pulse.planned_calls as plan where plan.run_id = runs.run_id) order by as_of desc limit 1",
    )
    season = scalar(conn, "select season from pulse.fpl_seasons order by observed_at desc limit 1")
    return {
        **run,
        "season": season,
        "season_id": scalar(
            conn, "select season_id from pulse.sofasport_seasons where season = %(season)s", {"season": season}
        ),
        "gameweeks": None,
        "matches": None,
        "players": None,
        "refresh": False,
        "course": "next",
        "endpoint": sofasport.HEATMAP,
        "event_id": None,
        "team_id": None,
        "only": None,
        "week_from": None,
        "week_ago": run["as_of"] - timedelta(days=7),
        "week": week_of(run["as_of"]),
        "slot": run["as_of"],
        "slot_end": run["as_of"],
        "kind": "player",
        "status": "linked",
        "most": 10,
        "what": list(thresholds.MIN_GAMEWEEK_SHARES),
        "starters": thresholds.STARTERS_PER_SIDE,
        "least_players": 2 * thresholds.STARTERS_PER_SIDE,
        "tolerance": thresholds.MINUTES_TOLERANCE,
        "settling": thresholds.SETTLING_TIME,
        "confirmed_after": thresholds.CONFIRMED_AFTER,
        "no_data_final_after": thresholds.NO_DATA_FINAL_AFTER,
        "whole_season": 0,
        "all_may_wait": False,
        "listed": 50,
    }
