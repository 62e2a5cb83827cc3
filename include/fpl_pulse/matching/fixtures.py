"""SofaSport events matched to FPL fixtures: within a season, home and away identify the fixture."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pandas as pd

from fpl_pulse.matching.frames import as_int, as_moment, build, rows

FINISHED = frozenset({100, 110, 120})
NOT_STARTED = 0
# Codes from here on mean the match did not run its course: 60 postponed, 70 cancelled, 80 interrupted,
# 90 abandoned, 92 retired, 93 removed. Those between are in progress (6, 7, 20, 31, ...).
_FIRST_OFF = 60

# An event this far outside the fixtures' span belongs to another season.
_SEASON_SLACK = dt.timedelta(days=90)

_EVENT_COLUMNS = ["event_id", "home_team_id", "away_team_id", "start_at", "status_code"]
_FIXTURE_COLUMNS = ["fixture_id", "home_team_code", "away_team_code", "kickoff_at"]
_TYPES = {
    "event_id": "int64", "fixture_id": "Int64", "is_current": "bool", "method": "str",
    "confidence": "float64", "evidence": "str", "status": "str",
}  # fmt: skip


def match_fixtures(events: pd.DataFrame, fixtures: pd.DataFrame, team_links: pd.DataFrame) -> pd.DataFrame:
    """Match the events of one season to its fixtures; all events of a fixture are kept, one is current.

    A match moved by the league may get a new event id while the old one stays. Current is the one that has
    gone furthest (finished, in progress, not started, then all others), then the one nearest to FPL's
    kick-off, then the highest id.

    Args:
        events: event_id, home_team_id, away_team_id, start_at (UTC or NaT), status_code.
        fixtures: fixture_id, home_team_code, away_team_code, kickoff_at (UTC or NaT) of one season.
        team_links: sofasport_team_id, fpl_team_code.

    Returns:
        One row an event: event_id, fixture_id (null unless linked), is_current, method, confidence 0..1,
        evidence, status linked|review|no_counterpart.

    Raises:
        ValueError: a column is missing, an id stands for two different rows, or a time has no zone.
    """
    matches = rows(events, _EVENT_COLUMNS, "Events", "event_id")
    planned = rows(fixtures, _FIXTURE_COLUMNS, "Fixtures", "fixture_id")
    codes = team_codes(team_links)
    by_clubs: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for fixture in planned:
        fixture["kickoff_at"] = as_moment(fixture["kickoff_at"])
        by_clubs[int(fixture["home_team_code"]), int(fixture["away_team_code"])].append(fixture)
    kickoffs = [fixture["kickoff_at"] for fixture in planned if fixture["kickoff_at"]]
    decisions = [_decision(match, by_clubs, codes, kickoffs) for match in matches]
    _mark_current(decisions)
    return build(decisions, _TYPES)


def team_codes(team_links: pd.DataFrame) -> dict[int, int]:
    """Return SofaSport team id -> FPL team code, leaving out teams without a code.

    Raises ValueError when a team has two codes or a code two teams.
    """
    links = rows(team_links, ["sofasport_team_id", "fpl_team_code"], "Team links", "sofasport_team_id")
    found = {link["sofasport_team_id"]: as_int(link["fpl_team_code"]) for link in links}
    codes = {team: code for team, code in found.items() if code is not None}
    if len(set(codes.values())) < len(codes):
        raise ValueError("Team links have one FPL team for two SofaSport teams; correct the team mapping.")
    return codes


def _decision(
    match: dict[str, Any],
    by_clubs: dict[tuple[int, int], list[dict[str, Any]]],
    codes: dict[int, int],
    kickoffs: list[dt.datetime],
) -> dict[str, Any]:
    home, away = codes.get(int(match["home_team_id"])), codes.get(int(match["away_team_id"]))
    start = as_moment(match["start_at"])
    stage, stage_word = _stage(as_int(match["status_code"]))
    decision: dict[str, Any] = {
        "event_id": match["event_id"], "fixture_id": None, "is_current": False, "method": "none",
        "confidence": 0.0, "status": "review", "rank": None,
    }  # fmt: skip
    if home is None or away is None:
        return decision | {"evidence": "team_not_linked"}
    found = by_clubs.get((home, away), [])
    if not found:
        return decision | {"status": "no_counterpart", "evidence": "no_fixture_of_these_clubs"}
    if len(found) > 1:
        return decision | {"evidence": "clubs_meet_in_two_fixtures"}
    if start and kickoffs and not min(kickoffs) - _SEASON_SLACK <= start <= max(kickoffs) + _SEASON_SLACK:
        return decision | {"evidence": "outside_the_season"}
    gap, gap_word, confidence = _gap(start, found[0]["kickoff_at"])
    return decision | {
        "fixture_id": found[0]["fixture_id"], "method": "home_and_away", "confidence": confidence,
        "status": "linked", "evidence": f"clubs_equal, {gap_word}, {stage_word}",
        "rank": (stage, gap, -match["event_id"]),
    }  # fmt: skip


def _stage(code: int | None) -> tuple[int, str]:
    """Return how far a match has gone, 0 the furthest, and the word for it."""
    if code in FINISHED:
        return 0, "finished"
    if code is not None and NOT_STARTED < code < _FIRST_OFF:
        return 1, "in_progress"
    if code == NOT_STARTED:
        return 2, "not_started"
    return (4, "status_unknown") if code is None else (3, "off")


def _gap(start: dt.datetime | None, kickoff: dt.datetime | None) -> tuple[float, str, float]:
    """Return the hours between the two kick-offs, the word for it, and the link's confidence."""
    if start is None or kickoff is None:
        return float("inf"), "kickoff_unknown", 0.95
    hours = abs((start - kickoff).total_seconds()) / 3600
    if hours == 0:
        return hours, "kickoff_equal", 1.0
    # Neither source tells of a move at the same moment as the other, so a gap is no reason for doubt.
    return (hours, "kickoff_near", 0.98) if hours <= 24 else (hours, "kickoff_differs", 0.95)


def _mark_current(decisions: list[dict[str, Any]]) -> None:
    """Set is_current on one event of each fixture, and take the ranking column out."""
    best: dict[int, dict[str, Any]] = {}
    for decision in decisions:
        fixture = decision["fixture_id"]
        if fixture is not None and (fixture not in best or decision["rank"] < best[fixture]["rank"]):
            best[fixture] = decision
    for decision in decisions:
        del decision["rank"]
        decision["is_current"] = best.get(decision["fixture_id"]) is decision
