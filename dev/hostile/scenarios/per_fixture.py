"""Kind 9: official figures per fixture, and gameweeks with two fixtures of a club."""

from dev.hostile.changes import every, only
from dev.hostile.payloads import Record, drop, put, rename
from dev.hostile.scenario import Fault, Scenario

FIXTURES, LIVE = "fpl/fixtures", "fpl/event/live"


def twice(block: Record) -> None:
    """Double the values of an explanation."""
    for line in block["stats"]:
        line["value"] = 2 * line["value"]


SCENARIOS = (
    Scenario("the fixtures have no statistics", [Fault(FIXTURES, every("", put("stats", [])))]),
    Scenario("the fixtures' statistics are missing", [Fault(FIXTURES, every("", drop("stats")))]),
    Scenario(
        "the fixtures' statistics have other names", [Fault(FIXTURES, every("*.stats", rename("identifier", "name")))]
    ),
    Scenario(
        "the fixtures' statistics name players who do not exist",
        [Fault(FIXTURES, every("*.stats.*.h", put("element", 9_999)))],
    ),
    Scenario("the explained values are doubled", [Fault(LIVE, every("elements.*.explain", twice))]),
    Scenario("nothing is explained", [Fault(LIVE, only("elements.*.explain", lambda _: []))]),
    Scenario(
        "the explained lines have other names",
        [Fault(LIVE, every("elements.*.explain.*.stats", rename("identifier", "name")))],
    ),
    Scenario(
        "a gameweek's fixtures are in the next gameweek for a week",
        [Fault(FIXTURES, every("", put("event", 4), where=lambda one: one["event"] == 3))],
    ),
    Scenario(
        "a coming gameweek is double for a week",
        [Fault(FIXTURES, every("", put("event", 4), where=lambda one: one["event"] == 5))],
        may_be_true=True,
    ),
)
