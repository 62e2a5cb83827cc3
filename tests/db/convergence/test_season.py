"""FPL was wrong for a week, or about another season: two clean weeks later the tables are those of a clean store.

Each scenario plays Monday's and Tuesday's pipelines, which read FPL, with responses that are corrupted on the way.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from dev.hostile.corruption import Change, Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation, Outcome, differences
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from tests.db.convergence.conftest import CLEAN_WEEKS, FAULT_WEEK

READING_FPL = ("update_fixture_mappings", "update_lineups")

BOOTSTRAP, FIXTURES, LIVE = "fpl/bootstrap-static", "fpl/fixtures", "fpl/event/live"
YEAR = timedelta(days=364)


@pytest.fixture(scope="module")
def clean(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """The same weeks without a fault."""
    postgres.create_database("clean_fpl", template=first_week)
    with psycopg.connect(postgres.dsn("clean_fpl"), autocommit=True) as conn:
        pipelines = Pipelines(conn, sandbox)
        for monday in [FAULT_WEEK, *CLEAN_WEEKS]:
            assert all(one.is_green for one in Installation.of(pipelines).week(monday, only=READING_FPL).values())
        yield pipelines
    postgres.drop_database("clean_fpl")


def shifted(text: str, by: timedelta) -> str:
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) + by).isoformat().replace("+00:00", "Z")


# bootstrap-static


def deadline(gameweek: int, change: Callable[[str], str]) -> Change:
    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        for event in payload["events"]:
            if event["id"] == gameweek:
                event["deadline_time"] = change(event["deadline_time"])
        return payload

    return corrupt


def a_year_late(payload: Payload, _: Intercepted) -> Payload:
    for event in payload["events"]:
        event["deadline_time"] = shifted(event["deadline_time"], YEAR)
    return payload


def elements(change: Callable[[dict[str, Any]], None], least: int = 1, most: int = 10_000) -> Change:
    """Change the players with these element ids."""

    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        for element in payload["elements"]:
            if least <= element["id"] <= most:
                change(element)
        return payload

    return corrupt


def another_code(element: dict[str, Any]) -> None:
    element["code"] += 900_000


def exchanged(key: str, value_of: str, one: int, other: int) -> Change:
    """Exchange a value of two records of a list."""

    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        records = {record["id"]: record for record in (payload[key] if key else payload)}
        first, second = records[one], records[other]
        first[value_of], second[value_of] = second[value_of], first[value_of]
        return payload

    return corrupt


def exchanged_clubs_of_players(payload: Payload, _: Intercepted) -> Payload:
    codes = {team["id"]: team["code"] for team in payload["teams"]}
    other = {3: 8, 8: 3}
    for element in payload["elements"]:
        element["team"] = other.get(element["team"], element["team"])
        element["team_code"] = codes[element["team"]]
    return payload


def first_half_of(key: str) -> Change:
    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        payload[key] = payload[key][: len(payload[key]) // 2]
        return payload

    return corrupt


def a_gameweek_ago(payload: Payload, _: Intercepted) -> Payload:
    """As it was before the newest deadline."""
    current = next(event["id"] for event in payload["events"] if event["is_current"])
    for event in payload["events"]:
        event["is_current"] = event["id"] == current - 1
        event["finished"] = event["data_checked"] = event["id"] < current - 1
    for element in payload["elements"]:
        element["minutes"] = max(0, element["minutes"] - 90)
    return payload


# fixtures/


def every_fixture(change: Callable[[dict[str, Any]], None]) -> Change:
    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        for fixture in payload:
            change(fixture)
        return payload

    return corrupt


def fixture(number: int, change: Callable[[dict[str, Any]], None]) -> Change:
    return every_fixture(lambda record: change(record) if record["id"] == number else None)


def of_next_season(record: dict[str, Any]) -> None:
    record["code"] += 5_000
    record["kickoff_time"] = record["kickoff_time"] and shifted(record["kickoff_time"], YEAR)
    record.update(team_h_score=None, team_a_score=None, started=False, finished=False, finished_provisional=False)
    record.update(stats=[], minutes=0)


def other_code(record: dict[str, Any]) -> None:
    record["code"] += 5_000


def kickoff_a_year_late(record: dict[str, Any]) -> None:
    record["kickoff_time"] = record["kickoff_time"] and shifted(record["kickoff_time"], YEAR)


def sides_exchanged(record: dict[str, Any]) -> None:
    record["team_h"], record["team_a"] = record["team_a"], record["team_h"]


def not_played(record: dict[str, Any]) -> None:
    record.update(team_h_score=None, team_a_score=None, started=False, finished=False, finished_provisional=False)
    record.update(stats=[], minutes=0)


def half_a_list(payload: Payload, _: Intercepted) -> Payload:
    return payload[: len(payload) // 2]


# event/{gw}/live/


def of_gameweek(gameweek: int) -> Change:
    return lambda _, request: request.fetch(f"/api/event/{gameweek}/live/")


def live_element(change: Callable[[dict[str, Any]], None], every: int = 1) -> Change:
    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        for element in payload["elements"]:
            if element["id"] % every == 0:
                change(element)
        return payload

    return corrupt


def without_explanation(element: dict[str, Any]) -> None:
    element["explain"] = []


def only_of_last_season(element: dict[str, Any]) -> None:
    for block in element["explain"]:
        block["fixture"] += 1_000


def minutes_halved(element: dict[str, Any]) -> None:
    element["stats"]["minutes"] //= 2


def scorer(element: dict[str, Any]) -> None:
    element["stats"]["goals_scored"] += 1


def as_at_half_time(payload: Payload, _: Intercepted) -> Payload:
    """The figures of an earlier moment: minutes and bonus points scores are lower everywhere."""
    for element in payload["elements"]:
        for name in ("minutes", "bps", "bonus", "saves", "goals_scored"):
            element["stats"][name] //= 2
        for block in element["explain"]:
            for line in block["stats"]:
                line["value"] //= 2
    return payload


@dataclass(frozen=True)
class Scenario:
    """A fault in FPL's responses of a week."""

    name: str
    corruptions: Sequence[tuple[str, Change]]
    sentence: str | None
    """A part of Monday's sentence; None when Monday's run is green, since single records are rejected."""

    def __str__(self) -> str:
        return self.name


