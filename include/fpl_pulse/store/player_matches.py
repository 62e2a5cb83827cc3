"""`pulse.player_matches`, which triggers keep. A rebuild writes every row again, so it fills the table at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection

from fpl_pulse.store.queries import query


@contextmanager
def filled_at_the_end(conn: Connection[Any]) -> Iterator[None]:
    """Let the triggers leave the table alone, in the caller's transaction, and fill it at the end."""
    switch = "select set_config('pulse.follows_matches', %s, true)"
    conn.execute(switch, ["off"])
    yield
    conn.execute(query("fill_player_matches"))
    conn.execute(switch, ["on"])
