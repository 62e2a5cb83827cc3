"""Identity resolution in the store: links are kept, and doubtful pairs wait in review."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.api import fpl
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import mapping_check, mapping_report, mappings
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference import load_fpl
from fpl_pulse.store import archive, decisions
from fpl_pulse.store.decisions import Decision
from tests.db.faults import body_of
from tests.db.identity_resolution import (
    LINKED_WITH_MINUTES,
    MONDAY,
    TUESDAY,
    alerts,
    decide,
    links_of,
    match_again,
    monday_and_tuesday,
)


def test_a_link_with_three_disagreeing_matches_goes_to_review_and_raises_one_alert(loaded: Pipelines) -> None:
    monday_and_tuesday(loaded, weeks=1)
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES.replace("= 180", ">= 270")).fetchall()[0]
    loaded.conn.execute("update pulse.fpl_player_fixtures set minutes = 0 where fpl_code = %s", (code,))
    for _ in range(2):
        match_again(loaded, weeks=1)
    assert player_id not in links_of(loaded)
    status, evidence = loaded.conn.execute(
        "select status, evidence from pulse.mapping_candidates"
        " where kind = 'player' and sofasport_id = %s and fpl_id = %s",
        (player_id, code),
    ).fetchall()[0]
    assert status == "review"
    assert "minutes agree in 0 of 3 matches" in evidence
    ((subject, message),) = alerts(loaded, "link_contradicted")
    assert subject == f"player {player_id}"
    assert str(code) in message


def test_a_new_season_with_new_fpl_ids_changes_no_link(loaded: Pipelines) -> None:
    before = links_of(loaded)
    loaded.conn.execute(
        "insert into pulse.fpl_seasons (season, observed_at) values ('2026-27', '2026-07-20 01:00Z');"
        "insert into pulse.fpl_gameweeks (season, gameweek, name, deadline_at, finished, data_checked, is_current)"
        " values ('2026-27', 1, 'Gameweek 1', '2026-08-14 17:30Z', false, false, false)"
    )
    loaded.conn.execute(
        "insert into pulse.fpl_teams (season, team_id, code, name, short_name, details)"
        " select '2026-27', 21 - team_id, code, name, short_name, details from pulse.fpl_teams"
    )
    loaded.conn.execute(
        "insert into pulse.fpl_players (season, element_id, code, first_name, second_name, web_name, birth_date,"
        " team_code, position, total_points, minutes, goals, assists, details, added_at)"
        " select '2026-27', 1000 - element_id, code, first_name, 'Renamed ' || second_name, web_name, birth_date,"
        " team_code, position, 0, 0, 0, 0, details, added_at from pulse.fpl_players where mod(element_id, 3) <> 0"
    )
    loaded.conn.execute(
        "insert into pulse.sofasport_squads (season, team_id, player_id, is_current)"
        " select '2026-27', team_id, player_id, true from pulse.sofasport_squads where mod(player_id, 2) = 0"
    )
    match_again(loaded, weeks=52)
    after = links_of(loaded)
    assert {player_id: after.get(player_id) for player_id in before} == before


def test_a_transfer_and_an_edited_name_change_no_link(loaded: Pipelines) -> None:
    before = links_of(loaded)
    loaded.conn.execute(
        "update pulse.fpl_players set team_code = (select max(code) from pulse.fpl_teams),"
        " web_name = 'X', second_name = 'Edited' where mod(element_id, 5) = 0"
    )
    match_again(loaded)
    assert links_of(loaded) == before


def test_a_confirmed_link_keeps_made_at_and_updates_confirmed_at(loaded: Pipelines) -> None:
    stamps = "select min(made_at), max(made_at), min(confirmed_at), max(confirmed_at) from pulse.player_mappings"
    made = loaded.conn.execute(stamps).fetchall()[0][:2]
    changed = "select max(updated_at) from pulse.player_mappings"
    touched = loaded.one(changed)
    match_again(loaded, weeks=3)
    after = loaded.conn.execute(stamps).fetchall()[0]
    assert after[:2] == made
    assert after[3] == TUESDAY + timedelta(weeks=3)
    assert loaded.one(changed) == touched
    match_again(loaded)
    assert loaded.conn.execute(stamps).fetchall()[0] == after


def test_a_club_in_review_does_not_stop_the_other_nineteen_or_the_week(loaded: Pipelines) -> None:
    team_id, code = loaded.conn.execute(
        "select sofasport_team_id, fpl_team_code from pulse.team_mappings order by 1"
    ).fetchall()[0]
    decisions.store(loaded.conn, Decision("team", team_id, code, "reject", "Ann", "not the same"))
    monday = loaded.run("update_fixture_mappings", MONDAY + timedelta(weeks=1))
    assert loaded.one("select count(*) from pulse.team_mappings") == 19
    assert loaded.one("select count(*) from pulse.fixture_mappings where is_current") == 19 * 18
    ((subject, message),) = alerts(loaded, "club_in_review")
    assert subject == f"club {code}"
    assert f"link --club SOFASPORT_TEAM_ID {code}" in message
    state = "select state from pulse.pipeline_runs where run_id = %s"
    assert loaded.one(state, monday.run.run_id) == "success"
    tuesday = loaded.run("update_lineups", TUESDAY + timedelta(weeks=1))
    assert loaded.one(state, tuesday.run.run_id) == "success"
    mapping_check.check_mappings(monday)
    assert len(alerts(loaded, "club_in_review")) == 1
    decisions.store(loaded.conn, Decision("team", team_id, code, "link", "Ann", "it is"))
    match_again(loaded, weeks=1)
    assert loaded.one("select count(*) from pulse.fixture_mappings where is_current") == 380


def test_too_many_clubs_in_review_fail_the_check(loaded: Pipelines) -> None:
    loaded.conn.execute(
        "delete from pulse.team_mappings where sofasport_team_id in"
        " (select sofasport_team_id from pulse.team_mappings order by 1 limit 4)"
    )
    with pytest.raises(CheckFailedError, match="4 of 20 clubs are not linked"):
        mapping_check.check_mappings(loaded.context("update_fixture_mappings", TUESDAY))


def test_the_report_has_a_line_for_each_club_and_the_weakest_links(loaded: Pipelines) -> None:
    context = loaded.context("update_fixture_mappings", TUESDAY)
    counts = mapping_report.report_mappings(context)
    assert counts["linked"] == loaded.one(
        "select count(*) from pulse.fpl_players"
        " where position <= 4 and code in (select fpl_code from pulse.player_mappings)"
    )
    lines = list(mapping_report.mapping_report(context))
    clubs = [row[0] for row in loaded.conn.execute("select name from pulse.fpl_teams")]
    assert all(sum(line.startswith(f"{club}  ") for line in lines) == 1 for club in clubs)
    start = lines.index("The 10 weakest links:")
    bits = [float(line.split()[0]) for line in lines[start + 1 : start + 11]]
    assert bits == sorted(bits)
    assert bits[0] == float(loaded.one("select min(strength) from pulse.player_mappings"))
    assert sum("another profile is linked to him" in line for line in lines) >= 1


def play_three_more(loaded: Pipelines) -> tuple[int, int]:
    """Run another week and remove the FPL minutes of one linked player. Returns the player's id and code."""
    monday_and_tuesday(loaded, weeks=1)
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES.replace("= 180", ">= 270")).fetchall()[0]
    loaded.conn.execute("create table kept as select * from pulse.fpl_player_fixtures")
    loaded.conn.execute("update pulse.fpl_player_fixtures set minutes = 0 where fpl_code = %s", (code,))
    match_again(loaded, weeks=1)
    assert player_id not in links_of(loaded)
    return player_id, code


