"""Kind 5: what a source listed for a week and then no longer lists."""

from dev.hostile.changes import every, only, with_copy, without
from dev.hostile.corruption import Change
from dev.hostile.payloads import Record, put
from dev.hostile.scenario import FIRST_RUN, SQUADS_DUE, Fault, Scenario

BOOTSTRAP, FIXTURES, LIVE = "fpl/bootstrap-static", "fpl/fixtures", "fpl/event/live"
EVENTS, SQUAD, LINEUPS = "seasons/events", "teams/players", "events/lineups"
FIXTURE = 8
"""A fixture of gameweek 3."""


def off(fixture: Record) -> None:
    """Take a fixture off the calendar."""
    fixture |= {"event": None, "kickoff_time": None, "finished": False, "finished_provisional": False, "started": None}
    fixture |= {"team_h_score": None, "team_a_score": None, "minutes": 0, "stats": []}


def as_stranger(element: Record) -> None:
    """Make a player somebody who does not exist."""
    element |= {"id": 9_901, "code": 999_901, "web_name": "Nobody", "first_name": "No", "second_name": "Body"}


def as_unknown_person(entry: Record) -> None:
    """Make a SofaSport player somebody who does not exist."""
    entry["player"] = {"id": 9_999_901, "name": "No Body", "slug": "no-body", "position": "M"}


def moved_to(gameweek: int) -> Change:
    """Move the fixture to a gameweek."""
    return every("", put("event", gameweek), where=lambda one: one["id"] == FIXTURE)


SCENARIOS = (
    Scenario(
        "a played fixture is off the calendar for a week",
        [
            Fault(FIXTURES, every("", off, where=lambda one: one["id"] == FIXTURE)),
            Fault(LIVE, without("elements.*.explain", lambda block: block["fixture"] == FIXTURE), {"gw": "3"}),
        ],
        may_be_true=True,
        takes_back=True,
    ),
    Scenario("a played fixture is in another gameweek for a week", [Fault(FIXTURES, moved_to(4))]),
    Scenario(
        "the live figures explain a fixture that is not theirs as well",
        [
            Fault(
                LIVE,
                only(
                    "elements.*.explain",
                    lambda rows: [*rows, {"fixture": 12, "stats": rows[0]["stats"] if rows else []}],
                ),
            )
        ],
    ),
    Scenario(
        "the live figures explain the fixture of the next gameweek",
        [Fault(LIVE, every("elements.*.explain", put("fixture", 11), where=lambda block: block["fixture"] == FIXTURE))],
    ),
    Scenario(
        "FPL lists a player who does not exist",
        [Fault(BOOTSTRAP, with_copy("elements", as_stranger))],
        on_replay=True,
        may_be_true=True,
    ),
    Scenario(
        "FPL lists a fixture that does not exist",
        [Fault(FIXTURES, with_copy("", lambda one: one.update(id=999, code=9_999_999, event=9)))],
    ),
    Scenario("FPL does not list one fixture", [Fault(FIXTURES, without("", lambda one: one["id"] == FIXTURE))]),
    Scenario(
        "FPL lists a third of the players", [Fault(BOOTSTRAP, only("elements", lambda rows: rows[: len(rows) // 3]))]
    ),
    Scenario("FPL does not list one club", [Fault(BOOTSTRAP, only("teams", lambda rows: rows[:-1]))]),
    Scenario(
        "SofaSport lists an event that does not exist",
        [Fault(EVENTS, with_copy("events", lambda one: one.update(id=19_999_999)))],
        week=FIRST_RUN,
        may_be_true=True,
    ),
    Scenario(
        "a squad lists a person who does not exist",
        [Fault(SQUAD, with_copy("players", as_unknown_person))],
        week=SQUADS_DUE,
        may_be_true=True,
    ),
    Scenario("the squads are half", [Fault(SQUAD, only("players", lambda rows: rows[::2]))], week=SQUADS_DUE),
    Scenario(
        "the lineups list a person who does not exist",
        [Fault(LINEUPS, with_copy("home.players", as_unknown_person))],
        may_be_true=True,
    ),
    Scenario(
        "the lineups lack the bench",
        [Fault(LINEUPS, without("*.players", lambda entry: bool(entry.get("substitute"))))],
    ),
)
