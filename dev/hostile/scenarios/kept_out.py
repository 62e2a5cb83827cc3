"""Kind 3: a wrong response must not keep the right one out."""

from dev.hostile.changes import coming, ended, every, first, plus
from dev.hostile.corruption import Intercepted, Payload
from dev.hostile.others import played_events
from dev.hostile.payloads import Record, get, modify, put, records
from dev.hostile.scenario import FIRST_RUN, Fault, Scenario

EVENTS, LINEUPS, HEATMAP, TOTALS = (
    "seasons/events",
    "events/lineups",
    "events/player-heatmap",
    "players/statistics/result",
)
LIVE = "fpl/event/live"


def with_the_bench_playing(entry: Record) -> None:
    """Give an unused substitute minutes."""
    if not get(entry, "statistics.minutesPlayed"):
        put("statistics", {"minutesPlayed": 10, "rating": 6.5, "touches": 4})(entry)


def with_another_match(payload: Payload, request: Intercepted) -> Payload:
    """Add the players of another match to both sides."""
    others = [event["id"] for event in played_events(request) if str(event["id"]) != request.params["event_id"]]
    other = request.fetch(f"/v1/events/lineups?event_id={others[0]}")
    for side in ("home", "away"):
        payload[side]["players"] += other[side]["players"]
    return payload


def doubled(record: Record) -> None:
    """Double every whole number."""
    for name, value in record.items():
        if isinstance(value, int) and not isinstance(value, bool):
            record[name] = 2 * value


def with_all_points(payload: Payload, request: Intercepted) -> Payload:
    """Add the heatmap points of the team mates."""
    for entry in records(request.fetch(f"/v1/events/lineups?event_id={request.params['event_id']}"), "home.players")[
        :5
    ]:
        path = f"/v1/events/player-heatmap?event_id={request.params['event_id']}&player_id={entry['player']['id']}"
        try:
            payload = [*payload, *request.fetch(path)]
        except OSError:
            continue
    return payload


def as_ended(event: Record) -> None:
    """Show an event as ended with three goals to nil."""
    event["status"] = {"code": 100, "description": "Ended", "type": "finished"}
    event["homeScore"], event["awayScore"] = {"current": 3, "period1": 1}, {"current": 0, "period1": 0}


SCENARIOS = (
    Scenario(
        "the bench has minutes in all lineups",
        [Fault(LINEUPS, every("*.players", with_the_bench_playing))],
        on_replay=True,
    ),
    Scenario(
        "the bench has minutes in one match's lineups",
        [Fault(LINEUPS, every("*.players", with_the_bench_playing), times=1)],
    ),
    Scenario("the lineups list another match's players as well", [Fault(LINEUPS, with_another_match)]),
    Scenario(
        "everybody has ninety minutes",
        [Fault(LINEUPS, every("*.players", modify("statistics.minutesPlayed", lambda _: 90)))],
    ),
    Scenario(
        "everybody has a goal more in the lineups",
        [Fault(LINEUPS, every("*.players", put("statistics.goals", 1)))],
        week=FIRST_RUN,
    ),
    Scenario("the season statistics are doubled", [Fault(TOTALS, every("statistics", doubled))]),
    Scenario("the live figures are doubled", [Fault(LIVE, every("elements.*.stats", doubled))]),
    Scenario("the heatmaps have the points of team mates as well", [Fault(HEATMAP, with_all_points)]),
    Scenario(
        "an ended match has another score",
        [
            Fault(
                EVENTS,
                every(
                    "events", modify("homeScore.current", plus(2)), modify("homeScore.period1", plus(2)), where=ended
                ),
            )
        ],
    ),
    Scenario(
        "a coming match is shown as ended", [Fault(EVENTS, first("events", as_ended, where=coming))], week=FIRST_RUN
    ),
)
