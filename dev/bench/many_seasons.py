"""A store with many seasons: the stored season, copied as earlier ones by set-based SQL, so that it takes seconds.

A copy is as large as the original and has ids of its own. A third of the players and three of the twenty clubs change
from season to season, so tables about people grow as they do in reality. Bodies of responses, points of heatmaps and
contents of revisions are left out: no query of a weekly run reads those of earlier seasons.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import dict_row

from fpl_pulse.store.connection import QueryFolder, scalar
from fpl_pulse.store.coverage import store_final_freshness

query = QueryFolder(Path(__file__).parent / "queries")

SHARED_ENDPOINTS = ("fpl/bootstrap-static", "unique-tournaments/seasons")
"""Endpoints with a single resource, which every season requests again."""

SEASONS_OF_A_PLAYER = 3
"""A player stays for three seasons, so one third of the players of a season is new."""

NEW_CLUBS = 3
"""Clubs of a season that were not in the season before."""

NUMBERS_OF_A_SEASON = 10_000_000
"""The distance between the generated numbers (of calls, responses, ...) of two seasons. Earlier ones are lower."""

EVENT = "{0} - age * %(events)s"
PLAYER = "{0} - (age + {0} %% %(stay)s) / %(stay)s * %(players)s"
CODE = (
    "{0} - (age + coalesce((select turn from turns where turns.code = {0}), 0)) / %(stay)s * %(codes)s"
    " * ({0} <> 0)::int"
)
CLUB = "{0} - age * %(clubs)s * ({0} = any(%(new_clubs)s))::int"
CLUB_CODE = "{0} - age * %(club_codes)s * ({0} = any(%(new_club_codes)s))::int"
NUMBER = "{0} - age * %(numbers)s"
TIME = "{0} - age * interval '364 days'"

EXPRESSIONS = {
    **dict.fromkeys(("event_id",), EVENT),
    **dict.fromkeys(("player_id", "sofasport_player_id"), PLAYER),
    **dict.fromkeys(("team_id", "home_team_id", "away_team_id", "shown_team_id", "sofasport_team_id"), CLUB),
    **dict.fromkeys(("team_code", "home_team_code", "away_team_code", "fpl_team_code"), CLUB_CODE),
    **dict.fromkeys(("alert_id", "call_id", "decision_id", "planned_call_id", "resource_id", "revision_id"), NUMBER),
    **dict.fromkeys(("response_id", "loaded_response_id"), NUMBER),
    "fpl_code": CODE,
    "run_id": "{0} || ' -' || age",
    "season": "pg_temp.earlier({0}, age)",
    "season_id": "{0} - age",
}
"""Column -> its value in a copy. {0} is the column; `age` is how many seasons the copy is older than the original."""


def _merged(column: str, ids: Mapping[str, str]) -> str:
    """A JSON object with ids, with those of the copy. `ids` has the expression of each original id by its key."""
    names = {"seasons_id": "season_id"}
    pairs = [f"'{key}', {EXPRESSIONS[names.get(key, key)].format(value)}" for key, value in ids.items()]
    return f"kept.{column} || jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"


def _of_kind(column: str, team: str, player: str, fixture: str) -> str:
    team, player, fixture = (expression.format(f"kept.{column}") for expression in (team, player, fixture))
    return f"case kept.kind when 'team' then {team} when 'player' then {player} else {fixture} end"


_TYPED = ("event_id", "player_id", "team_id", "season")
_PARAMS = _merged("params", {**{name: f"kept.{name}" for name in _TYPED}, "seasons_id": "kept.season_id"})
_KEY = {
    "event_id": "(kept.key ->> 'event_id')::int",
    "player_id": "(kept.key ->> 'player_id')::int",
    "season": "kept.key ->> 'season'",
}

SPECIAL = {
    ("fpl_teams", "team_id"): "kept.team_id",
    ("fpl_teams", "code"): CLUB_CODE.format("kept.code"),
    ("fpl_players", "code"): CODE.format("kept.code"),
    ("raw_resources", "params"): _PARAMS,
    ("raw_resources", "resource"): f"pg_temp.in_words({_PARAMS})",
    ("raw_responses", "body"): "json '{}'",
    ("raw_responses", "resource_id"): (
        "kept.resource_id - age * %(numbers)s * (kept.resource_id <> all(%(shared_resources)s))::int"
    ),
    ("rejected_records", "resource"): (
        "(select resource from pulse.raw_resources as copied"
        " where copied.resource_id = kept.resource_id - age * %(numbers)s)"
    ),
    ("revisions", "key"): _merged("key", _KEY),
    ("revisions", "content"): _merged("key", _KEY),
    ("sofasport_heatmaps", "points"): "jsonb '[]'",
    **{
        (table, column): _of_kind(column, *expressions)
        for table in ("mapping_candidates", "mapping_decisions")
        for column, expressions in {"sofasport_id": (CLUB, PLAYER, EVENT), "fpl_id": (CLUB_CODE, CODE, "{0}")}.items()
    },
    ("mapping_decisions", "decided_fpl_id"): _of_kind("decided_fpl_id", CLUB_CODE, CODE, "{0}"),
}
"""(Table, column) -> its value in a copy, where the name of the column does not say it."""


def add_seasons(conn: Connection[Any], count: int) -> None:
    """Copy the only stored season as `count` earlier ones, then vacuum and analyze.

    The copies have no bodies of responses: they cannot be loaded again. Triggers and checks of foreign keys are off,
    which needs a superuser.

    Args:
        conn: the store's connection, in autocommit mode.
        count: how many seasons to add.

    Raises:
        ValueError: the store has no season, or several.
    """
    seasons = scalar(conn, "select count(distinct season) from pulse.fpl_gameweeks")
    if seasons != 1:
        raise ValueError(f"The store must have one season to copy, not {seasons}")
    with conn.transaction():
        conn.execute("set local session_replication_role = replica")
        numbers = {"stay": SEASONS_OF_A_PLAYER, "numbers": NUMBERS_OF_A_SEASON, "shared": list(SHARED_ENDPOINTS)}
        conn.execute(query("season_before"))
        conn.execute(query("params_in_words"))
        conn.execute(query("turns_of_players"), numbers)
        conn.execute("create unique index on turns (code)")
        with conn.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(query("distances"), {**numbers, "new": NEW_CLUBS}).fetchone()
        params = {**numbers, **(found or {})}
        indexes = conn.execute(query("plain_indexes")).fetchall()
        for name, _ in indexes:
            conn.execute(sql.SQL("drop index {}").format(sql.Identifier("pulse", name)))
        for table, columns, types in conn.execute(query("columns_to_copy")).fetchall():
            original = sql.SQL("create temporary table original as table {}").format(sql.Identifier("pulse", table))
            conn.execute(original)
            statement = _copy_statement(table, columns, types)
            # One season after the other, the oldest first: as in a store that has grown, a season's rows are together.
            for age in range(count, 0, -1):
                conn.execute(statement, {**params, "age": age})
            conn.execute("drop table original")
        for _, definition in indexes:
            conn.execute(definition)
    conn.execute("vacuum (analyze)")
    # The first run of each later season has done it.
    store_final_freshness(conn, scalar(conn, "select season from pulse.fpl_seasons order by observed_at desc limit 1"))
    conn.execute("vacuum (analyze) pulse.final_freshness")


def _copy_statement(table: str, columns: list[str], types: list[str]) -> sql.Composed:
    values = [_value(table, column, data_type) for column, data_type in zip(columns, types, strict=True)]
    # People, clubs and their links can be those of a season that is already copied.
    return sql.SQL(
        "insert into {table} ({columns}) overriding system value select {values}"
        " from original as kept cross join (values (%(age)s::int)) as copies (age) {where} on conflict do nothing"
    ).format(
        table=sql.Identifier("pulse", table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(sql.SQL(value) for value in values),
        where=sql.SQL("where kept.endpoint <> all(%(shared)s)" if table == "raw_resources" else ""),
    )


def _value(table: str, column: str, data_type: str) -> str:
    """The expression of a column's value in a copy."""
    if (table, column) in SPECIAL:
        return SPECIAL[table, column]
    expression = EXPRESSIONS.get(column, TIME if data_type == "timestamp with time zone" else "{0}")
    return expression.format(f"kept.{column}")
