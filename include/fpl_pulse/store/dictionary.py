"""The data dictionary: what is in each table, as Markdown, from the catalogue of a migrated database.

`python -m fpl_pulse.store.dictionary DSN` prints it. Purposes and meanings are the comments of the migrations.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from fpl_pulse.store.queries import query

INTRODUCTION = """\
# Data dictionary

Every table, view and function of the schema `pulse`. Made from the database's own catalogue by `make dictionary`; a
test fails when this file differs. To change a sentence, write a migration with `comment on`.

A season is written `2025-26`. Moments are in UTC. `as_of`, `observed_at` and `made_at` are moments of runs
([ADR 0001](adr/0001-the-moment-of-a-run.md)); `updated_at` is the wall clock of the last change of a row's content.
**Bold** columns are the primary key."""

FAMILIES = (
    ("FPL: what the fantasy game says", ("fpl_",)),
    ("SofaSport: what the match data provider says", ("sofasport_",)),
    ("Who is who", ("team_mappings", "player_mappings", "fixture_mappings", "mapping_")),
    ("Checked against FPL", ("fixture_reconciliations", "figure_differences")),
    ("What was corrected", ("revisions", "changes")),
    ("How much there is", ("coverage", "event_gameweeks", "expected_data", "freshness", "quota_")),
    ("The archive, the ledger and the runs", ("",)),
)
"""Heading and the beginnings of its tables' names; the first that fits counts."""


@dataclass(frozen=True)
class Column:
    """One column, as the catalogue has it."""

    table_name: str
    name: str
    type: str
    nullable: bool
    comment: str | None


@dataclass(frozen=True)
class Constraint:
    """A key or a condition. `kind` is p primary key, u unique, f foreign key, c check, i unique index."""

    table_name: str
    kind: str
    columns: list[str]
    definition: str


@dataclass(frozen=True)
class Table:
    """One table with all that belongs to it."""

    name: str
    comment: str | None
    is_view: bool
    columns: Sequence[Column]
    constraints: Sequence[Constraint]


def read_tables(conn: Connection[Any]) -> list[Table]:
    """Every table and view of the schema `pulse` in order of name, without Alembic's own."""
    with conn.cursor(row_factory=class_row(Column)) as cursor:
        columns = cursor.execute(query("catalogue_columns").encode()).fetchall()
    with conn.cursor(row_factory=class_row(Constraint)) as cursor:
        constraints = cursor.execute(query("catalogue_constraints").encode()).fetchall()
    return [
        Table(
            name,
            comment,
            is_view,
            [column for column in columns if column.table_name == name],
            [constraint for constraint in constraints if constraint.table_name == name],
        )
        for name, comment, is_view in conn.execute(query("catalogue_tables").encode())
    ]


def dictionary(conn: Connection[Any]) -> str:
    """The whole dictionary as Markdown."""
    waiting = read_tables(conn)
    parts = [INTRODUCTION]
    for heading, beginnings in FAMILIES:
        family = [table for table in waiting if table.name.startswith(beginnings)]
        waiting = [table for table in waiting if table not in family]
        parts += [f"## {heading}", *("\n".join(_lines(table)) for table in family)]
    functions = conn.execute(query("catalogue_functions").encode()).fetchall()
    parts += ["## Functions", "\n".join(f"- `{name}`: {comment}" for name, comment in functions)]
    return "\n\n".join(parts) + "\n"


def _lines(table: Table) -> Iterator[str]:
    key = next((one.columns for one in table.constraints if one.kind == "p"), [])
    yield f"### {table.name}" + (" (view)" if table.is_view else "")
    yield ""
    yield table.comment or ""
    yield ""
    yield "| column | type | null | meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        name = f"**{column.name}**" if column.name in key else column.name
        meaning = (column.comment or "").replace("|", r"\|")
        yield f"| {name} | {column.type} | {'yes' if column.nullable else 'no'} | {meaning} |"
    rest = [one for one in table.constraints if one.kind != "p"]
    if rest:
        yield ""
    for constraint in rest:
        # The schema is always the same, and so is the method of an index.
        yield f"- `{constraint.definition.replace('pulse.', '').replace(' USING btree', '')}`"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the dictionary of the database whose address is the only argument."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        print(
            "Give the address of a migrated database: postgresql://user:password@host/database",
            file=sys.stderr,
        )
        return 2
    with psycopg.connect(given[0]) as conn:
        print(dictionary(conn), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
