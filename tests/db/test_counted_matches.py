"""Of a fixture's events one counts, and a match that was not played to its end does not."""

import pytest

from dev.pipelines import Pipelines, units_of
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import lineups, mapping_check, mappings, season_statistics
from tests.db.faults import SEASON, TUESDAY, WEDNESDAY

TWIN = 99_000_000
TOTALS = "select player_id, minutes, goals from pulse.season_appearances order by player_id"
COUNTED = "select array_agg(event_id order by event_id) from pulse.judged_events where counts and fixture_id = %s"


@pytest.fixture
def match(loaded: Pipelines) -> tuple[int, int]:
    """A played match: event and fixture."""
    row = loaded.conn.execute(
        "select event_id, fixture_id from pulse.fixture_reconciliations where differing = 0 order by event_id limit 1"
    ).fetchone()
    assert row is not None
    return row


def totals(loaded: Pipelines) -> list[tuple[int, ...]]:
    return loaded.conn.execute(TOTALS.encode()).fetchall()


def resolve(loaded: Pipelines) -> None:
    context = loaded.context("update_fixture_mappings", TUESDAY)
    mappings.resolve_identities(context)
    mappings.load_mappings(context)


def add_twin(loaded: Pipelines, event_id: int, changes: str = "") -> None:
    """Add an event of the same clubs, with lineups of its own only where a test adds them."""
    loaded.conn.execute(
        "insert into pulse.sofasport_events select (jsonb_populate_record(events,"
        f" jsonb_build_object('event_id', {TWIN}) || '{changes or '{}'}'::jsonb)).*"
        " from pulse.sofasport_events as events where event_id = %s",
        (event_id,),
    )


def copy_lineups(loaded: Pipelines, event_id: int) -> None:
    for table in ("sofasport_lineups", "sofasport_lineup_players"):
        loaded.conn.execute(
            f"insert into pulse.{table} select (jsonb_populate_record(kept, '{{\"event_id\": {TWIN}}}')).*"
            f" from pulse.{table} as kept where event_id = {event_id}".encode()
        )


def test_of_two_events_with_lineups_only_one_is_summed(loaded: Pipelines, match: tuple[int, int]) -> None:
    before = totals(loaded)
    add_twin(loaded, match[0])
    copy_lineups(loaded, match[0])
    resolve(loaded)
    assert totals(loaded) == before
    assert len(loaded.one(COUNTED, match[1])) == 1


def test_a_new_id_of_a_match_with_lineups_is_not_requested(loaded: Pipelines, match: tuple[int, int]) -> None:
    add_twin(loaded, match[0])
    resolve(loaded)
    assert loaded.one(COUNTED, match[1]) == [match[0]]
    assert TWIN not in units_of(lineups.plan_matches(loaded.context("update_lineups", TUESDAY)))
    lineups.check_lineups(loaded.context("update_lineups", TUESDAY))


def test_a_new_id_counts_before_the_next_matching(loaded: Pipelines, match: tuple[int, int]) -> None:
    loaded.conn.execute("update pulse.sofasport_events set status_code = 60 where event_id = %s", (match[0],))
    add_twin(loaded, match[0], '{"status_code": 100}')
    assert TWIN in units_of(lineups.plan_matches(loaded.context("update_lineups", TUESDAY)))


@pytest.mark.parametrize("status", [70, 90, 92, 93])
def test_an_abandoned_match_is_not_summed(loaded: Pipelines, match: tuple[int, int], status: int) -> None:
    minutes = "select sum(minutes) from pulse.season_appearances"
    played = "select sum(minutes) from pulse.sofasport_lineup_players where event_id = %s"
    before = loaded.one(minutes)
    loaded.conn.execute(
        "update pulse.sofasport_events set status_code = %s, home_score = null, away_score = null where event_id = %s",
        (status, match[0]),
    )
    assert loaded.one(minutes) == before - loaded.one(played, match[0])
    # SofaSport's season statistics may have it or not.
    season_statistics.check_season_statistics(loaded.context("update_season_stats", WEDNESDAY))


