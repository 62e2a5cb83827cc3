"""A rebuild fills every derived table from the archive as it was before, without a call."""

import gc
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from dev.pipelines import ENDINGS, Pipelines, slots_of
from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.api import sofasport
from fpl_pulse.cli.archive import digest_lines
from fpl_pulse.cli.archive import main as archive_command
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.deciding import decide
from fpl_pulse.etl.rebuild import ArchivedTime, last_comparisons, rebuild, rebuild_from_raw, report_lines
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from fpl_pulse.store.decisions import Decision
from fpl_pulse.store.digest import RECORDS, different, digest, tables
from tests.db.faults import body_of
from tests.installations import FIRST_MONDAY

FIRST_TIME = slots_of(FIRST_MONDAY)["update_fixture_mappings"]
WEDNESDAY = slots_of(FIRST_MONDAY)["update_radar_attributes"]


def records(loaded: Pipelines) -> dict[str, object]:
    """A hash of each table that records what happened; the digest does not cover these tables."""
    return {
        name: loaded.one(f"select md5(string_agg(stored::text, ',' order by stored::text)) from pulse.{name} as stored")
        for name in sorted(RECORDS)
    }


def test_a_rebuild_of_two_weeks_changes_no_table_and_makes_no_call(loaded: Pipelines) -> None:
    loaded.week(FIRST_MONDAY + timedelta(weeks=1))
    before = digest(loaded.conn)
    assert before["revisions"].rows > 0
    assert before["sofasport_heatmaps"].rows > 0
    context = loaded.context("update_radar_attributes", WEDNESDAY)
    records_before = records(loaded)
    with loaded.conn.transaction():
        rebuilt = rebuild(context)
        locks = loaded.one("select count(*) from pg_locks where pid = pg_backend_pid()")
    assert locks < 1000, "a rebuild must not hold a lock for each response"
    assert rebuilt.different == []
    assert different(before, digest(loaded.conn)) == []
    assert records(loaded) == records_before
    assert list(report_lines(rebuilt))[-1] == "Every table is as before."


def test_a_rebuild_restores_lost_and_corrupt_rows_and_the_next_runs_request_nothing(loaded: Pipelines) -> None:
    updated_at = "select max(updated_at) from pulse.sofasport_lineup_players where minutes < 45"
    before, updated_before = digest(loaded.conn), loaded.one(updated_at)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where mod(player_id, 2) = 0")
    loaded.conn.execute("update pulse.sofasport_lineup_players set rating = 1 where minutes > 45")
    loaded.conn.execute("update pulse.fpl_players set web_name = 'X'")
    corrupt = digest(loaded.conn)
    damaged = {"sofasport_heatmaps", "sofasport_lineup_players", "fpl_players"}
    rehearsed = rebuild(loaded.context("update_radar_attributes", WEDNESDAY), rehearse=True)
    assert damaged <= set(rehearsed.different)
    assert different(corrupt, digest(loaded.conn)) == [], "a rehearsal changed a table"
    context = loaded.context("update_radar_attributes", WEDNESDAY)
    raise_alert(context.conn, context.run, "link_contradicted", "player 7", "A sentence.")
    early = replace(context.run, as_of=slots_of(FIRST_MONDAY)["update_fixture_mappings"])
    raise_alert(context.conn, early, "link_contradicted", "player 8", "A sentence.")
    alerts_before = records(loaded)["alerts"]
    rebuilt = rebuild(context)
    assert records(loaded)["alerts"] == alerts_before, "the rebuild raised or closed an alert"
    assert damaged <= set(rebuilt.different)
    assert different(before, digest(loaded.conn)) == []
    assert loaded.one(updated_at) == updated_before, "an unchanged row got a new time"
    corrected = "select min(updated_at) from pulse.sofasport_lineup_players where minutes > 45"
    assert loaded.one(corrected) > updated_before, "a corrected row kept its time"
    for dag_id in ("update_fixture_mappings", "update_lineups", "collect_heatmaps"):
        calls = loaded.calls(loaded.run(dag_id, slots_of(FIRST_MONDAY)[dag_id]))
        assert set(calls) <= {"seasons/events"}, dag_id


