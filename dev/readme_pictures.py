"""Draws the pictures of README.md from a week of the sandbox: `python -m dev.readme_pictures`.

The sandbox is a made-up season, so the names are nobody's.
"""

import logging
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection

from dev.local.layout import PROJECT
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from dev.sandbox.process import running_sandbox
from fpl_pulse.chart_data import gameweek_charts, match_charts, player_charts
from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.store import schema
from fpl_pulse.store.connection import scalar

MONDAY = date(2025, 10, 13)
SEASON, GAMEWEEK = "2025-26", 7
FOLDER = PROJECT / "docs" / "pictures"

MOST_TOUCHES = """
select fixture_id, sofasport_player_id from fpl.heatmaps
where season = %(season)s and gameweek = %(gameweek)s and position = 'Midfielder'
order by points desc, code limit 1
"""
BEST_MIDFIELDERS = """
select array_agg(code order by points desc, code)
from (
    select seasons.code, seasons.points
    from fpl.player_seasons as seasons
    join fpl.radar using (code)
    where seasons.season = %(season)s and seasons.position = 'Midfielder'
    order by seasons.points desc, seasons.code limit 2
) as best
"""


def main() -> None:
    """Write the pictures, and print each file."""
    # The sandbox has doubtful players, about which runs warn at length.
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder), durable=False) as server:
        server.create_database("pictures")
        dsn = server.dsn("pictures")
        schema.upgrade(dsn)
        print(f"Running the week of {MONDAY:%-d %B %Y} on the sandbox", flush=True)
        at = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 1, tzinfo=UTC)
        with running_sandbox(at) as sandbox, psycopg.connect(dsn, autocommit=True) as conn:
            Pipelines(conn, sandbox).week(MONDAY)
            FOLDER.mkdir(exist_ok=True)
            for name, chart in _charts(conn):
                picture = picture_of(chart)
                (FOLDER / f"{name}.png").write_bytes(picture.content)
                print(f"{FOLDER.relative_to(PROJECT)}/{name}.png  {picture.alt}", flush=True)


def _charts(conn: Connection[Any]) -> Iterator[tuple[str, Chart]]:
    """The name and the chart of each picture."""
    of = {"season": SEASON, "gameweek": GAMEWEEK}
    fixture_id, player_id = conn.execute(MOST_TOUCHES, of).fetchall()[0]
    yield "heatmap", match_charts.player_heatmap(conn, SEASON, fixture_id, player_id)
    heads = player_charts.find_heads(conn, SEASON, scalar(conn, BEST_MIDFIELDERS, of))
    yield "radar", player_charts.comparison(heads, player_charts.attributes(conn, SEASON, [one.code for one in heads]))
    players = gameweek_charts.gameweek_players(conn, SEASON, GAMEWEEK)
    yield "team-of-the-week", gameweek_charts.team_of_the_week(SEASON, GAMEWEEK, players)


if __name__ == "__main__":
    main()
