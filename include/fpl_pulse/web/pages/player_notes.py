"""What a reader must know about the data of a player, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fpl_pulse.charts.lettering import matches_in_words
from fpl_pulse.web.rows import PlayerMatchRow
from fpl_pulse.wording import one_line


@dataclass(frozen=True)
class Profile:
    """A profile of SofaSport that is linked to a player."""

    sofasport_player_id: int
    name: str
    matches: int
    """Matches of the page's season in which the profile's figures count."""


def notes_on_profiles(player: str, profiles: Sequence[Profile]) -> list[str]:
    """Whether a player is linked to one profile of SofaSport, several or none."""
    if not profiles:
        return [
            f"{player} is not linked to a profile of SofaSport, so this page has no ratings, heatmaps, attributes and"
            " other figures of SofaSport."
        ]
    if len(profiles) == 1:
        return []
    named = " and ".join(
        f"{one_line(one.name)} ({one.sofasport_player_id}, {matches_in_words(one.matches)} of this season)"
        for one in profiles
    )
    return [
        f"SofaSport has {len(profiles)} profiles of {player}: {named}. In each match the profile that played counts."
    ]


def notes_on_matches(player: str, club: str, matches: Sequence[PlayerMatchRow]) -> list[str]:
    """Whether a player has played, and for which clubs.

    Args:
        player: the player's name.
        club: the club for which FPL lists the player now.
        matches: the matches of the season by kick-off, those without minutes too.
    """
    played = [one for one in matches if one.minutes or one.sofasport_minutes]
    if not matches:
        return [f"{player} has no match in this season yet."]
    if not played:
        return [f"{player} has not played in this season. FPL has {matches_in_words(len(matches))} without minutes."]
    named = [one for one in played if one.team]
    if not named:
        return []
    moves = [(before, after) for before, after in pairwise(named) if before.team != after.team]
    notes = [
        f"{player} moved in mid-season: the last match for {_club(before)} was in {_gameweek(before)}, the first one"
        f" for {_club(after)} in {_gameweek(after)}. The totals include the matches for both clubs."
        for before, after in moves
    ]
    if named[-1].team != club:
        notes.append(f"FPL lists {player} at {one_line(club)} now. The last match was for {_club(named[-1])}.")
    return notes


def _club(match: PlayerMatchRow) -> str:
    return one_line(match.team or "")


def _gameweek(match: PlayerMatchRow) -> str:
    return "a match without a gameweek" if match.gameweek is None else f"gameweek {match.gameweek}"
