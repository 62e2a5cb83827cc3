"""The club that a request names."""

from fpl_pulse.web.database import Reader
from fpl_pulse.web.problems import NotFoundError


def find_team(reader: Reader, season: str, team: str) -> str:
    """The name of a club of a season, from its name or short name in any case.

    Raises:
        NotFoundError: the season has no such club.
    """
    clubs = reader.records("teams", {"season": season})
    for club in clubs:
        if team.casefold() in {club["team"].casefold(), club["short_name"].casefold()}:
            return str(club["team"])
    names = ", ".join(f"{club['team']} ({club['short_name']})" for club in clubs)
    raise NotFoundError(f"Season {season} has no club {team!r}. Its clubs: {names}.")
