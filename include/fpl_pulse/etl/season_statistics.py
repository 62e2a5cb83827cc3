"""Season statistics of players who appeared since they were last read; the check compares them with the matches."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic.alias_generators import to_camel

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import Team
from fpl_pulse.api.records import Rejected
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.loader import Loader, Parsed, Reader, ResponseRejectedError
from fpl_pulse.etl.match_statistics import as_numbers
from fpl_pulse.etl.people import merge_teams
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import find_differing_cards
from fpl_pulse.etl.reference import refresh_fpl
from fpl_pulse.etl.season_identity import falls, foreign_reason
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge

log = logging.getLogger(__name__)

COUNTS = (
    "appearances", "matches_started", "minutes", "count_rating", "goals", "assists", "big_chances_created",
    "big_chances_missed", "shots", "shots_on_target", "passes", "accurate_passes", "key_passes",
    "accurate_long_balls", "successful_dribbles", "tackles", "interceptions", "clearances", "recoveries", "duels_won",
    "aerial_duels_won", "ground_duels_won", "fouls", "was_fouled", "yellow_cards", "red_cards", "saves",
    "clean_sheets", "goals_conceded", "touches",
)  # fmt: skip
"""Columns with a whole number; absent means zero (`assists` is left out when there are none)."""

MEASURES = (
    "rating", "total_rating", "expected_goals", "expected_assists", "accurate_passes_percentage",
    "accurate_long_balls_percentage", "duels_won_percentage",
)  # fmt: skip
"""Columns with a measure; absent means unknown. Percentages are 0-100."""

OTHER_KEYS = {
    "minutes": "minutesPlayed",
    "shots": "totalShots",
    "passes": "totalPasses",
    "recoveries": "ballRecovery",
    "duels_won": "totalDuelsWon",
    "clean_sheets": "cleanSheet",
    "duels_won_percentage": "totalDuelsWonPercentage",
}
"""Column -> key of a response, where the key is not the column's name in camelCase."""

KEY_OF = {column: OTHER_KEYS.get(column, to_camel(column)) for column in (*COUNTS, *MEASURES)}

LARGEST = {"rating": 10, "total_rating": 9_999, "expected_goals": 999, "expected_assists": 999}
"""Column -> the largest plausible value; of percentages it is 100."""

REQUIRED = {"appearances", "minutesPlayed"}
"""Keys without which a response is rejected: absent counts mean zero, so without them a season would be zeros."""

FIELDS: dict[str, Any] = {KEY_OF[column]: (Annotated[int, Field(ge=0, lt=2**15)], 0) for column in COUNTS}
for measure in MEASURES:
    at_most = Field(ge=0, le=LARGEST.get(measure, 100), allow_inf_nan=False)
    FIELDS[KEY_OF[measure]] = (Annotated[float | None, at_most], None)
SeasonStatistics: type[BaseModel] = create_model("SeasonStatistics", **FIELDS)


CALLS = DueCalls(
    sofasport.SEASON_STATISTICS,
    "season statistics",
    "team_id",
    "due_season_statistics",
    lambda context, ids: sofasport.season_statistics(context.season_id(), ids["player_id"]),
)


def plan_season_statistics(context: StepContext) -> list[dict[str, list[int]]]:
    """Read FPL's totals, results and figures again, and plan the calls for players whose season statistics are due.

    Returns:
        One {"team_ids"} a task; players who have left the league belong to their last club.
    """
    require_known_selection(context)
    refresh_fpl(context)
    return CALLS.plan(context)


def fetch_season_statistics(context: StepContext, team_ids: list[int]) -> int:
    """Fetch and archive the planned statistics of a task's clubs that are still open; return how many had data."""
    return CALLS.fetch(context, team_ids)


def load_season_statistics(context: StepContext) -> dict[str, int]:
    """Load the archived season statistics that the table does not hold yet; return {"loaded"}: of how many players."""
    return {"loaded": LOADER.load(context)}


Row = Mapping[str, Any]
"""Column -> value."""


@dataclass(frozen=True)
class PlayerSeason:
    """What is written of one response: the row, and the club that it names."""

    row: dict[str, object]
    team: Team | None


