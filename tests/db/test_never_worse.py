"""What is stored never gets worse: poorer, foreign or broken answers are refused, and asked for again."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError, NoDataError, PagingError, PayloadError, SelectionError
from fpl_pulse.etl import (
    events,
    heatmaps,
    lineups,
    mapping_check,
    mappings,
    reference,
    season_statistics,
    squads,
)
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from tests.db.conftest import FIRST_MONDAY, Pipelines, slots_of

SEASON = "2025-26"
FIRST = slots_of(FIRST_MONDAY)
TUESDAY = FIRST["update_lineups"]
WEDNESDAY = FIRST["update_season_stats"]


def body_of(loaded: Pipelines, resource: Resource) -> Any:  # noqa: ANN401 - any JSON
    response_id = loaded.one(
        "select response_id from pulse.raw_resources where endpoint = %s and resource = %s",
        resource.endpoint,
        resource.key,
    )
    return copy.deepcopy(archive.body_of(loaded.conn, response_id))


def answering(context: StepContext, change: Callable[[Resource, Any], Any]) -> None:
    """Let the APIs' answers pass through a change on their way; None stands for no data."""
    for client in context.apis.values():

        def get(resource: Resource, purpose: str, ask: Any = client.get) -> Any:  # noqa: ANN401
            answer = change(resource, ask(resource, purpose))
            if answer is None:
                raise NoDataError(f"{resource}: nothing there")
            return answer

        client.get = get  # type: ignore[method-assign]


def minutes_of(loaded: Pipelines, event_id: int) -> int:
    return int(
        loaded.one("select sum(minutes) from pulse.sofasport_lineup_players where event_id = %s", event_id)
    )


@pytest.fixture
def event_id(loaded: Pipelines) -> int:
    """A match of the first gameweek."""
    return int(loaded.one("select min(event_id) from pulse.sofasport_lineups"))


def test_a_revision_that_lacks_statistics_of_some_players_leaves_the_match_as_it_was(
    loaded: Pipelines, event_id: int
) -> None:
    before = minutes_of(loaded, event_id)
    poorer = body_of(loaded, sofasport.lineups(event_id))
    for entry in poorer["home"]["players"][:5]:
        entry["statistics"] = {}
    archive.store_response(loaded.conn, sofasport.lineups(event_id), poorer, TUESDAY)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    assert minutes_of(loaded, event_id) == before
    reason = loaded.one(
        "select reason from pulse.rejected_records where resource = %s", f"event_id={event_id}"
    )
    assert "fewer players with minutes (home)" in reason


def test_one_impossible_rating_costs_the_player_nothing_that_was_known(
    loaded: Pipelines, event_id: int
) -> None:
    before = minutes_of(loaded, event_id)
    strange = body_of(loaded, sofasport.lineups(event_id))
    starter = strange["away"]["players"][2]
    starter["statistics"]["rating"] = 10.5
    archive.store_response(loaded.conn, sofasport.lineups(event_id), strange, TUESDAY)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    assert minutes_of(loaded, event_id) == before
    place = loaded.one("select path from pulse.rejected_records where resource = %s", f"event_id={event_id}")
    assert place == f"away.players.{starter['player']['id']}"


def test_a_refused_lineup_does_not_hold_up_the_others_and_is_asked_for_again(
    loaded: Pipelines, event_id: int
) -> None:
    other = int(loaded.one("select max(event_id) from pulse.sofasport_lineups"))
    better = body_of(loaded, sofasport.lineups(other))
    better["home"]["formation"] = "1-9-1"
    archive.store_response(loaded.conn, sofasport.lineups(event_id), {"home": "nobody"}, TUESDAY)
    archive.store_response(loaded.conn, sofasport.lineups(other), better, TUESDAY)
    context = loaded.context("update_lineups", TUESDAY)
    assert lineups.load_lineups(context) == {"loaded": 1}
    formation = "select formation from pulse.sofasport_lineups where side = 'home' and event_id = %s"
    assert loaded.one(formation, other) == "1-9-1"
    assert {"event_id": event_id} in lineups.plan_matches(context)
    lineups.fetch_lineup(context, event_id)
    lineups.load_lineups(context)
    assert {"event_id": event_id} not in lineups.plan_matches(context)


