"""Kind 2: a response is not that of the request."""

from datetime import timedelta

from dev.hostile.changes import coming, ended, every, exchanged, first, of_path, plus, rotated, with_copy
from dev.hostile.others import at_another_time, of_another_resource
from dev.hostile.payloads import Record, modify, put
from dev.hostile.scenario import ALL_OF_FPL, ALL_OF_SOFASPORT, FIRST_RUN, SQUADS_DUE, Fault, Scenario

BOOTSTRAP, FIXTURES, LIVE = "fpl/bootstrap-static", "fpl/fixtures", "fpl/event/live"
EVENTS, SQUAD, LINEUPS = "seasons/events", "teams/players", "events/lineups"
HEATMAP, TOTALS, ATTRIBUTES = "events/player-heatmap", "players/statistics/result", "players/attribute-overviews"

HOME_AND_AWAY = exchanged("home", "away")
CLUBS_OF_EVENT = exchanged("homeTeam", "awayTeam")
CLUBS_OF_FIXTURE = exchanged("team_h", "team_a")


def into_a_cup(event: Record) -> None:
    """Make an event a cup tie of the same clubs, two days later."""
    put("id", event["id"] + 5)(event)
    put("tournament.uniqueTournament.id", 19)(event)
    put("tournament.uniqueTournament.name", "League Cup")(event)
    put("startTimestamp", event["startTimestamp"] + 2 * 86_400)(event)


def in_another_competition(event: Record) -> None:
    """Make an event one of another competition."""
    put("id", event["id"] + 5)(event)
    put("tournament.uniqueTournament.id", 8)(event)
    put("season.id", 77_559)(event)


SCENARIOS = (
    Scenario("every match has another match's lineups", [Fault(LINEUPS, of_another_resource())], on_replay=True),
    Scenario("one match has another match's lineups", [Fault(LINEUPS, of_another_resource(), times=1)]),
    Scenario(
        "on a first run every match has another match's lineups",
        [Fault(LINEUPS, of_another_resource())],
        week=FIRST_RUN,
    ),
    Scenario("home and away are exchanged in one match's lineups", [Fault(LINEUPS, every("", HOME_AND_AWAY), times=1)]),
    Scenario("home and away are exchanged in all lineups", [Fault(LINEUPS, every("", HOME_AND_AWAY))], on_replay=True),
    Scenario("two players' ids are exchanged in lineups", [Fault(LINEUPS, rotated("home.players", "player.id"))]),
    Scenario(
        "all players of a lineup carry another club's id", [Fault(LINEUPS, every("home.players", put("teamId", 1)))]
    ),
    Scenario(
        "the live figures are those of the gameweek before", [Fault(LIVE, of_path("/api/event/2/live/"), {"gw": "3"})]
    ),
    Scenario(
        "the live figures are those of the next gameweek", [Fault(LIVE, of_path("/api/event/4/live/"), {"gw": "3"})]
    ),
    Scenario("every player has the next one's live figures", [Fault(LIVE, rotated("elements", "id"))], on_replay=True),
    Scenario(
        "the explained fixtures have the ids of the next ones",
        [Fault(LIVE, every("elements.*.explain", modify("fixture", plus(1))))],
    ),
    Scenario(
        "a cup tie of two clubs is among the events", [Fault(EVENTS, with_copy("events", into_a_cup, where=ended))]
    ),
    Scenario(
        "a coming cup tie is among the events on a first run",
        [Fault(EVENTS, with_copy("events", into_a_cup, where=coming))],
        week=FIRST_RUN,
    ),
    Scenario("the events are those of another competition", [Fault(EVENTS, every("events", in_another_competition))]),
    Scenario("home and away are exchanged in the events", [Fault(EVENTS, every("events", CLUBS_OF_EVENT))]),
    Scenario(
        "home and away are exchanged in one ended event", [Fault(EVENTS, first("events", CLUBS_OF_EVENT, where=ended))]
    ),
    Scenario("home and away are exchanged in the fixtures", [Fault(FIXTURES, every("", CLUBS_OF_FIXTURE))]),
    Scenario(
        "home and away are exchanged in one fixture",
        [Fault(FIXTURES, every("", CLUBS_OF_FIXTURE, where=lambda one: one["id"] == 8))],
    ),
    Scenario("the fixtures are those of one gameweek", [Fault(FIXTURES, of_path("/api/fixtures/?event=3"))]),
    Scenario("the fixtures are the bootstrap", [Fault(FIXTURES, of_path("/api/bootstrap-static/"))]),
    Scenario(
        "the coming events come for the past ones",
        [Fault(EVENTS, of_another_resource(), {"course_events": "last", "page": "0"})],
    ),
    Scenario("every club has another club's squad", [Fault(SQUAD, of_another_resource())], week=SQUADS_DUE),
    Scenario("one club has another club's squad", [Fault(SQUAD, of_another_resource(), times=1)], week=SQUADS_DUE),
    Scenario(
        "on a first run every club has another club's squad", [Fault(SQUAD, of_another_resource())], week=FIRST_RUN
    ),
    Scenario("every player has a team mate's season statistics", [Fault(TOTALS, of_another_resource())]),
    Scenario("one player has a team mate's season statistics", [Fault(TOTALS, of_another_resource(), times=1)]),
    Scenario("every player has a team mate's heatmap", [Fault(HEATMAP, of_another_resource())]),
    Scenario("every player has a team mate's attributes", [Fault(ATTRIBUTES, of_another_resource())]),
    Scenario("all of FPL is a week old", [Fault(ALL_OF_FPL, at_another_time(timedelta(days=-7)))]),
    Scenario("all of SofaSport is a week old", [Fault(ALL_OF_SOFASPORT, at_another_time(timedelta(days=-7)))]),
)
