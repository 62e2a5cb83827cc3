"""A database with a whole season of the sandbox, built without most of its calls."""

from collections.abc import Iterable
from datetime import date, datetime

import psycopg

from dev.pipelines import Pipelines, slots_of
from dev.sandbox.sofasport import NoSuchDataError
from dev.sandbox.sofasport_events import TOURNAMENT_ID
from dev.sandbox.truth import true_mapping
from dev.sandbox.world import World
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.store import archive, decisions
from fpl_pulse.store.decisions import Decision

LAST_MONDAY = date(2026, 5, 25)
"""The day after the last matches of the first season."""

SAME_POINT = """
    insert into pulse.sofasport_heatmaps (event_id, player_id, points, point_count, mean_x, mean_y, observed_at)
    select event_id, player_id, '[{"x": 50, "y": 50}]', 1, 50, 50, observed_at
    from pulse.sofasport_lineup_players where minutes > 0
"""


def load_first_season(pipelines: Pipelines) -> None:
    """Run the week after the last matches.

    Lineups, season statistics and attributes come from a sandbox in this process instead of from calls. All heatmaps
    have one point. The pairs in review are decided by the truth.
    """
    slots = slots_of(LAST_MONDAY)
    conn = pipelines.conn
    pipelines.run("update_fixture_mappings", slots["update_fixture_mappings"])
    world = World(int(slots["update_lineups"].timestamp()))
    events = [event for (event,) in conn.execute("select event_id from pulse.sofasport_events order by 1")]
    _archive(conn, world, map(sofasport.lineups, events), slots["update_lineups"])
    _decide_by_truth(conn, world)
    pipelines.run("update_lineups", slots["update_lineups"])
    conn.execute(SAME_POINT)
    pipelines.run("collect_heatmaps", slots["collect_heatmaps"])
    world.set_clock(int(slots["update_season_stats"].timestamp()))
    season_id = world.season.sofasport_season_id
    appeared = conn.execute("select player_id, season from pulse.season_appearances order by 1").fetchall()
    statistics = (sofasport.season_statistics(season_id, player_id) for player_id, _ in appeared)
    _archive(conn, world, statistics, slots["update_season_stats"])
    pipelines.run("update_season_stats", slots["update_season_stats"])
    attributes = (sofasport.attributes(season, player_id) for player_id, season in appeared)
    _archive(conn, world, attributes, slots["update_radar_attributes"])
    pipelines.run("update_radar_attributes", slots["update_radar_attributes"])
    # As if the weeks until June had read the corrections of the last matches.
    conn.execute("update pulse.raw_resources set as_of = as_of + interval '14 days' where endpoint not like 'fpl/%'")


def _decide_by_truth(conn: psycopg.Connection, world: World) -> None:
    """Decide the pairs that are in review on Monday, when there are no minutes."""
    in_review = "select sofasport_id, fpl_id from pulse.mapping_candidates where kind = 'player' and status = 'review'"
    true_pairs = {(row["sofasport_player_id"], row["fpl_code"]) for row in true_mapping(world.season)["players"]}
    for player_id, code in {*conn.execute(in_review).fetchall()} & true_pairs:
        decisions.store(conn, Decision("player", player_id, code, "link", "Ann", "the truth"))


def _archive(conn: psycopg.Connection, world: World, resources: Iterable[Resource], as_of: datetime) -> None:
    """Store what the sandbox serves at this time, as fetched by a run."""
    with conn.transaction():
        for resource in resources:
            try:
                archive.store_response(conn, resource, _payload(world, resource), as_of)
            except NoSuchDataError:
                archive.store_no_data(conn, resource, as_of)


def _payload(world: World, resource: Resource) -> object:
    params = {name: int(value) for name, value in resource.params.items() if name in {"event_id", "player_id"}}
    if resource.endpoint == sofasport.LINEUPS:
        return world.sofasport.lineups(params["event_id"])
    if resource.endpoint == sofasport.SEASON_STATISTICS:
        season_id = world.season.sofasport_season_id
        return world.sofasport.season_statistics(TOURNAMENT_ID, season_id, params["player_id"])
    return world.sofasport.attribute_overviews(params["player_id"])
