"""The task `write_pack`: a pack that fails turns the run red, and hides nothing of what was loaded and checked."""

from pathlib import Path

import psycopg
import pytest

from fpl_pulse.airflow.packing import write_pack
from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.etl.checking import Findings, finish_check
from fpl_pulse.etl.context import StepContext
from fpl_pulse.packs import weekly
from fpl_pulse.packs.settings import PACKS
from tests.dags.conftest import RunTask

Row = tuple[object, ...]


def plan_attributes(_: StepContext) -> None:
    """Opens the run."""


def check_attributes(context: StepContext) -> None:
    """Finds everything."""
    findings = Findings()
    findings.count("attributes", 7, 7)
    finish_check(context, findings)


def recorded(dsn: str) -> Row:
    with psycopg.connect(dsn) as conn:
        row = conn.execute("select state, message, coverage from pulse.pipeline_runs").fetchone()
    assert row is not None
    return row


GREEN: Row = ("success", "attributes 7/7", {"attributes": {"have": 7, "want": 7}})


@pytest.fixture
def checked(run_task: RunTask, dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunTask:
    """A run whose check is green."""
    monkeypatch.setenv(PACKS, str(tmp_path))
    run_task("plan_attributes", plan_attributes)
    run_task("check_attributes", check_attributes)
    assert recorded(dsn) == GREEN
    return run_task


def test_a_failed_pack_turns_the_run_red_and_a_clear_makes_it_as_green_as_before(
    checked: RunTask, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PackNotWrittenError("The disk of /packs is full", remedy="Free space there")

    with monkeypatch.context() as patch:
        patch.setattr(weekly, "write_packs_of_run", full)
        with pytest.raises(PackNotWrittenError):
            checked("write_pack", write_pack)
    state, message, coverage = recorded(dsn)
    assert (state, message) == ("failed", "write_pack: The disk of /packs is full. Free space there")
    assert coverage == GREEN[2]
    monkeypatch.setattr(weekly, "write_packs_of_run", lambda *_: [])
    assert checked("write_pack", write_pack) == {"packs": 0}
    assert recorded(dsn) == GREEN


def test_a_written_pack_leaves_the_verdict_of_the_check(
    checked: RunTask, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "write_packs_of_run", lambda *_: [])
    checked("write_pack", write_pack)
    assert recorded(dsn) == GREEN
