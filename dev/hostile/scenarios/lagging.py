"""Kind 8: FPL's own totals lag behind its results."""

from datetime import timedelta

from dev.hostile.changes import every
from dev.hostile.others import at_another_time
from dev.hostile.payloads import put
from dev.hostile.scenario import Fault, Scenario

BOOTSTRAP, FIXTURES, LIVE = "fpl/bootstrap-static", "fpl/fixtures", "fpl/event/live"

SCENARIOS = (
    Scenario("the players' totals are two days old", [Fault(BOOTSTRAP, at_another_time(timedelta(days=-2)))]),
    Scenario("the players' totals are a week old", [Fault(BOOTSTRAP, at_another_time(timedelta(days=-7)))]),
    Scenario(
        "the gameweek is not marked as finished",
        [Fault(BOOTSTRAP, every("events", put("finished", False), put("data_checked", False)))],
    ),
    Scenario("the fixtures are a day old", [Fault(FIXTURES, at_another_time(timedelta(days=-1)))]),
    Scenario(
        "no fixture is finished",
        [Fault(FIXTURES, every("", put("finished", False), put("finished_provisional", False)))],
    ),
    Scenario("the players' totals are those of the week after", [Fault(BOOTSTRAP, at_another_time(timedelta(days=7)))]),
)
