"""Kind 1: the season's identity rests on one value."""

from dev.hostile.changes import both, every, first, only, plus, rotated, without, years_later
from dev.hostile.payloads import modify, put
from dev.hostile.scenario import FIRST_RUN, Fault, Scenario

BOOTSTRAP, FIXTURES, SEASONS = "fpl/bootstrap-static", "fpl/fixtures", "unique-tournaments/seasons"
A_YEAR_LATER = every("events", modify("deadline_time", years_later(1)), modify("deadline_time_epoch", years_later(1)))
A_YEAR_EARLIER = every("events", modify("deadline_time", years_later(-1)))
FIXTURES_OF_LAST_SEASON = every("", modify("kickoff_time", years_later(-1)), modify("code", plus(-380)))

SCENARIOS = (
    Scenario(
        "the first gameweek's deadline is in 1970",
        [Fault(BOOTSTRAP, first("events", put("deadline_time", "1970-01-01T00:00:00Z")))],
        on_replay=True,
    ),
    Scenario(
        "a later gameweek's deadline is in 1970",
        [
            Fault(
                BOOTSTRAP,
                every("events", put("deadline_time", "1970-01-01T00:00:00Z"), where=lambda one: one["id"] == 5),
            )
        ],
    ),
    Scenario(
        "the first gameweek's deadline is in 2105",
        [Fault(BOOTSTRAP, first("events", put("deadline_time", "2105-08-15T17:30:00Z")))],
    ),
    Scenario("all deadlines are a year late", [Fault(BOOTSTRAP, A_YEAR_LATER)], on_replay=True),
    Scenario("all deadlines are a year early", [Fault(BOOTSTRAP, A_YEAR_EARLIER)]),
    Scenario(
        "half of the deadlines are a year late",
        [
            Fault(
                BOOTSTRAP,
                every("events", modify("deadline_time", years_later(1)), where=lambda one: one["id"] % 2 == 0),
            )
        ],
    ),
    Scenario("all deadlines are a year late on a first run", [Fault(BOOTSTRAP, A_YEAR_LATER)], week=FIRST_RUN),
    Scenario("all kick-offs are a year late", [Fault(FIXTURES, every("", modify("kickoff_time", years_later(1))))]),
    Scenario("the fixtures are those of last season", [Fault(FIXTURES, FIXTURES_OF_LAST_SEASON)], on_replay=True),
    Scenario(
        "a new season's bootstrap comes with the old fixtures",
        [Fault(BOOTSTRAP, both(A_YEAR_LATER, every("elements", put("minutes", 0), put("total_points", 0))))],
    ),
    Scenario(
        "bootstrap and fixtures are those of last season",
        [Fault(BOOTSTRAP, A_YEAR_EARLIER), Fault(FIXTURES, FIXTURES_OF_LAST_SEASON)],
    ),
    Scenario(
        "last season's gameweeks are listed as well",
        [
            Fault(
                BOOTSTRAP,
                only(
                    "events",
                    lambda rows: [{**row, "deadline_time": "2024" + row["deadline_time"][4:]} for row in rows] + rows,
                ),
            )
        ],
    ),
    Scenario(
        "SofaSport lists a wrong id for the season first",
        [Fault(SEASONS, only("seasons", lambda rows: [{**rows[0], "id": 99_001}, *rows]))],
        week=FIRST_RUN,
    ),
    Scenario("SofaSport's seasons have each other's ids", [Fault(SEASONS, rotated("seasons", "id"))], week=FIRST_RUN),
    Scenario(
        "SofaSport does not list the season",
        [Fault(SEASONS, without("seasons", lambda row: row["year"] == "25/26"))],
        week=FIRST_RUN,
    ),
)
