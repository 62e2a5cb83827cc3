"""A slot that is changed in week.py: the schedule, the deadline, the waits, the watch and the pages follow.

The tests change a copy of the project, as an engineer would: the lineups move from Tuesday 03:00 to Tuesday 22:00 with
three hours instead of one, and the heatmaps to an hour after them. README.md is compared with the real week.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.week import WEEK, slot_of
from tests.dags.week_copies import PROJECT, copy_with_week

CHANGES = {
    '"Lineups", 1, 3, timedelta(minutes=15), HOUR,': '"Lineups", 1, 22, timedelta(minutes=15), 3 * HOUR,',
    '"Heatmaps", 1, 4,': '"Heatmaps", 1, 23,',
}


@pytest.fixture(scope="module")
def facts(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `changed_week.py` prints about the changed copy."""
    copy = copy_with_week(tmp_path_factory.mktemp("changed"), CHANGES)
    postgres.create_database("changed_week")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("changed_week.py")), str(copy / "dags"),
         postgres.dsn("changed_week")],
        env={
            **os.environ,
            "PYTHONPATH": str(copy / "include"),
            "AIRFLOW_HOME": str(copy / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(copy / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(copy / "plugins"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{copy}/airflow.db",
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["errors"] == {}
    return found


def test_the_schedule_and_the_names_follow(facts: dict[str, Any]) -> None:
    lineups, heatmaps = facts["dags"]["update_lineups"], facts["dags"]["collect_heatmaps"]
    assert (lineups["cron"], heatmaps["cron"]) == ("0 22 * * 2", "0 23 * * 2")
    assert lineups["next"]
    assert (lineups["name"], lineups["heading"]) == ("Tue 22:00 · Lineups", "## Tue 22:00 · Lineups")
    assert facts["dags"]["update_season_stats"]["name"] == "Wed 02:00 · Season statistics"


def test_the_deadline_follows_also_past_midnight(facts: dict[str, Any]) -> None:
    lineups = facts["dags"]["update_lineups"]
    assert lineups["deadline"] == "Wed 15 Oct 01:00 London time"
    assert lineups["deadline name"] == "done by Wed 01:00 London time"


def test_the_waits_and_the_end_of_the_retries_follow(facts: dict[str, Any]) -> None:
    slot = "Tue 14 Oct 22:00 London time"
    assert facts["dags"]["collect_heatmaps"]["waits for"] == {"wait_for_update_lineups": slot}
    assert facts["dags"]["update_season_stats"]["waits for"] == {"wait_for_update_lineups": slot}
    # The heatmaps need the lineups at 23:00, and an attempt takes 15 minutes at most.
    assert facts["dags"]["update_lineups"]["retries end"] == "Tue 14 Oct 22:45 London time"


def test_the_watch_for_missing_runs_follows(facts: dict[str, Any]) -> None:
    assert facts["missing"] == ["update_lineups"]
    assert facts["missing an hour after the slot"] == []


def test_a_run_at_the_old_slot_of_the_same_week_is_not_called_missing(facts: dict[str, Any]) -> None:
    assert facts["missing after the change"] == []


def test_the_status_and_the_generated_page_follow(facts: dict[str, Any]) -> None:
    assert "Tue 22:00  Lineups            not run" in facts["screen"]
    assert "| Tue 22:00 · Lineups | Tue 22:00 | 15 min | Wed 01:00 |" in facts["page"]
    assert "Tue 03:00" not in facts["page"] + facts["screen"]


def test_the_diagram_of_the_readme_has_the_slots_of_the_week() -> None:
    readme = (PROJECT / "README.md").read_text()
    for slot in WEEK:
        assert f"[{slot.day} {slot.hour:02d}:00<br>{slot.dag_id}]".replace("[", '["').replace("]", '"]') in readme


@pytest.mark.parametrize("slot", WEEK, ids=lambda slot: slot.dag_id)
def test_the_documentation_in_the_ui_begins_with_the_slot(dags: dict[str, Any], slot: Any) -> None:  # noqa: ANN401
    assert dags[slot.dag_id].doc_md.startswith(f"## {slot_of(slot.dag_id).display_name}\n\n")
