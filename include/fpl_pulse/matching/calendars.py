"""Teams that their names do not settle, matched by whom they play where and when.

Two clubs of a league never have the same calendar: of 38 matches, the right pair agrees on nearly every kick-off
against the same opponent, a wrong pair on the few that share the Saturday afternoon. A promoted club with a nickname
for a name is thus resolved without an alias.
"""

from collections.abc import Collection

import pandas as pd

from fpl_pulse.matching.fixtures import team_codes
from fpl_pulse.matching.frames import as_int, as_moment, rows

LEAST_MATCHES = 10
"""Fewer comparable matches are no calendar."""
LEAST_AGREEMENT, MOST_OF_ANOTHER = 0.8, 0.5
"""Share of kick-offs that the right pair must agree on, and that no other pair of either team may reach."""

Calendar = dict[tuple[int, bool], set[object]]
"""(opponent's FPL code, at home) -> kick-offs."""


def settle_by_calendar(
    teams: pd.DataFrame,
    team_links: pd.DataFrame,
    events: pd.DataFrame,
    fixtures: pd.DataFrame,
    rejected: Collection[tuple[int, int]] = (),
) -> pd.DataFrame:
    """Link the teams in review whose calendar is that of exactly one FPL team that is still free.

    Args:
        teams: as `match_teams` returns.
        team_links: sofasport_team_id, fpl_team_code of all links so far: they say who the opponents are.
        events: event_id, home_team_id, away_team_id, start_at (UTC or missing).
        fixtures: fixture_id, home_team_code, away_team_code, kickoff_at (UTC or missing).
        rejected: pairs that a person has rejected.

    Returns:
        The same frame, with the settled rows linked by the method `calendar`.
    """
    codes = team_codes(team_links)
    waiting = [int(team) for team in teams[teams.status != "linked"].sofasport_team_id]
    linked_codes = set(codes.values())
    theirs = _calendars_of_events(events, codes)
    ours = _calendars_of_fixtures(fixtures, linked_codes)
    shares = {
        (team, code): share
        for team in waiting
        for code, calendar in sorted(ours.items())
        if (team, code) not in rejected and (share := _agreement(theirs.get(team, {}), calendar)) is not None
    }
    settled = teams.copy()
    for (team, code), share in shares.items():
        rivals = [other for pair, other in shares.items() if (pair[0] == team) != (pair[1] == code)]
        if share >= LEAST_AGREEMENT and max(rivals, default=0.0) <= MOST_OF_ANOTHER:
            row = settled.sofasport_team_id == team
            settled.loc[row, "fpl_team_code"] = code
            settled.loc[row, "status"] = "linked"
            settled.loc[row, "method"] = "calendar"
            settled.loc[row, "confidence"] = round(share, 3)
            settled.loc[row, "evidence"] = f"{share:.0%} of the kick-offs agree"
    return settled


def _calendars_of_events(events: pd.DataFrame, codes: dict[int, int]) -> dict[int, Calendar]:
    """The calendar of each SofaSport team against opponents who are linked."""
    calendars: dict[int, Calendar] = {}
    for event in rows(events, ["event_id", "home_team_id", "away_team_id", "start_at"], "Events", "event_id"):
        home, away, start = (
            as_int(event["home_team_id"]),
            as_int(event["away_team_id"]),
            as_moment(event["start_at"]),
        )
        for team, opponent, at_home in ((home, away, True), (away, home, False)):
            if team is not None and opponent in codes and start is not None:
                calendars.setdefault(team, {}).setdefault((codes[opponent], at_home), set()).add(start)
    return calendars


def _calendars_of_fixtures(fixtures: pd.DataFrame, linked_codes: set[int]) -> dict[int, Calendar]:
    """The calendar of each FPL team that is free against opponents who are linked."""
    calendars: dict[int, Calendar] = {}
    for fixture in rows(
        fixtures, ["fixture_id", "home_team_code", "away_team_code", "kickoff_at"], "Fixtures", "fixture_id"
    ):
        home, away = as_int(fixture["home_team_code"]), as_int(fixture["away_team_code"])
        kickoff = as_moment(fixture["kickoff_at"])
        for code, opponent, at_home in ((home, away, True), (away, home, False)):
            if code is None or opponent is None or kickoff is None:
                continue
            if code not in linked_codes and opponent in linked_codes:
                calendars.setdefault(code, {}).setdefault((opponent, at_home), set()).add(kickoff)
    return calendars


def _agreement(theirs: Calendar, ours: Calendar) -> float | None:
    """Share of the matches that both have whose kick-offs agree; None when there are too few."""
    common = theirs.keys() & ours.keys()
    if len(common) < LEAST_MATCHES:
        return None
    return sum(bool(theirs[match] & ours[match]) for match in common) / len(common)
