"""A steady week fetches only new and due data, and a fault on the way loses nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from dev.pipelines import Pipelines, slots_of, units_of, with_one_unit
from fpl_pulse.api import sofasport
from fpl_pulse.errors import AccessRefusedError, CheckFailedError, PagingError, RetryableError, SelectionError
from fpl_pulse.etl import events, heatmaps, lineups, reference
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from tests.db.faults import body_of
from tests.installations import FIRST_MONDAY

SECOND_MONDAY = date(2025, 9, 1)
FIRST, SECOND = slots_of(FIRST_MONDAY), slots_of(SECOND_MONDAY)


class FaultyConnection(HTTPAdapter):
    """A connection to the source on which chosen calls fail; `fails` gets the number of the call and its URL."""

    def __init__(self, fails: Callable[[int, str], bool]) -> None:
        super().__init__()
        self._fails = fails
        self.calls = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        self.calls += 1
        if self._fails(self.calls, str(request.url)):
            raise requests.ConnectionError("the connection is down")
        return super().send(request, *args, **kwargs)


def test_a_steady_week_fetches_only_new_and_due_data(loaded: Pipelines) -> None:
    contexts = loaded.week(SECOND_MONDAY)
    new_matches = loaded.one(
        "select count(*) from pulse.sofasport_events where status_code = 100 and start_at >= %s",
        FIRST["update_lineups"],
    )
    assert new_matches == 10
    new_players_with_minutes = loaded.one(
        "select count(*) from pulse.sofasport_lineup_players join pulse.sofasport_events using (event_id)"
        " where minutes > 0 and start_at >= %s",
        FIRST["update_lineups"],
    )
    assert loaded.calls(contexts["update_fixture_mappings"])["seasons/events"] <= 4
    lineup_calls = loaded.calls(contexts["update_lineups"])["events/lineups"]
    # Those of the two weeks before are read again.
    assert new_matches <= lineup_calls <= new_matches + 20
    no_data_twice = loaded.one(
        "select count(*) from pulse.raw_resources where endpoint = 'events/player-heatmap' and no_data_times = 2"
    )
    late = loaded.one(
        "select count(*) from pulse.sofasport_heatmaps join pulse.sofasport_events using (event_id)"
        " where observed_at = %s and start_at < %s",
        SECOND["collect_heatmaps"],
        FIRST["update_lineups"],
    )
    # An empty payload is requested twice in a row; distinct resources count it once.
    requested = "select count(distinct resource) from pulse.api_calls where run_id = %s and api = 'sofasport'"
    expected = new_players_with_minutes + no_data_twice + late
    assert loaded.one(requested, contexts["collect_heatmaps"].run.run_id) == expected
    assert loaded.calls(contexts["update_season_stats"])["players/statistics/result"] < 420


def test_a_match_without_statistics_is_due_again(loaded: Pipelines) -> None:
    event_id = loaded.one("select max(event_id) from pulse.sofasport_lineups")
    loaded.conn.execute("update pulse.sofasport_lineups set with_minutes = 0 where event_id = %s", (event_id,))
    context = loaded.context("update_lineups", SECOND["update_lineups"])
    assert event_id in units_of(lineups.plan_matches(context))


def test_a_late_heatmap_is_fetched_by_a_later_run(loaded: Pipelines) -> None:
    no_data = loaded.one(
        "select count(*) from pulse.raw_resources where outcome = 'no_data' and endpoint like '%%heatmap'"
    )
    assert no_data > 0
    loaded.run("update_lineups", SECOND["update_lineups"])
    loaded.run("collect_heatmaps", SECOND["collect_heatmaps"])
    fetched_late = loaded.one(
        "select count(*) from pulse.sofasport_heatmaps join pulse.sofasport_events using (event_id)"
        " where observed_at = %s and start_at < %s",
        SECOND["collect_heatmaps"],
        FIRST["update_lineups"] - timedelta(hours=30),
    )
    still_no_data = loaded.one(
        "select count(*) from pulse.raw_resources where no_data_times = 2 and endpoint like '%%heatmap'"
    )
    assert fetched_late + still_no_data > 0


def test_a_heatmap_without_data_is_requested_again_after_1_3_and_7_days_and_then_never(loaded: Pipelines) -> None:
    start = FIRST["collect_heatmaps"]
    hours_with_calls = []
    for hours in (1, 23, 25, 47, 73, 100, 169, 400):
        context = loaded.context("collect_heatmaps", start + timedelta(hours=hours))
        for op_kwargs in heatmaps.plan_heatmaps(context):
            heatmaps.fetch_heatmaps(context, **op_kwargs)
        if loaded.calls(context):
            hours_with_calls.append(hours)
    assert hours_with_calls == [25, 73, 169]


def test_a_page_that_cannot_be_fetched_is_an_error_and_no_event_is_loaded(pipelines: Pipelines) -> None:
    session = pipelines.session
    session.mount("http://", FaultyConnection(lambda _, url: "course_events=next" in url and "page=3" in url))
    context = pipelines.context("update_fixture_mappings", FIRST["update_fixture_mappings"])
    reference.fetch_fpl_reference(context)
    with pytest.raises(RetryableError, match="page=3"):
        events.fetch_sofasport_events(context)
    assert pipelines.one("select count(*) from pulse.sofasport_events") == 0
    session.mount("http://", HTTPAdapter())
    events.fetch_sofasport_events(context)
    assert pipelines.one("select count(*) from pulse.sofasport_events") >= 380


def test_a_page_that_comes_twice_is_an_error(pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    page_of = sofasport.events
    monkeypatch.setattr(sofasport, "events", lambda season, course, _page: page_of(season, course, 0))
    context = pipelines.context("update_fixture_mappings", FIRST["update_fixture_mappings"])
    reference.fetch_fpl_reference(context)
    with pytest.raises(PagingError, match="sent the same page twice"):
        events.fetch_sofasport_events(context)


def test_an_interrupted_fetch_keeps_its_responses_and_then_requests_only_the_rest(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SECOND["update_lineups"])
    context = loaded.context("collect_heatmaps", SECOND["collect_heatmaps"])
    op_kwargs = with_one_unit(heatmaps.plan_heatmaps(context))
    due = loaded.one(
        "select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id = %s",
        op_kwargs["event_ids"][0],
    )
    loaded.session.mount("http://", FaultyConnection(lambda number, _: number > 12))
    with pytest.raises(RetryableError):
        heatmaps.fetch_heatmaps(context, **op_kwargs)
    archived = loaded.one(
        "select count(*) from pulse.raw_resources where endpoint like '%%heatmap' and as_of = %s", context.as_of
    )
    assert archived == 12
    loaded.session.mount("http://", HTTPAdapter())
    heatmaps.fetch_heatmaps(context, **op_kwargs)
    with_status = loaded.one(
        "select count(*) from pulse.api_calls where run_id = %s and status > 0", context.run.run_id
    )
    requested_twice = loaded.one(
        "select count(*) from (select resource from pulse.api_calls where run_id = %s and status > 0"
        " group by resource having count(*) > 1) as twice",
        context.run.run_id,
    )
    assert requested_twice == 0
    assert with_status == due > 12


def test_vanished_statistics_do_not_overwrite_stored_ones(loaded: Pipelines) -> None:
    event_id = loaded.one("select max(event_id) from pulse.sofasport_lineups where with_minutes > 0")
    minutes = "select sum(minutes) from pulse.sofasport_lineup_players where event_id = %s"
    before = loaded.one(minutes, event_id)
    body = body_of(loaded, sofasport.lineups(event_id))
    for side in ("home", "away"):
        for entry in body[side]["players"]:
            entry.pop("statistics", None)
    context = loaded.context("update_lineups", SECOND["update_lineups"])
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, context.as_of)
    lineups.load_lineups(context)
    assert loaded.one(minutes, event_id) == before
    assert "the stored match is kept" in loaded.one(
        "select reason from pulse.rejected_records where endpoint = 'events/lineups'"
    )


def test_invalid_entries_are_rejected_with_their_paths_and_the_rest_of_the_match_is_loaded(loaded: Pipelines) -> None:
    event_id = loaded.one("select max(event_id) from pulse.sofasport_lineups")
    players = "select count(*) from pulse.sofasport_lineup_players where event_id = %s"
    before = loaded.one(players, event_id)
    body = body_of(loaded, sofasport.lineups(event_id))
    body["home"]["players"][3]["player"]["id"] = "no number"
    body["away"]["players"].append(body["away"]["players"][0])
    loaded.conn.execute("delete from pulse.sofasport_lineup_players where event_id = %s", (event_id,))
    context = loaded.context("update_lineups", SECOND["update_lineups"])
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, context.as_of)
    lineups.load_lineups(context)
    assert loaded.one(players, event_id) == before - 1
    rejected = loaded.conn.execute(
        "select path, reason from pulse.rejected_records where resource = %s order by path", (f"event_id={event_id}",)
    ).fetchall()
    assert [path for path, _ in rejected] == [
        f"away.players.{body['away']['players'][0]['player']['id']}",
        "home.players[3]",
    ]
    assert "twice" in rejected[0][1]


def test_a_refused_key_stops_the_run_and_the_error_names_the_connection(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", SECOND["update_lineups"])
    loaded.session.headers["x-rapidapi-key"] = "wrong"
    with pytest.raises(AccessRefusedError, match="sofasport_api"):
        lineups.refresh_results(context)


def test_a_missing_lineup_fails_the_check_and_the_error_names_the_match(loaded: Pipelines) -> None:
    event_id = loaded.one("select min(event_id) from pulse.sofasport_lineups")
    loaded.conn.execute("delete from pulse.sofasport_lineup_players where event_id = %s", (event_id,))
    loaded.conn.execute("delete from pulse.sofasport_lineups where event_id = %s", (event_id,))
    context = loaded.context("update_lineups", SECOND["update_lineups"])
    with pytest.raises(CheckFailedError, match=rf"matches that have no lineups: 1, .*\({event_id}\)"):
        lineups.check_lineups(context)
    state, message = loaded.conn.execute(
        "select state, message from pulse.pipeline_runs where run_id = %s", (context.run.run_id,)
    ).fetchone() or ("", "")
    assert state == "failed"
    assert str(event_id) in message


def test_season_totals_that_do_not_add_up_fail_the_check_and_the_error_names_the_player(loaded: Pipelines) -> None:
    player_id = loaded.one("select min(player_id) from pulse.sofasport_season_statistics")
    name = loaded.one("select name from pulse.sofasport_players where player_id = %s", player_id)
    loaded.conn.execute(
        "update pulse.sofasport_season_statistics set minutes = minutes + 1 where player_id = %s", (player_id,)
    )
    with pytest.raises(CheckFailedError, match=name):
        loaded.run("update_season_stats", FIRST["update_season_stats"])


def test_a_refresh_of_a_chosen_match_fetches_only_that_match(loaded: Pipelines) -> None:
    event_id = loaded.one("select min(event_id) from pulse.sofasport_lineups")
    chosen = Selection(matches=(event_id,), refresh=True)
    context = loaded.run("update_lineups", FIRST["update_lineups"], chosen)
    assert loaded.calls(context) == {"events/lineups": 1}
    assert loaded.changed(context) == (0, 0)


def test_the_plan_for_a_chosen_gameweek_has_only_its_matches(loaded: Pipelines) -> None:
    context = loaded.context("collect_heatmaps", FIRST["collect_heatmaps"], Selection(gameweeks=(1,), refresh=True))
    assert len(heatmaps.plan_heatmaps(context)) == 10


def test_an_unknown_match_is_refused_before_any_call(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", SECOND["update_lineups"], Selection(matches=(424242,)))
    with pytest.raises(SelectionError, match="match 424242"):
        lineups.refresh_results(context)
    assert loaded.calls(context) == loaded.calls(context, "fpl") == {}


def test_the_error_of_an_empty_store_names_the_pipeline_to_run_first(pipelines: Pipelines) -> None:
    context = pipelines.context("update_lineups", FIRST["update_lineups"])
    with pytest.raises(SelectionError, match=r"The store is empty\. Run update_fixture_mappings"):
        lineups.refresh_results(context)


def test_a_postponed_event_stays_linked_beside_the_current_one(loaded: Pipelines) -> None:
    loaded.run("update_fixture_mappings", datetime(2025, 9, 15, 1, tzinfo=UTC))
    loaded.run("update_lineups", datetime(2025, 9, 16, 2, tzinfo=UTC))
    with_two_events = loaded.conn.execute(
        "select fixture_id, count(*), count(*) filter (where is_current) from pulse.fixture_mappings"
        " group by fixture_id having count(*) > 1"
    ).fetchall()
    assert [(events_, current) for _, events_, current in with_two_events] == [(2, 1)]
    assert loaded.one(
        "select status_code from pulse.fixture_mappings join pulse.sofasport_events using (event_id)"
        " where fixture_id = %s and is_current",
        with_two_events[0][0],
    ) in (0, 100)