def test_a_lost_link_is_restored_and_its_alert_closed_when_nothing_contradicts_it(loaded: Pipelines) -> None:
    player_id, code = play_three_more(loaded)
    assert loaded.conn.execute("select sofasport_player_id, fpl_code from pulse.lost_links").fetchall() == [
        (player_id, code)
    ]
    assert loaded.one("select closed_at from pulse.alerts where kind = 'link_contradicted'") is None
    loaded.conn.execute(
        "update pulse.fpl_player_fixtures as figures set minutes = kept.minutes from kept"
        " where kept.season = figures.season and kept.fixture_id = figures.fixture_id"
        " and kept.element_id = figures.element_id"
    )
    match_again(loaded, weeks=2)
    assert links_of(loaded)[player_id] == code
    assert loaded.one("select count(*) from pulse.lost_links where sofasport_player_id = %s", player_id) == 0
    closed = loaded.one(
        "select closed_at from pulse.alerts where kind = 'link_contradicted' and subject = %s", f"player {player_id}"
    )
    assert datetime.now(UTC) - closed < timedelta(minutes=1)


def test_a_manual_link_restores_a_lost_link(loaded: Pipelines) -> None:
    player_id, code = play_three_more(loaded)
    decide(loaded, player_id, code, "link")
    match_again(loaded, weeks=2)
    assert links_of(loaded)[player_id] == code
    assert loaded.one("select count(*) from pulse.lost_links where sofasport_player_id = %s", player_id) == 0
    # The evidence contradicts the manual link, which raises another alert.
    assert len(alerts(loaded, "decision_contradicted")) == 1


