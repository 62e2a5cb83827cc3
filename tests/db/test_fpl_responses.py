"""Responses of FPL that are invalid, incomplete or of another season do not damage the stored data."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import fpl
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError, PayloadError
from fpl_pulse.etl import lineups, mappings, reference, season_statistics
from tests.db.faults import TUESDAY, change_responses
from tests.installations import FIRST_MONDAY


def test_rejected_player_figures_are_fetched_again_by_the_next_run(loaded: Pipelines) -> None:
    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(
        context, lambda resource, payload: {"elements": None} if resource.endpoint == fpl.LIVE else payload
    )
    with pytest.raises(PayloadError, match="elements"):
        reference.refresh_fpl(context)
    second = loaded.context("update_lineups", TUESDAY)
    reference.refresh_fpl(second)
    assert loaded.calls(second, "fpl")[fpl.LIVE] == 2


def test_fixtures_of_the_next_season_do_not_overwrite_those_of_this_season(loaded: Pipelines) -> None:
    scored = "select count(*) from pulse.fpl_fixtures where home_score is not null"
    before = loaded.one(scored)

    def next_season(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint != fpl.FIXTURES:
            return payload
        not_played = {"team_h_score": None, "team_a_score": None, "finished": False, "started": False}
        return [{**fixture, **not_played, "code": fixture["code"] + 9000} for fixture in payload]

    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, next_season)
    with pytest.raises(PayloadError, match="0 of 380 fixtures have the codes of the stored season"):
        reference.refresh_fpl(context)
    assert loaded.one(scored) == before > 0


def test_a_new_code_of_a_player_keeps_his_link_and_figures(loaded: Pipelines) -> None:
    code = int(loaded.one("select fpl_code from pulse.player_mappings order by 1 limit 1"))

    def with_new_code(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in payload["elements"]:
                element["code"] = 999_999 if element["code"] == code else element["code"]
        return payload

    context = loaded.context("update_fixture_mappings", TUESDAY)
    change_responses(context, with_new_code)
    reference.fetch_fpl_reference(context)
    mappings.resolve_identities(context)
    mappings.load_mappings(context)
    for table in ("player_mappings", "fpl_player_fixtures"):
        assert loaded.one(f"select count(*) from pulse.{table} where fpl_code = %s", code) == 0
        assert loaded.one(f"select count(*) from pulse.{table} where fpl_code = %s", 999_999) > 0


def test_totals_are_read_on_tuesday_and_wednesday_too(loaded: Pipelines) -> None:
    for dag_id, step in (
        ("update_lineups", lineups.refresh_results),
        ("update_season_stats", season_statistics.plan_season_statistics),
    ):
        loaded.conn.execute("update pulse.fpl_players set total_points = -999")
        loaded.forget("endpoint = %s", fpl.BOOTSTRAP)
        context = loaded.context(dag_id, slots_of(FIRST_MONDAY + timedelta(weeks=1))[dag_id])
        step(context)
        assert loaded.calls(context, "fpl")[fpl.BOOTSTRAP] == 1
        assert loaded.one("select count(*) from pulse.fpl_players where total_points = -999") == 0


def test_a_list_of_mostly_invalid_records_fails_the_run_and_changes_nothing(loaded: Pipelines) -> None:
    players = "select count(*), sum(minutes) from pulse.fpl_players"
    before = loaded.conn.execute(players).fetchone()

    def without_codes(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in payload["elements"]:
                element["players_code"] = element.pop("code")
        return payload

    context = loaded.context("update_fixture_mappings", TUESDAY)
    change_responses(context, without_codes)
    with pytest.raises(PayloadError, match=r"records under 'elements' are invalid.*code: Field required"):
        reference.fetch_fpl_reference(context)
    assert loaded.conn.execute(players).fetchone() == before


def test_duplicate_records_in_a_response_are_stored_once(loaded: Pipelines) -> None:
    figures = "select count(*), sum(minutes) from pulse.fpl_player_fixtures"
    before = loaded.conn.execute(figures).fetchone()

    def with_duplicates(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.LIVE:
            payload["elements"] += payload["elements"][:50]
        return payload

    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, with_duplicates)
    reference.refresh_fpl(context)
    assert loaded.conn.execute(figures).fetchone() == before


def figures(loaded: Pipelines) -> list[tuple[Any, ...]]:
    return loaded.conn.execute(
        "select fixture_id, element_id, expected_goals, bps, starts from pulse.fpl_player_fixtures order by 1, 2"
    ).fetchall()


@pytest.mark.parametrize("kept", [1000, 10], ids=["for everybody", "for nine of ten"])
@pytest.mark.parametrize("value", [0, "0.00", None])
def test_zeros_and_nulls_for_most_players_say_nothing(loaded: Pipelines, value: object, kept: int) -> None:
    before = figures(loaded)

    def without_figures(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.LIVE:
            for number, element in enumerate(payload["elements"], 1):
                if number % kept:
                    element["stats"]["expected_goals"] = value
        return payload

    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, without_figures)
    reference.refresh_fpl(context)
    assert figures(loaded) == before
    assert sum(row[2] > 0 for row in before) > 100
    reasons = [reason for (reason,) in loaded.conn.execute("select reason from pulse.rejected_records").fetchall()]
    assert len(reasons) == 2
    for reason in reasons:
        # No record is counted twice.
        numbers = [int(number) for number in re.findall(r"\d+", reason)]
        assert numbers == sorted(numbers)
        assert 100 < numbers[-1] < 700
    later = loaded.context("update_lineups", TUESDAY)
    reference.refresh_fpl(later)
    assert loaded.calls(later, "fpl")[fpl.LIVE] == 2


def test_figures_that_were_wrong_for_everybody_are_right_after_two_clean_weeks(loaded: Pipelines) -> None:
    before = figures(loaded)

    def wrong(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.LIVE:
            for element in payload["elements"]:
                element["stats"]["expected_goals"] = "1.23"
        return payload

    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, wrong)
    reference.refresh_fpl(context)
    assert {row[2] for row in figures(loaded)} == {Decimal("1.23")}
    zeros = "select count(*) from pulse.rejected_records where strpos(reason, 'expected_goals is zero, and was') = 1"
    counts = []
    for week in (1, 2):
        reference.refresh_fpl(loaded.context("update_fixture_mappings", TUESDAY + timedelta(weeks=week)))
        counts.append(loaded.one(zeros + " and as_of = %s", TUESDAY + timedelta(weeks=week)))
    keys = {row[:2] for row in before}
    assert [row for row in figures(loaded) if row[:2] in keys] == before
    assert counts[0] >= 2
    assert counts[1] == 0


def test_a_name_that_becomes_null_stays_and_a_kick_off_goes(loaded: Pipelines) -> None:
    coming = int(loaded.one("select max(fixture_id) from pulse.fpl_fixtures where not started"))

    def with_nulls(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            payload["teams"][0]["name"] = None
            payload["elements"][0]["total_points"] = None
        if resource.endpoint == fpl.FIXTURES:
            next(fixture for fixture in payload if fixture["id"] == coming)["kickoff_time"] = None
        return payload

    known = "select (select name from pulse.fpl_teams order by team_id limit 1),"
    known += " (select total_points from pulse.fpl_players order by element_id limit 1)"
    before = loaded.conn.execute(known).fetchone()
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, with_nulls)
    reference.refresh_fpl(context)
    assert loaded.conn.execute(known).fetchone() == before
    assert loaded.one("select kickoff_at from pulse.fpl_fixtures where fixture_id = %s", coming) is None


def test_what_fpl_no_longer_lists_and_nothing_refers_to_is_deleted(loaded: Pipelines) -> None:
    def with_more(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            stranger = {"id": 9901, "code": 999_901, "web_name": "Nobody"}
            payload["elements"].append(payload["elements"][-1] | stranger)
            last = payload["events"][-1]
            payload["events"].append(last | {"id": 39, "deadline_time": "2026-06-20T10:00:00Z"})
        return payload

    counts = "select (select count(*) from pulse.fpl_gameweeks), (select count(*) from pulse.fpl_players)"
    gameweeks, players = loaded.conn.execute(counts).fetchone() or (0, 0)
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, with_more)
    reference.refresh_fpl(context)
    assert loaded.conn.execute(counts).fetchone() == (gameweeks + 1, players + 1)
    reference.refresh_fpl(loaded.context("update_season_stats", TUESDAY + timedelta(days=1)))
    assert loaded.conn.execute(counts).fetchone() == (gameweeks, players)


def test_figures_that_fpl_does_not_have_yet_are_unknown(loaded: Pipelines) -> None:
    def without_expected(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.LIVE:
            for element in payload["elements"]:
                element["stats"]["expected_goals"] = "0.00"
        return payload

    loaded.conn.execute("delete from pulse.fpl_player_fixtures")
    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    change_responses(context, without_expected)
    reference.refresh_fpl(context)
    known = "select count(*) from pulse.fpl_player_fixtures where minutes > 0 and {} is not null"
    assert loaded.one(known.format("expected_goals")) == 0
    assert loaded.one(known.format("expected_assists")) > 200
    with pytest.raises(CheckFailedError, match="fpl/event/live lacks the key expected_goals in 2 responses"):
        lineups.check_lineups(context)


def test_a_repeated_run_of_before_changes_no_row(loaded: Pipelines) -> None:
    players = "select md5(string_agg(fpl_players::text, '' order by element_id)) from pulse.fpl_players"
    before = loaded.one(players)
    for dag_id in ("update_fixture_mappings", "update_lineups", "update_season_stats"):
        loaded.run(dag_id, slots_of(FIRST_MONDAY)[dag_id])
        assert loaded.one(players) == before


@pytest.mark.parametrize(("gameweek", "expected"), [(1, [True, False, False]), (2, [True, True, True])])
def test_figures_that_differ_from_sofasports_are_read_in_each_run_when_recent_else_once_a_week(
    loaded: Pipelines, gameweek: int, expected: list[bool]
) -> None:
    loaded.conn.execute("delete from pulse.figure_differences")
    loaded.conn.execute(
        "insert into pulse.figure_differences"
        " (season, fixture_id, figure, fpl_code, sofasport_player_id, sofasport_value, fpl_value, counts)"
        " select season, fixture_id, 'goals', 1, 1, 1, 0, true from pulse.fpl_fixtures where gameweek = %s"
        " order by kickoff_at limit 1",
        [gameweek],
    )
    slots = slots_of(FIRST_MONDAY + timedelta(weeks=1))
    read = []
    for dag_id in ("update_fixture_mappings", "update_lineups", "update_season_stats"):
        context = loaded.context(dag_id, slots[dag_id])
        reference.refresh_fpl(context)
        calls = "select count(*) from pulse.api_calls where run_id = %s and endpoint = %s and resource like %s || '&%%'"
        read.append(loaded.one(calls, context.run.run_id, fpl.LIVE, f"gw={gameweek}") > 0)
    assert read == expected
