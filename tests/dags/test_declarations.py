"""The declarations, held against the table of the week: an empty bag or a lost sensor cannot pass."""

import copy
import subprocess
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError
from airflow.serialization.serialized_objects import DagSerialization

from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.airflow.steps import step_function
from fpl_pulse.errors import QuotaSpentError, RetryableError
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, REBUILD, WAIT_LIMIT, WEEK, slot_of

PROJECT = Path(__file__).resolve().parents[2]

SCHEDULES = {
    "update_fixture_mappings": "0 2 * * 1",
    "update_lineups": "0 3 * * 2",
    "collect_heatmaps": "0 4 * * 2",
    "update_season_stats": "0 2 * * 3",
    "update_radar_attributes": "0 3 * * 3",
    "run_manual_update": None,
    "rebuild_from_raw": None,
}
LIMIT_MINUTES = {
    "update_fixture_mappings": 10,
    "update_lineups": 15,
    "collect_heatmaps": 30,
    "update_season_stats": 20,
    "update_radar_attributes": 15,
}
WAITS = {
    "update_lineups": "update_fixture_mappings",
    "collect_heatmaps": "update_lineups",
    "update_season_stats": "update_lineups",
    "update_radar_attributes": "update_season_stats",
}


def test_the_dags_are_exactly_these_and_have_no_errors(bag: DagBag) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == set(SCHEDULES)


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_a_dag_is_called_as_its_file(dags: dict[str, Any], dag_id: str) -> None:
    assert Path(dags[dag_id].fileloc).stem == dag_id


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_the_schedule_is_the_slot_in_london(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert getattr(dag.schedule, "expression", None) == SCHEDULES[dag_id]
    assert dag.timezone.key == "Europe/London"
    assert dag.catchup is False


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_limits_and_names_are_those_of_the_week(dags: dict[str, Any], dag_id: str) -> None:
    dag, slot = dags[dag_id], slot_of(dag_id)
    assert slot.limit == timedelta(minutes=LIMIT_MINUTES[dag_id])
    assert dag.dagrun_timeout == slot.limit + (WAIT_LIMIT if slot.waits_for else timedelta())
    assert dag.max_active_runs == 1
    assert dag.dag_display_name == slot.display_name
    assert slot.day in dag.tags
    own_work = [task for task in dag.tasks if not isinstance(task, UpstreamSensor)]
    assert {task.execution_timeout for task in own_work} == {slot.limit}


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_each_waits_for_the_right_pipeline_before_anything_else(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    sensors = [task for task in dag.tasks if isinstance(task, UpstreamSensor)]
    if dag_id not in WAITS:
        assert sensors == []
        return
    (sensor,) = sensors
    assert sensor.external_dag_id == WAITS[dag_id]
    assert [task.task_id for task in dag.roots] == [sensor.task_id]
    assert sensor.timeout == WAIT_LIMIT.total_seconds()
    assert sensor.mode == "reschedule"
    assert sensor.poke_interval >= 30


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_a_dag_ends_in_its_check_and_a_failed_fetch_keeps_it_red(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    (check,) = dag.leaves
    assert check.task_id.startswith("check_")
    mapped = [task for task in dag.tasks if task.is_mapped]
    load = next(task for task in dag.tasks if task.task_id.startswith("load_"))
    assert load.trigger_rule == "all_success"
    if mapped:
        # Airflow skips what follows a skipped task: only "all_done" lets a run without anything due go on.
        assert dag.get_task("fetches_done").trigger_rule == "all_done"
        assert load.upstream_task_ids == {"fetches_done", next(iter(mapped[0].upstream_task_ids))}
    for task in mapped:
        assert task.task_id in check.upstream_task_ids
        assert check.trigger_rule == "none_failed_min_one_success"


@pytest.mark.parametrize("dag_id", WAITS)
def test_work_per_match_or_team_is_mapped_and_bounded_by_the_pool(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    (mapped,) = [task for task in dag.tasks if task.is_mapped]
    assert mapped.task_id.startswith("fetch_")
    assert mapped.pool == "sofasport"
    assert mapped.partial_kwargs["map_index_template"] == "{{ place }}"


def steps_of(dag: DAG) -> list[tuple[Any, Any]]:
    found = []
    tasks: list[Any] = list(dag.tasks)
    for task in tasks:
        source = task.partial_kwargs if task.is_mapped else vars(task)
        if (function := source.get("python_callable")) is not None:
            found.append((task, function))
    return found


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_every_step_exists_is_called_as_its_task_and_only_the_first_opens_the_run(
    dags: dict[str, Any], dag_id: str
) -> None:
    steps = steps_of(dags[dag_id])
    assert len(steps) >= 4
    for task, function in steps:
        assert function.__name__ == task.task_id
        cells = dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))
        assert callable(step_function(cells["name"].cell_contents))
        is_first = all(isinstance(one, UpstreamSensor) for one in task.get_direct_relatives(upstream=True))
        assert cells["opens_run"].cell_contents is is_first


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_every_task_says_what_it_does(dags: dict[str, Any], dag_id: str) -> None:
    assert [task.task_id for task in dags[dag_id].tasks if len(task.doc_md or "") < 30] == []


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_an_operator_finds_help_in_the_docs(dags: dict[str, Any], dag_id: str) -> None:
    doc = dags[dag_id].doc_md
    assert "**When it fails**" in doc
    assert "Clearing" in doc
    for task in dags[dag_id].tasks:
        if isinstance(task, UpstreamSensor) or task.task_id.startswith("check_"):
            assert f"`{task.task_id}`" in doc


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_a_dag_survives_serialization(dags: dict[str, Any], dag_id: str) -> None:
    again = DagSerialization.from_dict(DagSerialization.to_dict(dags[dag_id]))
    assert set(again.task_ids) == set(dags[dag_id].task_ids)


def test_a_stop_is_not_retried_and_an_outage_is(dags: dict[str, Any]) -> None:
    task = dags["update_fixture_mappings"].get_task("fetch_fpl_reference")
    assert task.retries == 3
    assert task.retry_policy.evaluate(QuotaSpentError("spent"), 1, 3).action.value == "fail"
    assert task.retry_policy.evaluate(RetryableError("down"), 1, 3).action.value != "fail"


def test_a_server_that_says_when_to_come_back_is_believed(dags: dict[str, Any]) -> None:
    policy = dags["update_lineups"].get_task("plan_matches").retry_policy
    decision = policy.evaluate(RetryableError("busy", retry_after_s=600), 1, 3)
    assert decision.action.value == "retry"
    assert decision.retry_delay == timedelta(minutes=10)


def test_a_bug_is_not_tried_four_times(dags: dict[str, Any]) -> None:
    policy = dags["update_lineups"].get_task("plan_matches").retry_policy
    assert policy.evaluate(KeyError("x"), 1, 3).action.value == "fail"


def test_the_manual_update_offers_the_five_pipelines_and_the_rebuild(dags: dict[str, Any]) -> None:
    schema = dags[MANUAL_UPDATE].params.get_param("pipeline").schema
    assert schema["enum"] == [*PIPELINES, REBUILD]
    assert schema["type"] == "string"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gameweeks", [0]),
        ("gameweeks", [39]),
        ("gameweeks", "7; drop table"),
        ("matches", [-1]),
        ("players", ["x"]),
        ("refresh", "yes"),
        ("as_of", 7),
    ],
)
def test_a_wrong_choice_is_refused_by_the_form(dags: dict[str, Any], name: str, value: object) -> None:
    params = copy.deepcopy(dags["update_lineups"].params)
    with pytest.raises(ParamValidationError):
        params[name] = value