def awarded_by_fpl(loaded: Pipelines, match: tuple[int, int]) -> None:
    """Nobody played, and FPL has finished the fixture."""
    event_id, fixture_id = match
    for table in ("sofasport_heatmaps", "fixture_reconciliations", "sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id = {event_id}".encode())
    loaded.conn.execute("delete from pulse.fpl_player_fixtures where fixture_id = %s", (fixture_id,))
    for table, key in (("sofasport_events", event_id), ("fpl_fixtures", fixture_id)):
        name = "event_id" if table == "sofasport_events" else "fixture_id"
        statement = f"update pulse.{table} set home_score = 3, away_score = 0 where {name} = {key}"
        loaded.conn.execute(statement.encode())
    loaded.conn.execute("update pulse.fpl_fixtures set finished = true where fixture_id = %s", (fixture_id,))
    # The sources never had these rows.
    loaded.conn.execute("update pulse.raw_resources set loaded_rows = null")


@pytest.mark.parametrize("status", [90, 91, 100])
def test_an_awarded_result_is_a_remark(
    loaded: Pipelines, match: tuple[int, int], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    awarded_by_fpl(loaded, match)
    loaded.conn.execute("update pulse.sofasport_events set status_code = %s where event_id = %s", (status, match[0]))
    mapping_check.check_mappings(loaded.context("update_fixture_mappings", TUESDAY))
    assert "matches whose result was awarded, not played: 1" in caplog.text
    lineups.check_lineups(loaded.context("update_lineups", TUESDAY))


def test_an_awarded_result_after_some_play_is_a_remark(loaded: Pipelines, match: tuple[int, int]) -> None:
    """The players' goals are not those of the score, in both sources."""
    for table, name, key in (("sofasport_events", "event_id", match[0]), ("fpl_fixtures", "fixture_id", match[1])):
        statement = f"update pulse.{table} set home_score = 0, away_score = 3 where {name} = {key}"
        loaded.conn.execute(statement.encode())
    goals = loaded.one("select sum(goals + own_goals) from pulse.fpl_player_fixtures where fixture_id = %s", match[1])
    loaded.conn.execute("update pulse.fpl_fixtures set finished = true where fixture_id = %s", (match[1],))
    is_awarded = loaded.one("select is_awarded from pulse.judged_events where event_id = %s", match[0])
    assert is_awarded is (goals != 3)
    lineups.check_lineups(loaded.context("update_lineups", TUESDAY))


def test_a_match_without_lineups_that_fpl_has_is_still_a_problem(loaded: Pipelines, match: tuple[int, int]) -> None:
    for table in ("sofasport_heatmaps", "fixture_reconciliations", "sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id = {match[0]}".encode())
    with pytest.raises(CheckFailedError, match="have no lineups"):
        lineups.check_lineups(loaded.context("update_lineups", TUESDAY))


def test_another_score_than_fpls_is_a_problem_until_it_is_repeated(loaded: Pipelines, match: tuple[int, int]) -> None:
    loaded.conn.execute("update pulse.fpl_fixtures set home_score = 9 where fixture_id = %s", (match[1],))
    context = loaded.context("update_fixture_mappings", TUESDAY)
    with pytest.raises(CheckFailedError, match="another score than FPL's: 1"):
        mapping_check.check_mappings(context)
    loaded.conn.execute("update pulse.missed_fixtures set searched_as_of = missed_since + interval '7 days'")
    mapping_check.check_mappings(context)
    assert loaded.one(
        "select count(*) from pulse.missed_fixtures where season = %s and fixture_id = %s", SEASON, match[1]
    )


def pages_of_totals(pipelines: Pipelines) -> int:
    """The pages that the totals of a season read."""
    (plan,) = pipelines.one(f"explain (analyze, buffers, format json) {TOTALS}")
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])


def test_the_totals_judge_an_event_once_and_not_once_for_each_of_its_players(loaded: Pipelines) -> None:
    pages = pages_of_totals(loaded)
    half = loaded.conn.execute("update pulse.sofasport_lineup_players set minutes = 0 where player_id % 2 = 0").rowcount
    assert half > 200
    assert pages - pages_of_totals(loaded) < half
