"""A side with ten or twelve starters is loaded and reported. A side with too few valid players is rejected."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines, units_of
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import lineups
from fpl_pulse.store import archive
from tests.db.faults import TUESDAY, body_of, forget, match_rows, outcome_of, rejections, store

SETTLED = TUESDAY + timedelta(days=5)
"""An as-of time at which the match is older than the settling time."""


@pytest.fixture
def match(loaded: Pipelines) -> Resource:
    """A match of the first gameweek."""
    return sofasport.lineups(int(loaded.one("select min(event_id) from pulse.sofasport_lineups")))


def load(loaded: Pipelines, match: Resource, body: object) -> int:
    """Store and load a response. Returns the response_id."""
    response_id = store(loaded, match, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    return response_id


def add_a_starter(body: Any) -> None:  # noqa: ANN401 - any JSON
    next(entry for entry in body["home"]["players"] if entry["substitute"])["substitute"] = False


def remove_a_starter(body: Any) -> None:  # noqa: ANN401 - any JSON
    body["home"]["players"][3]["substitute"] = True


def add_an_unknown_starter(body: Any) -> None:  # noqa: ANN401 - any JSON
    player = {"id": 777_777, "name": "Nobody Atall"}
    body["home"]["players"].append(body["home"]["players"][3] | {"player": player})


def list_an_away_starter_on_both_sides(body: Any) -> None:  # noqa: ANN401 - any JSON
    # With the id of his own club the whole response would be rejected.
    body["home"]["players"].append(body["away"]["players"][3] | {"teamId": None})


@pytest.mark.parametrize(
    ("fault", "home", "away"),
    [
        (add_a_starter, 12, 11),
        (remove_a_starter, 10, 11),
        (add_an_unknown_starter, 12, 11),
        (list_an_away_starter_on_both_sides, 12, 10),
    ],
)
def test_a_side_without_eleven_starters_fails_the_check_until_a_valid_response_is_loaded(
    loaded: Pipelines, match: Resource, fault: Callable[[Any], None], home: int, away: int
) -> None:
    event_id = int(match.params["event_id"])
    before, valid = match_rows(loaded), body_of(loaded, match)
    forget(loaded, event_id)
    body = body_of(loaded, match)
    fault(body)
    load(loaded, match, body)
    later = loaded.context("update_lineups", SETTLED)
    sentence = (
        f"matches that do not have 11 starters on each side: 1, .*({event_id}) with {home} at home and {away} away"
    )
    with pytest.raises(CheckFailedError, match=re.escape(sentence).replace(r"\.\*", ".*")):
        lineups.check_lineups(later)
    assert event_id in units_of(lineups.plan_matches(later))
    load(loaded, match, valid)
    after = match_rows(loaded)
    after["sofasport_players"].pop((777_777,), None)
    assert after == before
    lineups.check_lineups(loaded.context("update_lineups", SETTLED))


def test_a_player_on_both_sides_is_stored_for_the_first_side(loaded: Pipelines, match: Resource) -> None:
    forget(loaded, int(match.params["event_id"]))
    body = body_of(loaded, match)
    list_an_away_starter_on_both_sides(body)
    player_id = body["away"]["players"][3]["player"]["id"]
    response_id = load(loaded, match, body)
    (rejected,) = rejections(loaded, match, response_id)
    assert (rejected.path, rejected.is_of_response) == (f"away.players.{player_id}", True)
    side = "select side from pulse.sofasport_lineup_players where event_id = %s and player_id = %s"
    assert loaded.one(side, match.params["event_id"], player_id) == "home"


def impossible_ratings(count: int) -> Callable[[Any], None]:
    def corrupt(body: Any) -> None:  # noqa: ANN401 - any JSON
        for entry in body["away"]["players"][:count]:
            entry["statistics"]["rating"] = 99

    return corrupt


def four_invalid_ids(body: Any) -> None:  # noqa: ANN401 - any JSON
    for entry in body["away"]["players"][:4]:
        entry["player"]["id"] = 0


def the_home_players_on_both_sides(body: Any) -> None:  # noqa: ANN401 - any JSON
    body["away"] = body["home"]


def only_six_players(body: Any) -> None:  # noqa: ANN401 - any JSON
    del body["away"]["players"][6:]


def no_players(body: Any) -> None:  # noqa: ANN401 - any JSON
    for side in ("home", "away"):
        body[side]["players"] = []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (four_invalid_ids, "4 of 20 records under 'away.players' are invalid"),
        (the_home_players_on_both_sides, "records under 'away.players' are invalid"),
        (only_six_players, "only 6 players under 'away.players'"),
        (no_players, "only 0 players under 'home.players'"),
    ],
)
def test_a_side_with_too_few_valid_players_is_rejected_and_requested_again(
    loaded: Pipelines, match: Resource, fault: Callable[[Any], None], reason: str
) -> None:
    event_id = int(match.params["event_id"])
    before, body = match_rows(loaded), body_of(loaded, match)
    fault(body)
    for is_first_response in (False, True):
        if is_first_response:
            forget(loaded, event_id)
            before = match_rows(loaded)
        response_id = load(loaded, match, body)
        assert match_rows(loaded) == before
        (rejected,) = rejections(loaded, match, response_id)
        assert rejected.is_of_response
        assert reason in rejected.reason
        assert outcome_of(loaded, match) == "rejected"
        assert event_id in units_of(lineups.plan_matches(loaded.context("update_lineups", TUESDAY)))


@pytest.mark.parametrize("count", [3, 11])
def test_impossible_ratings_of_a_side_keep_the_stored_players(loaded: Pipelines, match: Resource, count: int) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    impossible_ratings(count)(body)
    body["home"]["formation"] = "1-9-1"
    response_id = load(loaded, match, body)
    before["sofasport_lineups"][match.params["event_id"], "home"]["formation"] = "1-9-1"
    assert match_rows(loaded) == before
    assert len(rejections(loaded, match, response_id)) == count
    assert outcome_of(loaded, match) == "rejected"


@pytest.mark.parametrize(("days", "outcome"), [(20, "rejected"), (22, "fetched")])
def test_an_invalid_figure_that_stays_is_final_after_three_weeks(
    loaded: Pipelines, match: Resource, days: int, outcome: str
) -> None:
    body = body_of(loaded, match)
    impossible_ratings(1)(body)
    load(loaded, match, body)
    later = loaded.context("update_lineups", TUESDAY + timedelta(days=days))
    archive.store_response(loaded.conn, match, body, later.as_of)
    lineups.load_lineups(later)
    assert outcome_of(loaded, match) == outcome
