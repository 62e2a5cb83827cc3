"""SofaSport's lineups: predicted, confirmed, with live, provisional or final statistics."""

from typing import Any

from dev.sandbox.calendar import Fixture
from dev.sandbox.lineups import Appearance, Side, pick_eleven, pick_formation
from dev.sandbox.match_clock import ENDED_AFTER, minute_of
from dev.sandbox.match_statistics import Statistics, statistics_at
from dev.sandbox.season import Season
from dev.sandbox.seeded_random import SeededRandom
from dev.sandbox.sofasport_people import player_object
from dev.sandbox.timestamps import DAY, HOUR

CONFIRMED_BEFORE = HOUR
PREDICTED_BEFORE = 3 * DAY
LISTED_BEFORE = 7 * DAY
NO_PREDICTION = 0.12  # share of matches without a predicted lineup
NO_STATISTICS, NO_STATISTICS_FOR = 0.05, 20 * HOUR
NO_MISSING_KEY = 0.08


def statistics_missing(fixture: Fixture, as_of: int, seeded: SeededRandom) -> bool:
    """Whether this match has no statistics in its first 20 hours, and these are not over."""
    return (
        0 <= as_of - fixture.kickoff_at < NO_STATISTICS_FOR
        and seeded.fraction("no statistics", fixture.fixture_id) < NO_STATISTICS
    )


def known_statistics(fixture: Fixture, entry: Appearance, as_of: int, seeded: SeededRandom) -> Statistics:
    """A player's statistics in one match at `as_of`; {} if the player has not played (yet)."""
    age = as_of - fixture.kickoff_at
    if age < 0 or not entry.minutes:
        return {}
    if age < ENDED_AFTER:
        return statistics_during_match(entry, minute_of(age))
    return statistics_at(entry.statistics, age, seeded, fixture.fixture_id, entry.person.number)


def statistics_during_match(entry: Appearance, minute: int) -> Statistics:
    """The statistics during the match: minutes and goals so far, some counts in proportion, no rating."""
    so_far = max(0, min(entry.left, minute) - entry.entered)
    if not so_far:
        return {}
    result: Statistics = {"minutesPlayed": so_far}
    for name in ("touches", "totalPass", "accuratePass"):
        value = entry.statistics.get(name, 0)
        if isinstance(value, int) and value * so_far // entry.minutes:
            result[name] = value * so_far // entry.minutes
    for name, minutes in (("goals", entry.goals), ("goalAssist", entry.assists), ("ownGoals", entry.own_goals)):
        happened = sum(when <= minute for when in minutes)
        if happened:
            result[name] = happened
    return result


def lineups_object(season: Season, fixture: Fixture, start: int, as_of: int) -> dict[str, Any] | None:
    """The payload of events/lineups; None if the listed `start` is more than a week away."""
    if fixture.kickoff_at - as_of > CONFIRMED_BEFORE:
        if start - as_of > LISTED_BEFORE:
            return None
        home, away = (predicted_side(season, fixture, club, start, as_of) for club in (fixture.home, fixture.away))
        return {"confirmed": False, "home": home, "away": away}
    home, away = (side_object(season, fixture, side, as_of) for side in season.match(fixture).sides)
    return {"confirmed": True, "home": home, "away": away}


def predicted_side(season: Season, fixture: Fixture, club: int, start: int, as_of: int) -> dict[str, Any]:
    """A predicted eleven, or no players."""
    result: dict[str, Any] = {"players": [], "supportStaff": [], **colours(season, club), "missingPlayers": []}
    unknown = season.seeded.fraction("no prediction", fixture.fixture_id) < NO_PREDICTION
    if start - as_of > PREDICTED_BEFORE or unknown:
        return result
    formation = pick_formation(season.seeded, club)
    result["formation"] = formation
    for person, position in pick_eleven(season.squad(club, as_of), formation):
        entry = Appearance(person, position, starter=True)
        result["players"].append(entry_object(season, fixture, club, entry, as_of))
    return result


def side_object(season: Season, fixture: Fixture, side: Side, as_of: int) -> dict[str, Any]:
    """A confirmed side with the statistics known at `as_of`."""
    result: dict[str, Any] = {
        "players": [],
        "supportStaff": [],
        "formation": side.formation,
        **colours(season, side.club),
    }
    without_statistics = statistics_missing(fixture, as_of, season.seeded)
    for entry in side.appearances:
        row = entry_object(season, fixture, side.club, entry, fixture.kickoff_at)
        if not without_statistics:
            row["statistics"] = known_statistics(fixture, entry, as_of, season.seeded)
        result["players"].append(row)
    if season.seeded.fraction("no missing key", fixture.fixture_id, side.club) >= NO_MISSING_KEY:
        result["missingPlayers"] = [
            {
                "player": player_object(person, person.profile(fixture.kickoff_at), None, season.seeded),
                "type": "missing" if person.number % 4 else "doubtful",
                "reason": 1 + person.number % 3,
            }
            for person in side.missing
        ]
    return result


def entry_object(season: Season, fixture: Fixture, club: int, entry: Appearance, when: int) -> dict[str, Any]:
    """One player of a lineup. Some academy players have the id of their youth team."""
    person = entry.person
    spell = person.spell(when)
    shirt = spell.shirt if spell else person.squad_index + 1
    youth = person.academy and club % 3 != 2
    row: dict[str, Any] = {
        "player": player_object(person, person.profile(when), shirt, season.seeded),
        "teamId": season.clubs[club].youth_id if youth else season.clubs[club].sofasport_id,
        "shirtNumber": shirt,
        "jerseyNumber": str(shirt),
        "position": entry.position,
        "substitute": not entry.starter,
    }
    if entry.captain:
        row["captain"] = True
    return row


def colours(season: Season, club: int) -> dict[str, Any]:
    """Shirt colours of outfield players and goalkeepers."""

    def kit(primary: str) -> dict[str, str]:
        return {"primary": primary, "number": "ffffff", "outline": primary, "fancyNumber": "ffffff"}

    return {"playerColor": kit(season.clubs[club].colour), "goalkeeperColor": kit("4caf50")}
