"""Season statistics: of the players who appeared since they were last read; the check adds up the matches."""

import logging
from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, Field, ValidationError, create_model

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import Team
from fpl_pulse.api.records import Rejected
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.budget import left_out_of, most_valuable, plan_tasks
from fpl_pulse.etl.checking import Findings, finish_check, some
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.match_statistics import as_numbers
from fpl_pulse.etl.people import merge_teams
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import find_differing_cards
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import merge

log = logging.getLogger(__name__)

COUNTS = {
    "appearances": "appearances",
    "matches_started": "matchesStarted",
    "minutes": "minutesPlayed",
    "count_rating": "countRating",
    "goals": "goals",
    "assists": "assists",
    "big_chances_created": "bigChancesCreated",
    "big_chances_missed": "bigChancesMissed",
    "shots": "totalShots",
    "shots_on_target": "shotsOnTarget",
    "passes": "totalPasses",
    "accurate_passes": "accuratePasses",
    "key_passes": "keyPasses",
    "accurate_long_balls": "accurateLongBalls",
    "successful_dribbles": "successfulDribbles",
    "tackles": "tackles",
    "interceptions": "interceptions",
    "clearances": "clearances",
    "recoveries": "ballRecovery",
    "duels_won": "totalDuelsWon",
    "aerial_duels_won": "aerialDuelsWon",
    "ground_duels_won": "groundDuelsWon",
    "fouls": "fouls",
    "was_fouled": "wasFouled",
    "yellow_cards": "yellowCards",
    "red_cards": "redCards",
    "saves": "saves",
    "clean_sheets": "cleanSheet",
    "goals_conceded": "goalsConceded",
    "touches": "touches",
}
"""Column -> key of a whole number; absent means zero (`assists` is left out when there are none)."""

MEASURES = {
    "rating": "rating",
    "total_rating": "totalRating",
    "expected_goals": "expectedGoals",
    "expected_assists": "expectedAssists",
    "accurate_passes_percentage": "accuratePassesPercentage",
    "accurate_long_balls_percentage": "accurateLongBallsPercentage",
    "duels_won_percentage": "totalDuelsWonPercentage",
}
"""Column -> key of a measure; absent means unknown. Percentages are 0-100."""

MOST = {"rating": 10, "totalRating": 9_999, "expectedGoals": 999, "expectedAssists": 999}
"""The largest value that is believed; of percentages 100."""

ALWAYS_THERE = {"appearances", "minutesPlayed"}
"""An answer without these is not believed."""

FIELDS: dict[str, Any] = {key: (Annotated[int, Field(ge=0, lt=2**15)], 0) for key in COUNTS.values()}
FIELDS |= {
    key: (Annotated[float | None, Field(ge=0, le=MOST.get(key, 100), allow_inf_nan=False)], None)
    for key in MEASURES.values()
}
SeasonStatistics: type[BaseModel] = create_model("SeasonStatistics", **FIELDS)


def plan_season_statistics(context: StepContext) -> list[dict[str, int]]:
    """The clubs with players whose season statistics are due.

    Returns:
        One {"team_id"} a club; players who have left the league stand under their last club.
        When the budget of calls is short, {"left_out"}
        is how many of its players are not to be asked about: those who did not play in the newest gameweek first.
    """
    require_known_selection(context)
    due = context.query(query("due_season_statistics"), season=context.season(), team_id=None)
    log.info("Season statistics of %d players of %d clubs to fetch", len(due), due.team_id.nunique())
    return plan_tasks(context, due, "team_id")


def fetch_season_statistics(context: StepContext, team_id: int, left_out: int = 0) -> int:
    """Fetch and archive the season statistics that a club's players are due: after a retry only what is missing.

    Returns:
        How many there were.
    """
    season_id = context.season_id()
    due = context.query(query("due_season_statistics"), season=context.season(), team_id=team_id)
    players = most_valuable(due, left_out).player_id
    collected = context.fetch_all(
        (sofasport.season_statistics(season_id, int(player_id)) for player_id in players),
        "season statistics",
    )
    log.info("Club %d: %s", team_id, collected)
    return collected.answered


def load_season_statistics(context: StepContext) -> dict[str, int]:
    """Load the archived season statistics that the table does not have yet, in one transaction.

    Returns:
        Count of players loaded.
    """
    seasons = context.query("select season_id, season from pulse.sofasport_seasons")
    season_of = dict(zip(seasons.season_id, seasons.season, strict=True))
    stored = _stored_statistics(context)
    rows: list[dict[str, object]] = []
    teams: dict[int, Team] = {}
    with context.conn.transaction():
        for answer in archive.waiting(context.conn, sofasport.SEASON_STATISTICS):
            row, team, rejected = _season_row(answer, season_of, stored)
            if row is not None:
                rows.append(row)
            if team is not None:
                teams[team.id] = team
            context.record_rejections(answer, rejected)
            if row is None:
                archive.mark_rejected(context.conn, answer)
            else:
                archive.mark_loaded(context.conn, answer.endpoint, answer.resource, answer.answer_id)
        written = merge_teams(context, teams.values())
        frame = pd.DataFrame(rows, dtype=object)
        written += merge(context.conn, "sofasport_season_statistics", frame, ["season", "player_id"])
    context.record_written("season statistics", written)
    return {"loaded": len(rows)}


