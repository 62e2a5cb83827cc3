"""Lineups with match statistics: which matches are due, how they are fetched, loaded and checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fpl_pulse.api import sofasport
from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import PayloadError, SelectionError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.events import load_events, read_past_pages
from fpl_pulse.etl.known_lineups import is_incomplete, keep_known, known_statistics
from fpl_pulse.etl.lineup_identity import disagreements, known_match, require_this_match
from fpl_pulse.etl.lineup_rows import SIDES, MatchRows, Row, read_match, side_rows
from fpl_pulse.etl.loader import Loader, Parsed, Reader
from fpl_pulse.etl.people import merge_people
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import find_differing_figures
from fpl_pulse.etl.reference import refresh_fpl
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge, replace_within

CALLS = DueCalls(
    sofasport.LINEUPS,
    "lineups",
    "event_id",
    "due_lineups",
    lambda _, ids: sofasport.lineups(ids["event_id"]),
    may_use_reserve=True,
)


def refresh_results(context: StepContext) -> dict[str, int]:
    """Read FPL's results, and the page of past events when a match should have ended since the events were read.

    Returns:
        {"matches_under_way"}: how many matches should have ended since.

    Raises:
        SelectionError: a manual run chose a match or player that the store does not know.
    """
    require_known_selection(context)
    refresh_fpl(context)
    under_way = context.records(query("matches_under_way"), season=context.season())
    if under_way:
        load_events(context, read_past_pages(context, context.season_id()))
    return {"matches_under_way": len(under_way)}


def plan_matches(context: StepContext) -> list[dict[str, list[int]]]:
    """Plan the calls for matches whose lineups are not complete, or that are old enough to have been corrected.

    Returns:
        One {"event_ids"} a task. Full plan: by kick-off. Partial plan: by rank, the newest gameweek first.
    """
    return CALLS.plan(context)


def require_known_selection(context: StepContext) -> None:
    """Refuse chosen matches or players that are not in the store, and choices that contradict each other.

    Raises:
        SelectionError: naming what is unknown or contradicts, before any call is made.
    """
    chosen = context.selection
    if chosen.refresh and not (chosen.gameweeks or chosen.matches or chosen.players):
        raise SelectionError(
            "refresh without a choice would fetch everything again: choose the gameweeks, matches or players to refresh"
        )
    unknown = context.records(query("unknown_selection"), season=context.season())
    if unknown:
        names = listed([f"{row['kind']} {row['id']}" for row in unknown])
        raise SelectionError(
            f"Not in the store of this season: {names}. Choose SofaSport event ids as matches"
            " (pulse.sofasport_events) and SofaSport player ids as players (pulse.sofasport_players)."
        )
    outside = context.records(query("matches_outside_gameweeks"))
    if outside:
        names = listed([str(row["event_id"]) for row in outside])
        raise SelectionError(
            f"In none of the chosen gameweeks: match {names}. Choose gameweeks or matches; both together choose the"
            " matches that are in both."
        )


def fetch_lineup(context: StepContext, event_ids: list[int]) -> int:
    """Fetch and archive the planned lineups of a task's matches that are still open; return how many had data."""
    return CALLS.fetch(context, event_ids)


def load_lineups(context: StepContext) -> dict[str, int]:
    """Load the archived lineups that the tables do not hold yet, and return {"loaded"}: how many."""
    return {"loaded": LOADER.load(context)}


@dataclass(frozen=True)
class MatchContent:
    """What is written of one match; sides and players are None where the stored ones are kept."""

    event_id: int
    match: MatchRows
    sides: list[Row] | None
    players: list[Row] | None


@dataclass
class StoredMatch:
    """What is stored of one match."""

    event: Row
    """Row of sofasport_events."""
    players: list[Row] = field(default_factory=list)
    sides: dict[str, Row] = field(default_factory=dict)
    """Side -> row of sofasport_lineups."""


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[MatchContent]:
    return _make_reader(context, [response])(response)