def replace_codes(loaded: Pipelines, changes: dict[int, int]) -> None:
    """Load a response of FPL with other codes for the same elements."""
    bootstrap = body_of(loaded, fpl.bootstrap())
    for element in bootstrap["elements"]:
        element["code"] = changes.get(element["code"], element["code"])
    archive.store_response(loaded.conn, fpl.bootstrap(), bootstrap, TUESDAY)
    context = loaded.context("update_fixture_mappings", TUESDAY)
    load_fpl(context)


def test_links_and_decisions_follow_a_replaced_code_even_without_minutes(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    loaded.conn.execute("delete from pulse.fpl_player_fixtures where fpl_code = %s", (code,))
    decide(loaded, player_id, code, "link")
    replace_codes(loaded, {code: 99_000_001})
    assert links_of(loaded)[player_id] == 99_000_001
    assert loaded.one("select fpl_id from pulse.mapping_decisions") == 99_000_001
    match_again(loaded)
    assert links_of(loaded)[player_id] == 99_000_001


def test_codes_swapped_by_two_players_are_rejected_and_change_no_link(loaded: Pipelines) -> None:
    before = links_of(loaded)
    one, other = sorted(before.values())[:2]
    replace_codes(loaded, {one: other, other: one})
    assert links_of(loaded) == before
    rejected = loaded.conn.execute("select reason from pulse.rejected_records where path like 'elements.%'").fetchall()
    assert sorted(reason.split(" is ")[0] for (reason,) in rejected) == [f"code {one}", f"code {other}"]


def test_the_fixture_links_of_a_rejected_club_are_deleted_until_it_is_linked_again(loaded: Pipelines) -> None:
    team_id, code = loaded.conn.execute(
        "select sofasport_team_id, fpl_team_code from pulse.team_mappings order by 1"
    ).fetchall()[0]
    rows = int(loaded.one("select count(*) from pulse.fixture_mappings"))
    for round_ in range(2):
        decisions.store(loaded.conn, Decision("team", team_id, code, "reject", "Ann", "not the same"))
        match_again(loaded, weeks=round_)
        assert loaded.one("select count(distinct fixture_id) from pulse.fixture_mappings") == 19 * 18
        mapping_check.check_mappings(loaded.context("update_fixture_mappings", TUESDAY + timedelta(weeks=round_)))
        assert len(alerts(loaded, "club_in_review")) == 1 + round_  # a second loss raises a new alert
        decisions.store(loaded.conn, Decision("team", team_id, code, "link", "Ann", "it is"))
        match_again(loaded, weeks=round_)
        mapping_check.check_mappings(loaded.context("update_fixture_mappings", TUESDAY + timedelta(weeks=round_)))
        assert loaded.one("select count(*) from pulse.fixture_mappings") == rows
        assert loaded.one("select count(*) from pulse.alerts where closed_at is null") == 0


def test_a_lasting_alert_is_raised_again_after_four_weeks(loaded: Pipelines) -> None:
    context = loaded.context("update_fixture_mappings", TUESDAY)
    for days in (0, 7, 27, 29, 35):
        run = replace(context.run, as_of=TUESDAY + timedelta(days=days))
        raise_alert(context.conn, run, "club_in_review", "club 1", "Link it.", once=True)
    raised = context.conn.execute("select as_of - %s from pulse.alerts order by as_of", (TUESDAY,)).fetchall()
    assert [age.days for (age,) in raised] == [0, 29]


def test_two_identity_resolutions_wait_for_one_another(loaded: Pipelines, postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn(loaded.conn.info.dbname)) as other:
        other.execute(mappings.LOCK)
        loaded.conn.execute("set lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            match_again(loaded)
        other.rollback()
        match_again(loaded)


@pytest.mark.parametrize(
    ("status_code", "stage"),
    [(0, "not_started"), (7, "in_progress"), (31, "in_progress"), (60, "postponed"), (80, "interrupted")]
    + [(code, "called_off") for code in (70, 90, 92, 93)]
    + [(code, "ended") for code in (100, 110, 120)]
    + [(65, "unknown"), (-1, "unknown")],
)
def test_an_event_has_the_stage_of_its_status_code(loaded: Pipelines, status_code: int, stage: str) -> None:
    loaded.conn.execute("update pulse.sofasport_events set status_code = %s", (status_code,))
    context = loaded.context("update_lineups", TUESDAY)
    events = context.records(query("events_to_match"), season=context.season())
    assert {event["stage"] for event in events} == {stage}