REFUSED = (
    Scenario("all deadlines a year late", [(BOOTSTRAP, a_year_late)], "most deadlines are of 2026-27"),
    Scenario(
        "deadlines of 1970 everywhere",
        [(BOOTSTRAP, lambda payload, _: {**payload, "events": [{**event, "deadline_time": "1970-01-01T00:00:00Z"}
                                                                for event in payload["events"]]})],
        "most deadlines are of 1969-70",
    ),
    Scenario("kick-offs a year late", [(FIXTURES, every_fixture(kickoff_a_year_late))], "most kick-offs of 2026-27"),
    Scenario("a year late in both", [(BOOTSTRAP, a_year_late), (FIXTURES, every_fixture(kickoff_a_year_late))],
             "380 of 380 fixtures have the codes of the stored season 2025-26"),
    Scenario("the next season in October", [(BOOTSTRAP, a_year_late), (FIXTURES, every_fixture(of_next_season))],
             "which is not the season of"),
    Scenario("fixtures of the next season", [(FIXTURES, every_fixture(of_next_season))], "most kick-offs of 2026-27"),
    Scenario("fixtures with other codes", [(FIXTURES, every_fixture(other_code))],
             "0 of 380 fixtures have the codes of the stored season"),
    Scenario("half of the fixtures", [(FIXTURES, half_a_list)], "of the 380 stored fixtures are missing"),
    Scenario("no fixture played yet", [(FIXTURES, every_fixture(not_played))], "older than what is stored"),
    Scenario("sides exchanged in all fixtures", [(FIXTURES, every_fixture(sides_exchanged))], "at the other club"),
    Scenario("150 new codes", [(BOOTSTRAP, elements(another_code, most=150))], "150 players have another code"),
    Scenario("clubs exchanged", [(BOOTSTRAP, exchanged("teams", "code", 3, 8))], "but the stored season has code"),
    Scenario("club ids exchanged", [(BOOTSTRAP, exchanged("teams", "id", 3, 8))], "but the stored season has code"),
    Scenario("players of two clubs exchanged", [(BOOTSTRAP, exchanged_clubs_of_players)], "clubs exchanged"),
    Scenario("half of the players", [(BOOTSTRAP, first_half_of("elements"))], "stored players are missing"),
    Scenario("an old bootstrap", [(BOOTSTRAP, a_gameweek_ago)], "the response is an old one"),
    Scenario("figures of the gameweek before", [(LIVE, of_gameweek(1))], "these are the figures of gameweek 1"),
    Scenario("figures of another season", [(LIVE, live_element(only_of_last_season))], "of another season"),
    Scenario("half of the figures", [(LIVE, first_half_of("elements"))], "cannot be right"),
    Scenario("figures without explanation", [(LIVE, live_element(without_explanation))], "cannot be right"),
    Scenario("half unexplained", [(LIVE, live_element(without_explanation, 2))], "cannot be right"),
    Scenario("figures of an earlier moment", [(LIVE, as_at_half_time)], "cannot be right"),
    Scenario("minutes halved", [(LIVE, live_element(minutes_halved))], "the minutes of the fixtures add up to"),
)  # fmt: skip

