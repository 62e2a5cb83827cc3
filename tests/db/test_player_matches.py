"""pulse.player_matches holds at any time what its sources say, whoever has written to them."""

from contextlib import suppress
from datetime import timedelta

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl.rebuild import rebuild
from tests.installations import FIRST_MONDAY


def differing(installation: Pipelines) -> int:
    """How many rows differ from what the table should hold."""
    return int(installation.one(
        "with seasons as (select season, array_agg(fixture_id) as fixtures from pulse.fpl_fixtures group by season),"
        " present as (select present.* from seasons, lateral pulse.player_matches_of(season, fixtures) as present)"
        " select (select count(*) from (table present except table pulse.player_matches) as missing)"
        "      + (select count(*) from (table pulse.player_matches except table present) as surplus)"
    ))  # fmt: skip


def test_it_holds_what_the_sources_say_after_every_pipeline(small: Pipelines) -> None:
    assert small.one("select count(*) from pulse.player_matches where minutes > 0 and sofasport_minutes > 0") > 100
    assert differing(small) == 0
    for dag_id, as_of in slots_of(FIRST_MONDAY + timedelta(weeks=1)).items():
        with suppress(CheckFailedError):
            small.run(dag_id, as_of)
        assert differing(small) == 0, dag_id


@pytest.mark.parametrize(
    "statement",
    [
        "update pulse.fpl_player_fixtures set goals = goals + 1, fixture_id = fixture_id where minutes > 80",
        "delete from pulse.fpl_player_fixtures where fixture_id = (select min(fixture_id) from pulse.fpl_fixtures)",
        "update pulse.sofasport_lineup_players set rating = 9.9 where minutes > 80",
        "delete from pulse.sofasport_lineup_players where is_starter",
        "delete from pulse.player_mappings where sofasport_player_id = (select min(sofasport_player_id) from"
        " pulse.player_mappings)",
        "update pulse.player_mappings as one set fpl_code = 1 where sofasport_player_id = (select"
        " min(sofasport_player_id) from pulse.player_mappings)",
        "update pulse.fixture_mappings set is_current = false where event_id = (select min(event_id) from"
        " pulse.fixture_mappings)",
        "update pulse.sofasport_events set status_code = 90",
        "update pulse.fpl_fixtures set home_team_code = away_team_code, away_team_code = home_team_code",
        "update pulse.fpl_fixtures set kickoff_at = null",
        "delete from pulse.fixture_mappings",
    ],
)
def test_a_write_by_hand_is_followed(small: Pipelines, statement: str) -> None:
    small.conn.execute(statement.encode())
    assert differing(small) == 0


def test_what_does_not_matter_is_not_written_again(small: Pipelines) -> None:
    before = small.one("select string_agg(ctid::text || xmin::text, ',' order by ctid) from pulse.player_matches")
    small.conn.execute("update pulse.player_mappings set confirmed_at = now()")
    small.conn.execute("update pulse.fpl_fixtures set minutes = 89, details = '{}'")
    small.conn.execute("update pulse.sofasport_events set updated_at = now()")
    after = small.one("select string_agg(ctid::text || xmin::text, ',' order by ctid) from pulse.player_matches")
    assert after == before


def test_a_rebuild_fills_it_again(small: Pipelines) -> None:
    small.conn.execute("delete from pulse.player_matches where minutes > 80")
    rebuilt = rebuild(small.context("rebuild", slots_of(FIRST_MONDAY)["update_radar_attributes"]))
    assert rebuilt.different == ["player_matches"]
    assert differing(small) == 0
