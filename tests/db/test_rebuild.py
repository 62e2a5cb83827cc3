"""Every derived table built anew from the archive is as it was, without a call."""

from datetime import timedelta

import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.rebuild import rebuild, rebuild_from_raw, report_lines
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import decisions, raw
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


def test_three_weeks_are_the_same_after_a_rebuild_and_no_call_was_made(loaded: Pipelines) -> None:
    for week in (1, 2):
        loaded.week(FIRST_MONDAY + timedelta(weeks=week))
    before = digest(loaded.conn)
    assert before["revisions"].rows > 0
    assert before["sofasport_heatmaps"].rows > 0
    work = loaded.work("update_radar_attributes", WEDNESDAY)
    records_before = records(loaded)
    rebuilt = rebuild(work)
    assert rebuilt.different == []
    assert different(before, digest(loaded.conn)) == []
    assert records(loaded) == records_before
    assert list(report_lines(rebuilt))[-1] == "Every table is as it was."


def test_rows_that_were_lost_or_spoilt_are_there_again(loaded: Pipelines) -> None:
    before = digest(loaded.conn)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where mod(player_id, 2) = 0")
    loaded.conn.execute("update pulse.sofasport_lineup_players set rating = 1 where minutes > 45")
    loaded.conn.execute("update pulse.fpl_players set web_name = 'X'")
    rebuilt = rebuild(loaded.work("update_radar_attributes", WEDNESDAY))
    assert {"sofasport_heatmaps", "sofasport_lineup_players", "fpl_players"} <= set(rebuilt.different)
    assert different(before, digest(loaded.conn)) == []


def test_a_rehearsal_says_what_would_differ_and_keeps_nothing(loaded: Pipelines) -> None:
    loaded.conn.execute("update pulse.fpl_players set web_name = 'X'")
    before = digest(loaded.conn)
    rebuilt = rebuild(loaded.work("update_radar_attributes", WEDNESDAY), rehearse=True)
    assert "fpl_players" in rebuilt.different
    assert different(before, digest(loaded.conn)) == []


def test_a_persons_decision_outlives_a_rebuild(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(
        "select sofasport_player_id, fpl_code from pulse.player_mappings order by 1"
    ).fetchall()[0]
    decisions.store(loaded.conn, Decision("player", player_id, code, "reject", "Ann", "another man"))
    loaded.run("update_lineups", slots_of(FIRST_MONDAY)["update_lineups"])
    before = digest(loaded.conn)
    assert rebuild(loaded.work("update_radar_attributes", WEDNESDAY)).different == []
    assert different(before, digest(loaded.conn)) == []


def test_a_poorer_answer_that_a_person_has_asked_for_is_taken_again(loaded: Pipelines) -> None:
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes > 0"))
    body = body_of(loaded, sofasport.lineups(event_id))
    starter = next(entry for entry in body["home"]["players"] if entry["statistics"].get("minutesPlayed"))
    starter["statistics"] = {}
    work = loaded.work("update_lineups", WEDNESDAY, Selection(matches=(event_id,), refresh=True))
    raw.store_answer(
        loaded.conn, sofasport.lineups(event_id), body, WEDNESDAY, load_again=True, is_wanted=True
    )
    for step in ENDINGS["update_lineups"]:
        step(work)
    before = digest(loaded.conn)
    assert rebuild(loaded.work("update_radar_attributes", WEDNESDAY)).different == []
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
    work = loaded.work("update_radar_attributes", WEDNESDAY)
    records_before = records(loaded)

    def fail(_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("fpl_pulse.etl.rebuild.heatmaps.load_heatmaps", fail)
    with pytest.raises(RuntimeError, match="disk"):
        rebuild(work)
    assert different(before, digest(loaded.conn)) == []
    assert records(loaded) == records_before


def test_a_part_cannot_be_rebuilt(loaded: Pipelines) -> None:
    work = loaded.work("update_lineups", WEDNESDAY, Selection(gameweeks=(1,)))
    with pytest.raises(SelectionError, match="always of everything"):
        rebuild_from_raw(work)