def test_every_week_has_its_pipelines_in_order() -> None:
    assert [slot.dag_id for slot in WEEK] == list(LIMIT_MINUTES)


def test_reading_the_dags_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert DagBag(str(PROJECT / "dags")).import_errors == {}


def test_reading_a_dag_loads_neither_pandas_nor_a_database_driver_and_takes_milliseconds() -> None:
    code = (
        "import sys, time, runpy\n"
        "import airflow.sdk, airflow.providers.standard.operators.python\n"
        "import airflow.providers.standard.operators.trigger_dagrun\n"
        "import airflow.providers.standard.sensors.external_task\n"
        "before = set(sys.modules)\n"
        "started = time.perf_counter()\n"
        "for name in sys.argv[1:]: runpy.run_path(name)\n"
        "seconds = time.perf_counter() - started\n"
        "heavy = {'pandas', 'psycopg', 'requests', 'numpy'} & (set(sys.modules) - before)\n"
        "assert not heavy, heavy\n"
        "assert seconds / len(sys.argv[1:]) < 0.25, seconds\n"
        "print(seconds)\n"
    )
    files = [str(path) for path in sorted((PROJECT / "dags").glob("*.py"))]
    result = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-500:]


def test_a_manual_update_of_a_paused_pipeline_does_not_wait_in_vain(dags: dict[str, Any]) -> None:
    assert dags[MANUAL_UPDATE].get_task("run_pipeline").fail_when_dag_is_paused is True