TOLERATED = (
    Scenario("a deadline of 1970", [(BOOTSTRAP, deadline(1, lambda _: "1970-01-01T00:00:00Z"))], None),
    Scenario("a deadline a year late", [(BOOTSTRAP, deadline(20, lambda text: shifted(text, YEAR)))], None),
    Scenario("a deadline of the current gameweek in 1970", [(BOOTSTRAP, deadline(3, lambda _: "1970-01-01T00:00:00Z"))],
             None),
    Scenario("the last deadline in 2099", [(BOOTSTRAP, deadline(38, lambda _: "2099-05-01T00:00:00Z"))], None),
    Scenario("three new codes", [(BOOTSTRAP, elements(another_code, most=3))], None),
    Scenario("two codes exchanged", [(BOOTSTRAP, exchanged("elements", "code", 5, 200))], None),
    Scenario("the codes of two fixtures exchanged", [(FIXTURES, exchanged("", "code", 5, 200))], None),
    Scenario("the gameweek of a played fixture", [(FIXTURES, fixture(5, lambda one: one.update(event=30)))], None),
    Scenario("a played fixture shown as coming", [(FIXTURES, fixture(5, not_played))], None),
    Scenario("the sides of a played fixture", [(FIXTURES, fixture(5, sides_exchanged))], None),
    Scenario("the sides of a coming fixture", [(FIXTURES, fixture(300, sides_exchanged))], None),
    Scenario("a wrong score", [(FIXTURES, fixture(5, lambda record: record.update(team_h_score=9)))], None),
    Scenario("a kick-off in 1970", [(FIXTURES, fixture(300, lambda r: r.update(kickoff_time="1970-01-01T00:00:00Z")))],
             None),
    Scenario("minutes halved for a few", [(LIVE, live_element(minutes_halved, 90))], None),
    Scenario("a few goals more", [(LIVE, live_element(scorer, 200))], None),
    Scenario("a few players without explanation", [(LIVE, live_element(without_explanation, 90))], None),
)  # fmt: skip


def play(loaded: Pipelines, scenario: Scenario) -> dict[str, Outcome]:
    """The fault week and the clean weeks; returns how the fault week ended."""
    installation = Installation.of(loaded)
    corruptions = [Corruption(endpoint, change) for endpoint, change in scenario.corruptions]
    during = installation.week(FAULT_WEEK, corruptions, only=READING_FPL)
    assert all(one.corrupted for one in corruptions)
    for monday in CLEAN_WEEKS:
        after = installation.week(monday, only=READING_FPL)
        for dag_id, outcome in after.items():
            print(dag_id, outcome.state, outcome.sentence)
    assert all(outcome.is_green for outcome in after.values()), after
    return during


@pytest.mark.parametrize("scenario", REFUSED, ids=str)
def test_a_wrong_response_is_refused_with_a_sentence(loaded: Pipelines, clean: Pipelines, scenario: Scenario) -> None:
    during = play(loaded, scenario)
    monday = during["update_fixture_mappings"]
    assert not monday.is_green
    assert str(scenario.sentence) in monday.sentence
    assert [str(one) for one in differences(loaded, clean)] == []


@pytest.mark.parametrize("scenario", TOLERATED, ids=str)
def test_a_single_wrong_record_changes_nothing_for_ever(
    loaded: Pipelines, clean: Pipelines, scenario: Scenario
) -> None:
    play(loaded, scenario)
    assert [str(one) for one in differences(loaded, clean)] == []
