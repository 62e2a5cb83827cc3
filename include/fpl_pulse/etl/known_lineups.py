"""The stored rows of a match beside a newer response: where the response says less, the stored rows stay."""

from collections.abc import Mapping, Sequence
from typing import Any

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.lineup_rows import MatchRows, Row
from fpl_pulse.etl.lineup_sides import starters, with_minutes
from fpl_pulse.etl.match_statistics import is_sound

DESCRIBING = ("position", "shirt_number", "shown_team_id", "is_captain")
"""Columns that a response may omit without saying that they have changed."""


def known_statistics(stored: Sequence[Row]) -> dict[int, Mapping[str, Any]]:
    """Player -> stored statistics, of the players of one match whose minutes and counts are known."""
    return {row["player_id"]: row["statistics"] for row in stored if is_sound(row)}


def keep_known(match: MatchRows, stored: Sequence[Row], *, forced: bool) -> list[Row]:
    """The players of a response, with the stored row of every player about whom it says nothing usable.

    Those are players with an unknown figure and, on a side with an entry that does not fit, the players who are
    not listed: the entry may be about one of them. A forced response (a manual run requested the match by id) counts
    even where it omits a description.
    """
    if not match.players or not stored:
        return match.players
    listed = {row["player_id"] for row in match.players}
    kept = {
        row["player_id"]: row
        for row in stored
        if (row["player_id"] in match.implausible and is_sound(row))
        or (row["player_id"] not in listed and row["side"] in match.incomplete)
    }
    before: Mapping[int, Row] = {} if forced else {row["player_id"]: row for row in stored}
    fresh = []
    for row in match.players:
        if row["player_id"] in kept:
            continue
        known = before.get(row["player_id"], {})
        described = {name: known.get(name) if row[name] is None else row[name] for name in DESCRIBING}
        fresh.append(row | described)
    columns = match.players[0].keys()
    places = {row["player_id"]: row["lineup_order"] for row in match.players}
    # A player whom the response lists has the place of the response, whatever else stays as it was.
    return fresh + [
        {name: row[name] for name in columns} | {"lineup_order": places.get(player_id, row["lineup_order"])}
        for player_id, row in kept.items()
    ]


def is_incomplete(players: Sequence[Row], stored: Sequence[Row], side: str) -> bool:
    """Whether fewer players of a side have minutes than are stored.

    A side that is stored with more than eleven starters may lose the surplus.
    """
    full = max(thresholds.STARTERS_PER_SIDE, starters(players, side))
    surplus = max(0, starters(stored, side) - full)
    return with_minutes(players, side) < with_minutes(stored, side) - surplus
