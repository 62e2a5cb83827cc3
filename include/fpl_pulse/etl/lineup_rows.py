"""A lineups answer as rows: both sides, their players, and everybody it names. Pure; nothing is written here."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from fpl_pulse.api.payloads_sofasport import LineupEntry, Listed, Person
from fpl_pulse.api.records import Rejected, accept, require_nearly_all
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.match_statistics import EXPECTED_KEYS, as_numbers, statistics_columns
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.store.archive import ArchivedResponse

log = logging.getLogger(__name__)

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
    incomplete: set[str]
    """Sides of which an entry does not fit: who is not listed there may be the one."""
    rejected: list[Rejected] = field(default_factory=list)


def read_match(
    answer: ArchivedResponse, teams: Mapping[str, int], known: Mapping[int, Mapping[str, Any]]
) -> MatchRows:
    """Read an answer.

    Args:
        answer: of events/lineups.
        teams: the club of each side. The side decides who played for whom, not the teamId shown.
        known: player -> statistics that are stored of him in this match and must not vanish.

    Raises:
        PayloadError: when a side has no list of players, or one of which much does not fit.
    """
    rejected: list[Rejected] = []
    misfits: dict[str, list[Rejected]] = {side: [] for side in SIDES}
    entries = {side: _entries(answer, side, misfits[side]) for side in SIDES}
    incomplete = {side for side in SIDES if misfits[side]}
    _drop_second_mentions(entries, rejected, misfits)
    absent = {side: _absent(answer, side, rejected) for side in SIDES}
    statistics = {
        entry.player.id: _statistics(entry, f"{side}.players.{entry.player.id}", known, rejected)
        for side in SIDES
        for entry in entries[side]
    }
    somebody_has = {
        key: any(key in (figures or {}) for figures in statistics.values()) for key in EXPECTED_KEYS.values()
    }
    rows: list[dict[str, object]] = []
    disbelieved: set[int] = set()
    for side in SIDES:
        for entry in entries[side]:
            figures = statistics[entry.player.id]
            columns, problem = statistics_columns(figures, somebody_has)
            if problem:
                disbelieved.add(entry.player.id)
                misfits[side].append(Rejected(f"{side}.players.{entry.player.id}", problem, entry.statistics))
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
                    "statistics": {} if problem else figures or {},
                    "observed_at": answer.as_of,
                }
            )
    for side in SIDES:
        _require_a_side(answer, side, misfits[side])
        rejected += misfits[side]
    everybody = [entry.player for side in SIDES for entry in entries[side]]
    people = [person for side in SIDES for person in absent[side]] + everybody
    missing = {side: [person.id for person in absent[side]] for side in SIDES}
    return MatchRows(pd.DataFrame(rows, dtype=object), missing, people, disbelieved, incomplete, rejected)


def side_rows(
    answer: ArchivedResponse,
    players: pd.DataFrame,
    missing: Mapping[str, list[int]],
    teams: Mapping[str, int],
    stored: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Rows of sofasport_lineups, counted from the players' rows.

    Args:
        answer: of events/lineups.
        players: rows of sofasport_lineup_players.
        missing: ids of the players who were missing, by side.
        teams: the club of each side.
        stored: the rows that are stored, by side; what the answer is silent about stays as it is there.
    """
    rows = []
    for side in SIDES:
        part, before = answer.body[side], stored.get(side, {})
        formation, confirmed = part.get("formation"), answer.body.get("confirmed")
        rows.append(
            {
                "event_id": int(answer.params["event_id"]),
                "side": side,
                "team_id": teams[side],
                "formation": formation if isinstance(formation, str) else before.get("formation"),
                "confirmed": confirmed if isinstance(confirmed, bool) else before.get("confirmed", False),
                "starters": int(of_side(players, side).is_starter.sum()),
                "with_minutes": with_minutes(players, side),
                "missing_players": missing[side]
                if isinstance(part.get("missingPlayers"), list)
                else before.get("missing_players", []),
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


def _entries(answer: ArchivedResponse, side: str, misfits: list[Rejected]) -> list[LineupEntry]:
    part = answer.body.get(side) if isinstance(answer.body, dict) else None
    if not isinstance(part, dict) or not isinstance(part.get("players"), list):
        raise PayloadError(f"no list of players under {side!r}")
    good, bad = accept(LineupEntry, part["players"], f"{side}.players")
    misfits += bad
    return [entry for _, entry in good]


def _require_a_side(answer: ArchivedResponse, side: str, misfits: list[Rejected]) -> None:
    """Half a side is no news of a match: what is stored is better, and the answer is asked for again."""
    listed = len(answer.body[side]["players"])
    if listed < thresholds.MIN_PLAYERS_PER_SIDE:
        raise PayloadError(
            f"only {listed} players under '{side}.players'; no club plays with fewer than"
            f" {thresholds.MIN_PLAYERS_PER_SIDE}"
        )
    require_nearly_all(misfits, listed, f"{side}.players", max_rejected_share=thresholds.MAX_REJECTED_SHARE)


def _absent(answer: ArchivedResponse, side: str, rejected: list[Rejected]) -> list[Person]:
    records: Iterable[Any] = answer.body[side].get("missingPlayers") or []
    good, bad = accept(Listed, records, f"{side}.missingPlayers")
    rejected += bad
    return [listed.player for _, listed in good]


def _drop_second_mentions(
    entries: dict[str, list[LineupEntry]], rejected: list[Rejected], misfits: dict[str, list[Rejected]]
) -> None:
    """A player is in a match once: a second entry is rejected.

    On the other side it also counts as one that does not fit, for that side is a man short.
    """
    side_of: dict[int, str] = {}
    for side in SIDES:
        first = []
        for entry in entries[side]:
            if entry.player.id in side_of:
                path = f"{side}.players.{entry.player.id}"
                record = entry.model_dump(mode="json")
                again = Rejected(path, "listed twice in the match; the first entry counts", record)
                (rejected if side_of[entry.player.id] == side else misfits[side]).append(again)
                continue
            side_of[entry.player.id] = side
            first.append(entry)
        entries[side] = first


def _statistics(
    entry: LineupEntry, path: str, known: Mapping[int, Mapping[str, Any]], rejected: list[Rejected]
) -> dict[str, Any] | None:
    """A player's statistics; with what is stored of him and has vanished from the answer, which is reported."""
    fresh = None if entry.statistics is None else as_numbers(entry.statistics)
    stored = known.get(entry.player.id)
    if stored is None or (stored.get("minutesPlayed") and len(fresh or {}) <= 1 and not _played(fresh)):
        # Somebody who is said not to have played at all: the rule about a side's minutes judges that.
        return fresh
    completed = complete(fresh or {}, stored)
    if completed.vanished:
        rejected.append(Rejected(path, completed.reason, entry.statistics))
    elif completed.zeroed:
        log.warning("%s: no %s any more, taken as zero", path, ", ".join(completed.zeroed))
    return completed.figures


def _played(statistics: Mapping[str, Any] | None) -> bool:
    return bool((statistics or {}).get("minutesPlayed"))