def test_official_figures_that_were_refused_once_are_read_again(loaded: Pipelines) -> None:
    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    answering(
        context, lambda resource, answer: {"elements": None} if resource.endpoint == fpl.LIVE else answer
    )
    with pytest.raises(PayloadError, match="elements"):
        reference.refresh_fpl_results(context)
    healthy = loaded.context("update_lineups", TUESDAY)
    reference.refresh_fpl_results(healthy)
    assert loaded.calls(healthy, "fpl")[fpl.LIVE] == 2


def test_fixtures_of_another_season_never_overwrite_these(loaded: Pipelines) -> None:
    scored = "select count(*) from pulse.fpl_fixtures where home_score is not null"
    before = loaded.one(scored)

    def next_season(resource: Resource, answer: Any) -> Any:  # noqa: ANN401
        if resource.endpoint != fpl.FIXTURES:
            return answer
        wiped = {"team_h_score": None, "team_a_score": None, "finished": False, "started": False}
        return [{**fixture, **wiped, "code": fixture["code"] + 9000} for fixture in answer]

    context = loaded.context("update_lineups", TUESDAY)
    answering(context, next_season)
    with pytest.raises(PayloadError, match="FPL has begun another season"):
        reference.refresh_fpl_results(context)
    assert loaded.one(scored) == before > 0


def test_what_is_another_thing_in_every_season_is_archived_under_its_season() -> None:
    def all_of(season: str) -> list[Resource]:
        squad, radar = sofasport.squad(season, 5), sofasport.attributes(season, 5)
        return [fpl.live(season, 8), fpl.fixtures(season), squad, radar]

    for this, following in zip(all_of("2025-26"), all_of("2026-27"), strict=True):
        assert this.key != following.key
        assert "season" not in (this.query or {})


def test_season_statistics_without_minutes_do_not_turn_a_season_into_zeros(loaded: Pipelines) -> None:
    player_id = int(loaded.one("select min(player_id) from pulse.sofasport_season_statistics"))
    minutes = "select minutes from pulse.sofasport_season_statistics where player_id = %s"
    before = loaded.one(minutes, player_id)
    season_id = loaded.one("select season_id from pulse.sofasport_seasons")
    resource = sofasport.season_statistics(season_id, player_id)
    archive.store_response(loaded.conn, resource, {"statistics": {}, "team": None}, WEDNESDAY)
    context = loaded.context("update_season_stats", WEDNESDAY)
    season_statistics.load_season_statistics(context)
    assert loaded.one(minutes, player_id) == before > 0
    outcome = "select outcome from pulse.raw_resources where endpoint = %s and resource = %s"
    assert loaded.one(outcome, resource.endpoint, resource.key) == "rejected"
    assert season_statistics.plan_season_statistics(context) != []


