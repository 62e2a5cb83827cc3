"""The fields of the responses are the columns of the views."""

import types
import typing
from datetime import date

import pytest
from pydantic import BaseModel

from dev.pipelines import Pipelines
from fpl_pulse.web import rows

VIEWS: dict[str, type[BaseModel]] = {
    "seasons": rows.SeasonRow,
    "gameweeks": rows.GameweekRow,
    "players": rows.PlayerRow,
    "player_seasons": rows.PlayerSeasonRow,
    "player_matches": rows.PlayerMatchRow,
    "fixtures": rows.MatchRow,
    "coverage": rows.CoverageRow,
    "week_status": rows.SlotRow,
}
TYPES: dict[str, object] = {
    "smallint": int, "integer": int, "bigint": int, "numeric": float, "double precision": float, "text": str,
    "boolean": bool, "date": date, "timestamp with time zone": rows.Moment, "ARRAY": list,
}  # fmt: skip


def plain(annotation: object) -> object:
    """The type of a field without null and without pydantic's conditions."""
    while True:
        if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
            (annotation,) = (one for one in typing.get_args(annotation) if one is not type(None))
        elif hasattr(annotation, "__metadata__"):
            annotation = typing.get_args(annotation)[0]
        else:
            return typing.get_origin(annotation) or annotation


@pytest.mark.parametrize("view", VIEWS)
def test_the_fields_of_a_row_are_the_columns_of_its_view(unchanged: Pipelines, view: str) -> None:
    columns = unchanged.conn.execute(
        "select column_name, data_type from information_schema.columns where table_schema = 'fpl' and table_name = %s"
        " order by ordinal_position",
        [view],
    ).fetchall()
    fields = [(name, plain(field.annotation)) for name, field in VIEWS[view].model_fields.items()]
    assert fields == [(name, TYPES[kind]) for name, kind in columns]


@pytest.mark.parametrize("view", VIEWS)
def test_every_stored_row_fits(unchanged: Pipelines, view: str) -> None:
    cursor = unchanged.conn.execute(f"select * from fpl.{view} limit 2000".encode())
    names = [column.name for column in cursor.description or ()]
    for values in cursor.fetchall():
        VIEWS[view].model_validate(dict(zip(names, values, strict=True)))
