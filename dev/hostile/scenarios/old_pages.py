"""Kind 7: pages and gameweeks that are normally not read again."""

from datetime import timedelta

from dev.hostile.changes import both, ended, every, first, only, without, years_later
from dev.hostile.mutations import first_page
from dev.hostile.others import at_another_time
from dev.hostile.payloads import modify, put
from dev.hostile.scenario import FIRST_RUN, Fault, Scenario

EVENTS, LIVE, FIXTURES = "seasons/events", "fpl/event/live", "fpl/fixtures"
NO_FURTHER_PAGE = first("", put("hasNextPage", False))

SCENARIOS = (
    Scenario("a first run is told that there is no second page", [Fault(EVENTS, NO_FURTHER_PAGE)], week=FIRST_RUN),
    Scenario(
        "a first run gets half of each page and no second one",
        [Fault(EVENTS, both(only("events", lambda rows: rows[: len(rows) // 2]), NO_FURTHER_PAGE))],
        week=FIRST_RUN,
    ),
    Scenario(
        "the events of a first run are in 2105",
        [Fault(EVENTS, every("events", modify("startTimestamp", years_later(80))))],
        week=FIRST_RUN,
    ),
    Scenario(
        "the coming events are in 2105", [Fault(EVENTS, every("events", modify("startTimestamp", years_later(80))))]
    ),
    Scenario("every page is page 0", [Fault(EVENTS, first_page)], week=FIRST_RUN),
    Scenario("there is always a further page", [Fault(EVENTS, first("", put("hasNextPage", True)))], week=FIRST_RUN),
    Scenario(
        "the oldest matches are missing on a first run",
        [Fault(EVENTS, without("events", lambda event: event["id"] in {15_733_201, 15_732_420}))],
        week=FIRST_RUN,
    ),
    Scenario(
        "no ended match has a score on a first run",
        [Fault(EVENTS, every("events", put("homeScore", {}), put("awayScore", {}), where=ended))],
        week=FIRST_RUN,
    ),
    Scenario(
        "a finished gameweek has no bonus and no expected goals yet",
        [
            Fault(
                LIVE,
                every(
                    "elements.*.stats", put("bonus", 0), put("expected_goals", "0.00"), put("expected_assists", "0.00")
                ),
            )
        ],
    ),
    Scenario(
        "the live figures of a finished gameweek are a day old", [Fault(LIVE, at_another_time(timedelta(days=-1)))]
    ),
    Scenario(
        "the minutes of a finished gameweek are one less",
        [Fault(LIVE, every("elements.*.stats", modify("minutes", lambda value: max(0, value - 1))))],
    ),
)