def test_a_match_that_has_ended_cannot_go_back_to_not_started(loaded: Pipelines, event_id: int) -> None:
    def turned_back(resource: Resource, answer: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == sofasport.EVENTS:
            for event in answer["events"]:
                if event["id"] == event_id:
                    event.update(status={"code": 0}, homeScore={}, awayScore={})
        return answer

    context = loaded.context("update_fixture_mappings", TUESDAY)
    answering(context, turned_back)
    events.fetch_sofasport_events(context)
    assert loaded.one("select status_code from pulse.sofasport_events where event_id = %s", event_id) == 100
    assert "would take it back" in loaded.one("select reason from pulse.rejected_records")


def test_an_empty_first_page_in_mid_season_is_no_absence_of_news(loaded: Pipelines) -> None:
    context = loaded.context("update_fixture_mappings", TUESDAY)
    answering(context, lambda resource, answer: None if resource.endpoint == sofasport.EVENTS else answer)
    with pytest.raises(PagingError, match="there are no last events, but there must be"):
        events.fetch_sofasport_events(context)


def test_a_match_that_hangs_on_an_old_page_is_looked_for_there(loaded: Pipelines) -> None:
    later = datetime(2025, 12, 15, 2, tzinfo=UTC)
    loaded.run("update_fixture_mappings", later)
    oldest = int(loaded.one("select event_id from pulse.sofasport_events order by start_at limit 1"))
    loaded.conn.execute("update pulse.sofasport_events set status_code = 7 where event_id = %s", (oldest,))
    context = loaded.context("update_fixture_mappings", later)
    events.fetch_sofasport_events(context)
    assert loaded.calls(context)[sofasport.EVENTS] > 3
    # The page itself has not changed since it was loaded; a refresh loads it all the same.
    chosen = Selection(matches=(oldest,), refresh=True)
    events.fetch_sofasport_events(loaded.context("update_fixture_mappings", later, chosen))
    assert loaded.one("select status_code from pulse.sofasport_events where event_id = %s", oldest) == 100


def test_a_refresh_restores_rows_that_were_lost(loaded: Pipelines, event_id: int) -> None:
    before = minutes_of(loaded, event_id)
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id = %s".encode(), (event_id,))
    loaded.run("update_lineups", TUESDAY, Selection(matches=(event_id,), refresh=True))
    assert minutes_of(loaded, event_id) == before


def test_a_refresh_of_everything_by_mistake_is_refused(loaded: Pipelines) -> None:
    context = loaded.context("collect_heatmaps", TUESDAY, Selection(refresh=True))
    with pytest.raises(SelectionError, match="choose the gameweeks, matches or players"):
        heatmaps.plan_heatmaps(context)


def test_a_squad_with_a_rejected_player_takes_nobody_for_gone(loaded: Pipelines) -> None:
    team_id = int(loaded.one("select min(team_id) from pulse.sofasport_squads"))
    squad = body_of(loaded, sofasport.squad(SEASON, team_id))
    squad["players"][1]["player"]["id"] = -1
    archive.store_response(loaded.conn, sofasport.squad(SEASON, team_id), squad, TUESDAY)
    squads.fetch_sofasport_squads(loaded.context("update_fixture_mappings", TUESDAY))
    gone = "select count(*) from pulse.sofasport_squads where team_id = %s and not is_current"
    assert loaded.one(gone, team_id) == 0
    squad["players"].pop(1)
    archive.store_response(loaded.conn, sofasport.squad(SEASON, team_id), squad, TUESDAY)
    squads.fetch_sofasport_squads(loaded.context("update_fixture_mappings", TUESDAY))
    assert loaded.one(gone, team_id) == 1


def test_an_empty_squad_is_refused_and_asked_for_again_and_the_others_are_matched(loaded: Pipelines) -> None:
    team_id = int(loaded.one("select min(team_id) from pulse.sofasport_squads"))
    archive.store_response(loaded.conn, sofasport.squad(SEASON, team_id), {"players": []}, TUESDAY)
    context = loaded.context("update_fixture_mappings", TUESDAY)
    squads.fetch_sofasport_squads(context)
    assert loaded.calls(context) == {}
    assert loaded.one("select count(*) from pulse.sofasport_squads where team_id = %s", team_id) > 20
    again = loaded.context("update_fixture_mappings", TUESDAY)
    squads.fetch_sofasport_squads(again)
    assert loaded.calls(again) == {sofasport.SQUAD: 1}


def test_heatmaps_that_sofasport_will_never_have_do_not_keep_the_run_red(
    loaded: Pipelines, event_id: int
) -> None:
    gone = "select player_id from pulse.sofasport_heatmaps where event_id = %s limit 6"
    for (player_id,) in loaded.conn.execute(gone, (event_id,)).fetchall():
        archive.store_no_data(loaded.conn, sofasport.heatmap(event_id, player_id), TUESDAY)
        loaded.conn.execute(
            "delete from pulse.sofasport_heatmaps where event_id = %s and player_id = %s",
            (event_id, player_id),
        )
    later = loaded.context("collect_heatmaps", TUESDAY + timedelta(days=5))
    assert heatmaps.check_heatmaps(later)["heatmaps"]["have"] > 0


def test_heatmaps_of_all_matches_missing_turn_the_run_red(loaded: Pipelines) -> None:
    for event_id, player_id in loaded.conn.execute(
        "select event_id, player_id from pulse.sofasport_heatmaps"
    ).fetchall():
        archive.store_no_data(loaded.conn, sofasport.heatmap(event_id, player_id), TUESDAY)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps")
    with pytest.raises(CheckFailedError, match="have a heatmap"):
        heatmaps.check_heatmaps(loaded.context("collect_heatmaps", TUESDAY + timedelta(days=5)))


def test_a_code_that_replaces_a_temporary_one_takes_link_and_figures_along(loaded: Pipelines) -> None:
    code = int(loaded.one("select fpl_code from pulse.player_mappings order by 1 limit 1"))

    def renumbered(resource: Resource, answer: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in answer["elements"]:
                element["code"] = 999_999 if element["code"] == code else element["code"]
        return answer

    context = loaded.context("update_fixture_mappings", TUESDAY)
    answering(context, renumbered)
    reference.fetch_fpl_reference(context)
    mappings.resolve_identities(context)
    mappings.load_mappings(context)
    for table in ("player_mappings", "fpl_player_fixtures"):
        assert loaded.one(f"select count(*) from pulse.{table} where fpl_code = %s", code) == 0
        assert loaded.one(f"select count(*) from pulse.{table} where fpl_code = %s", 999_999) > 0


def test_a_week_before_the_season_is_green_and_has_nothing_to_do(pipelines: Pipelines) -> None:
    before = slots_of(datetime(2025, 8, 4, tzinfo=UTC).date())
    works = {dag_id: pipelines.run(dag_id, as_of) for dag_id, as_of in before.items()}
    assert pipelines.calls(works["update_lineups"]) == {}
    assert pipelines.one("select count(*) from pulse.pipeline_runs where state = 'success'") == 5


def test_a_first_run_in_spring_is_not_red_for_people_whom_only_the_lineups_know(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.player_mappings")
    context = loaded.context("update_fixture_mappings", TUESDAY)
    with pytest.raises(CheckFailedError, match="players with minutes are linked"):
        mapping_check.check_mappings(context)
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table}".encode())
    mapping_check.check_mappings(context)


def test_totals_of_a_player_whose_new_club_has_an_open_match_are_not_compared(
    loaded: Pipelines, event_id: int
) -> None:
    player_id, team_id = loaded.conn.execute(
        "select player_id, team_id from pulse.sofasport_lineup_players where event_id = %s and minutes > 0 limit 1",
        (event_id,),
    ).fetchone() or (0, 0)
    elsewhere = loaded.one(
        "select events.event_id from pulse.sofasport_events as events where status_code = 100"
        " and %s not in (home_team_id, away_team_id) limit 1",
        team_id,
    )
    loaded.conn.execute(
        "update pulse.sofasport_lineups set with_minutes = 0 where event_id = %s", (elsewhere,)
    )
    loaded.conn.execute(
        "update pulse.sofasport_season_statistics set minutes = minutes + 90, team_id ="
        " (select home_team_id from pulse.sofasport_events where event_id = %s) where player_id = %s",
        (elsewhere, player_id),
    )
    season_statistics.check_season_statistics(loaded.context("update_season_stats", WEDNESDAY))


def test_a_list_of_which_hardly_anything_fits_turns_the_run_red_and_changes_nothing(
    loaded: Pipelines,
) -> None:
    players = "select count(*), sum(minutes) from pulse.fpl_players"
    before = loaded.conn.execute(players).fetchone()

    def renamed(resource: Resource, answer: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in answer["elements"]:
                element["played_minutes"] = element.pop("minutes")
        return answer

    context = loaded.context("update_fixture_mappings", TUESDAY)
    answering(context, renamed)
    with pytest.raises(PayloadError, match=r"records under 'elements' do not fit.*minutes: Field required"):
        reference.fetch_fpl_reference(context)
    assert loaded.conn.execute(players).fetchone() == before


def test_rows_that_come_twice_are_counted_once(loaded: Pipelines) -> None:
    figures = "select count(*), sum(minutes) from pulse.fpl_player_fixtures"
    before = loaded.conn.execute(figures).fetchone()

    def doubled(resource: Resource, answer: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.LIVE:
            answer["elements"] += answer["elements"][:50]
        return answer

    loaded.forget("endpoint = %s", fpl.LIVE)
    context = loaded.context("update_lineups", TUESDAY)
    answering(context, doubled)
    reference.refresh_fpl_results(context)
    assert loaded.conn.execute(figures).fetchone() == before
