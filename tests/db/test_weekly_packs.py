"""Which packs a weekly run writes."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.weekly import write_packs_of_run
from tests.db.packs import SEASON
from tests.installations import FIRST_MONDAY

DAG_ID = "update_radar_attributes"
SLOT = slots_of(FIRST_MONDAY)[DAG_ID]


def write(small: Pipelines, root: Path, as_of: datetime = SLOT) -> list[int]:
    """The gameweeks whose packs a run writes."""
    packed = write_packs_of_run(small.context(DAG_ID, as_of), Folder(root))
    assert sorted(path.name for path in root.glob("*/*")) == [f"gw{one.gameweek:02d}" for one in packed]
    return [one.gameweek for one in packed]


def test_it_is_that_of_the_newest_gameweek(small: Pipelines, tmp_path: Path) -> None:
    assert write(small, tmp_path) == [2]


def test_a_gameweek_whose_matches_go_on_after_the_next_has_begun_is_written_again(
    small: Pipelines, tmp_path: Path
) -> None:
    small.conn.execute(
        "update pulse.fpl_fixtures set kickoff_at = %s where season = %s and fixture_id ="
        " (select min(fixture_id) from pulse.fpl_fixtures where gameweek = 1)",
        (SLOT - timedelta(days=6), SEASON),
    )
    assert write(small, tmp_path) == [1, 2]


def test_a_run_for_an_earlier_gameweek_writes_none_and_says_so(
    small: Pipelines, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert write(small, tmp_path, SLOT - timedelta(days=7)) == []
    assert "this run works for gameweek 1, and gameweek 2 has begun. `make pack GW=1` writes the pack" in caplog.text


def test_before_the_first_deadline_there_is_none(
    small: Pipelines, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    small.conn.execute("update pulse.fpl_gameweeks set deadline_at = deadline_at + interval '1 month'")
    with caplog.at_level(logging.INFO):
        assert write(small, tmp_path) == []
    assert "no gameweek of season 2025-26 has begun" in caplog.text
