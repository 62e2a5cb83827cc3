"""Kind 15: what a red run says must name the fault."""

from dev.hostile.changes import every, instead, no_data, plus
from dev.hostile.payloads import modify, put
from dev.hostile.scenario import FIRST_RUN, Fault, Scenario

TOTALS, HEATMAP, EVENTS, LIVE = "players/statistics/result", "events/player-heatmap", "seasons/events", "fpl/event/live"

SCENARIOS = (
    Scenario(
        "season totals differ in goals",
        [Fault(TOTALS, every("statistics", modify("goals", plus(3))))],
        says="goals",
        on_replay=True,
    ),
    Scenario(
        "season totals differ in minutes",
        [Fault(TOTALS, every("statistics", modify("minutesPlayed", plus(45))))],
        says="minutes",
    ),
    Scenario(
        "a heatmap has a hundred thousand points",
        [Fault(HEATMAP, lambda _, __: [{"x": 50, "y": 50}] * 100_000, times=12)],
        says="heatmap",
    ),
    Scenario("a heatmap is an object", [Fault(HEATMAP, lambda points, _: {"points": points})], says="heatmap"),
    Scenario("the event list does not exist", [Fault(EVENTS, no_data)], week=FIRST_RUN, says="events"),
    Scenario(
        "FPL's live figures are missing",
        [Fault(LIVE, instead(404, {"detail": "Not found."}))],
        says="FPL has official figures of fewer than 22 players",
    ),
    Scenario(
        "the minutes differ between the sources",
        [Fault("events/lineups", every("*.players", put("statistics.minutesPlayed", 45)))],
        says="minutes",
    ),
)