def _read_beside(
    response: ArchivedResponse, stored: Mapping[tuple[int, int], Row], played: Mapping[int, Row]
) -> Parsed[PlayerSeason]:
    body: Any = response.body if isinstance(response.body, dict) else {}
    statistics = body.get("statistics")
    figures = as_numbers(statistics) if isinstance(statistics, dict) else {}
    if not figures.keys() >= REQUIRED:
        raise ResponseRejectedError(f"no statistics with {' and '.join(sorted(REQUIRED))}")
    season, before = _stored(response, stored)
    player_id = int(response.params["player_id"])
    stored_figures = before.get("statistics", {})
    completed = complete(figures, {} if falls(figures, stored_figures) else stored_figures)
    try:
        numbers = SeasonStatistics.model_validate(completed.figures)
    except ValidationError as error:
        line = error.errors()[0]
        reason = f"{'.'.join(map(str, line['loc']))}: {line['msg']}"
        raise ResponseRejectedError(reason, [Rejected("statistics", reason, statistics)]) from None
    if not response.forced and (strange := foreign_reason(figures, body.get("team"), played.get(player_id))):
        raise ResponseRejectedError(strange)
    rejected = []
    if completed.vanished:
        rejected.append(Rejected(f"players.{player_id}", completed.reason, statistics))
    elif completed.zeroed:
        keys = ", ".join(completed.zeroed)
        log.warning("%s: %s missing from the response, taken as zero", response.resource, keys)
    team = None
    if body.get("team") is not None:
        try:
            team = Team.model_validate(body["team"])
        except ValidationError:
            rejected.append(Rejected("team", "the club is not readable", body["team"]))
    row: dict[str, object] = {
        "season": season,
        "player_id": player_id,
        "team_id": team.id if team else before.get("team_id"),
        **{column: getattr(numbers, key) for column, key in KEY_OF.items()},
        "statistics": completed.figures,
        "observed_at": response.as_of,
    }
    return Parsed(PlayerSeason(row, team), rejected)


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[PlayerSeason]:
    return _make_reader(context, [response])(response)


def _make_reader(context: StepContext, batch: Sequence[ArchivedResponse]) -> Reader[PlayerSeason]:
    """Read the seasons and the stored rows of a batch at once."""
    keys = [(int(response.params["seasons_id"]), int(response.params["player_id"])) for response in batch]
    season_ids = [season_id for season_id, _ in keys]
    rows = context.records(
        query("stored_season_statistics"), season_ids=season_ids, player_ids=[player_id for _, player_id in keys]
    )
    stored = {(row["season_id"], row["player_id"]): row for row in rows}
    matches = context.records(
        query("figures_of_matches"), player_ids=[player for _, player in keys], season_ids=season_ids
    )
    played = {row["player_id"]: row for row in matches}
    return lambda response: _read_beside(response, stored, played)


def _stored(response: ArchivedResponse, stored: Mapping[tuple[int, int], Row]) -> tuple[str, Row]:
    """The season of a response, and the stored row of its player; none for a forced response, which counts as it is.

    Raises:
        PayloadError: the season is unknown.
    """
    season_id, player_id = int(response.params["seasons_id"]), int(response.params["player_id"])
    found = stored.get((season_id, player_id))
    if found is None:
        raise ResponseRejectedError(f"SofaSport's season {response.params['seasons_id']} is unknown")
    is_kept = found["statistics"] is not None and not response.forced
    return found["season"], found if is_kept else {}


def _write(context: StepContext, players: list[PlayerSeason]) -> Written:
    teams = {player.team.id: player.team for player in players if player.team}
    written = merge_teams(context, teams.values())
    rows = [player.row for player in players]
    return written + merge(context.conn, "sofasport_season_statistics", rows, ["season", "player_id"])


LOADER = Loader(
    sofasport.SEASON_STATISTICS,
    "season statistics",
    _read,
    _write,
    batch_size=200,
    make_reader=_make_reader,
    is_checked=True,
)


def check_season_statistics(context: StepContext) -> dict[str, dict[str, int]]:
    """Check that players with minutes have season statistics whose minutes and goals are the sum of the matches.

    Players whose club has played since the lineups were loaded are not compared: their season statistics are ahead of
    the stored matches until the next lineups. Cards must be FPL's, within a tolerance.
    """
    findings = Findings()
    everybody = context.query(query("season_totals"), season=context.season())
    findings.count("season statistics", int(everybody.season_minutes.notna().sum()), len(everybody))
    players = everybody[~everybody.is_skipped]
    have = players[players.season_minutes.notna()]
    findings.require(
        len(have) >= thresholds.MIN_SEASON_STATISTICS_SHARE * len(players),
        f"only {len(have)} of {len(players)} players with minutes have season statistics"
        f" (at least {thresholds.MIN_SEASON_STATISTICS_SHARE:.0%})",
    )
    compared = have[~have.has_open_match]
    agrees = compared.season_minutes.between(compared.least_minutes, compared.most_minutes)
    agrees &= compared.season_goals.between(compared.least_goals, compared.most_goals)
    different = compared[~(agrees | compared.is_total_of_person)]
    findings.count("season totals that add up", len(compared) - len(different), len(compared))
    if len(have) > len(compared):
        findings.remark(f"players whose club has a match without complete lineups: {len(have) - len(compared)}")
    names = [f"{row.player} {row.season_minutes}/{row.minutes} min" for row in different.itertuples()]
    findings.require(
        len(different) <= thresholds.MAX_DIFFERENT_TOTALS_SHARE * len(compared),
        f"players whose season minutes or goals are not the sum of their matches: {len(different)}, {listed(names)}",
    )
    findings.of_gameweeks(context, "season statistics")
    find_differing_cards(context, findings)
    return dict(finish_check(context, findings))
