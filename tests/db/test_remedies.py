"""Every remedy that a sentence or the runbook names heals the fault after which it is named.

Not here, because they concern no data: a new key, a larger plan and a reset quota (`test_budget.py`, `test_quota.py`,
`test_faults.py`), a free disk (`test_disk_full.py`), waits and clears in Airflow (`make crashes`, `make operator`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from dev.hostile.corruption import NO_DATA, Corruption, Intercepted, Payload, Reply
from dev.hostile.weeks import HISTORY, Installation
from dev.pipelines import ENDINGS, Pipelines, slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import events, lineups, mapping_check, mappings, season_statistics
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive, decisions
from fpl_pulse.store.decisions import Decision, Verdict
from fpl_pulse.store.digest import different, digest
from tests.db.faults import TUESDAY, WEDNESDAY, body_of, match_rows
from tests.installations import FIRST_MONDAY

NEXT_WEEK = FIRST_MONDAY + timedelta(weeks=1)


def run(
    small: Pipelines, dag_id: str, as_of: datetime, *corruptions: Corruption, selection: Selection | None = None
) -> str:
    """Run a pipeline against a source that may be corrupted; returns what its check found."""
    installation = Installation.of(small)
    installation.source.corruptions = corruptions
    try:
        small.run(dag_id, as_of, selection)
    except CheckFailedError as error:
        return str(error)
    finally:
        installation.source.corruptions = ()
        assert all(one.corrupted for one in corruptions)
    return ""


def changed_data(small: Pipelines, before: Any) -> Sequence[str]:  # noqa: ANN401 - digests by table
    return [table for table in different(before, digest(small.conn)) if table not in HISTORY]


def of_statistics(change: Callable[[dict[str, Any]], None]) -> Callable[[Payload, Intercepted], Payload]:
    """Change the statistics of the players of a match."""

    def changed(match: Payload, _: Intercepted) -> Payload:
        for side in ("home", "away"):
            for entry in match[side]["players"]:
                if entry["statistics"]:
                    change(entry["statistics"])
        return match

    return changed


@pytest.fixture
def event_id(small: Pipelines) -> int:
    """A match of the first gameweek."""
    return int(small.one("select min(event_id) from pulse.sofasport_lineups"))


def test_refresh_of_a_match_replaces_a_match_with_too_many_players(small: Pipelines, event_id: int) -> None:
    # While FPL's official figures are open, nothing says which of two responses is the right one.
    small.conn.execute("update pulse.fpl_fixtures set finished_provisional = false")
    before = match_rows(small)
    resource = sofasport.lineups(event_id)
    true = body_of(small, resource)
    wrong = body_of(small, resource)
    unused = next(entry for entry in wrong["home"]["players"] if not entry["statistics"])
    unused["statistics"] = {"minutesPlayed": 20, "touches": 5, "totalPass": 4, "accuratePass": 4, "rating": 6.5}
    for body in (wrong, true):
        archive.store_response(small.conn, resource, body, TUESDAY, load_again=True)
        lineups.load_lineups(small.context("update_lineups", TUESDAY))
    reason = small.one("select reason from pulse.rejected_records where resource = %s and path = ''", resource.key)
    assert f"run update_lineups with match {event_id} and refresh" in reason
    assert match_rows(small) != before
    assert run(small, "update_lineups", TUESDAY, selection=Selection(matches=(event_id,), refresh=True)) == ""
    assert match_rows(small) == before


def test_refresh_of_a_player_accepts_season_statistics_with_less(small: Pipelines) -> None:
    player_id = int(small.one("select min(player_id) from pulse.sofasport_season_statistics where touches > 9"))
    row = "select touches, statistics ->> 'touchesInBox' from pulse.sofasport_season_statistics where player_id = %s"
    before = small.conn.execute(row, (player_id,)).fetchone()
    season_id = small.one("select season_id from pulse.sofasport_seasons")
    resource = sofasport.season_statistics(season_id, player_id)
    body = body_of(small, resource)
    for statistics in ({**body["statistics"], "touchesInBox": 7}, body["statistics"]):
        archive.store_response(small.conn, resource, {**body, "statistics": statistics}, WEDNESDAY, load_again=True)
        season_statistics.load_season_statistics(small.context("update_season_stats", WEDNESDAY))
    reason = small.one("select reason from pulse.rejected_records where resource = %s", resource.key)
    assert "trigger a run for this match or player with refresh" in reason
    assert small.conn.execute(row, (player_id,)).fetchone() != before
    selection = Selection(players=(player_id,), refresh=True)
    assert run(small, "update_season_stats", WEDNESDAY, selection=selection) == ""
    assert small.conn.execute(row, (player_id,)).fetchone() == before


def test_refresh_of_a_gameweek_replaces_wrong_minutes(small: Pipelines, event_id: int) -> None:
    before = digest(small.conn)
    halved = of_statistics(lambda figures: figures.update(minutesPlayed=figures.get("minutesPlayed", 0) // 2))
    fault = Corruption("events/lineups", halved, {"event_id": str(event_id)})
    gameweek = int(small.one("select gameweek from pulse.event_gameweeks where event_id = %s", event_id))
    selection = Selection(gameweeks=(gameweek,), refresh=True)
    problem = run(small, "update_lineups", TUESDAY, fault, selection=selection)
    assert "Fetch the gameweeks again (update_lineups with gameweeks and refresh)" in problem
    assert run(small, "update_lineups", TUESDAY, selection=selection) == ""
    assert changed_data(small, before) == []


def test_refresh_of_a_player_replaces_wrong_goals_of_his_matches(small: Pipelines, event_id: int) -> None:
    before = digest(small.conn)
    player_id = int(
        small.one("select player_id from pulse.sofasport_lineup_players where event_id = %s and goals > 0", event_id)
    )

    def with_more_goals(match: Payload, _: Intercepted) -> Payload:
        for side in ("home", "away"):
            for entry in match[side]["players"]:
                if entry["player"]["id"] == player_id:
                    entry["statistics"]["goals"] += 1
        return match

    fault = Corruption("events/lineups", with_more_goals, {"event_id": str(event_id)})
    selection = Selection(players=(player_id,), refresh=True)
    problem = run(small, "update_lineups", TUESDAY, fault, selection=selection)
    assert "have goals that do not add up to the score" in problem
    problem = run(small, "update_season_stats", WEDNESDAY)
    name = small.one("select name from pulse.sofasport_players where player_id = %s", player_id)
    goals = int(small.one("select goals from pulse.sofasport_season_statistics where player_id = %s", player_id))
    assert f"{name} {goals}/{goals + 1} goals" in problem
    assert " min and" not in problem
    assert "run update_lineups with these players and refresh" in problem
    assert run(small, "update_lineups", TUESDAY, selection=selection) == ""
    season_statistics.check_season_statistics(small.context("update_season_stats", WEDNESDAY))
    assert changed_data(small, before) == []


def test_refresh_of_a_match_and_a_clear_of_the_check_heal_missing_lineups(small: Pipelines) -> None:
    tuesday = slots_of(NEXT_WEEK)["update_lineups"]
    small.run("update_fixture_mappings", slots_of(NEXT_WEEK)["update_fixture_mappings"])
    event_id = int(
        small.one(
            "select min(event_id) from pulse.event_gameweeks where has_ended and start_at < %s"
            " and event_id not in (select event_id from pulse.sofasport_lineups)",
            tuesday - timedelta(days=2),
        )
    )
    fault = Corruption("events/lineups", lambda *_: NO_DATA, {"event_id": str(event_id)})
    assert "matches that have no lineups: 1" in run(small, "update_lineups", tuesday, fault)
    selection = Selection(matches=(event_id,), refresh=True)
    assert run(small, "update_lineups", tuesday, selection=selection) == ""
    lineups.check_lineups(small.context("update_lineups", tuesday))


def test_a_clear_of_the_events_heals_a_played_fixture_without_an_ended_event(small: Pipelines) -> None:
    monday = slots_of(NEXT_WEEK)["update_fixture_mappings"]
    already = {row[0] for row in small.conn.execute("select event_id from pulse.sofasport_lineups").fetchall()}

    def late(page: Payload, _: Intercepted) -> Payload:
        new = next((one for one in page["events"] if one["id"] not in already and one["status"]["code"] == 100), None)
        if new:
            new["status"] = {"code": 7, "type": "inprogress"}
        return page

    installation = Installation.of(small)
    installation.source.corruptions = [Corruption("seasons/events", late, {"course_events": "last", "page": "0"})]
    context = small.context("update_fixture_mappings", monday)
    *steps, check = ENDINGS["update_fixture_mappings"]
    for step in steps:
        step(context)
    with pytest.raises(CheckFailedError, match="played fixtures without an ended event: 1"):
        check(context)
    installation.source.corruptions = []
    cleared = small.context("update_fixture_mappings", monday, run_id=context.run.run_id)
    for step in (events.fetch_sofasport_events, *ENDINGS["update_fixture_mappings"][2:]):
        step(cleared)


def test_a_rebuild_restores_rows_that_were_changed_manually(small: Pipelines) -> None:
    before = digest(small.conn)
    small.conn.execute("delete from pulse.sofasport_heatmaps where player_id %% 3 = 0".replace("%%", "%").encode())
    small.conn.execute("update pulse.sofasport_lineup_players set passes = null, minutes = 1 where minutes > 80")
    small.conn.execute("update pulse.fpl_players set minutes = 0")
    assert changed_data(small, before) != []
    rebuild(small.context("rebuild", WEDNESDAY))
    assert changed_data(small, before) == []


def decide(small: Pipelines, sofasport_id: int, code: int, verdict: Verdict) -> None:
    decisions.store(small.conn, Decision("player", sofasport_id, code, verdict, "tester", "for the test"))


def test_a_withdrawn_decision_gives_the_computed_link_back(small: Pipelines) -> None:
    before = digest(small.conn)
    ((sofasport_id, code),) = small.conn.execute(
        "select sofasport_player_id, fpl_code from pulse.player_mappings order by 1 limit 1"
    ).fetchall()
    decide(small, sofasport_id, code, "reject")
    context = small.context("update_fixture_mappings", TUESDAY)
    mappings.resolve_identities(context)
    mappings.load_mappings(context)
    assert small.one("select count(*) from pulse.player_mappings where sofasport_player_id = %s", sofasport_id) == 0
    decide(small, sofasport_id, code, "withdraw")
    mappings.resolve_identities(context)
    mappings.load_mappings(context)
    mapping_check.check_mappings(context)
    assert set(changed_data(small, before)) <= {"mapping_decisions", "lost_links", "player_mappings"}
    linked = "select fpl_code from pulse.player_mappings where sofasport_player_id = %s"
    assert small.one(linked, sofasport_id) == code


def test_a_clear_after_an_outage_completes_the_run(small: Pipelines) -> None:
    tuesday = slots_of(NEXT_WEEK)["update_lineups"]
    small.run("update_fixture_mappings", slots_of(NEXT_WEEK)["update_fixture_mappings"])
    down = Corruption("events/lineups", lambda *_: Reply(503, {"message": "down"}))
    installation = Installation.of(small)
    outcome = installation.week(NEXT_WEEK, [down], only=["update_lineups"])["update_lineups"]
    assert not outcome.is_green
    assert "status 503" in outcome.sentence
    assert run(small, "update_lineups", tuesday) == ""
