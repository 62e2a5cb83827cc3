"""Lineups with match statistics: which matches are due, their answers, the tables, the check."""

import logging
from typing import Any

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import NoDataError, PayloadError, SelectionError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.budget import left_out_of, plan_tasks
from fpl_pulse.etl.checking import Findings, finish_check, some
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.events import load_events, read_past_pages
from fpl_pulse.etl.known_lineups import is_poorer, keep_known, known_statistics
from fpl_pulse.etl.lineup_rows import SIDES, read_match, side_rows
from fpl_pulse.etl.loader import load_each
from fpl_pulse.etl.people import merge_people
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import find_differing_figures
from fpl_pulse.etl.reference import refresh_fpl_results
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge, replace_within

log = logging.getLogger(__name__)


def refresh_results(context: StepContext) -> None:
    """Read what the plan depends on: FPL's results and, if a match should have ended since, SofaSport's past events.

    Raises:
        SelectionError: the run's choices name unknown matches or players, or contradict each other.
    """
    require_known_selection(context)
    refresh_fpl_results(context)
    if not context.query(query("matches_under_way"), season=context.season()).empty:
        load_events(context, read_past_pages(context, context.season_id()))


def plan_matches(context: StepContext) -> list[dict[str, int]]:
    """The matches to fetch: ended ones whose lineups are not complete, and those due for another look.

    Returns:
        One {"event_id"} a match, in order of kick-off; the newest gameweek first when the budget of calls is short.

    Raises:
        SelectionError: when a person chose a match that the store does not know.
    """
    require_known_selection(context)
    due = _due(context)
    for reason, matches in due.groupby("reason"):
        log.info("%d matches are due: %s", len(matches), reason)
    log.info("%d lineups to fetch", len(due))
    return plan_tasks(context, due, "event_id", may_use_reserve=True)


def _due(context: StepContext, event_id: int | None = None) -> pd.DataFrame:
    """The matches that need a look and why, all or whether one does."""
    return context.query(
        query("due_lineups"), season=context.season(), starters=thresholds.STARTERS_A_SIDE, event_id=event_id
    )


def require_known_selection(context: StepContext) -> None:
    """Refuse a choice of matches or players that are not in the store, or that contradict each other.

    Raises:
        SelectionError: naming what is unknown or contradicts, before any call is made.
    """
    chosen = context.selection
    if chosen.refresh and not (chosen.gameweeks or chosen.matches or chosen.players):
        raise SelectionError(
            "Everything would be fetched again: choose the gameweeks, matches or players to refresh"
        )
    unknown = context.query(query("unknown_selection"), season=context.season())
    if not unknown.empty:
        listed = some([f"{row.kind} {row.id}" for row in unknown.itertuples()])
        raise SelectionError(
            f"Not in the store of this season: {listed}. Matches are SofaSport event ids"
            " (pulse.sofasport_events), players SofaSport player ids (pulse.sofasport_players)."
        )
    outside = context.query(query("matches_outside_gameweeks"))
    if not outside.empty:
        raise SelectionError(
            f"Of none of the chosen gameweeks: match {some(outside.event_id.astype(str).tolist())}. Choose gameweeks or"
            " matches; both together choose what is in both"
        )


def fetch_lineup(context: StepContext, event_id: int) -> int:
    """Fetch and archive the lineups of one match; after a retry or a clear only if they are still missing.

    Returns:
        1 when there were lineups, 0 when the source has none or the archive has what this run wants.
    """
    if _due(context, event_id).empty:
        log.info("Match %d has been read for this run's moment; no call is made", event_id)
        return 0
    try:
        context.fetch(sofasport.lineups(event_id), "lineups")
    except NoDataError as nothing:
        log.warning("%s", nothing)
        return 0
    return 1


def load_lineups(context: StepContext) -> dict[str, int]:
    """Load the archived lineups that the tables do not have yet, one transaction a match.

    An answer that cannot be loaded does not keep the others from being matched; the check names the match.

    Returns:
        Count of matches loaded.
    """
    return {"loaded": load_each(context, sofasport.LINEUPS, _load_match, "lineups", check_judges=True)}


def _load_match(context: StepContext, answer: ArchivedResponse) -> Written:
    event_id = int(answer.params["event_id"])
    event = context.query(
        "select home_team_id as home, away_team_id as away from pulse.sofasport_events where event_id = %(event_id)s",
        event_id=event_id,
    )
    if event.empty:
        raise PayloadError("the event is in no list of events")
    teams = {side: int(event[side][0]) for side in SIDES}
    stored = context.query(
        "select * from pulse.sofasport_lineup_players where event_id = %(event_id)s", event_id=event_id
    ).drop(columns="updated_at")
    match = read_match(answer, teams, {} if answer.forced else known_statistics(stored))
    players = keep_known(match, stored, forced=answer.forced)
    written = merge_people(context, match.people)
    poorer = [side for side in SIDES if is_poorer(players, stored, side)]
    if poorer and not answer.forced:
        reason = (
            f"fewer players with minutes ({' and '.join(poorer)}) than are stored; the stored match is kept"
            " (run the match with refresh to take this one)"
        )
        match.rejected.append(Rejected("", reason, None))
    else:
        before = {} if answer.forced else _stored_sides(context, event_id)
        sides = side_rows(answer, players, match.missing, teams, before)
        written += merge(context.conn, "sofasport_lineups", sides, ["event_id", "side"])
        key = ["event_id", "player_id"]
        written += replace_within(
            context.conn, "sofasport_lineup_players", players, key, {"event_id": event_id}
        )
    context.record_rejections(answer, match.rejected)
    return written


def _stored_sides(context: StepContext, event_id: int) -> dict[str, dict[str, Any]]:
    """The rows of sofasport_lineups of a match, by side."""
    sides = context.query(
        "select * from pulse.sofasport_lineups where event_id = %(event_id)s", event_id=event_id
    )
    return {str(row["side"]): {str(name): row[name] for name in row} for row in sides.to_dict("records")}


def check_lineups(context: StepContext) -> dict[str, dict[str, int]]:
    """Every ended match has confirmed lineups, eleven starters a side, and goals that add up to the score.

    Its players' minutes and goals are FPL's, but for a few.
    """
    season = context.season()
    findings = Findings()
    matches = context.query(
        query("lineup_coverage"),
        season=season,
        starters=thresholds.STARTERS_A_SIDE,
        settling=thresholds.SETTLING_TIME,
    )
    left_out = left_out_of(context, "due_lineups", starters=thresholds.STARTERS_A_SIDE, event_id=None)
    complete = matches[matches.problem.isna()]
    findings.count("matches", len(complete), len(matches))
    for problem, affected in matches.dropna(subset=["problem"]).groupby("problem"):
        sentence = f"{len(affected)} matches {problem}: {some(affected.match.tolist())}"
        settled = affected[affected.is_settled & ~affected.event_id.isin(left_out.event_id)]
        if settled.empty:
            findings.remark(f"{sentence}; they are young or were left out, and stay owed")
        else:
            findings.require(False, sentence)
    findings.of_gameweeks(
        context, "matches with lineups", "sides with 11 starters", left_out=left_out[["event_id"]]
    )
    find_differing_figures(context, findings)
    return dict(finish_check(context, findings))
