"""Lineups with match statistics: which matches are due, how they are fetched, loaded and checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import PayloadError, SelectionError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_events import restore_deleted_events
from fpl_pulse.etl.deleted_rows import find_deleted_rows, restore_deleted_rows
from fpl_pulse.etl.event_pages import read_past_pages
from fpl_pulse.etl.events import LOADER as EVENTS
from fpl_pulse.etl.events import load_events
from fpl_pulse.etl.key_census import counted_afterwards
from fpl_pulse.etl.known_lineups import is_incomplete, keep_known, known_statistics
from fpl_pulse.etl.known_match import KnownMatch, StoredMatch, read_known_matches
from fpl_pulse.etl.lineup_identity import disagreements, require_this_match
from fpl_pulse.etl.lineup_keys import SIDES, MatchKeys
from fpl_pulse.etl.lineup_rows import MatchRows, Row, read_match
from fpl_pulse.etl.lineup_sides import side_rows, with_minutes
from fpl_pulse.etl.loader import Loader, Parsed, Reader
from fpl_pulse.etl.missing_keys import find_missing_keys
from fpl_pulse.etl.people import OTHER_PERSON, merge_people, other_person
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import find_differing_figures
from fpl_pulse.etl.reference import refresh_fpl
from fpl_pulse.etl.repetition import is_repeated
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
    restore_deleted_events(context, EVENTS)
    under_way = context.records(query("matches_under_way"), season=context.season())
    if under_way:
        load_events(context, read_past_pages(context, context.season_id()))
    return {"matches_under_way": len(under_way)}


def plan_matches(context: StepContext) -> list[dict[str, list[int]]]:
    """Plan the calls for matches whose lineups are not complete, or that are old enough to have been corrected.

    Deleted rows are loaded again first.

    Returns:
        One {"event_ids"} a task. Full plan: by kick-off. Partial plan: by rank, the newest gameweek first.
    """
    restore_deleted_rows(context, LOADER)
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
    """Load the archived lineups that the tables do not hold, or no longer in whole; return {"loaded"}: how many."""
    again = restore_deleted_rows(context, LOADER)
    with counted_afterwards(context, sofasport.LINEUPS, "census_of_lineups"):
        return {"loaded": again + LOADER.load(context)}


@dataclass(frozen=True)
class MatchContent:
    """What is written of one match; sides and players are None where the stored ones are kept."""

    event_id: int
    match: MatchRows
    sides: list[Row] | None
    players: list[Row] | None


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[MatchContent]:
    return _make_reader(context, [response])(response)


def _make_reader(context: StepContext, batch: Sequence[ArchivedResponse]) -> Reader[MatchContent]:
    """Read what is stored of all matches of a batch at once, and count the keys of their responses."""
    known = read_known_matches(context, batch)
    keys = {response.response_id: MatchKeys.of(response.body) for response in batch}
    together = sum(keys.values(), MatchKeys.of(None))

    def read(response: ArchivedResponse) -> Parsed[MatchContent]:
        event_id = int(response.params["event_id"])
        if event_id not in known:
            raise PayloadError(f"event {event_id} is in no list of events")
        return _read_beside(context, response, known[event_id], (keys[response.response_id], together))

    return read


def _read_beside(
    context: StepContext,
    response: ArchivedResponse,
    beside: tuple[StoredMatch, KnownMatch],
    keys: tuple[MatchKeys, MatchKeys],
) -> Parsed[MatchContent]:
    """Read a response beside what is stored of its match; `keys` are its own and those of all that are loaded."""
    stored, known = beside
    event_id = int(response.params["event_id"])
    statistics = {} if response.forced else known_statistics(stored.players)
    match = read_match(response, known.clubs, statistics, *keys)
    is_protected = not response.forced
    contradictions = disagreements(stored.players, known) if is_protected and stored.players else 0
    if contradictions:
        as_it_is = read_match(response, known.clubs, {}, *keys)
        if disagreements(as_it_is.players, known) < contradictions:
            # What is stored is of another match, or was corrected: it must not keep the better response out.
            match, is_protected = as_it_is, False
    others = _other_people(match, known) if is_protected else []
    if others and not is_repeated(context, response.resource_id, OTHER_PERSON):
        raise PayloadError(f"ids of other people, {listed(others)}")
    require_this_match(match, known, forced=response.forced)
    players = keep_known(match, stored.players, forced=not is_protected)
    incomplete = [side for side in SIDES if is_incomplete(players, stored.players, side)]
    if incomplete and is_protected:
        counts = " and ".join(
            f"{side} {with_minutes(players, side)} of {with_minutes(stored.players, side)}" for side in incomplete
        )
        reason = (
            f"fewer players with minutes ({counts}) than are stored; the stored match is kept, and the next run"
            f" requests the match again. To accept this response, run update_lineups with match {event_id} and refresh"
        )
        match.rejected.append(Rejected("", reason, None))
        return Parsed(MatchContent(event_id, match, None, None), match.rejected, is_unusable=True)
    if is_protected and stored.players:
        _require_agreement(context, response, contradictions, disagreements(players, known))
    before = stored.sides if is_protected else {}
    sides = side_rows(response, players, match.missing, known.clubs, before)
    return Parsed(MatchContent(event_id, match, sides, players), match.rejected, is_unusable=match.is_doubtful)


CONTRADICTS_MORE = "contradict FPL's official figures or the score"
"""Part of the sentence about a response that agrees less with them than what is stored."""


def _require_agreement(context: StepContext, response: ArchivedResponse, before: int, now: int) -> None:
    """Refuse a response that contradicts FPL and the score in far more than the stored match, until it is repeated.

    Raises:
        PayloadError: with both numbers.
    """
    if now <= before + thresholds.MAX_NEW_CONTRADICTIONS or is_repeated(
        context, response.resource_id, CONTRADICTS_MORE
    ):
        return
    raise PayloadError(
        f"{now} players or goals {CONTRADICTS_MORE}, and {before} of the stored match do; the stored match is kept"
    )


def _other_people(match: MatchRows, known: KnownMatch) -> list[str]:
    """The people of a match who are stored as somebody else, each with the reason."""
    return [reason for person in match.people if (reason := other_person(person, known.people))]


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


LOADER = Loader(sofasport.LINEUPS, "lineups", _read, _write, batch_size=50, make_reader=_make_reader, is_checked=True)


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
        refused = context.records(query("refused_lineups"), event_ids=affected.event_id.tolist())
        if refused:
            sentence += f". The lineups of {len(refused)} of them were refused. Example: {refused[0]['reason']}"
        if (affected.is_settled & ~affected.is_skipped).any():
            findings.problems.append(sentence)
        else:
            findings.remark(f"{sentence}; they are recent or were skipped, and stay due")
    findings.of_gameweeks(context, "matches with lineups", "sides with 11 starters")
    find_missing_keys(context, findings, sofasport.LINEUPS, fpl.FIXTURES, fpl.LIVE)
    find_differing_figures(context, findings)
    find_deleted_rows(context, findings, {sofasport.LINEUPS: "load_lineups", fpl.LIVE: "refresh_results"})
    return dict(finish_check(context, findings))
