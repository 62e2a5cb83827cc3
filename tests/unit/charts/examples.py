"""Made-up data for charts that looks like a real match, the same in every run."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from fpl_pulse.charts.catalogue import Chart
from fpl_pulse.charts.elevens import Eleven, MatchLineups, TeamOfTheWeek, WeekPlayer
from fpl_pulse.charts.formation import LineupPlayer
from fpl_pulse.charts.heatmap import BothTeamsHeatmap, PlayerMatchHeatmap, PlayerSeasonHeatmap
from fpl_pulse.charts.lettering import Venue
from fpl_pulse.charts.pitch import Point
from fpl_pulse.charts.points import PointsAndExpected, PointsMatch
from fpl_pulse.charts.prices import PriceAndOwnership, PriceState
from fpl_pulse.charts.radar import OUTFIELD_AXES, ComparedPlayer, ComparisonRadar, PlayerRadar
from fpl_pulse.charts.ratings import RatedMatch, Ratings

AS_OF = datetime(2025, 10, 14, 4, 0, tzinfo=UTC)
SEASON = "2025-26"
EVENT = 14025211


@dataclass(frozen=True)
class Zone:
    """Where a part of a player's actions is: middle and spread, 0-100 from the player's own view."""

    x: float
    y: float
    spread_x: float
    spread_y: float
    weight: float


KEEPER = (Zone(7, 50, 4, 9, 8), Zone(16, 50, 5, 14, 2))
RIGHT_BACK = (Zone(30, 12, 11, 8, 4), Zone(55, 10, 12, 6, 4), Zone(78, 13, 9, 7, 2))
LEFT_BACK = (Zone(30, 88, 11, 8, 4), Zone(55, 90, 12, 6, 4), Zone(78, 87, 9, 7, 2))
RIGHT_CENTRE_BACK = (Zone(22, 38, 10, 12, 6), Zone(45, 35, 10, 12, 3))
LEFT_CENTRE_BACK = (Zone(22, 62, 10, 12, 6), Zone(45, 65, 10, 12, 3))
HOLDING = (Zone(42, 50, 13, 17, 7), Zone(62, 50, 10, 18, 3))
RIGHT_MIDFIELD = (Zone(55, 34, 14, 13, 6), Zone(75, 36, 9, 14, 3))
LEFT_MIDFIELD = (Zone(55, 66, 14, 13, 6), Zone(75, 64, 9, 14, 3))
RIGHT_WINGER = (Zone(77, 13, 10, 7, 6), Zone(85, 34, 6, 9, 3), Zone(52, 12, 11, 7, 2))
LEFT_WINGER = (Zone(77, 87, 10, 7, 6), Zone(85, 66, 6, 9, 3), Zone(52, 88, 11, 7, 2))
STRIKER = (Zone(84, 50, 8, 12, 5), Zone(65, 52, 11, 16, 4), Zone(93, 48, 3, 7, 1))
ELEVEN = (
    (KEEPER, 38),
    (RIGHT_BACK, 74),
    (RIGHT_CENTRE_BACK, 81),
    (LEFT_CENTRE_BACK, 77),
    (LEFT_BACK, 69),
    (HOLDING, 83),
    (RIGHT_MIDFIELD, 66),
    (LEFT_MIDFIELD, 61),
    (RIGHT_WINGER, 58),
    (STRIKER, 31),
    (LEFT_WINGER, 52),
)


def points(zones: tuple[Zone, ...], number: int, seed: int) -> tuple[Point, ...]:
    """Points in whole percent around zones, as SofaSport states them."""
    random = Random(seed)
    chosen = random.choices(zones, weights=[zone.weight for zone in zones], k=number)
    return tuple(
        Point(_percent(random.gauss(zone.x, zone.spread_x)), _percent(random.gauss(zone.y, zone.spread_y)))
        for zone in chosen
    )


def team(seed: int) -> tuple[Point, ...]:
    """The points of an eleven."""
    return tuple(
        point for number, (zones, size) in enumerate(ELEVEN) for point in points(zones, size, 100 * seed + number)
    )


def winger_in_a_match() -> PlayerMatchHeatmap:
    """A right winger with 62 actions."""
    return PlayerMatchHeatmap(
        player="B.Saka",
        club="Arsenal",
        opponent="Nott'm Forest",
        venue="home",
        gameweek=7,
        event_id=EVENT,
        points=points(RIGHT_WINGER, 62, 1),
        minutes=90,
        season=SEASON,
        as_of=AS_OF,
    )


def keeper_in_a_match() -> PlayerMatchHeatmap:
    """A goalkeeper away from home."""
    return PlayerMatchHeatmap(
        "Raya", "Arsenal", "Newcastle", "away", 6, EVENT + 1, points(KEEPER, 41, 2), 90, SEASON, AS_OF
    )


def substitute_in_a_match() -> PlayerMatchHeatmap:
    """Fewer points than a surface needs, one of them recorded three times."""
    few = (*points(STRIKER, 16, 3), Point(81, 55, 3))
    return PlayerMatchHeatmap("Gyökeres", "Arsenal", "Man City", "home", 5, EVENT + 2, few, 17, SEASON, AS_OF)


def winger_in_a_season() -> PlayerSeasonHeatmap:
    """All matches of a season."""
    return PlayerSeasonHeatmap("B.Saka", "Arsenal", SEASON, 29, points(RIGHT_WINGER, 1803, 4), 2417, AS_OF)


def both_teams() -> BothTeamsHeatmap:
    """Both teams of a match."""
    return BothTeamsHeatmap(
        home="Arsenal",
        away="Nott'm Forest",
        gameweek=7,
        event_id=EVENT,
        home_points=team(5),
        away_points=tuple(point for number, point in enumerate(team(6)) if number % 5),
        home_players=15,
        away_players=16,
        home_score=3,
        away_score=0,
        season=SEASON,
        as_of=AS_OF,
    )


def _percent(value: float) -> int:
    return max(0, min(100, round(value)))


def midfielder_radar() -> PlayerRadar:
    """A midfielder with two earlier seasons."""
    return PlayerRadar(
        player="B.Saka",
        club="Arsenal",
        position="Midfielder",
        season=SEASON,
        values=_outfield(81, 74, 63, 42, 79),
        earlier=(("2024-25", _outfield(76, 70, 58, 47, 83)), ("2023-24", _outfield(84, 66, 55, None, 71))),
        average=_outfield(56, 58, 55, 49, 57),
        as_of=AS_OF,
    )


def radar_with_gaps() -> PlayerRadar:
    """A goalkeeper whose payload lacks a value, without an average."""
    values = {"saves": 71, "anticipation": 64, "tactical": 48, "ball_distribution": None, "aerial": 57}
    return PlayerRadar("Raya", "Arsenal", "Goalkeeper", SEASON, values, is_goalkeeper=True, as_of=AS_OF)


def four_players() -> ComparisonRadar:
    """Four attackers."""
    return ComparisonRadar(
        (
            ComparedPlayer("M.Salah", "Liverpool", "Midfielder", SEASON, _outfield(88, 71, 58, 31, 84)),
            ComparedPlayer("Palmer", "Chelsea", "Midfielder", SEASON, _outfield(79, 82, 66, 38, 88)),
            ComparedPlayer("B.Fernandes", "Man Utd", "Midfielder", SEASON, _outfield(70, 76, 74, 55, 91)),
            ComparedPlayer("Gibbs-White", "Nott'm Forest", "Midfielder", SEASON, _outfield(66, 69, 61, None, 75)),
        ),
        AS_OF,
    )


def two_players() -> ComparisonRadar:
    """The first two of them."""
    return ComparisonRadar(four_players().players[:2], AS_OF)


def _outfield(*values: float | None) -> dict[str, float | None]:
    return dict(zip(OUTFIELD_AXES, values, strict=True))


def lineups() -> MatchLineups:
    """Two elevens in 4-3-3 and 4-2-3-1."""
    home = (
        ("Raya", "G", 1, 7.2),
        ("J.Timber", "D", 12, 7.8),
        ("Saliba", "D", 2, 7.4),
        ("Gabriel", "D", 6, 8.1),
        ("Calafiori", "D", 33, 7.0),
        ("Zubimendi", "M", 36, 9.2),
        ("Ødegaard", "M", 8, None),
        ("Eze", "M", 10, 7.6),
        ("B.Saka", "F", 7, 6.9),
        ("Gyökeres", "F", 14, 8.4),
        ("Martinelli", "F", 11, 6.4),
    )
    away = (
        ("Sels", "G", 26, 5.8),
        ("Ola Aina", "D", 34, 6.2),
        ("Milenković", "D", 31, 5.9),
        ("Murillo", "D", 5, 6.6),
        ("N.Williams", "D", 3, 6.1),
        ("Sangaré", "M", 6, 6.7),
        ("E.Anderson", "M", 8, 7.1),
        ("Hudson-Odoi", "M", 7, 6.0),
        ("Gibbs-White", "M", 10, 6.5),
        ("Ndoye", "M", 14, 5.6),
        ("Wood", "F", 11, 5.9),
    )
    return MatchLineups(
        home=Eleven("Arsenal", "4-3-3", _lineup(home, captain="Ødegaard"), 7.6),
        away=Eleven("Nott'm Forest", "4-2-3-1", _lineup(away, captain="Gibbs-White"), 6.22),
        gameweek=7,
        event_id=EVENT,
        home_score=3,
        away_score=0,
        season=SEASON,
        as_of=AS_OF,
    )


def team_of_the_week() -> TeamOfTheWeek:
    """The most points of a gameweek in 3-4-3."""
    chosen = (
        ("Dúbravka", "G", 8.6, "Burnley", 11),
        ("J.Timber", "D", 8.3, "Arsenal", 15),
        ("Virgil", "D", 8.1, "Liverpool", 9),
        ("Senesi", "D", 8.0, "Bournemouth", 11),
        ("Semenyo", "M", 9.1, "Bournemouth", 16),
        ("Zubimendi", "M", 9.2, "Arsenal", 17),
        ("B.Fernandes", "M", 8.5, "Man Utd", 12),
        ("Dewsbury-Hall", "M", 8.3, "Everton", 10),
        ("Haaland", "F", 9.4, "Man City", 16),
        ("Thiago", "F", 8.4, "Brentford", 13),
        ("Welbeck", "F", 8.2, "Brighton", 12),
    )
    players = tuple(WeekPlayer(*row) for row in chosen)
    return TeamOfTheWeek(SEASON, 7, "3-4-3", players, "most FPL points in a valid formation", AS_OF)


def _lineup(rows: tuple[tuple[str, str, int, float | None], ...], captain: str) -> tuple[LineupPlayer, ...]:
    return tuple(
        LineupPlayer(name, position, shirt, rating, is_captain=name == captain)
        for name, position, shirt, rating in rows
    )


OPPONENTS = (
    "Man Utd", "Leeds", "Liverpool", "Nott'm Forest", "Man City", "Newcastle", "West Ham", "Fulham", "Crystal Palace",
    "Burnley", "Sunderland", "Spurs", "Chelsea", "Brentford", "Aston Villa", "Wolves", "Everton", "Brighton",
)  # fmt: skip


def ratings() -> Ratings:
    """A season with an injury, two double gameweeks and three corrected ratings."""
    random = Random(11)
    matches: list[RatedMatch] = []
    for week in _weeks(last=33):
        rating = None if week in {6, 7, 8, 17, 25} else round(min(9.6, max(5.6, random.gauss(7.3, 0.75))), 1)
        earlier = (round(rating - 0.4, 1),) if rating and week in {4, 20, 31} else ()
        matches.append(RatedMatch(week, _opponent(len(matches)), _venue(len(matches)), rating, earlier))
    return Ratings("B.Saka", "Arsenal", SEASON, tuple(matches), AS_OF)


def prices() -> PriceAndOwnership:
    """A price that falls during an injury and rises afterwards; one week was not recorded."""
    random = Random(12)
    price, ownership = 10.0, 18.4
    states = []
    for week in range(1, 34):
        price += random.choice((0, 0, 0.1)) if week < 6 or week > 14 else random.choice((0, -0.1))
        drift = random.gauss(0.9, 0.7) if week < 6 or week > 15 else random.gauss(-1.1, 0.5)
        ownership = min(60.0, max(4.0, ownership + drift))
        if week != 22:
            states.append(PriceState(week, round(price, 1), round(ownership, 1)))
    return PriceAndOwnership("B.Saka", "Arsenal", SEASON, tuple(states), AS_OF)


def points_and_expected() -> PointsAndExpected:
    """The season of `ratings`, with points, goals and assists."""
    random = Random(13)
    matches = []
    for number, week in enumerate(_weeks(last=33)):
        if week in {6, 7, 8, 17, 25}:
            matches.append(PointsMatch(week, _opponent(number), _venue(number), None, None, None))
            continue
        goals = random.choices((0, 1, 2), weights=(68, 26, 6))[0]
        assists = random.choices((0, 1), weights=(72, 28))[0]
        expected_goals = round(abs(random.gauss(0.28, 0.25)), 2)
        expected_assists = round(abs(random.gauss(0.2, 0.16)), 2)
        scored = 2 + 5 * goals + 3 * assists + random.choice((0, 0, 1, 3)) - (week == 12) * 3
        matches.append(
            PointsMatch(
                week, _opponent(number), _venue(number), scored, expected_goals, expected_assists, goals, assists
            )
        )
    return PointsAndExpected("B.Saka", "Arsenal", SEASON, tuple(matches), AS_OF)


def _weeks(last: int) -> list[int]:
    return sorted([*range(1, last + 1), 24, 29])


def _opponent(number: int) -> str:
    return OPPONENTS[number % len(OPPONENTS)]


def _venue(number: int) -> Venue:
    return "home" if number % 2 else "away"


def all_charts() -> dict[str, Chart]:
    """Each kind of chart by the name of its picture."""
    return {
        "player-in-a-match": winger_in_a_match(),
        "goalkeeper-away": keeper_in_a_match(),
        "few-points": substitute_in_a_match(),
        "player-in-a-season": winger_in_a_season(),
        "both-teams": both_teams(),
        "radar": midfielder_radar(),
        "radar-with-gaps": radar_with_gaps(),
        "comparison": four_players(),
        "lineups": lineups(),
        "team-of-the-week": team_of_the_week(),
        "ratings": ratings(),
        "prices": prices(),
        "points": points_and_expected(),
    }


def without_data() -> dict[str, Chart]:
    """Each kind of chart with nothing to show."""
    week, radar = team_of_the_week(), midfielder_radar()
    match = lineups()
    return {
        "player-in-a-match": replace(winger_in_a_match(), points=()),
        "player-in-a-season": replace(winger_in_a_season(), points=(), matches=0, minutes=None),
        "both-teams": replace(both_teams(), home_points=(), away_points=(), home_players=0, away_players=0),
        "radar": replace(radar, values=dict.fromkeys(OUTFIELD_AXES), earlier=(), average=radar.average),
        "comparison": ComparisonRadar(()),
        "comparison-of-nothing": ComparisonRadar((ComparedPlayer("A", "B", "C", SEASON, {}),)),
        "lineups": replace(match, home=replace(match.home, players=()), away=replace(match.away, players=())),
        "team-of-the-week": replace(week, players=()),
        "ratings": replace(ratings(), matches=()),
        "ratings-of-nothing": replace(ratings(), matches=(RatedMatch(1, "Leeds", "home", None),)),
        "prices": replace(prices(), states=()),
        "prices-of-nothing": replace(prices(), states=(PriceState(1, None, None),)),
        "points": replace(points_and_expected(), matches=()),
        "points-of-nothing": replace(
            points_and_expected(), matches=(PointsMatch(1, "Leeds", "home", None, None, None),)
        ),
    }


def named(name: str) -> dict[str, Chart]:
    """Each kind of chart with a name in every place that has one."""
    match = lineups()
    sides = [
        replace(
            side, club=name, formation=name, players=[replace(one, name=name, position=name) for one in side.players]
        )
        for side in (match.home, match.away)
    ]
    week = team_of_the_week()
    return {
        "player-in-a-match": replace(winger_in_a_match(), player=name, club=name, opponent=name, season=name),
        "player-in-a-season": replace(winger_in_a_season(), player=name, club=name, season=name),
        "both-teams": replace(both_teams(), home=name, away=name, season=name),
        "radar": replace(
            midfielder_radar(),
            player=name,
            club=name,
            position=name,
            season=name,
            earlier=[(name, _outfield(1, 2, 3, 4, 5))],
        ),
        "comparison": ComparisonRadar(
            [replace(one, player=name, club=name, season=name, position=name) for one in four_players().players]
        ),
        "lineups": replace(match, home=sides[0], away=sides[1], season=name),
        "team-of-the-week": replace(
            week,
            season=name,
            formation=name,
            chosen_by=name,
            players=[replace(one, name=name, club=name, position=name) for one in week.players],
        ),
        "ratings": replace(
            ratings(),
            player=name,
            club=name,
            season=name,
            matches=[replace(one, opponent=name) for one in ratings().matches],
        ),
        "prices": replace(prices(), player=name, club=name, season=name),
        "points": replace(
            points_and_expected(),
            player=name,
            club=name,
            season=name,
            matches=[replace(one, opponent=name) for one in points_and_expected().matches],
        ),
    }
