"""A lineups answer as rows: both sides, their players, and everybody it names. Pure; nothing is written here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from fpl_pulse.api.payloads_sofasport import LineupEntry, Listed, Person
from fpl_pulse.api.records import Rejected, accept
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.match_statistics import EXPECTED, statistics_columns
from fpl_pulse.store.raw import Archived

SIDES = ("home", "away")


@dataclass
class MatchRows:
    """What one answer says about a match."""

    players: pd.DataFrame
    """Rows of sofasport_lineup_players."""
    missing: dict[str, list[int]]
    """Ids of the players who were missing, by side."""
    people: list[Person]
    disbelieved: set[int]
    """Players whose statistics do not fit; their rows have none."""
    rejected: list[Rejected] = field(default_factory=list)


def read_match(answer: Archived, teams: Mapping[str, int]) -> MatchRows:
    """Read an answer.

    Args:
        answer: of events/lineups.
        teams: the club of each side. The side decides who played for whom, not the teamId shown.

    Raises:
        PayloadError: when a side has no list of players.
    """
    rejected: list[Rejected] = []
    entries = {side: _entries(answer, side, rejected) for side in SIDES}
    _drop_second_mentions(entries, rejected)
    absent = {side: _absent(answer, side, rejected) for side in SIDES}
    everybody = [entry for side in SIDES for entry in entries[side]]
    somebody_has = {
        key: any(key in (entry.statistics or {}) for entry in everybody) for key in EXPECTED.values()
    }
    rows: list[dict[str, object]] = []
    disbelieved: set[int] = set()
    for side in SIDES:
        for entry in entries[side]:
            columns, problem = statistics_columns(entry.statistics, somebody_has)
            if problem:
                disbelieved.add(entry.player.id)
                rejected.append(Rejected(f"{side}.players.{entry.player.id}", problem, entry.statistics))
            rows.append(
                {
                    "event_id": int(answer.params["event_id"]),
                    "player_id": entry.player.id,
                    "side": side,
                    "team_id": teams[side],
                    "shown_team_id": entry.team_id,
                    "is_starter": not entry.substitute,
                    "is_captain": entry.captain,
                    "position": entry.position or entry.player.position,
                    "shirt_number": entry.shirt_number,
                    **columns,
                    "statistics": {} if problem else entry.statistics or {},
                    "observed_at": answer.as_of,
                }
            )
    people = [person for side in SIDES for person in absent[side]] + [entry.player for entry in everybody]
    missing = {side: [person.id for person in absent[side]] for side in SIDES}
    return MatchRows(pd.DataFrame(rows, dtype=object), missing, people, disbelieved, rejected)


def side_rows(
    answer: Archived, players: pd.DataFrame, missing: Mapping[str, list[int]], teams: Mapping[str, int]
) -> pd.DataFrame:
    """Rows of sofasport_lineups, counted from the players' rows."""
    rows = []
    for side in SIDES:
        formation = answer.body[side].get("formation")
        rows.append(
            {
                "event_id": int(answer.params["event_id"]),
                "side": side,
                "team_id": teams[side],
                "formation": formation if isinstance(formation, str) else None,
                "confirmed": answer.body.get("confirmed") is True,
                "starters": int(of_side(players, side).is_starter.sum()),
                "with_minutes": with_minutes(players, side),
                "missing_players": missing[side],
                "observed_at": answer.as_of,
            }
        )
    return pd.DataFrame(rows, dtype=object)


def of_side(players: pd.DataFrame, side: str) -> pd.DataFrame:
    """The rows of one side; also of a frame without rows."""
    return (
        players[players.side == side]
        if not players.empty
        else pd.DataFrame(columns=["is_starter", "minutes"])
    )


def with_minutes(players: pd.DataFrame, side: str) -> int:
    """How many of a side have minutes."""
    return sum(minutes is not None and minutes > 0 for minutes in of_side(players, side).minutes)


def _entries(answer: Archived, side: str, rejected: list[Rejected]) -> list[LineupEntry]:
    part = answer.body.get(side) if isinstance(answer.body, dict) else None
    if not isinstance(part, dict) or not isinstance(part.get("players"), list):
        raise PayloadError(f"no list of players under {side!r}")
    good, bad = accept(LineupEntry, part["players"], f"{side}.players")
    rejected += bad
    return [entry for _, entry in good]


def _absent(answer: Archived, side: str, rejected: list[Rejected]) -> list[Person]:
    records: Iterable[Any] = answer.body[side].get("missingPlayers") or []
    good, bad = accept(Listed, records, f"{side}.missingPlayers")
    rejected += bad
    return [listed.player for _, listed in good]


def _drop_second_mentions(entries: dict[str, list[LineupEntry]], rejected: list[Rejected]) -> None:
    """A player is in a match once: a second entry, on either side, is rejected."""
    seen: set[int] = set()
    for side in SIDES:
        first = []
        for entry in entries[side]:
            if entry.player.id in seen:
                place = f"{side}.players.{entry.player.id}"
                record = entry.model_dump(mode="json")
                rejected.append(Rejected(place, "listed twice in the match; the first entry counts", record))
                continue
            seen.add(entry.player.id)
            first.append(entry)
        entries[side] = first
