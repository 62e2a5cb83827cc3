"""The census of keys: counted with each load, and a new key is reported once."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from dev.hostile.corruption import Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.etl import key_census
from fpl_pulse.etl.attributes import load_attributes
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.heatmaps import load_heatmaps
from fpl_pulse.etl.lineups import load_lineups
from fpl_pulse.etl.season_statistics import load_season_statistics
from fpl_pulse.etl.squads import load_squads
from tests.installations import FIRST_MONDAY

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


@pytest.mark.parametrize(
    ("endpoint", "load"),
    [
        ("teams/players", load_squads),
        ("events/lineups", load_lineups),
        ("events/player-heatmap", load_heatmaps),
        ("players/statistics/result", load_season_statistics),
        ("players/attribute-overviews", load_attributes),
    ],
)
def test_a_load_that_ends_before_its_count_is_done_again_with_the_count(
    loaded: Pipelines, monkeypatch: pytest.MonkeyPatch, endpoint: str, load: Callable[[StepContext], object]
) -> None:
    def counts() -> list[tuple[str, ...]]:
        statement = "select gameweek, key, records, have from pulse.key_census where endpoint = %s order by 1, 2"
        return loaded.conn.execute(statement, (endpoint,)).fetchall()

    def end_the_process(*_: object) -> None:
        raise KeyboardInterrupt

    before = counts()
    assert before
    loaded.conn.execute("update pulse.raw_resources set loaded_response_id = null where endpoint = %s", (endpoint,))
    loaded.conn.execute("update pulse.key_census set records = 0, have = 0 where endpoint = %s", (endpoint,))
    context = loaded.context("update_lineups", slots_of(FIRST_MONDAY + timedelta(weeks=1))["update_lineups"])
    with monkeypatch.context() as patch:
        patch.setattr(key_census, "count_stored", end_the_process)
        with pytest.raises(KeyboardInterrupt):
            load(context)
    load(context)
    assert counts() == before