Stored = Mapping[tuple[str, int], Mapping[str, Any]]
"""(season, player) -> the stored statistics and club."""


def _stored_statistics(context: StepContext) -> Stored:
    rows = context.query(
        "select season, player_id, statistics, team_id from pulse.sofasport_season_statistics"
    )
    return {
        (str(row["season"]), int(row["player_id"])): {str(name): row[name] for name in row}
        for row in rows.to_dict("records")
    }


def _season_row(
    answer: ArchivedResponse, season_of: dict[int, str], stored: Stored
) -> tuple[dict[str, object] | None, Team | None, list[Rejected]]:
    """An answer's row, the club it names, and what was rejected. The answer stays in the archive in any case."""
    body: Any = answer.body if isinstance(answer.body, dict) else {}
    statistics = body.get("statistics")
    season = season_of.get(int(answer.params["seasons_id"]))
    figures = as_numbers(statistics) if isinstance(statistics, dict) else {}
    if not figures.keys() >= ALWAYS_THERE or season is None:
        # Absent counts mean zero: an empty object would turn a whole season into zeros.
        reason = f"no statistics with {' and '.join(sorted(ALWAYS_THERE))}, or an unknown season"
        return None, None, [Rejected("statistics", reason, body)]
    player_id = int(answer.params["player_id"])
    before = {} if answer.forced else stored.get((season, player_id), {})
    completed = complete(figures, before.get("statistics", {}))
    try:
        numbers = SeasonStatistics.model_validate(completed.figures)
    except ValidationError as error:
        line = error.errors()[0]
        reason = f"{'.'.join(map(str, line['loc']))}: {line['msg']}"
        return None, None, [Rejected("statistics", reason, statistics)]
    rejected = []
    if completed.vanished:
        rejected.append(Rejected(f"players.{player_id}", completed.reason, statistics))
    elif completed.zeroed:
        log.warning("%s: no %s any more, taken as zero", answer.resource, ", ".join(completed.zeroed))
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
        **{column: getattr(numbers, key) for column, key in (COUNTS | MEASURES).items()},
        "statistics": completed.figures,
        "observed_at": answer.as_of,
    }
    return row, team, rejected


def check_season_statistics(context: StepContext) -> dict[str, dict[str, int]]:
    """Players with minutes have season statistics, and their minutes and goals are the sum of the matches.

    Players whose club has played since the lineups were loaded are left out of the sum: the season statistics are
    ahead of the matches until the next lineups. Their cards are FPL's, but for a few.
    """
    findings = Findings()
    players = context.query(query("season_totals"), season=context.season())
    not_asked = left_out_of(context, "due_season_statistics", team_id=None)
    left_out = not_asked.player_id
    have = players[players.season_minutes.notna()]
    findings.count("season statistics", len(have), len(players))
    players, have = (frame[~frame.player_id.isin(left_out)] for frame in (players, have))
    findings.require(
        len(have) >= thresholds.MIN_SEASON_STATISTICS_SHARE * len(players),
        f"only {len(have)} of {len(players)} players with minutes have season statistics"
        f" (at least {thresholds.MIN_SEASON_STATISTICS_SHARE:.0%})",
    )
    compared = have[~have.has_open_match.astype(bool)]
    different = compared[
        (compared.season_minutes != compared.minutes).to_numpy(bool)
        | (compared.season_goals != compared.goals).to_numpy(bool)
    ]
    findings.count("season totals that add up", len(compared) - len(different), len(compared))
    if len(have) > len(compared):
        findings.remark(
            f"{len(have) - len(compared)} players' clubs have a match whose lineups are not complete yet"
        )
    names = [
        f"{row.player} {row.season_minutes}/{row.minutes} min" for row in different.itertuples(name="Row")
    ]
    findings.require(
        len(different) <= thresholds.MAX_DIFFERENT_TOTALS_SHARE * len(compared),
        f"{len(different)} players' season minutes or goals are not the sum of their matches: {some(names)}",
    )
    findings.of_gameweeks(context, "season statistics", left_out=not_asked)
    find_differing_cards(context, findings)
    return dict(finish_check(context, findings))
