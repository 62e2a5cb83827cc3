"""Links teams whose names are not enough, by their opponents and kick-off times.

No two clubs of a league have the same calendar. The right pair agrees on nearly all of its 38 kick-offs; a wrong pair
agrees on the few that share a Saturday afternoon. So a promoted club with an unusual name needs no alias.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from fpl_pulse.matching.rows import Candidate, EventRow, FixtureRow, links_of, utc

MIN_MATCHES = 10
"""Two calendars with fewer common matches are not compared."""
MIN_AGREEMENT, MAX_RIVAL_AGREEMENT = 0.8, 0.5
"""Share of kick-offs on which the right pair must agree, and which no other pair of either team may exceed."""

Calendar = Mapping[tuple[int, bool], set[dt.datetime | None]]
"""(opponent's FPL code, at home) -> kick-offs."""


def settle_by_calendar(
    teams: Collection[Candidate],
    events: Iterable[EventRow],
    fixtures: Iterable[FixtureRow],
    rejected: Collection[tuple[int, int]] = (),
) -> list[Candidate]:
    """Link each team in review whose calendar is that of exactly one FPL team without a link.

    Args:
        teams: as `match_teams` returns them; the linked ones identify the opponents. They are returned, and those that
            are linked now have the method `calendar`.
        events: all of the season.
        fixtures: all of the season.
        rejected: pairs that were rejected manually.
    """
    codes = links_of(teams)
    taken = {code: code for code in codes.values()}
    played = _calendars(((row.home_team_id, row.away_team_id, row.start_at) for row in events), codes)
    planned = _calendars(((row.home_team_code, row.away_team_code, row.kickoff_at) for row in fixtures), taken)
    shares = {
        (team.sofasport_id, code): share
        for team in teams
        if team.status != "linked"
        for code, calendar in planned.items()
        if code not in taken
        and (team.sofasport_id, code) not in rejected
        and (share := _agreement(played.get(team.sofasport_id, {}), calendar)) is not None
    }
    settled = {team.sofasport_id: team for team in teams}
    for (team_id, code), share in shares.items():
        rivals = [other for pair, other in shares.items() if (pair[0] == team_id) != (pair[1] == code)]
        if share >= MIN_AGREEMENT and max(rivals, default=0.0) <= MAX_RIVAL_AGREEMENT:
            settled[team_id] = Candidate(
                sofasport_id=team_id, fpl_id=code, status="linked", method="calendar", confidence=round(share, 3),
                evidence=f"{share:.0%} of the kick-offs agree",
            )  # fmt: skip
    return list(settled.values())


def _calendars(matches: Iterable[tuple[int, int, dt.datetime | None]], codes: Mapping[int, int]) -> dict[int, Calendar]:
    """Return each team's calendar against linked opponents, from home team, away team and kick-off of each match."""
    calendars: dict[int, defaultdict[tuple[int, bool], set[dt.datetime | None]]] = {}
    for home, away, kickoff in matches:
        for team, opponent, at_home in ((home, away, True), (away, home, False)):
            if opponent in codes and kickoff is not None:
                calendar = calendars.setdefault(team, defaultdict(set))
                calendar[codes[opponent], at_home].add(utc(kickoff))
    return dict(calendars)


def _agreement(one: Calendar, other: Calendar) -> float | None:
    """Return the share of common matches whose kick-offs agree; None when there are too few to tell."""
    common = one.keys() & other.keys()
    if len(common) < MIN_MATCHES:
        return None
    return sum(bool(one[match] & other[match]) for match in common) / len(common)
