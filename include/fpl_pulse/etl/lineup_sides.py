"""The two sides of a match as rows, counted from the rows of their players."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fpl_pulse.etl.lineup_keys import SIDES
from fpl_pulse.etl.lineup_rows import Row
from fpl_pulse.store.archive import ArchivedResponse


def side_rows(
    response: ArchivedResponse,
    players: Sequence[Row],
    missing: Mapping[str, list[int]],
    teams: Mapping[str, int],
    stored: Mapping[str, Mapping[str, Any]],
) -> list[Row]:
    """Rows of sofasport_lineups, counted from the rows of the players.

    The mappings have a value for each side: the ids of missing players, the club, and the stored row, whose values stay
    where the response says nothing.
    """
    rows = []
    for side in SIDES:
        part, before = response.body[side], stored.get(side, {})
        formation, confirmed = part.get("formation"), response.body.get("confirmed")
        says_missing = isinstance(part.get("missingPlayers"), list)
        rows.append(
            {
                "event_id": int(response.params["event_id"]),
                "side": side,
                "team_id": teams[side],
                "formation": formation if isinstance(formation, str) else before.get("formation"),
                "confirmed": confirmed if isinstance(confirmed, bool) else before.get("confirmed", False),
                "starters": starters(players, side),
                "with_minutes": with_minutes(players, side),
                "missing_players": missing[side] if says_missing else before.get("missing_players", []),
                "observed_at": response.as_of,
            }
        )
    return rows


def starters(players: Iterable[Row], side: str) -> int:
    """How many players of a side start."""
    return sum(row["is_starter"] for row in players if row["side"] == side)


def with_minutes(players: Iterable[Row], side: str) -> int:
    """How many players of a side have minutes."""
    return sum((row["minutes"] or 0) > 0 for row in players if row["side"] == side)