def test_a_manual_decision_and_a_forced_response_survive_a_rebuild(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(
        "select sofasport_player_id, fpl_code from pulse.player_mappings order by 1"
    ).fetchall()[0]
    decided = Decision("player", player_id, code, "reject", "Ann", "another man")
    decide(loaded.context("update_radar_attributes", WEDNESDAY), decided)
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes > 0"))
    body = body_of(loaded, sofasport.lineups(event_id))
    starter = next(entry for entry in body["home"]["players"] if entry["statistics"].get("minutesPlayed"))
    starter["statistics"] = {}
    selection = Selection(matches=(event_id,), refresh=True)
    later = slots_of(FIRST_MONDAY)["update_lineups"] + timedelta(hours=1)
    context = loaded.context("update_lineups", later, selection)
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, context.as_of, load_again=True, forced=True)
    for step in ENDINGS["update_lineups"]:
        step(context)
    minutes = "select minutes from pulse.sofasport_lineup_players where event_id = %s and player_id = %s"
    assert not loaded.one(minutes, event_id, starter["player"]["id"]), "the forced response was not loaded"
    before = digest(loaded.conn)
    assert rebuild(loaded.context("update_radar_attributes", WEDNESDAY)).different == []
    assert different(before, digest(loaded.conn)) == []


def test_the_digest_covers_every_data_table_and_every_changed_value(loaded: Pipelines) -> None:
    before = digest(loaded.conn)
    assert set(before) == set(tables(loaded.conn))
    loaded.conn.execute(
        "update pulse.sofasport_lineup_players set minutes = minutes + 1 where ctid = (select min(ctid)"
        " from pulse.sofasport_lineup_players where minutes > 0)"
    )
    assert different(before, digest(loaded.conn)) == ["player_matches", "revisions", "sofasport_lineup_players"]


def test_the_digest_of_a_season_covers_its_rows_and_no_others(loaded: Pipelines) -> None:
    season = loaded.one("select season from pulse.fpl_seasons")
    before, everything = digest(loaded.conn, season), digest(loaded.conn)
    of_all_seasons = {
        "external_ids", "lost_links", "mapping_decisions", "player_mappings", "sofasport_players", "sofasport_teams",
        "team_mappings",
    }  # fmt: skip
    assert set(before) == set(everything) - of_all_seasons
    loaded.conn.execute(
        "insert into pulse.sofasport_events (event_id, season, home_team_id, away_team_id, status_code, details)"
        " select 1, '2024-25', home_team_id, away_team_id, status_code, '{}' from pulse.sofasport_events limit 1"
    )
    heatmap = "player_id, points, point_count, mean_x, mean_y, observed_at"
    loaded.conn.execute(
        f"insert into pulse.sofasport_heatmaps (event_id, {heatmap}) select 1, {heatmap} from pulse.sofasport_heatmaps"
        " limit 1".encode()
    )
    loaded.conn.execute("update pulse.sofasport_heatmaps set mean_x = mean_x + 1 where event_id = 1")
    assert different(before, digest(loaded.conn, season)) == []
    assert different(everything, digest(loaded.conn)) == ["revisions", "sofasport_events", "sofasport_heatmaps"]


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ("update pulse.fpl_players set web_name = 'X' where element_id = 1", ["fpl_players"]),
        (
            "update pulse.sofasport_lineup_players set rating = 1 where minutes > 80",
            ["player_matches", "revisions", "sofasport_lineup_players"],
        ),
        ("update pulse.sofasport_season_statistics set rating = 1", ["revisions", "sofasport_season_statistics"]),
        (
            "insert into pulse.rejected_records (endpoint, resource, path, response_id, reason, record, as_of,"
            " resource_id) select endpoint, resource, 'x', response_id, 'a reason', '{}', as_of, resource_id"
            " from pulse.raw_resources where response_id is not null and endpoint = 'events/lineups'",
            ["rejected_records"],
        ),
    ],
)
def test_the_digest_of_a_season_shows_a_change(loaded: Pipelines, change: str, changed: list[str]) -> None:
    season = loaded.one("select season from pulse.fpl_seasons")
    before = digest(loaded.conn, season)
    loaded.conn.execute(change.encode())
    assert different(before, digest(loaded.conn, season)) == changed


