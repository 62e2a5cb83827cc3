"""A side with ten or twelve starters is loaded and named; one of which much is missing or spoilt is refused."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import lineups
from tests.db.conftest import Pipelines
from tests.db.faults import forget, match_rows, outcome_of, rejections, store
from tests.db.test_never_worse import TUESDAY, body_of

SETTLED = TUESDAY + timedelta(days=5)


@pytest.fixture
def match(loaded: Pipelines) -> Resource:
    """A match of the first gameweek."""
    return sofasport.lineups(int(loaded.one("select min(event_id) from pulse.sofasport_lineups")))


def load(loaded: Pipelines, match: Resource, body: object) -> int:
    """Load an answer; its id."""
    response_id = store(loaded, match, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    return response_id


def twelve(body: Any) -> None:  # noqa: ANN401 - any JSON
    next(entry for entry in body["home"]["players"] if entry["substitute"])["substitute"] = False


def ten(body: Any) -> None:  # noqa: ANN401 - any JSON
    body["home"]["players"][3]["substitute"] = True


def twelfth_man_with_minutes(body: Any) -> None:  # noqa: ANN401 - any JSON
    player = {"id": 777_777, "name": "Nobody Atall"}
    body["home"]["players"].append(body["home"]["players"][3] | {"player": player})


def on_both_sides(body: Any) -> None:  # noqa: ANN401 - any JSON
    body["home"]["players"].append(body["away"]["players"][3])


@pytest.mark.parametrize(
    ("fault", "home", "away"),
    [(twelve, 12, 11), (ten, 10, 11), (twelfth_man_with_minutes, 12, 11), (on_both_sides, 12, 10)],
)
def test_a_side_without_eleven_starters_is_named_until_a_good_answer_mends_it(
    loaded: Pipelines, match: Resource, fault: Callable[[Any], None], home: int, away: int
) -> None:
    event_id = int(match.params["event_id"])
    before, good = match_rows(loaded), body_of(loaded, match)
    forget(loaded, event_id)
    spoilt = body_of(loaded, match)
    fault(spoilt)
    load(loaded, match, spoilt)
    later = loaded.context("update_lineups", SETTLED)
    sentence = (
        f"1 matches do not have 11 starters on each side: .*({event_id}) with {home} at home and {away} away"
    )
    with pytest.raises(CheckFailedError, match=re.escape(sentence).replace(r"\.\*", ".*")):
        lineups.check_lineups(later)
    assert {"event_id": event_id} in lineups.plan_matches(later)
    load(loaded, match, good)
    after = match_rows(loaded)
    after["sofasport_players"].pop((777_777,), None)
    assert after == before
    lineups.check_lineups(loaded.context("update_lineups", SETTLED))


def test_a_player_on_both_sides_counts_where_he_stands_first(loaded: Pipelines, match: Resource) -> None:
    forget(loaded, int(match.params["event_id"]))
    body = body_of(loaded, match)
    on_both_sides(body)
    player_id = body["away"]["players"][3]["player"]["id"]
    response_id = load(loaded, match, body)
    (rejected,) = rejections(loaded, match, response_id)
    assert (rejected.path, rejected.is_of_the_answer) == (f"away.players.{player_id}", True)
    side = "select side from pulse.sofasport_lineup_players where event_id = %s and player_id = %s"
    assert loaded.one(side, match.params["event_id"], player_id) == "home"


def impossible_ratings(count: int) -> Callable[[Any], None]:
    def spoil(body: Any) -> None:  # noqa: ANN401 - any JSON
        for entry in body["away"]["players"][:count]:
            entry["statistics"]["rating"] = 99

    return spoil


def bad_and_impossible(body: Any) -> None:  # noqa: ANN401 - any JSON
    impossible_ratings(2)(body)
    for entry in body["away"]["players"][2:4]:
        entry["player"]["id"] = 0


def one_list_for_both_sides(body: Any) -> None:  # noqa: ANN401 - any JSON
    body["away"] = body["home"]


def six_men(body: Any) -> None:  # noqa: ANN401 - any JSON
    del body["away"]["players"][6:]


def nobody(body: Any) -> None:  # noqa: ANN401 - any JSON
    for side in ("home", "away"):
        body[side]["players"] = []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (impossible_ratings(4), "4 of 20 records under 'away.players' do not fit"),
        (bad_and_impossible, "4 of 20 records under 'away.players' do not fit"),
        (one_list_for_both_sides, "records under 'away.players' do not fit"),
        (six_men, "only 6 players under 'away.players'"),
        (nobody, "only 0 players under 'home.players'"),
    ],
)
def test_half_a_side_is_refused_and_asked_for_again(
    loaded: Pipelines, match: Resource, fault: Callable[[Any], None], reason: str
) -> None:
    event_id = int(match.params["event_id"])
    before, body = match_rows(loaded), body_of(loaded, match)
    fault(body)
    for is_first in (False, True):
        if is_first:
            forget(loaded, event_id)
            before = match_rows(loaded)
        response_id = load(loaded, match, body)
        assert match_rows(loaded) == before
        (rejected,) = rejections(loaded, match, response_id)
        assert rejected.is_of_the_answer
        assert reason in rejected.reason
        assert outcome_of(loaded, match) == "rejected"
        assert {"event_id": event_id} in lineups.plan_matches(loaded.context("update_lineups", TUESDAY))


def test_three_bad_players_of_a_side_do_not_cost_the_match(loaded: Pipelines, match: Resource) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    impossible_ratings(3)(body)
    body["home"]["formation"] = "1-9-1"
    response_id = load(loaded, match, body)
    before["sofasport_lineups"][match.params["event_id"], "home"]["formation"] = "1-9-1"
    assert match_rows(loaded) == before
    assert len(rejections(loaded, match, response_id)) == 3
    assert outcome_of(loaded, match) == "fetched"
