"""Kind 6: renamed keys must not become zeros."""

from dev.hostile.changes import both, every
from dev.hostile.corruption import Change, Intercepted, Payload
from dev.hostile.payloads import drop, rename
from dev.hostile.scenario import FIRST_RUN, SQUADS_DUE, Fault, Scenario

BOOTSTRAP, FIXTURES, LIVE = "fpl/bootstrap-static", "fpl/fixtures", "fpl/event/live"
EVENTS, SQUAD, LINEUPS = "seasons/events", "teams/players", "events/lineups"
HEATMAP, TOTALS, ATTRIBUTES = "events/player-heatmap", "players/statistics/result", "players/attribute-overviews"
PLAYERS = "*.players"


def renamed(path: str, **names: str) -> Change:
    """Rename keys: old=new."""
    return every(path, *(rename(old, new) for old, new in names.items()))


def in_lineups(old: str, new: str) -> Change:
    """Rename a statistic in lineups."""
    return every(PLAYERS, rename(f"statistics.{old}", new))


def in_camel_case(payload: Payload, _: Intercepted) -> Payload:
    """Write FPL's snake_case keys in camelCase."""
    for element in payload["elements"]:
        stats = element["stats"]
        for name in list(stats):
            head, *rest = name.split("_")
            stats[head + "".join(part.title() for part in rest)] = stats.pop(name)
    return payload


SCENARIOS = (
    Scenario(
        "totalPass is renamed in lineups",
        [Fault(LINEUPS, in_lineups("totalPass", "totalPasses"))],
        on_replay=True,
        says="totalPass",
    ),
    Scenario(
        "minutesPlayed is renamed in lineups",
        [Fault(LINEUPS, in_lineups("minutesPlayed", "minutes"))],
        says="minutesPlayed",
    ),
    Scenario("rating is renamed in lineups", [Fault(LINEUPS, in_lineups("rating", "sofascoreRating"))], says="rating"),
    Scenario(
        "expectedGoals is renamed in lineups", [Fault(LINEUPS, in_lineups("expectedGoals", "xg"))], says="expectedGoals"
    ),
    Scenario(
        "touches and duelWon are renamed in lineups",
        [Fault(LINEUPS, both(in_lineups("touches", "totalTouches"), in_lineups("duelWon", "duelsWon")))],
        says="touches",
    ),
    Scenario(
        "totalPass is renamed in lineups of a first run",
        [Fault(LINEUPS, in_lineups("totalPass", "totalPasses"))],
        week=FIRST_RUN,
    ),
    Scenario("goals is renamed in lineups", [Fault(LINEUPS, in_lineups("goals", "goalsScored"))], says="goals"),
    Scenario("saves is renamed in lineups", [Fault(LINEUPS, in_lineups("saves", "totalSaves"))], says="saves"),
    Scenario("statistics is renamed in lineups", [Fault(LINEUPS, renamed(PLAYERS, statistics="stats"))]),
    Scenario("the list of players is renamed in lineups", [Fault(LINEUPS, renamed("*", players="squad"))]),
    Scenario(
        "totalPasses is renamed in season statistics",
        [Fault(TOTALS, renamed("statistics", totalPasses="passes"))],
        says="totalPasses",
    ),
    Scenario(
        "goals is renamed in season statistics",
        [Fault(TOTALS, renamed("statistics", goals="goalsScored"))],
        says="goals",
    ),
    Scenario(
        "touches is missing in season statistics", [Fault(TOTALS, every("statistics", drop("touches")))], says="touches"
    ),
    Scenario(
        "FPL's live figures lack expected goals, bonus points and starts",
        [Fault(LIVE, every("elements.*.stats", drop("expected_goals"), drop("bps"), drop("starts")))],
        on_replay=True,
        says="expected_goals",
    ),
    Scenario(
        "goals_scored is renamed in live figures",
        [Fault(LIVE, renamed("elements.*.stats", goals_scored="goals"))],
        says="goals_scored",
    ),
    Scenario(
        "saves is renamed in live figures", [Fault(LIVE, renamed("elements.*.stats", saves="saves_made"))], says="saves"
    ),
    Scenario("explain is renamed in live figures", [Fault(LIVE, renamed("elements", explain="explained"))]),
    Scenario("the live figures are in camel case", [Fault(LIVE, in_camel_case)]),
    Scenario(
        "now_cost is renamed in bootstrap", [Fault(BOOTSTRAP, renamed("elements", now_cost="price"))], says="now_cost"
    ),
    Scenario(
        "birth_date is renamed in bootstrap",
        [Fault(BOOTSTRAP, renamed("elements", birth_date="born"))],
        says="birth_date",
    ),
    Scenario("web_name is renamed in bootstrap", [Fault(BOOTSTRAP, renamed("elements", web_name="display_name"))]),
    Scenario("team_h_score is renamed in fixtures", [Fault(FIXTURES, renamed("", team_h_score="home_score"))]),
    Scenario("kickoff_time is renamed in fixtures", [Fault(FIXTURES, renamed("", kickoff_time="kickoff"))]),
    Scenario(
        "startTimestamp is renamed in events",
        [Fault(EVENTS, renamed("events", startTimestamp="start"))],
        says="startTimestamp",
    ),
    Scenario(
        "the scores are renamed in events", [Fault(EVENTS, renamed("events", homeScore="home", awayScore="away"))]
    ),
    Scenario(
        "dateOfBirthTimestamp is renamed in squads",
        [Fault(SQUAD, every("players", rename("player.dateOfBirthTimestamp", "dateOfBirth")))],
        week=SQUADS_DUE,
    ),
    Scenario("x is renamed in heatmaps", [Fault(HEATMAP, renamed("", x="left"))]),
    Scenario(
        "attacking is renamed in attributes",
        [Fault(ATTRIBUTES, renamed("playerAttributeOverviews", attacking="attack"))],
    ),
    Scenario(
        "yearShift is renamed in attributes", [Fault(ATTRIBUTES, renamed("playerAttributeOverviews", yearShift="year"))]
    ),
)
