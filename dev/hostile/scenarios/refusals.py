"""Kind 11: refusals are told apart by what they say."""

from dev.hostile.changes import as_html, instead
from dev.hostile.scenario import ALL_OF_FPL, ALL_OF_SOFASPORT, Fault, Scenario

SOFASPORT_EVENTS, LINEUPS, HEATMAP = "seasons/events", "events/lineups", "events/player-heatmap"
CHALLENGE = "<!doctype html><title>Just a moment...</title><p>Checking your browser before you proceed.</p>"

SCENARIOS = (
    Scenario(
        "one heatmap is refused by a challenge", [Fault(HEATMAP, as_html(403, CHALLENGE), times=1)], stays_green=True
    ),
    Scenario("all heatmaps are refused by a challenge", [Fault(HEATMAP, as_html(403, CHALLENGE))]),
    Scenario("FPL refuses with 403", [Fault(ALL_OF_FPL, as_html(403, "<h1>Access denied</h1>"))]),
    Scenario(
        "the quota of an hour is used up",
        [Fault(LINEUPS, instead(429, {"message": "You have exceeded the HOURLY quota for Requests on your plan"}))],
    ),
    Scenario(
        "the quota of a day is used up",
        [Fault(HEATMAP, instead(429, {"message": "You have exceeded the DAILY quota for Requests on your plan"}))],
    ),
    Scenario(
        "the quota of the month is used up on Monday",
        [
            Fault(
                ALL_OF_SOFASPORT,
                instead(429, {"message": "You have exceeded the MONTHLY quota for Requests on your plan"}),
            )
        ],
    ),
    Scenario("the key is wrong for a week", [Fault(ALL_OF_SOFASPORT, instead(401, {"message": "Invalid API key."}))]),
    Scenario(
        "the plan lacks the heatmaps",
        [Fault(HEATMAP, instead(403, {"message": "You are not subscribed to this API."}))],
    ),
    Scenario(
        "FPL sends a text while it updates the game", [Fault(ALL_OF_FPL, instead(200, "The game is being updated."))]
    ),
    Scenario(
        "FPL sends a redirect",
        [Fault(ALL_OF_FPL, instead(302, b"", Location="https://fantasy.premierleague.com/updating"))],
    ),
    Scenario(
        "SofaSport sends a redirect once",
        [Fault(SOFASPORT_EVENTS, instead(302, b"", Location="https://example.com/"), times=1)],
        stays_green=True,
    ),
    Scenario(
        "the endpoint of lineups does not exist",
        [Fault(LINEUPS, instead(404, {"message": "Endpoint '/v1/events/lineups' does not exist"}))],
    ),
    Scenario("the lineups are refused for legal reasons", [Fault(LINEUPS, instead(451, {"message": "Unavailable"}))]),
    Scenario("the calls are too fast all week", [Fault(LINEUPS, instead(429, {"message": "Too many requests"}))]),
)
