"""What is stored of a match against a newer answer: where the answer says less, the stored rows stay."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.lineup_rows import MatchRows, of_side, with_minutes

DESCRIBING = ("position", "shirt_number", "shown_team_id")
"""Columns that an answer can leave out without saying that they have changed."""


def known_statistics(stored: pd.DataFrame) -> dict[int, Mapping[str, Any]]:
    """Player -> his stored statistics, of those whose minutes are known.

    Args:
        stored: rows of sofasport_lineup_players of one match.
    """
    known = stored[stored.minutes.notna()]
    return dict(zip(known.player_id.tolist(), known.statistics, strict=True))


def keep_known(match: MatchRows, stored: pd.DataFrame, *, forced: bool) -> pd.DataFrame:
    """The answer's players, with the stored row of everybody about whom nothing can be believed.

    Those are players whose statistics are impossible and, where an entry of a side does not fit, the players of the
    side who are not listed: one of them may be meant by it.

    Args:
        match: the answer.
        stored: rows of sofasport_lineup_players of the match.
        forced: a person has asked for the answer: it counts also where it leaves out what describes a player.
    """
    players = match.players
    if players.empty or stored.empty:
        return players
    unlisted = ~stored.player_id.isin(players.player_id) & stored.side.isin(match.incomplete)
    kept = stored[stored.player_id.isin(match.disbelieved) | unlisted]
    fresh = players[~players.player_id.isin(kept.player_id)].copy()
    if not forced:
        before = stored.set_index("player_id").reindex(fresh.player_id)
        for column in DESCRIBING:
            known = before[column].astype(object).set_axis(fresh.index)
            fresh[column] = fresh[column].where(fresh[column].notna(), known)
    return pd.concat([fresh, kept[fresh.columns]]).astype(object) if not kept.empty else fresh


def is_poorer(players: pd.DataFrame, stored: pd.DataFrame, side: str) -> bool:
    """Whether fewer of a side have minutes than are stored.

    A side that is stored with more than eleven starters may lose those who are too many.
    """
    full = max(thresholds.STARTERS_PER_SIDE, _starters(players, side))
    surplus = max(0, _starters(stored, side) - full)
    return with_minutes(players, side) < with_minutes(stored, side) - surplus


def _starters(players: pd.DataFrame, side: str) -> int:
    return int(of_side(players, side).is_starter.sum())
