"""Season statistics of players who appeared since they were last read; the check compares them with the matches."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_rows import find_deleted_rows, restore_deleted_rows
from fpl_pulse.etl.key_census import counted_afterwards
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.loader import Loader, Parsed, Reader, ResponseRejectedError
from fpl_pulse.etl.missing_keys import Counted, find_missing_keys, vanished
from fpl_pulse.etl.people import merge_teams
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import find_differing_cards
from fpl_pulse.etl.reference import refresh_fpl
from fpl_pulse.etl.season_figures import OMITTED_WHEN_ZERO, Row, is_sound
from fpl_pulse.etl.season_rows import PlayerSeason, read_player_season
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import PANDAS_MISSING, Written, merge

log = logging.getLogger(__name__)

CALLS = DueCalls(
    sofasport.SEASON_STATISTICS,
    "season statistics",
    "team_id",
    "due_season_statistics",
    lambda context, ids: sofasport.season_statistics(context.season_id(), ids["player_id"]),
)


def plan_season_statistics(context: StepContext) -> list[dict[str, list[int]]]:
    """Read FPL's totals, results and figures again, and plan the calls for players whose season statistics are due.

    Deleted rows are loaded again first.

    Returns:
        One {"team_ids"} a task; players who have left the league belong to their last club.
    """
    require_known_selection(context)
    refresh_fpl(context)
    restore_deleted_rows(context, LOADER)
    return CALLS.plan(context)


def fetch_season_statistics(context: StepContext, team_ids: list[int]) -> int:
    """Fetch and archive the planned statistics of a task's clubs that are still open; return how many had data."""
    return CALLS.fetch(context, team_ids)


def load_season_statistics(context: StepContext) -> dict[str, int]:
    """Load the archived season statistics that the table does not hold, or no longer.

    Returns:
        {"loaded"}: of how many players.
    """
    again = restore_deleted_rows(context, LOADER)
    with counted_afterwards(context, sofasport.SEASON_STATISTICS, "census_of_season_statistics"):
        return {"loaded": again + LOADER.load(context)}


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
    played: dict[tuple[int, int], Row] = {}
    for season_id in set(season_ids):
        players = [player for season, player in keys if season == season_id]
        matches = context.records(query("figures_of_matches"), season_id=season_id, player_ids=players)
        played |= {(season_id, row["player_id"]): row for row in matches}
    bodies = [response.body for response in batch if isinstance(response.body, dict)]
    together = Counted.of(body["statistics"] for body in bodies if isinstance(body.get("statistics"), dict))
    lost = vanished(together, OMITTED_WHEN_ZERO)

    def read(response: ArchivedResponse) -> Parsed[PlayerSeason]:
        season, before = _stored(response, stored)
        key = (int(response.params["seasons_id"]), int(response.params["player_id"]))
        return read_player_season(response, season, before, played.get(key), lost)

    return read


def _stored(response: ArchivedResponse, stored: Mapping[tuple[int, int], Row]) -> tuple[str, Row]:
    """The season of a response, and the stored row of its player; none for a forced response, which counts as it is.

    Raises:
        PayloadError: the season is unknown.
    """
    season_id, player_id = int(response.params["seasons_id"]), int(response.params["player_id"])
    found = stored.get((season_id, player_id))
    if found is None:
        raise ResponseRejectedError(
            f"SofaSport's season {response.params['seasons_id']} is unknown: run update_fixture_mappings, then clear"
            " this load"
        )
    is_kept = found["statistics"] is not None and not response.forced and is_sound(found)
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
    names = [_difference(row) for row in different.to_dict("records")]
    findings.require(
        len(different) <= thresholds.MAX_DIFFERENT_TOTALS_SHARE * len(compared),
        f"players whose season minutes or goals are not the sum of their matches: {len(different)} (season"
        f" statistics/matches), {listed(names)}. The next run requests their season statistics again. If they stay"
        " different, run update_lineups with these players and refresh",
    )
    findings.of_gameweeks(context, "season statistics")
    find_missing_keys(context, findings, sofasport.SEASON_STATISTICS)
    find_differing_cards(context, findings)
    tasks = {sofasport.SEASON_STATISTICS: "load_season_statistics", fpl.LIVE: "plan_season_statistics"}
    find_deleted_rows(context, findings, tasks)
    return dict(finish_check(context, findings))


def _difference(row: Mapping[Any, Any]) -> str:
    """The totals of a player that differ, for example `Salah 3/2 goals`."""
    pairs = {"min": ("season_minutes", "minutes"), "goals": ("season_goals", "goals")}
    shown = [
        f"{_or_unknown(row[season])}/{_or_unknown(row[matches])} {unit}"
        for unit, (season, matches) in pairs.items()
        if _or_unknown(row[season]) != _or_unknown(row[matches])
    ]
    return f"{row['player']} {' and '.join(shown)}"


def _or_unknown(value: Any) -> str:  # noqa: ANN401 - a number or a missing value of pandas
    return "unknown" if value is None or type(value).__name__ in PANDAS_MISSING else str(int(value))
