"""One response of season statistics as a row, completed by what is stored. Pure: nothing is written here."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from fpl_pulse.api.payloads_sofasport import Team
from fpl_pulse.api.records import Rejected, accept_one
from fpl_pulse.etl.loader import Parsed, ResponseRejectedError
from fpl_pulse.etl.match_statistics import as_numbers
from fpl_pulse.etl.season_figures import FAMILIAR, KEY_OF, KEYS, REQUIRED, Row, SeasonStatistics, missing_keys, reports
from fpl_pulse.etl.season_identity import falls, foreign_reason
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.store.archive import ArchivedResponse

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlayerSeason:
    """What is written of one response: the row, and the club that it names."""

    row: dict[str, object]
    team: Team | None


def read_player_season(
    response: ArchivedResponse, season: str, stored: Row, matches: Row | None, lost: Collection[str]
) -> Parsed[PlayerSeason]:
    """Read a response.

    Args:
        response: of one player.
        season: of the response.
        stored: the stored row; empty where none counts.
        matches: the sums of the player's matches; None when he has none.
        lost: keys that none of the responses has that are loaded together.

    Raises:
        ResponseRejectedError: it has no usable statistics, or those of another player.
    """
    player_id = int(response.params["player_id"])
    figures = _Figures.of(response)
    named = response.body.get("team")
    if not response.forced and (strange := foreign_reason(figures.valid, named, matches)):
        raise ResponseRejectedError(strange)
    has_zeroed = figures.complete(stored.get("statistics", {}), lost, str(response.resource))
    rejected = figures.rejected
    team = _club(named, matches, rejected)
    row: dict[str, object] = {
        "season": season,
        "player_id": player_id,
        "team_id": team.id if team else stored.get("team_id"),
        **figures.columns(stored),
        "statistics": figures.valid,
        "observed_at": response.as_of,
    }
    return Parsed(PlayerSeason(row, team), rejected, is_unusable=bool(rejected or has_zeroed))


@dataclass
class _Figures:
    """The figures of a response, and what is decided about them."""

    player_id: int
    record: object
    """As it came."""
    valid: dict[str, Any]
    """Key -> value; after `complete` with the stored figures that stay."""
    invalid: set[str]
    model: BaseModel
    rejected: list[Rejected]
    unknown: set[str] = field(default_factory=set)
    """Keys of columns whose figures are unknown, and whose stored ones do not count."""
    has_played_since: bool = True
    """Whether the player has played since the stored row."""

    @classmethod
    def of(cls, response: ArchivedResponse) -> "_Figures":
        """The valid figures.

        Raises:
            ResponseRejectedError: those are missing or invalid without which the others say nothing.
        """
        player_id = int(response.params["player_id"])
        record = response.body.get("statistics") if isinstance(response.body, dict) else None
        figures = as_numbers(record) if isinstance(record, dict) else {}
        if not figures.keys() >= REQUIRED:
            reason = f"no statistics with {' and '.join(sorted(REQUIRED))}"
            who = f"the statistics of player {player_id}"
            records = reports(sorted(REQUIRED - figures.keys()), figures, f"{reason}: {who}") if figures else []
            raise ResponseRejectedError(reason, records)
        model, rejected = accept_one(SeasonStatistics, figures, f"players.{player_id}")
        invalid = {one.path.rsplit(".", 1)[-1] for one in rejected}
        if model is None or not invalid.isdisjoint(REQUIRED):
            reason = "; ".join(one.reason for one in rejected)
            raise ResponseRejectedError(reason, [Rejected("statistics", reason, record)])
        valid = {key: value for key, value in figures.items() if key not in invalid}
        return cls(player_id, record, valid, invalid, model, rejected)

    def complete(self, stored: Mapping[str, Any], lost: Collection[str], resource: str) -> bool:
        """Add the stored figures that stay, and return whether a stored one is zero now."""
        figures = self.valid
        missing = missing_keys(figures, lost) - self.invalid
        self.rejected += reports(sorted(missing), figures, f"the statistics of player {self.player_id}")
        # What is stored may be another player's.
        known = {} if falls(figures, stored) else stored
        if missing:
            # A new name of a missing key is not stored: it would be missed when the old name is back.
            figures = {key: value for key, value in figures.items() if key in known or key in KEYS or key in FAMILIAR}
        # A stored zero says nothing about a player who has played since.
        self.has_played_since = figures["minutesPlayed"] != known.get("minutesPlayed")
        unknown = missing | self.invalid
        kept = {key for key in unknown if known.get(key) is not None and (known[key] or not self.has_played_since)}
        figures = figures | {key: known[key] for key in kept}
        completed = complete(figures, known)
        if completed.figures.keys() != figures.keys() or unknown:
            self.model = SeasonStatistics.model_validate(completed.figures)
        if completed.vanished:
            self.rejected.append(Rejected(f"players.{self.player_id}", completed.reason, self.record))
        elif completed.zeroed:
            log.warning("%s: %s missing from the response, taken as zero", resource, ", ".join(completed.zeroed))
        self.valid, self.unknown = completed.figures, unknown - kept
        return bool(completed.zeroed)

    def columns(self, stored: Row) -> dict[str, object]:
        """The columns of the row; an unknown one stays as it is stored, unless the player has played since."""
        columns = {column: getattr(self.model, key) for column, key in KEY_OF.items()}
        before = {} if self.has_played_since else stored
        return columns | {column: before.get(column) for column, key in KEY_OF.items() if key in self.unknown}


def _club(record: object, matches: Row | None, rejected: list[Rejected]) -> Team | None:
    """The club that a response names, if it is one of the season's league; what is not accepted is reported."""
    if record is None:
        return None
    team, invalid_parts = accept_one(Team, record, "team")
    rejected += invalid_parts
    if team and matches and team.id not in matches["league"]:
        reason = f"club {team.id} is none of the season's; the stored club is kept"
        rejected.append(Rejected("team.id", reason, record, is_part=True))
        return None
    return team
