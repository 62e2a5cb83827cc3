"""Links SofaSport events to FPL fixtures: within a season, home and away team identify the fixture."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fpl_pulse.matching.rows import Candidate, EventRow, FixtureRow, Stage, Status, by_id, utc

_STAGES: dict[Stage, tuple[int, str]] = {
    "ended": (0, "finished"), "awarded": (0, "awarded"), "in_progress": (1, "in_progress"),
    "not_started": (2, "not_started"), "postponed": (3, "off"), "interrupted": (3, "off"), "called_off": (3, "off"),
    "unknown": (3, "off"),
}  # fmt: skip
"""Stage -> how far the match has got, 0 the furthest, and the word for it in the evidence."""

_SEASON_SLACK = dt.timedelta(days=90)
"""An event further than this from the first or last fixture belongs to another season."""

_NEAR_HOURS, _SAME_DAY_HOURS = 72.0, 24.0
"""An event that ended further than `_NEAR_HOURS` from the kick-off of a fixture that FPL has not finished was not this
fixture. Two clubs never meet twice within `_SAME_DAY_HOURS`."""


def match_fixtures(
    events: Iterable[EventRow], fixtures: Iterable[FixtureRow], team_codes: Mapping[int, int]
) -> list[Candidate]:
    """Match the events of one season to its fixtures. A fixture keeps all of its events; one of them is current.

    When the league moves a match, SofaSport may add a new event and keep the old one. The current event is the one
    that has got furthest, then one with lineups, then the one nearest to FPL's kick-off, then the one with the highest
    id. The order of the stages is: ended or awarded; in progress; not started; all others. An ended event is not
    current while FPL has the match to be played on another day: it was abandoned.

    An event is also linked when the clubs have exchanged the venue: when it is played on the day on which FPL has the
    match with home and away exchanged, and not near the kick-off of the other one.

    Args:
        events: the season's events.
        fixtures: the season's fixtures.
        team_codes: SofaSport team id -> FPL team code of the linked teams.

    Returns:
        One candidate an event, ordered by event id.

    Raises:
        ValueError: two teams have one code, an id is in two different rows, or a time has no time zone.
    """
    _require_one_team_for_each_code(team_codes)
    by_teams: dict[tuple[int | None, int | None], list[FixtureRow]] = defaultdict(list)
    for fixture in by_id(fixtures, "fixture_id", "Fixture").values():
        by_teams[fixture.home_team_code, fixture.away_team_code].append(fixture)
    kickoffs = [kickoff for found in by_teams.values() for row in found if (kickoff := utc(row.kickoff_at))]
    candidates: list[Candidate] = []
    ranks: dict[int, tuple[float, ...]] = {}
    current: dict[int, int] = {}
    for event in by_id(events, "event_id", "Event").values():
        teams = team_codes.get(event.home_team_id), team_codes.get(event.away_team_id)
        found, is_exchanged = _fixtures_of(event, by_teams, teams)
        if refused := _reason_against(event, teams, found, kickoffs):
            candidates.append(Candidate(sofasport_id=event.event_id, status=refused[0], evidence=refused[1]))
            continue
        fixture, event_id = found[0], event.event_id
        hours, gap_word, confidence = _gap(utc(event.start_at), utc(fixture.kickoff_at))
        stage, stage_word = _STAGES[event.stage]
        words = ["clubs_exchanged" if is_exchanged else "clubs_equal", gap_word, stage_word]
        if event.stage == "ended" and hours > _NEAR_HOURS and not fixture.is_finished:
            words.append("not_played_for_fpl")
        else:
            ranks[event_id] = stage, is_exchanged, not event.has_lineups, hours, -event_id
            fixture_id = fixture.fixture_id
            if fixture_id not in current or ranks[event_id] < ranks[current[fixture_id]]:
                current[fixture_id] = event_id
        candidates.append(
            Candidate(
                sofasport_id=event_id, fpl_id=fixture.fixture_id, status="linked", method="home_and_away",
                confidence=confidence, evidence=", ".join(words),
            )
        )  # fmt: skip
    now_current = set(current.values())
    return [replace(row, is_current=row.sofasport_id in now_current) for row in candidates]


def _fixtures_of(
    event: EventRow,
    by_teams: Mapping[tuple[int | None, int | None], list[FixtureRow]],
    teams: tuple[int | None, int | None],
) -> tuple[list[FixtureRow], bool]:
    """Return the fixtures of an event's clubs, and whether home and away are exchanged in them."""
    found, exchanged = by_teams.get(teams, []), by_teams.get(teams[::-1], [])
    start = utc(event.start_at)
    gaps = [_gap(start, utc(row.kickoff_at))[0] for row in (*found[:1], *exchanged[:1])]
    if len(found) == len(exchanged) == 1 and gaps[1] <= _SAME_DAY_HOURS < gaps[0]:
        return exchanged, True
    return found, False


def _require_one_team_for_each_code(team_codes: Mapping[int, int]) -> None:
    if len(set(team_codes.values())) == len(team_codes):
        return
    code, _ = Counter(team_codes.values()).most_common(1)[0]
    teams = sorted(team_id for team_id, linked in team_codes.items() if linked == code)
    raise ValueError(
        f"SofaSport's teams {teams} are linked to one FPL team, code {code}. Reject the wrong link:"
        f""" `make mappings ARGS='reject --club TEAM_ID {code}' BECAUSE='...'`"""
    )


def _reason_against(
    event: EventRow, teams: tuple[int | None, int | None], found: list[FixtureRow], kickoffs: list[dt.datetime]
) -> tuple[Status, str] | None:
    """Return the status and the evidence of an event that cannot be linked; None for one that can."""
    if None in teams:
        return "review", "team_not_linked"
    if not found:
        return "no_counterpart", "no_fixture_of_these_clubs"
    if len(found) > 1:
        return "review", "clubs_meet_in_two_fixtures"
    start = utc(event.start_at)
    if start and kickoffs and not min(kickoffs) - _SEASON_SLACK <= start <= max(kickoffs) + _SEASON_SLACK:
        return "review", "outside_the_season"
    return None


def _gap(start: dt.datetime | None, kickoff: dt.datetime | None) -> tuple[float, str, float]:
    """Return the hours between the two kick-offs, the word for it, and the confidence of the link."""
    if start is None or kickoff is None:
        return float("inf"), "kickoff_unknown", 0.95
    hours = abs((start - kickoff).total_seconds()) / 3600
    if hours == 0:
        return hours, "kickoff_equal", 1.0
    # The two sources do not publish a new kick-off at the same time, so a gap is no reason for doubt.
    return (hours, "kickoff_near", 0.98) if hours <= 24 else (hours, "kickoff_differs", 0.95)
