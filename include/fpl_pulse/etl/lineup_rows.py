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
from fpl_pulse.etl.match_statistics import (
    EXPECTED_KEYS,
    FAMILIAR,
    USUAL,
    Figures,
    has_played,
    read_figures,
    statistics_columns,
)
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
    lists = _Lists.of(response)
    rejected = lists.rejected
    appearances = [
        _Appearance.of(side, entry, known.get(entry.player.id)) for side in SIDES for entry in lists.entries[side]
    ]
    if any(one.figures.invalid for one in appearances):
        played = [one.figures.valid for one in appearances if has_played(one.figures.valid)]
        keys = replace(keys, statistics=Counted.of(played))
    lost_of_entries = missing_entry_keys(keys, together, rejected)
    lost = vanished(keys.statistics, USUAL) | vanished(together.statistics, USUAL)
    new_names = renamed(keys.statistics, USUAL, FAMILIAR)
    has_zeroed = False
    for one in appearances:
        has_zeroed |= one.decide(lost, new_names, lists.misfits[one.side], rejected)
    unknown = {one.entry.player.id: one.unknown for one in appearances}
    rejected += missing_figures(keys, lost, unknown)
    rows = _player_rows(response, teams, appearances, lists.places, says_captain="captain" not in lost_of_entries)
    for side in SIDES:
        _require_a_side(response, side, lists.misfits[side])
        rejected += lists.misfits[side]
    rejected += invalid_descriptions(response)
    people = [person for side in SIDES for person in lists.missing[side]] + [one.entry.player for one in appearances]
    missing_ids = {side: [person.id for person in lists.missing[side]] for side in SIDES}
    doubted = {player_id for player_id, lacking in unknown.items() if lacking}
    return MatchRows(rows, missing_ids, people, doubted, lists.incomplete, rejected, bool(rejected or has_zeroed))


@dataclass
class _Lists:
    """The validated lists of a response, by side."""

    entries: dict[str, list[LineupEntry]]
    places: dict[tuple[str, int], int]
    """Side and player id -> the player's place in SofaSport's list, from 1. A refused entry keeps its place."""
    missing: dict[str, list[Person]]
    misfits: dict[str, list[Rejected]]
    """Records of a side's list that do not fit, which are counted by `_require_a_side`."""
    incomplete: set[str]
    """Sides with an entry that does not fit."""
    rejected: list[Rejected]

    @classmethod
    def of(cls, response: ArchivedResponse) -> "_Lists":
        rejected: list[Rejected] = []
        misfits: dict[str, list[Rejected]] = {side: [] for side in SIDES}
        places: dict[tuple[str, int], int] = {}
        entries = {side: _entries(response, side, misfits[side], places) for side in SIDES}
        incomplete = {side for side in SIDES if any(not one.is_part for one in misfits[side])}
        _drop_repeated_players(entries, rejected, misfits)
        missing = {side: _missing_players(response, side, rejected) for side in SIDES}
        return cls(entries, places, missing, misfits, incomplete, rejected)


@dataclass
class _Appearance:
    """A player's entry, and what is decided about its statistics."""

    side: str
    entry: LineupEntry
    path: str
    """Where the entry stands."""
    figures: Figures
    stored: Mapping[str, Any] | None
    """The stored statistics of the player in this match."""
    unknown: set[str] = field(default_factory=set)
    """Keys whose figures are unknown."""
    statistics: dict[str, Any] | None = None
    model: MatchStatistics | None = None

    @classmethod
    def of(cls, side: str, entry: LineupEntry, stored: Mapping[str, Any] | None) -> "_Appearance":
        path = f"{side}.players.{entry.player.id}"
        return cls(side, entry, path, read_figures(entry.statistics or {}, path, stored or {}), stored)

    def decide(
        self, lost: set[str], new_names: Mapping[str, str], misfits: list[Rejected], rejected: list[Rejected]
    ) -> bool:
        """Decide which figures are unknown and which stored ones stay; return whether a stored one is zero now."""
        misfits += self.figures.invalid
        self.unknown = unknown_keys(self.figures, lost, new_names, self.path, misfits)
        fresh = None if self.entry.statistics is None else self.figures.valid
        if fresh and (lost or new_names):
            # A new name of a missing key is not stored: it would be missed when the old name is back.
            familiar = USUAL.keys() | FAMILIAR | (self.stored or {}).keys()
            fresh = {key: value for key, value in fresh.items() if key in familiar}
        zeroed: list[str] = []
        self.statistics = fresh
        if not self.unknown:
            self.statistics = _completed(fresh, self.stored, self.path, rejected, zeroed)
        is_as_it_came = fresh is not None and self.statistics == fresh
        self.model = self.figures.model if is_as_it_came else _model_of(self.statistics)
        return bool(zeroed)


def _player_rows(
    response: ArchivedResponse,
    teams: Mapping[str, int],
    appearances: Sequence[_Appearance],
    places: Mapping[tuple[str, int], int],
    *,
    says_captain: bool,
) -> list[Row]:
    """The rows of the players. `says_captain`: whether the response has the key that names the captains."""
    has_captain = says_captain and any(one.entry.captain for one in appearances)
    everybodys = [one.statistics for one in appearances if one.statistics]
    somebody_has = {key: any(key in one for one in everybodys) for key in EXPECTED_KEYS.values()}
    event_id = int(response.params["event_id"])
    return [
        {
            "event_id": event_id,
            "player_id": one.entry.player.id,
            "side": one.side,
            "team_id": teams[one.side],
            "shown_team_id": one.entry.team_id,
            "is_starter": not one.entry.substitute,
            "position": one.entry.position or one.entry.player.position,
            "shirt_number": one.entry.shirt_number,
            "lineup_order": places[one.side, one.entry.player.id],
            **statistics_columns(one.model, somebody_has, one.unknown),
            "statistics": one.statistics or {},
            "observed_at": response.as_of,
            "is_captain": bool(one.entry.captain) if has_captain else None,
        }
        for one in appearances
    ]


def _model_of(figures: Mapping[str, Any] | None) -> MatchStatistics | None:
    return None if figures is None else MatchStatistics.model_validate(figures)


def _entries(
    response: ArchivedResponse, side: str, misfits: list[Rejected], places: dict[tuple[str, int], int]
) -> list[LineupEntry]:
    part = response.body.get(side) if isinstance(response.body, dict) else None
    if not isinstance(part, dict) or not isinstance(part.get("players"), list):
        raise PayloadError(f"there is no list of players under {side!r}. {IF_REPEATED}")
    good, bad = accept(LineupEntry, part["players"], f"{side}.players")
    misfits += bad
    place_of = {id(record): place for place, record in enumerate(part["players"], 1)}
    for record, entry in good:
        places.setdefault((side, entry.player.id), place_of[id(record)])
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
