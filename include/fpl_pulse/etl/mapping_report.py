"""The mapping report: per club who is linked, in review and without counterpart, and the weakest links."""

import logging
from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd

from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query

log = logging.getLogger(__name__)

WEAKEST = 10
MOST_IN_REVIEW = 30
"""Lines of the report; the rest is in mapping_candidates."""

_COUNTS = {
    "players": "FPL players",
    "linked": "linked",
    "with_minutes": "with minutes",
    "with_minutes_linked": "of them linked",
    "in_review": "in review",
    "unknown_to_fpl": "unknown to FPL",
}


def report_mappings(context: StepContext) -> dict[str, int]:
    """Log the mapping report.

    Returns:
        Counts: FPL players, linked, in review, unknown to FPL.
    """
    season = context.season()
    clubs = context.query(query("mapping_report_clubs"), season=season)
    for line in mapping_report(context, clubs):
        log.info("%s", line)
    return {name: int(clubs[name].sum()) for name in ("players", "linked", "in_review", "unknown_to_fpl")}


def mapping_report(context: StepContext, clubs: pd.DataFrame | None = None) -> Iterator[str]:
    """The report line by line.

    Args:
        context: the tools; makes no call.
        clubs: rows of mapping_report_clubs, when they have been read already.
    """
    season = context.season()
    if clubs is None:
        clubs = context.query(query("mapping_report_clubs"), season=season)
    yield f"Who is who in {season}"
    yield from _club_lines(clubs)
    weakest = context.query(query("mapping_report_pairs"), season=season, status="linked", most=WEAKEST)
    yield f"The {len(weakest)} weakest links:"
    yield from map(_pair_line, weakest.to_dict("records"))
    yield from review_lines(context)


def review_lines(context: StepContext, most: int = MOST_IN_REVIEW) -> Iterator[str]:
    """The pairs that wait for a person, likeliest first."""
    waiting = context.query(
        query("mapping_report_pairs"), season=context.season(), status="review", most=most + 1
    )
    clubs = context.query(query("clubs_in_review"), season=context.season())
    free = context.query(query("teams_without_club"), season=context.season())
    for club in clubs.itertuples():
        candidates = ", ".join(f"{team.team_id} {team.name}" for team in free.itertuples()) or "none"
        yield f"The club {club.name} ({club.code}) is not linked; SofaSport's clubs that are free: {candidates}"
    for resting in context.query(query("resting_decisions")).itertuples():
        yield (
            f"Rests, since the store does not know both: {resting.decided_by}'s {resting.verdict} of"
            f" {resting.kind} {resting.sofasport_id} and {resting.fpl_id}"
        )
    if waiting.empty:
        yield "No player waits in review."
        return
    yield "In review, waiting for a person:"
    yield from map(_pair_line, waiting.head(most).to_dict("records"))
    if len(waiting) > most:
        yield "  and more, in pulse.mapping_candidates"


def _club_lines(clubs: pd.DataFrame) -> Iterator[str]:
    if clubs.empty:
        return
    totals: dict[Hashable, Any] = {"club": "all"} | {name: int(clubs[name].sum()) for name in _COUNTS}
    wide = max(len(str(name)) for name in [*clubs.club, "club"])
    yield "  ".join([f"{'club':<{wide}}", *_COUNTS.values()])
    for row in [*clubs.to_dict("records"), totals]:
        yield "  ".join(
            [f"{row['club']:<{wide}}", *(f"{row[name]:>{len(title)}}" for name, title in _COUNTS.items())]
        )


def _pair_line(pair: dict[Hashable, Any]) -> str:
    return (
        f"  {pair['strength']:>5} bits  {pair['sofasport_id']} {pair['sofasport_name']} = {pair['fpl_id']}"
        f" {pair['fpl_name']} ({pair['club'] or '-'}): {pair['evidence']}"
    )
