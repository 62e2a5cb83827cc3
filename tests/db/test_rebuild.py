"""Every derived table built anew from the archive is as it was, without a call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.api import sofasport
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.rebuild import rebuild, rebuild_from_raw, report_lines
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive, decisions
from fpl_pulse.store.decisions import Decision
from fpl_pulse.store.digest import RECORDS, different, digest, tables
from tests.db.conftest import ENDINGS, FIRST_MONDAY, Pipelines, slots_of
from tests.db.test_never_worse import body_of

WEDNESDAY = slots_of(FIRST_MONDAY)["update_radar_attributes"]


def records(loaded: Pipelines) -> dict[str, object]:
    """What the tables that are no data hold."""
    return {
        name: loaded.one(
            f"select md5(string_agg(kept::text, ',' order by kept::text)) from pulse.{name} as kept"
        )
        for name in sorted(RECORDS)
    }


def test_two_weeks_are_the_same_after_a_rebuild_and_no_call_was_made(loaded: Pipelines) -> None:
    loaded.week(FIRST_MONDAY + timedelta(weeks=1))
    before = digest(loaded.conn)
    assert before["revisions"].rows > 0
    assert before["sofasport_heatmaps"].rows > 0
    context = loaded.context("update_radar_attributes", WEDNESDAY)
    records_before = records(loaded)
    rebuilt = rebuild(context)
    assert rebuilt.different == []
    assert different(before, digest(loaded.conn)) == []
    assert records(loaded) == records_before
    assert list(report_lines(rebuilt))[-1] == "Every table is as before."


def test_rows_that_were_lost_or_spoilt_are_there_again_and_the_next_runs_ask_for_nothing(
    loaded: Pipelines,
) -> None:
    changed = "select max(updated_at) from pulse.sofasport_lineup_players where minutes < 45"
    before, changed_before = digest(loaded.conn), loaded.one(changed)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where mod(player_id, 2) = 0")
    loaded.conn.execute("update pulse.sofasport_lineup_players set rating = 1 where minutes > 45")
    loaded.conn.execute("update pulse.fpl_players set web_name = 'X'")
    spoilt = digest(loaded.conn)
    lost = {"sofasport_heatmaps", "sofasport_lineup_players", "fpl_players"}
    rehearsed = rebuild(loaded.context("update_radar_attributes", WEDNESDAY), rehearse=True)
    assert lost <= set(rehearsed.different)
    assert different(spoilt, digest(loaded.conn)) == [], "a rehearsal keeps nothing"
    context = loaded.context("update_radar_attributes", WEDNESDAY)
    raise_alert(context.conn, context.run, "link_contradicted", "player 7", "Look at him.")
    early = replace(context.run, as_of=slots_of(FIRST_MONDAY)["update_fixture_mappings"])
    raise_alert(context.conn, early, "link_contradicted", "player 8", "Look at him.")
    told = records(loaded)["alerts"]
    rebuilt = rebuild(context)
    assert records(loaded)["alerts"] == told, "a rebuild raises and closes nothing"
    assert lost <= set(rebuilt.different)
    assert different(before, digest(loaded.conn)) == []
    assert loaded.one(changed) == changed_before, "what is as it was has not changed"
    for dag_id in ("update_fixture_mappings", "update_lineups", "collect_heatmaps"):
        spent = loaded.calls(loaded.run(dag_id, slots_of(FIRST_MONDAY)[dag_id]))
        assert set(spent) <= {"seasons/events"}, dag_id


def test_what_people_have_decided_or_asked_for_outlives_a_rebuild(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(
        "select sofasport_player_id, fpl_code from pulse.player_mappings order by 1"
    ).fetchall()[0]
    decisions.store(loaded.conn, Decision("player", player_id, code, "reject", "Ann", "another man"))
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes > 0"))
    body = body_of(loaded, sofasport.lineups(event_id))
    starter = next(entry for entry in body["home"]["players"] if entry["statistics"].get("minutesPlayed"))
    starter["statistics"] = {}
    chosen = Selection(matches=(event_id,), refresh=True)
    later = slots_of(FIRST_MONDAY)["update_lineups"] + timedelta(hours=1)
    context = loaded.context("update_lineups", later, chosen)
    archive.store_response(
        loaded.conn, sofasport.lineups(event_id), body, context.as_of, load_again=True, forced=True
    )
    for step in ENDINGS["update_lineups"]:
        step(context)
    minutes = "select minutes from pulse.sofasport_lineup_players where event_id = %s and player_id = %s"
    assert not loaded.one(minutes, event_id, starter["player"]["id"]), "the poorer answer was taken"
    before = digest(loaded.conn)
    assert rebuild(loaded.context("update_radar_attributes", WEDNESDAY)).different == []
    assert different(before, digest(loaded.conn)) == []


def test_the_digest_sees_every_table_of_data_and_any_change_of_a_value(loaded: Pipelines) -> None:
    before = digest(loaded.conn)
    assert set(before) == set(tables(loaded.conn))
    loaded.conn.execute(
        "update pulse.sofasport_lineup_players set minutes = minutes + 1 where ctid = (select min(ctid)"
        " from pulse.sofasport_lineup_players where minutes > 0)"
    )
    assert different(before, digest(loaded.conn)) == ["revisions", "sofasport_lineup_players"]


def test_the_digest_does_not_see_wall_clocks(loaded: Pipelines) -> None:
    before = digest(loaded.conn)
    loaded.conn.execute("update pulse.fpl_players set updated_at = now()")
    assert different(before, digest(loaded.conn)) == []


def test_a_failed_rebuild_leaves_everything_as_it_was(
    loaded: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_part_cannot_be_rebuilt(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", WEDNESDAY, Selection(gameweeks=(1,)))
    with pytest.raises(SelectionError, match="always covers everything"):
        rebuild_from_raw(context)
