"""Kind 10: a field that nothing depends on must not reject its record."""

from dataclasses import replace
from datetime import datetime, timedelta

from dev.hostile.changes import every, first, only, plus
from dev.hostile.payloads import Record, modify, put
from dev.hostile.scenario import FIRST_RUN, SQUADS_DUE, Fault, Scenario

BOOTSTRAP, FIXTURES = "fpl/bootstrap-static", "fpl/fixtures"
EVENTS, SQUAD, LINEUPS = "seasons/events", "teams/players", "events/lineups"
HEATMAP, TOTALS = "events/player-heatmap", "players/statistics/result"


def with_more_gameweeks(rows: list[Record]) -> list[Record]:
    """Add the gameweeks 39 to 47, as in 2019-20."""
    last = datetime.fromisoformat(rows[-1]["deadline_time"])
    deadlines = {number: (last + timedelta(weeks=number - 38)).isoformat() for number in range(39, 48)}
    return [
        *rows,
        *(
            {**rows[-1], "id": number, "name": f"Gameweek {number}", "deadline_time": deadline}
            for number, deadline in deadlines.items()
        ),
    ]


_SCENARIOS = (
    Scenario("a shirt number has a letter", [Fault(LINEUPS, every("*.players", put("shirtNumber", "10A")))]),
    Scenario("a position is unknown", [Fault(LINEUPS, every("*.players", put("position", "ST")))]),
    Scenario(
        "a jersey number has a letter",
        [Fault(SQUAD, every("players", put("player.jerseyNumber", "10A")))],
        week=FIRST_RUN,
    ),
    Scenario(
        "a height is fractional",
        [Fault(SQUAD, every("players", modify("player.height", plus(0.4))))],
        week=SQUADS_DUE,
        may_be_true=True,
    ),
    Scenario("a height is in feet", [Fault(SQUAD, every("players", put("player.height", "6ft 1in")))], week=FIRST_RUN),
    Scenario("a country is a text", [Fault(SQUAD, every("players", put("player.country", "England")))], week=FIRST_RUN),
    Scenario(
        "the preferred foot is an object",
        [Fault(SQUAD, every("players", put("player.preferredFoot", {"id": 1})))],
        week=FIRST_RUN,
    ),
    Scenario(
        "a birth date is in 1890",
        [Fault(SQUAD, every("players", put("player.dateOfBirthTimestamp", -2_500_000_000)))],
        week=SQUADS_DUE,
    ),
    Scenario("the heatmaps have decimals", [Fault(HEATMAP, every("", modify("x", float), modify("y", float)))]),
    Scenario("the heatmaps have fractions", [Fault(HEATMAP, every("", modify("x", plus(0.4))))], may_be_true=True),
    # The point is left out: the mean is that of the others.
    Scenario("the heatmaps reach beyond the pitch", [Fault(HEATMAP, first("", put("x", 101)))], may_be_true=True),
    Scenario("a season has 47 gameweeks", [Fault(BOOTSTRAP, only("events", with_more_gameweeks))], may_be_true=True),
    Scenario("a formation is a number", [Fault(LINEUPS, every("*", put("formation", 442)))]),
    Scenario("the captain is a text", [Fault(LINEUPS, every("*.players", put("captain", "yes")))]),
    Scenario("a round is a text", [Fault(EVENTS, every("events", put("roundInfo", {"round": "Final"})))]),
    Scenario("the slug of an event is a number", [Fault(EVENTS, every("events", put("slug", 7)))]),
    Scenario("a player's status is an object", [Fault(BOOTSTRAP, first("elements", put("status", {"id": "a"})))]),
    Scenario("a price is a text", [Fault(BOOTSTRAP, first("elements", put("now_cost", "5.5m")))]),
    Scenario("a birth date is no date", [Fault(BOOTSTRAP, first("elements", put("birth_date", "unknown")))]),
    Scenario("the average score is a text", [Fault(BOOTSTRAP, first("events", put("average_entry_score", "n/a")))]),
    Scenario("the club in season statistics is a text", [Fault(TOTALS, lambda body, _: {**body, "team": "Aldermoor"})]),
)

SCENARIOS = tuple(replace(scenario, stays_green=True) for scenario in _SCENARIOS)