def _make_reader(context: StepContext, batch: Sequence[ArchivedResponse]) -> Reader[MatchContent]:
    """Read what is stored of all matches of a batch at once."""
    ids = [int(response.params["event_id"]) for response in batch]
    events = context.records("select * from pulse.sofasport_events where event_id = any(%(ids)s)", ids=ids)
    stored = {row["event_id"]: StoredMatch(row) for row in events}
    for row in context.records("select * from pulse.sofasport_lineup_players where event_id = any(%(ids)s)", ids=ids):
        stored[row["event_id"]].players.append(row)
    for row in context.records("select * from pulse.sofasport_lineups where event_id = any(%(ids)s)", ids=ids):
        stored[row["event_id"]].sides[row["side"]] = row
    return lambda response: _read_beside(context, response, stored.get(int(response.params["event_id"])))


def _read_beside(context: StepContext, response: ArchivedResponse, stored: StoredMatch | None) -> Parsed[MatchContent]:
    """Read a response, with what is stored of its match."""
    event_id = int(response.params["event_id"])
    if stored is None:
        raise PayloadError(f"event {event_id} is in no list of events")
    clubs = {"home": stored.event["home_team_id"], "away": stored.event["away_team_id"]}
    match = read_match(response, clubs, {} if response.forced else known_statistics(stored.players))
    known = known_match(context, stored.event, {row["player_id"] for row in [*match.players, *stored.players]})
    is_protected = not response.forced
    if is_protected and (contradictions := disagreements(stored.players, known)):
        as_it_is = read_match(response, clubs, {})
        if disagreements(as_it_is.players, known) < contradictions:
            # What is stored is of another match, or was corrected: it must not keep the better response out.
            match, is_protected = as_it_is, False
    require_this_match(match, known, forced=response.forced)
    players = keep_known(match, stored.players, forced=not is_protected)
    incomplete = [side for side in SIDES if is_incomplete(players, stored.players, side)]
    if incomplete and is_protected:
        reason = (
            f"fewer players with minutes ({' and '.join(incomplete)}) than are stored; the stored match is kept"
            " (run the match with refresh to take this response)"
        )
        match.rejected.append(Rejected("", reason, None))
        return Parsed(MatchContent(event_id, match, None, None), match.rejected)
    before = stored.sides if is_protected else {}
    sides = side_rows(response, players, match.missing, clubs, before)
    return Parsed(MatchContent(event_id, match, sides, players), match.rejected)


def _write(context: StepContext, matches: list[MatchContent]) -> Written:
    written = merge_people(context, [person for content in matches for person in content.match.people])
    changed = [content for content in matches if content.sides is not None and content.players is not None]
    if not changed:
        return written
    sides = [row for content in changed for row in content.sides or ()]
    players = [row for content in changed for row in content.players or ()]
    written += merge(context.conn, "sofasport_lineups", sides, ["event_id", "side"])
    scope = {"event_id": [content.event_id for content in changed]}
    return written + replace_within(context.conn, "sofasport_lineup_players", players, ["event_id", "player_id"], scope)


LOADER = Loader(sofasport.LINEUPS, "lineups", _read, _write, batch_size=20, make_reader=_make_reader, is_checked=True)


def check_lineups(context: StepContext) -> dict[str, dict[str, int]]:
    """Check that ended matches have confirmed lineups, eleven starters a side, and goals that add up to the score.

    The minutes and goals of the players must be FPL's, within a tolerance.
    """
    findings = Findings()
    matches = context.query(
        query("lineup_coverage"),
        season=context.season(),
        starters=thresholds.STARTERS_PER_SIDE,
        settling=thresholds.SETTLING_TIME,
    )
    # Awarded matches have no complete lineups.
    matches = matches[~matches.is_awarded.astype(bool)]
    complete = matches[matches.problem.isna()]
    findings.count("matches", len(complete), len(matches))
    for problem, affected in matches.dropna(subset=["problem"]).groupby("problem"):
        sentence = f"matches that {problem}: {len(affected)}, {listed(affected.match.tolist())}"
        if (affected.is_settled & ~affected.is_skipped).any():
            findings.problems.append(sentence)
        else:
            findings.remark(f"{sentence}; they are recent or were skipped, and stay due")
    findings.of_gameweeks(context, "matches with lineups", "sides with 11 starters")
    find_differing_figures(context, findings)
    return dict(finish_check(context, findings))
