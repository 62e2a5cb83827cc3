"""The schemas for readers: views that hold no data, so an upgrade can create them anew.

An upgrade that changes a table, or these files, drops the views and creates them again. A comment on the schema has the
hash of the files from which it was made.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from psycopg import Cursor, sql

from fpl_pulse.store.readers import grant_to_readers

VIEWS = {
    "fpl": (
        "names", "seasons", "teams", "players", "fixtures", "player_matches", "player_gameweeks", "player_seasons",
        "team_matches", "heatmaps", "history", "statistics", "radar", "corrections",
        "review_queue", "coverage", "week_status", "external_ids",
    ),
    "webapp": (
        "values", "teams", "athletes", "fixtures", "sofasport_fixtures", "sofasport_lineups", "sofasport_heatmaps",
        "sofasport_player_season_stats", "sofasport_player_attributes",
    ),
}  # fmt: skip
"""Schema -> its files in this folder, in the order in which they can be run."""

SCHEMAS = tuple(VIEWS)
"""The schemas for readers, in the order in which they can be created."""


def drop_views(cursor: Cursor[Any]) -> None:
    """Drop the schemas with all views, also those that somebody else has built on them."""
    for schema in reversed(VIEWS):
        cursor.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


def create_views(cursor: Cursor[Any]) -> None:
    """Create each schema whose views are missing or were made from other files, and let readers read them."""
    for schema, names in VIEWS.items():
        text = "\n".join((Path(__file__).parent / schema / f"{name}.sql").read_text() for name in names)
        made_from = (
            f"Views for readers, made by an upgrade. Do not change them by hand. {sha256(text.encode()).hexdigest()}"
        )
        stored = cursor.execute("select obj_description(to_regnamespace(%s), 'pg_namespace')", [schema]).fetchone()
        if stored == (made_from,):
            continue
        name = sql.Identifier(schema)
        cursor.execute(sql.SQL("drop schema if exists {} cascade").format(name))
        cursor.execute(sql.SQL("create schema {}").format(name))
        cursor.execute(text.encode())
        cursor.execute(sql.SQL("comment on schema {} is {}").format(name, sql.Literal(made_from)))
    grant_to_readers(cursor, SCHEMAS)
