"""The mapping report: players linked, in review and without counterpart by club, the weakest links, the reviews."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query

log = logging.getLogger(__name__)

MAX_WEAKEST_LINKS = 10
MAX_REVIEWS = 30
"""Lines of the report; the other rows are in mapping_candidates only."""

Row = Mapping[str, Any]

_COUNTS = {
    "players": "FPL players",
    "linked": "linked",
    "with_minutes": "with minutes",
    "with_minutes_linked": "of them linked",
    "in_review": "in review",
    "unknown_to_fpl": "unknown to FPL",
}


def report_mappings(context: StepContext) -> dict[str, int]:
    """Log the mapping report; return how many FPL players there are, linked, in review and unknown to FPL."""
    for line in mapping_report(context):
        log.info("%s", line)
    totals = _totals(_clubs(context))
    return {name: totals[name] for name in ("players", "linked", "in_review", "unknown_to_fpl")}


def mapping_report(context: StepContext) -> Iterator[str]:
    """Yield the report line by line."""
    yield f"Identity resolution in {context.season()}"
    yield from _club_lines(_clubs(context))
    weakest = _pairs(context, "linked", MAX_WEAKEST_LINKS)
    yield f"The {len(weakest)} weakest links:"
    yield from map(_pair_line, weakest)
    yield from review_lines(context)


def review_lines(context: StepContext, most: int = MAX_REVIEWS) -> Iterator[str]:
    """Yield the clubs and pairs that wait for a manual decision, the likeliest pairs first."""
    season = context.season()
    waiting = _pairs(context, "review", most + 1)
    unlinked = context.records(query("teams_without_club"), season=season)
    candidates = ", ".join(f"{team['team_id']} {team['name']}" for team in unlinked) or "none"
    for club in context.records(query("clubs_in_review"), season=season):
        yield f"The club {club['name']} ({club['code']}) is not linked; unlinked SofaSport clubs: {candidates}"
    for resting in context.records(query("resting_decisions")):
        yield (
            f"Not applied yet, because the tables lack one of the two ids: {resting['decided_by']}'s"
            f" {resting['verdict']} of {resting['kind']} {resting['sofasport_id']} and {resting['fpl_id']}"
        )
    if not waiting:
        yield "No player is in review."
        return
    yield "In review, waiting for a manual decision:"
    yield from map(_pair_line, waiting[:most])
    if len(waiting) > most:
        yield "  and more: see pulse.mapping_candidates"


def _pairs(context: StepContext, status: str, most: int) -> list[dict[str, Any]]:
    return context.records(query("mapping_report_pairs"), season=context.season(), status=status, most=most)


def _clubs(context: StepContext) -> list[dict[str, Any]]:
    return context.records(query("mapping_report_clubs"), season=context.season())


def _totals(clubs: Sequence[Row]) -> dict[str, int]:
    return {name: sum(int(club[name]) for club in clubs) for name in _COUNTS}


def _club_lines(clubs: Sequence[Row]) -> Iterator[str]:
    if not clubs:
        return
    width = max(len(name) for name in ["club", *(club["club"] for club in clubs)])
    yield "  ".join([f"{'club':<{width}}", *_COUNTS.values()])
    for row in [*clubs, {"club": "all", **_totals(clubs)}]:
        yield "  ".join([f"{row['club']:<{width}}", *(f"{row[name]:>{len(title)}}" for name, title in _COUNTS.items())])


def _pair_line(pair: Row) -> str:
    return (
        f"  {pair['strength']:>5} bits  {pair['sofasport_id']} {pair['sofasport_name']} = {pair['fpl_id']}"
        f" {pair['fpl_name']} ({pair['club'] or '-'}): {pair['evidence']}"
    )
