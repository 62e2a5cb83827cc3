"""The census of keys: counted with each load, and a new key is reported once."""

import logging
from datetime import timedelta

import pytest

from dev.hostile.corruption import Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation
from dev.pipelines import Pipelines
from tests.db.conftest import FIRST_MONDAY

COUNTED = "select count(*) from pulse.key_census where endpoint = %s and gameweek = %s"


def test_every_endpoint_is_counted_with_the_players_who_have_a_key(loaded: Pipelines) -> None:
    endpoints = loaded.conn.execute("select distinct endpoint from pulse.key_census order by 1").fetchall()
    assert [endpoint for (endpoint,) in endpoints] == [
        "events/lineups",
        "events/player-heatmap",
        "fpl/bootstrap-static",
        "fpl/event/live",
        "fpl/fixtures",
        "players/attribute-overviews",
        "players/statistics/result",
        "seasons/events",
        "teams/players",
    ]
    counted = loaded.conn.execute(
        "select gameweek, records, have from pulse.key_census where key = 'goals' and endpoint = 'events/lineups'"
        " order by 1"
    ).fetchall()
    stored = loaded.conn.execute(
        "select round, count(*), count(*) filter (where goals > 0) from pulse.sofasport_lineup_players"
        " join pulse.sofasport_events using (event_id) where minutes > 0 group by round order by 1"
    ).fetchall()
    assert counted == stored


def test_a_new_key_is_reported_once_and_fails_nothing(loaded: Pipelines, caplog: pytest.LogCaptureFixture) -> None:
    def with_pressures(match: Payload, _: Intercepted) -> Payload:
        for side in ("home", "away"):
            for entry in match[side]["players"]:
                if entry["statistics"]:
                    entry["statistics"]["pressures"] = 4
        return match

    installation = Installation.of(loaded)
    said = []
    for week in (1, 2):
        monday = FIRST_MONDAY + timedelta(weeks=week)
        corruption = Corruption("events/lineups", with_pressures)
        pipelines = ["update_fixture_mappings", "update_lineups"]
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            outcomes = installation.week(monday, [corruption], only=pipelines)
        assert all(one.is_green for one in outcomes.values())
        assert corruption.corrupted
        said.append("events/lineups has new keys under players.statistics: pressures" in caplog.text)
    assert said == [True, False]
    assert loaded.one(COUNTED, "events/lineups", 3) > 50
