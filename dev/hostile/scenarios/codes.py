"""Kind 13: changed codes must not move links to strangers."""

from dev.hostile.changes import every, plus, rotated
from dev.hostile.payloads import modify
from dev.hostile.scenario import FIRST_RUN, Fault, Scenario

BOOTSTRAP, FIXTURES = "fpl/bootstrap-static", "fpl/fixtures"

SCENARIOS = (
    Scenario(
        "all players have new codes",
        [Fault(BOOTSTRAP, every("elements", modify("code", plus(500_000))))],
        on_replay=True,
    ),
    Scenario(
        "150 players have new codes",
        [Fault(BOOTSTRAP, every("elements", modify("code", plus(500_000)), where=lambda one: one["id"] <= 150))],
    ),
    Scenario(
        "one player has a new code",
        [Fault(BOOTSTRAP, every("elements", modify("code", plus(500_000)), where=lambda one: one["id"] == 7))],
        may_be_true=True,
    ),
    Scenario("every player has the next one's code", [Fault(BOOTSTRAP, rotated("elements", "code"))]),
    Scenario("every player has the next one's id", [Fault(BOOTSTRAP, rotated("elements", "id"))]),
    # One player of each club changes the club.
    Scenario(
        "every player is in the next one's club",
        [Fault(BOOTSTRAP, rotated("elements", "team_code", "team"))],
        may_be_true=True,
    ),
    Scenario("the clubs have each other's codes", [Fault(BOOTSTRAP, rotated("teams", "code"))]),
    Scenario("the clubs have each other's numbers", [Fault(BOOTSTRAP, rotated("teams", "id"))]),
    Scenario("the fixtures have each other's codes", [Fault(FIXTURES, rotated("", "code"))]),
    Scenario("the fixtures have each other's ids", [Fault(FIXTURES, rotated("", "id"))]),
    Scenario(
        "the players have each other's names",
        [Fault(BOOTSTRAP, rotated("elements", "first_name", "second_name", "web_name"))],
    ),
    Scenario(
        "on a first run every player has the next one's name",
        [Fault(BOOTSTRAP, rotated("elements", "first_name", "second_name", "web_name", "birth_date"))],
        week=FIRST_RUN,
    ),
)
