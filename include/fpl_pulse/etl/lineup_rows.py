"""A lineups response as rows: both sides, their players, and the people it names. Pure: nothing is written here."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fpl_pulse.api.payloads_sofasport import LineupEntry, Listed, MatchStatistics, Person
from fpl_pulse.api.records import Rejected, accept, require_nearly_all
from fpl_pulse.errors import IF_REPEATED, PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.lineup_keys import (
    SIDES,
    MatchKeys,
    invalid_descriptions,
    missing_entry_keys,
    missing_figures,
    unknown_keys,
)
from fpl_pulse.etl.match_statistics import EXPECTED_KEYS, FAMILIAR, USUAL, has_played, read_figures, statistics_columns
from fpl_pulse.etl.missing_keys import Counted, renamed, vanished
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.store.archive import ArchivedResponse

log = logging.getLogger(__name__)

Row = dict[str, Any]
"""Column -> value; of sofasport_lineup_players where nothing else is said."""


@dataclass
class MatchRows:
    """What one response says about a match."""

    players: list[Row]
    """Rows of sofasport_lineup_players."""
    missing: dict[str, list[int]]
    """Side -> ids of the players who were missing."""
    people: list[Person]
    implausible: set[int]
    """Players of whom a figure is unknown: a stored row of theirs is better."""
    incomplete: set[str]
    """Sides with an entry that does not fit. It may be any player of the side who is not listed."""
    rejected: list[Rejected] = field(default_factory=list)
    is_doubtful: bool = False
    """Something is missing or invalid, or a figure is zero now: the match is to be requested again."""


def read_match(
    response: ArchivedResponse,
    teams: Mapping[str, int],
    known: Mapping[int, Mapping[str, Any]],
    keys: MatchKeys,
    together: MatchKeys,
) -> MatchRows:
    """Read a response of events/lineups.

    Args:
        response: of events/lineups.
        teams: side -> club. The side decides for whom a player played, not the teamId shown.
        known: player -> stored statistics of this match, which must not vanish.
        keys: the keys of the response.
        together: the keys of all responses that are loaded together. A rare key is missed only where nobody of several
            matches has it.

    Raises:
        PayloadError: a side has no list of players, too short a list, or one of which too much does not fit; or nothing
            says who started.
    """
    rejected: list[Rejected] = []
    misfits: dict[str, list[Rejected]] = {side: [] for side in SIDES}
    entries = {side: _entries(response, side, misfits[side]) for side in SIDES}
    incomplete = {side for side in SIDES if any(not one.is_part for one in misfits[side])}
    _drop_repeated_players(entries, rejected, misfits)
    missing = {side: _missing_players(response, side, rejected) for side in SIDES}
    figures = {
        side: [
            read_figures(entry.statistics or {}, f"{side}.players.{entry.player.id}", known.get(entry.player.id, {}))
            for entry in entries[side]
        ]
        for side in SIDES
    }
    if any(one.invalid for side in SIDES for one in figures[side]):
        played = [one.valid for side in SIDES for one in figures[side] if has_played(one.valid)]
        keys = replace(keys, statistics=Counted.of(played))
    lost_of_entries = missing_entry_keys(keys, together, rejected)
    lost = vanished(keys.statistics, USUAL) | vanished(together.statistics, USUAL)
    new_names = renamed(keys.statistics, USUAL, FAMILIAR)
    zeroed: list[str] = []
    statistics: dict[int, dict[str, Any] | None] = {}
    models: dict[int, MatchStatistics | None] = {}
    unknown: dict[int, set[str]] = {}
    for side in SIDES:
        for entry, own in zip(entries[side], figures[side], strict=True):
            player_id, path = entry.player.id, f"{side}.players.{entry.player.id}"
            misfits[side] += own.invalid
            unknown[player_id] = unknown_keys(own, lost, new_names, path, misfits[side])
            fresh = None if entry.statistics is None else own.valid
            if fresh and (lost or new_names):
                # A new name of a missing key is not stored: it would be missed when the old name is back.
                familiar = USUAL.keys() | FAMILIAR | known.get(player_id, {}).keys()
                fresh = {key: value for key, value in fresh.items() if key in familiar}
            figures_of = fresh
            if not unknown[player_id]:
                figures_of = _completed(fresh, known.get(player_id), path, rejected, zeroed)
            statistics[player_id] = figures_of
            models[player_id] = own.model if figures_of == fresh and fresh is not None else _model_of(figures_of)
    rejected += missing_figures(keys, lost, unknown)
    somebody_has = {key: any(key in (one or {}) for one in statistics.values()) for key in EXPECTED_KEYS.values()}
    has_captain = "captain" not in lost_of_entries and any(entry.captain for side in SIDES for entry in entries[side])
    rows: list[Row] = []
    for side in SIDES:
        for entry in entries[side]:
            columns = statistics_columns(models[entry.player.id], somebody_has, unknown[entry.player.id])
            columns["statistics"] = statistics[entry.player.id] or {}
            row = _player_row(response, side, teams[side], entry, columns)
            rows.append(row | {"is_captain": bool(entry.captain) if has_captain else None})
    for side in SIDES:
        _require_a_side(response, side, misfits[side])
        rejected += misfits[side]
    rejected += invalid_descriptions(response)
    everybody = [entry.player for side in SIDES for entry in entries[side]]
    people = [person for side in SIDES for person in missing[side]] + everybody
    missing_ids = {side: [person.id for person in missing[side]] for side in SIDES}
    doubted = {player_id for player_id, lacking in unknown.items() if lacking}
    return MatchRows(rows, missing_ids, people, doubted, incomplete, rejected, bool(rejected or zeroed))


def _model_of(figures: Mapping[str, Any] | None) -> MatchStatistics | None:
    return None if figures is None else MatchStatistics.model_validate(figures)


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


def _player_row(
    response: ArchivedResponse, side: str, team_id: int, entry: LineupEntry, columns: Mapping[str, object]
) -> Row:
    return {
        "event_id": int(response.params["event_id"]),
        "player_id": entry.player.id,
        "side": side,
        "team_id": team_id,
        "shown_team_id": entry.team_id,
        "is_starter": not entry.substitute,
        "position": entry.position or entry.player.position,
        "shirt_number": entry.shirt_number,
        **columns,
        "observed_at": response.as_of,
    }


def _entries(response: ArchivedResponse, side: str, misfits: list[Rejected]) -> list[LineupEntry]:
    part = response.body.get(side) if isinstance(response.body, dict) else None
    if not isinstance(part, dict) or not isinstance(part.get("players"), list):
        raise PayloadError(f"there is no list of players under {side!r}. {IF_REPEATED}")
    good, bad = accept(LineupEntry, part["players"], f"{side}.players")
    misfits += bad
    return [entry for _, entry in good]


def _require_a_side(response: ArchivedResponse, side: str, misfits: list[Rejected]) -> None:
    """Refuse half a side: the stored one is better, and the match is requested again."""
    players = len(response.body[side]["players"])
    if players < thresholds.MIN_PLAYERS_PER_SIDE:
        raise PayloadError(
            f"there are only {players} players under '{side}.players'; a club plays with at least"
            f" {thresholds.MIN_PLAYERS_PER_SIDE}"
        )
    require_nearly_all(misfits, players, f"{side}.players", max_rejected_share=thresholds.MAX_REJECTED_SHARE)


def _missing_players(response: ArchivedResponse, side: str, rejected: list[Rejected]) -> list[Person]:
    records: Iterable[Any] = response.body[side].get("missingPlayers") or []
    good, bad = accept(Listed, records, f"{side}.missingPlayers")
    rejected += bad
    return [entry.player for _, entry in good]


def _drop_repeated_players(
    entries: dict[str, list[LineupEntry]], rejected: list[Rejected], misfits: dict[str, list[Rejected]]
) -> None:
    """Reject the second entry of a player: he is in a match once.

    On the other side it also counts as an entry that does not fit, because that side lacks a player.
    """
    side_of: dict[int, str] = {}
    for side in SIDES:
        first = []
        for entry in entries[side]:
            if entry.player.id in side_of:
                record = entry.model_dump(mode="json")
                reason = "listed twice in the match; the first entry counts"
                repeated = Rejected(f"{side}.players.{entry.player.id}", reason, record)
                (rejected if side_of[entry.player.id] == side else misfits[side]).append(repeated)
                continue
            side_of[entry.player.id] = side
            first.append(entry)
        entries[side] = first


def _completed(
    fresh: dict[str, Any] | None,
    stored: Mapping[str, Any] | None,
    path: str,
    rejected: list[Rejected],
    zeroed: list[str],
) -> dict[str, Any] | None:
    """The statistics of a player, with stored figures that vanished from the response, which are reported."""
    has_minutes = bool((fresh or {}).get("minutesPlayed"))
    if stored is None or (stored.get("minutesPlayed") and len(fresh or {}) <= 1 and not has_minutes):
        # The response says that he did not play at all: the rule about the minutes of a side decides that.
        return fresh
    completed = complete(fresh or {}, stored)
    if completed.vanished:
        rejected.append(Rejected(path, completed.reason, fresh))
    elif completed.zeroed:
        log.warning("%s: %s missing from the response, taken as zero", path, ", ".join(completed.zeroed))
        zeroed.append(path)
    return completed.figures
