"""The check of identity resolution: how many clubs, fixtures and players must be linked."""

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_rows import find_deleted_rows
from fpl_pulse.etl.match_check import check_events
from fpl_pulse.etl.missing_keys import find_missing_keys
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.season_id import has_season_id
from fpl_pulse.store import runs
from fpl_pulse.store.coverage import store_final_freshness
from fpl_pulse.wording import quantity

RESTORED_BY = {
    **dict.fromkeys((fpl.BOOTSTRAP, fpl.FIXTURES, fpl.LIVE), "fetch_fpl_reference"),
    sofasport.SQUAD: "fetch_sofasport_squads",
}
"""Endpoint -> the task that loads its deleted rows again."""


def check_mappings(context: StepContext) -> dict[str, dict[str, int]]:
    """Check that nearly all clubs and players with minutes are linked, and all played fixtures to an ended event.

    A few clubs and any number of players may be in review: the check only remarks on them.
    """
    season = context.season()
    findings = Findings()
    counts = context.query(query("mapping_coverage"), season=season).iloc[0]
    findings.count("clubs linked", counts.clubs_linked, counts.clubs)
    findings.count("fixtures with an event", counts.fixtures_with_event, counts.fixtures)
    findings.count("played fixtures with an ended event", counts.played_with_ended_event, counts.played)
    findings.count("players mapped", counts.players_linked, counts.players)
    findings.count("players with minutes mapped", counts.with_minutes_linked, counts.with_minutes)
    in_full = counts.clubs * (counts.clubs - 1)
    findings.require(
        counts.fixtures == in_full,
        f"FPL lists {counts.fixtures} fixtures, not {in_full}: each of its {counts.clubs} clubs plays all others twice",
    )
    if has_season_id(context):
        _check_clubs(context, season, findings, counts.clubs)
    else:
        findings.headlines.append(f"SofaSport has no events of {season} yet, so nothing of it can be linked")
    missing = context.query(query("played_fixtures_without_event"), season=season)
    findings.require(
        missing.empty, f"played fixtures without an ended event: {len(missing)}, {listed(missing.fixture.tolist())}"
    )
    check_events(context, findings)
    few = findings.share("players with minutes mapped") < thresholds.MIN_LINKED_SHARE
    sentence = (
        f"only {counts.with_minutes_linked} of {counts.with_minutes} players with minutes are linked"
        f" (at least {thresholds.MIN_LINKED_SHARE:.0%}); see mapping_candidates, kind player, status review"
    )
    unread = runs.calls_skipped(context.conn, context.run)
    if few and (counts.matches_without_lineups or unread):
        # On a first run, players who have left their club are only in the lineups, which Tuesday's run fetches.
        findings.remark(
            f"{sentence}; matches without lineups yet: {counts.matches_without_lineups}, squads skipped: {unread}"
        )
    else:
        findings.require(not few, sentence)
    findings.of_gameweeks(context, "fixtures with an event", "played fixtures with an ended event")
    findings.of_gameweeks(context, "links for players with minutes", all_may_wait=unread > 0)
    find_missing_keys(context, findings, fpl.BOOTSTRAP, fpl.FIXTURES, fpl.LIVE, sofasport.EVENTS, sofasport.SQUAD)
    find_deleted_rows(context, findings, RESTORED_BY)
    if counts.players_in_review:
        waiting_players = quantity(counts.players_in_review, "SofaSport player")
        findings.remark(f"{waiting_players} in review: see the mapping report")
    store_final_freshness(context.conn, season)
    return dict(finish_check(context, findings))


def _check_clubs(context: StepContext, season: str, findings: Findings, clubs: int) -> None:
    """Add a remark and an alert for each unlinked club, and a problem when they are too many."""
    waiting = context.query(query("clubs_in_review"), season=season)
    free = context.query(query("teams_without_club"), season=season)
    candidates = listed([f"{row.team_id} {row.name}" for row in free.itertuples()]) or "none"
    sentences = {
        f"club {row.code}": f"The FPL club {row.name} (code {row.code}) is not linked to a SofaSport club, so its"
        f" fixtures have no event. Unlinked SofaSport clubs: {candidates}. Link it with"
        f' `python -m fpl_pulse.cli.mappings link --club SOFASPORT_TEAM_ID {row.code} --because "..."`.'
        for row in waiting.itertuples()
    }
    findings.remarks += sentences.values()
    context.alert_about("club_in_review", sentences, once=True)
    findings.require(
        len(waiting) <= thresholds.MAX_CLUBS_IN_REVIEW,
        f"{len(waiting)} of {clubs} clubs are not linked: {listed(waiting.name.tolist())}; at most"
        f" {thresholds.MAX_CLUBS_IN_REVIEW} may wait in review; see mapping_candidates, kind team",
    )