def test_the_command_prints_the_digest_of_a_season(
    loaded: Pipelines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fpl_pulse.airflow.connections.open_store", lambda: nullcontext(loaded.conn))
    season = loaded.one("select season from pulse.fpl_seasons")
    capsys.readouterr()
    assert archive_command(["digest", "--season", season]) == 0
    assert capsys.readouterr().out.splitlines() == digest_lines(digest(loaded.conn, season))
    assert archive_command(["digest"]) == 0
    assert capsys.readouterr().out.splitlines() == digest_lines(digest(loaded.conn))
    assert archive_command(["digest", "--season", "2019-20"]) == 2
    refused = capsys.readouterr()
    assert refused.out == ""
    assert refused.err == f"Season 2019-20 is not in the store. Choose a stored season: {season}\n"


def test_the_digest_ignores_wall_clock_columns(loaded: Pipelines) -> None:
    before = digest(loaded.conn)
    loaded.conn.execute("update pulse.fpl_players set updated_at = now()")
    assert different(before, digest(loaded.conn)) == []


def test_a_failed_rebuild_changes_nothing(loaded: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(loaded.conn)
    context = loaded.context("update_radar_attributes", WEDNESDAY)
    records_before = records(loaded)

    def fail(_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("fpl_pulse.etl.rebuild.heatmaps.load_heatmaps", fail)
    with pytest.raises(RuntimeError, match="disk"):
        rebuild(context)
    assert different(before, digest(loaded.conn)) == []
    assert records(loaded) == records_before


def test_a_rebuild_writes_revisions_of_corrections_only(loaded: Pipelines) -> None:
    numbers = "select last_value from pulse.revisions_revision_id_seq"
    before = loaded.one(numbers)
    with loaded.conn.transaction():
        rebuild(loaded.context("update_radar_attributes", WEDNESDAY))
        # The same transaction: the setting of the rebuild has ended.
        loaded.conn.execute("update pulse.sofasport_heatmaps set mean_x = mean_x + 1")
    corrected = loaded.one("select count(*) from pulse.sofasport_heatmaps")
    assert loaded.one("select count(*) from pulse.revisions where table_name = 'sofasport_heatmaps'") == corrected
    assert loaded.one(numbers) - before < 2 * corrected, "the rebuild wrote revisions of the rows that it deleted"


def test_a_rebuild_leaves_the_garbage_collection_as_it_was(loaded: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def fail(_: object) -> None:
        seen.append(gc.isenabled())
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("fpl_pulse.etl.rebuild.heatmaps.load_heatmaps", fail)
    with pytest.raises(RuntimeError, match="disk"):
        rebuild(loaded.context("update_radar_attributes", WEDNESDAY))
    assert (seen, gc.isenabled()) == ([False], True)


HOUR = timedelta(hours=1)


def archived(hour: int, *pipelines: str, first_deadline: str | None = None) -> ArchivedTime:
    return ArchivedTime(FIRST_TIME + hour * HOUR, pipelines, first_deadline)


def test_only_the_last_comparisons_of_a_season_are_made() -> None:
    weeks = [
        archived(0, "update_fixture_mappings", first_deadline="2024"),
        archived(1, "update_lineups"),
        archived(2, "update_season_stats"),
        archived(3, "update_fixture_mappings", first_deadline="2024"),
        archived(4, "update_lineups"),
        archived(5, "update_season_stats"),
        # The cards were compared before these figures, so they need those of hour 4.
        archived(6, "update_lineups"),
        archived(7, "update_fixture_mappings", first_deadline="2025"),
        archived(8, "update_lineups"),
        archived(9, "update_season_stats"),
        archived(10, "update_lineups"),
        archived(11),
    ]
    found = last_comparisons(weeks)
    assert {(time - FIRST_TIME) // HOUR for time in found.figures} == {4, 6, 8, 10}
    assert {(time - FIRST_TIME) // HOUR for time in found.cards} == {5, 9}


def test_a_rebuild_refuses_a_selection(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", WEDNESDAY, Selection(gameweeks=(1,)))
    with pytest.raises(SelectionError, match="always covers everything"):
        rebuild_from_raw(context)
