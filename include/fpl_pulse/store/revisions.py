"""What triggers write into `pulse.revisions`: switched off for a while, and taken back where a deleted row returns."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql

from fpl_pulse.store.queries import query


@contextmanager
def no_revisions(conn: Connection[Any]) -> Iterator[None]:
    """Let the triggers write no revisions, in the caller's transaction: their condition is this setting."""
    switch = "select set_config('pulse.keeps_revisions', %s, true)"
    conn.execute(switch, ["off"])
    yield
    conn.execute(switch, ["on"])


def take_back_deletions(conn: Connection[Any], table: str, key: Sequence[str]) -> int:
    """Give the rows that this transaction has inserted, and that were deleted before, their times back.

    Without it each row would pass for a change, and what follows from it would be requested again. A row whose content
    is not that of the deleted one keeps its time, and its revision.

    Args:
        conn: in the transaction that has inserted the rows.
        table: its name in the schema `pulse`; a trigger keeps revisions of its deleted rows.
        key: the columns of its primary key.

    Returns:
        How many rows got their times back.
    """
    pairs = [sql.SQL("{}, present.{}").format(sql.Literal(name), sql.Identifier(name)) for name in key]
    statement = sql.SQL(query("take_back_deletions")).format(
        table=sql.Identifier("pulse", table), name=sql.Literal(table), key=sql.SQL(", ").join(pairs)
    )
    with no_revisions(conn):
        return conn.execute(statement).rowcount
