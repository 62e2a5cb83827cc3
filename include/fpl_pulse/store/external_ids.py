"""Ids of players at other providers, from a register of people. Everything happens in the caller's transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from fpl_pulse.store.connection import scalar, select_rows
from fpl_pulse.store.queries import query


@dataclass(frozen=True)
class StoredIds:
    """What reading a register has changed in `pulse.external_ids`."""

    ids: int
    """Stored now."""
    players: int
    """Players with any id now."""
    inserted: int
    deleted: int
    unclear: int
    """Not stored: the register has several for one player, the same one for two, or two people for one player."""


@dataclass(frozen=True)
class Vanished:
    """How many of the stored ids of a provider the register that is being read does not have."""

    provider: str | None
    """None: not ids but players."""
    stored: int
    vanished: int


def take_register(conn: Connection[Any], rows: Iterable[Sequence[object]]) -> None:
    """Copy a register into a temporary table, and keep apart the persons that have an id which is stored here.

    Args:
        conn: a connection in a transaction.
        rows: the person, name, birth date, SofaSport id or None, FPL code or None, and the other ids by provider.
    """
    # Two commands at the same time would insert the same ids. A reader is not held up.
    conn.execute("lock table pulse.external_ids in share row exclusive mode")
    conn.execute(query("create_register"))
    with conn.cursor().copy("copy register from stdin") as copy:
        for *columns, ids in rows:
            copy.write_row([*columns, Jsonb(ids)])
    # Autovacuum does not see temporary tables.
    conn.execute("analyze register")
    conn.execute(query("known_register"))
    conn.execute("analyze known_register")


def vanished_ids(conn: Connection[Any]) -> list[Vanished]:
    """What the register lacks of the stored ids: first the players, then the ids of each provider."""
    return select_rows(conn, Vanished, query("vanished_external_ids"))


def store_external_ids(conn: Connection[Any], disputed: Collection[str]) -> StoredIds:
    """Store the ids of the register's persons except the disputed ones, and delete all others."""
    conn.execute(query("wanted_external_ids"), {"disputed": list(disputed)})
    deleted = conn.execute(query("delete_external_ids")).rowcount
    inserted = conn.execute(query("store_external_ids")).rowcount
    ids, players = conn.execute("select count(*), count(distinct fpl_code) from pulse.external_ids").fetchall()[0]
    unclear = scalar(conn, "select count(*) from wanted_external_ids where is_unclear")
    return StoredIds(ids, players, inserted, deleted, unclear)
