"""Kind 12: outages, as far as they need no scheduler."""

from dev.hostile.changes import as_html, cut, instead, no_data, only
from dev.hostile.scenario import ALL_OF_FPL, ALL_OF_SOFASPORT, FIRST_RUN, SQUADS_DUE, Fault, Scenario

BOOTSTRAP, LIVE = "fpl/bootstrap-static", "fpl/event/live"
EVENTS, SQUAD, LINEUPS = "seasons/events", "teams/players", "events/lineups"
HEATMAP, TOTALS, ATTRIBUTES = "events/player-heatmap", "players/statistics/result", "players/attribute-overviews"
DOWN = instead(503, {"message": "Service unavailable"})
PAGE = as_html(200, "<!doctype html><title>Maintenance</title>")

SCENARIOS = (
    Scenario("FPL is down all week", [Fault(ALL_OF_FPL, DOWN)], on_replay=True),
    Scenario("FPL fails a few times", [Fault(ALL_OF_FPL, DOWN, times=12)], stays_green=True),
    Scenario("SofaSport is down all week", [Fault(ALL_OF_SOFASPORT, DOWN)]),
    Scenario("the events are down all week", [Fault(EVENTS, DOWN)]),
    Scenario("the squads are down", [Fault(SQUAD, DOWN)], week=SQUADS_DUE),
    Scenario("all of a first run's squads are down", [Fault(SQUAD, DOWN)], week=FIRST_RUN),
    Scenario("the lineups are down all week", [Fault(LINEUPS, DOWN)]),
    Scenario("the season statistics are down all week", [Fault(TOTALS, DOWN)]),
    Scenario("the attributes are down all week", [Fault(ATTRIBUTES, DOWN)]),
    Scenario("the live figures are down all week", [Fault(LIVE, DOWN)]),
    Scenario("FPL sends a web page", [Fault(BOOTSTRAP, PAGE)]),
    Scenario("the lineups break off", [Fault(LINEUPS, cut)]),
    Scenario("SofaSport has no lineups all week", [Fault(LINEUPS, no_data)]),
    Scenario("SofaSport has no heatmaps all week", [Fault(HEATMAP, no_data)]),
    Scenario("SofaSport has no season statistics all week", [Fault(TOTALS, no_data)]),
    Scenario("SofaSport has no events all week", [Fault(EVENTS, no_data)]),
    Scenario("the heatmaps are empty all week", [Fault(HEATMAP, only("", lambda _: []))]),
)
