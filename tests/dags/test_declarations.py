"""The DAGs as declared: exact ids, schedules, sensors, tasks and wiring, so that an empty bag cannot pass."""

import warnings
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.sdk.bases.decorator import KeywordParameters
from airflow.sdk.definitions.retry_policy import RetryAction, RetryDecision
from airflow.sdk.exceptions import AirflowTaskTimeout
from airflow.serialization.serialized_objects import DagSerialization
from psycopg import OperationalError

from fpl_pulse.airflow import retries
from fpl_pulse.airflow.retries import FEW_RETRIES, RETRIES, UntilNeeded
from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.airflow.weekly import FIRST_DAY
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
    "snapshot_fpl": "0 6 * * *",
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
BESIDE = {
    "update_fixture_mappings": {"clear_lineups"},
    "update_lineups": {"clear_heatmaps", "clear_season_statistics"},
    "update_season_stats": {"clear_radar_attributes"},
}
"""Tasks between the load and the check that run beside the others."""
IN_SEQUENCE = {
    "update_fixture_mappings": [
        "fetch_fpl_reference",
        "fetch_sofasport_events",
        "fetch_sofasport_squads",
        "resolve_identities",
        "load_mappings",
        "report_mappings",
        "check_mappings",
    ],
    "update_lineups": [
        "wait_for_update_fixture_mappings",
        "refresh_results",
        "plan_matches",
        "fetch_lineup",
        "fetches_done",
        "load_lineups",
        "resolve_identities",
        "load_mappings",
        "reconcile_figures",
        "check_lineups",
    ],
    "collect_heatmaps": [
        "wait_for_update_lineups",
        "plan_heatmaps",
        "fetch_heatmaps",
        "fetches_done",
        "load_heatmaps",
        "check_heatmaps",
    ],
    "update_season_stats": [
        "wait_for_update_lineups",
        "plan_season_statistics",
        "fetch_season_statistics",
        "fetches_done",
        "load_season_statistics",
        "reconcile_cards",
        "check_season_statistics",
    ],
    "update_radar_attributes": [
        "wait_for_update_season_stats",
        "plan_attributes",
        "fetch_attributes",
        "fetches_done",
        "load_attributes",
        "check_attributes",
        "write_pack",
    ],
}
"""The tasks of each pipeline, in the order in which they run."""
AFTER_CHECK = {"write_pack"}
CALLS_API = {
    "fetch_fpl_reference",
    "fetch_sofasport_events",
    "fetch_sofasport_squads",
    "refresh_results",
    "fetch_lineup",
    "fetch_heatmaps",
    "fetch_season_statistics",
    "fetch_attributes",
    # A plan looks up the remaining quota before it skips calls.
    "plan_matches",
    "plan_heatmaps",
    "plan_season_statistics",
    "plan_attributes",
}


def test_the_dags_are_exactly_these_and_have_no_errors(bag: DagBag) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == set(SCHEDULES)


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_a_dag_has_the_name_of_its_file(dags: dict[str, Any], dag_id: str) -> None:
    assert Path(dags[dag_id].fileloc).stem == dag_id


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_the_schedule_is_the_slot_in_london(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert getattr(dag.schedule, "expression", None) == SCHEDULES[dag_id]
    assert dag.timezone.key == "Europe/London"
    assert dag.catchup is False


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_limits_and_names_come_from_the_table_of_the_week(dags: dict[str, Any], dag_id: str) -> None:
    dag, slot = dags[dag_id], slot_of(dag_id)
    assert slot.limit == timedelta(minutes=LIMIT_MINUTES[dag_id])
    assert dag.dagrun_timeout == slot.run_limit
    assert dag.max_active_runs == 1
    assert dag.dag_display_name == slot.display_name
    assert slot.day in dag.tags
    own_work = [task for task in dag.tasks if not isinstance(task, UpstreamSensor)]
    assert {task.execution_timeout for task in own_work} == {slot.limit}


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_a_pipeline_first_waits_for_its_upstream(dags: dict[str, Any], dag_id: str) -> None:
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
def test_the_tasks_of_a_pipeline_run_one_after_the_other(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    tasks = IN_SEQUENCE[dag_id]
    assert set(dag.task_ids) == set(tasks) | BESIDE.get(dag_id, set())
    for before, after in pairwise(tasks):
        assert before in dag.get_task(after).upstream_task_ids
    assert [task.task_id for task in dag.roots] == tasks[:1]
    assert [task.task_id for task in dag.leaves] == tasks[-1:]


@pytest.mark.parametrize("dag_id", WAITS)
def test_mapped_pipelines_have_the_same_wiring(dags: dict[str, Any], dag_id: str) -> None:
    dag, tasks = dags[dag_id], IN_SEQUENCE[dag_id]
    done = tasks.index("fetches_done")
    (check,) = (task for task in tasks if task.startswith("check_"))
    plan, fetch, load = tasks[done - 2], tasks[done - 1], tasks[done + 1]
    beside = BESIDE.get(dag_id, set())
    shortcuts = {(plan, load), (fetch, check)} | {(load, task) for task in beside} | {(task, check) for task in beside}
    # A clear of only the failed tasks must also run what clears the waits of other pipelines.
    shortcuts |= {(fetch, task) for task in beside}
    edges = {(before, task.task_id) for task in dag.tasks for before in task.upstream_task_ids}
    assert edges == set(pairwise(tasks)) | shortcuts
    # Airflow skips what follows a skipped task. Only "all_done" lets a run continue in which nothing is due.
    own_rules = {"fetches_done": "all_done", check: "none_failed_min_one_success"}
    own_rules |= dict.fromkeys(beside, "none_failed")
    for task in dag.tasks:
        assert task.trigger_rule == own_rules.get(task.task_id, "all_success"), task.task_id
    assert [task.task_id for task in dag.tasks if task.is_mapped] == [fetch]
    assert dag.get_task(fetch).partial_kwargs["map_index_template"] == "{{ label }}"


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_tasks_that_call_an_api_take_a_slot_of_the_pool(dags: dict[str, Any], dag_id: str) -> None:
    in_pool = {task.task_id for task in dags[dag_id].tasks if task.pool == "sofasport"}
    assert in_pool == CALLS_API & set(IN_SEQUENCE[dag_id])


def steps_of(dag: DAG) -> dict[str, Any]:
    """The callables of a DAG's tasks, by task id."""
    tasks: list[Any] = list(dag.tasks)
    arguments = {task.task_id: task.partial_kwargs if task.is_mapped else vars(task) for task in tasks}
    return {task_id: own["python_callable"] for task_id, own in arguments.items() if "python_callable" in own}


@pytest.mark.parametrize("dag_id", [*PIPELINES, REBUILD])
def test_a_task_has_the_name_of_its_step(dags: dict[str, Any], dag_id: str) -> None:
    steps = steps_of(dags[dag_id])
    assert steps
    for task_id, function in steps.items():
        assert function.__wrapped__.__name__ == task_id
        room = "fpl_pulse.airflow.packing" if task_id in AFTER_CHECK else "fpl_pulse.etl."
        assert function.__wrapped__.__module__.startswith(room)


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_the_first_step_opens_the_run_and_the_check_closes_it(dags: dict[str, Any], dag_id: str) -> None:
    steps = steps_of(dags[dag_id])
    flags = {
        task_id: {
            name: cell.cell_contents
            for name, cell in zip(function.__code__.co_freevars, function.__closure__, strict=True)
            if name in ("opens_run", "closes_run")
        }
        for task_id, function in steps.items()
    }
    in_order = [task_id for task_id in IN_SEQUENCE[dag_id] if task_id in steps]
    assert [task_id for task_id in in_order if flags[task_id]["opens_run"]] == in_order[:1]
    # What runs after the check closes the run once more.
    last = [task_id for task_id in in_order if task_id.startswith("check_") or task_id in AFTER_CHECK]
    assert [task_id for task_id in in_order if flags[task_id]["closes_run"]] == last


def test_airflow_passes_a_step_only_its_own_arguments(dags: dict[str, Any]) -> None:
    context: dict[str, Any] = {"event_ids": [7], "ti": None, "params": {}, "dag_run": None}
    for task_id, wanted in (("fetch_lineup", {"event_ids": [7]}), ("load_lineups", {})):
        function = steps_of(dags["update_lineups"])[task_id]
        assert KeywordParameters.determine(function, (), context).unpacking() == wanted


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_every_task_has_documentation(dags: dict[str, Any], dag_id: str) -> None:
    assert [task.task_id for task in dags[dag_id].tasks if len(task.doc_md or "") < 30] == []


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_the_docs_say_what_to_do_when_a_task_fails_and_whether_clearing_is_safe(
    dags: dict[str, Any], dag_id: str
) -> None:
    doc = dags[dag_id].doc_md
    assert "**When it fails**" in doc
    assert "**Clearing**" in doc
    for task in dags[dag_id].tasks:
        if isinstance(task, UpstreamSensor) or task.task_id.startswith("check_"):
            assert f"`{task.task_id}`" in doc


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_a_dag_survives_serialization(dags: dict[str, Any], dag_id: str) -> None:
    again = DagSerialization.from_dict(DagSerialization.to_dict(dags[dag_id]))
    assert set(again.task_ids) == set(dags[dag_id].task_ids)


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_every_task_of_a_pipeline_has_the_retries_of_an_outage(dags: dict[str, Any], dag_id: str) -> None:
    for task in dags[dag_id].tasks:
        assert task.retries == RETRIES, task.task_id
        assert isinstance(task.retry_policy, UntilNeeded), task.task_id


NOW = datetime(2025, 10, 16, 12, tzinfo=UTC)
"""A Thursday. Shortly before a slot, its pipeline retries nothing."""


@pytest.fixture(autouse=True)
def _is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "datetime", SimpleNamespace(now=lambda _: NOW, fromisoformat=datetime.fromisoformat))


def decision(dag: DAG, task_id: str, error: BaseException, number: int, **run: Any) -> RetryDecision:  # noqa: ANN401
    """The policy's decision in a run that was cleared after 7 tries, about the attempt of a number since then."""
    task = dag.get_task(task_id)
    dag_run = SimpleNamespace(**{"run_type": "scheduled", "start_date": NOW, **run})
    context: Any = {"dag": dag, "dag_run": dag_run, "ti": SimpleNamespace(task=task)}
    assert task.retry_policy is not None
    return task.retry_policy.evaluate(error, 7 + number, 7 + RETRIES, context)


def test_a_spent_quota_is_not_retried_and_an_outage_is(dags: dict[str, Any]) -> None:
    dag = dags["update_fixture_mappings"]
    assert decision(dag, "fetch_fpl_reference", QuotaSpentError("spent"), 1).action is RetryAction.FAIL
    again = decision(dag, "fetch_fpl_reference", RetryableError("down"), 6)
    assert (again.action, again.retry_delay) == (RetryAction.RETRY, timedelta(minutes=15))


def test_a_manual_run_has_few_retries_and_a_run_of_a_past_week_many(dags: dict[str, Any]) -> None:
    dag, down = dags["update_lineups"], RetryableError("down")
    assert decision(dag, "plan_matches", down, FEW_RETRIES, run_type="manual").action is RetryAction.RETRY
    for run_type, action in (("manual", RetryAction.FAIL), ("operator_triggered", RetryAction.FAIL)):
        assert decision(dag, "plan_matches", down, FEW_RETRIES + 1, run_type=run_type).action is action
    past = decision(dag, "plan_matches", down, FEW_RETRIES + 1, run_type="backfill", logical_date=FIRST_DAY)
    assert past.action is RetryAction.RETRY


def test_a_wait_is_retried_as_long_as_it_lasts(dags: dict[str, Any]) -> None:
    dag, task_id = dags["update_lineups"], "wait_for_update_fixture_mappings"
    down = OperationalError("no server")
    for minutes, action in ((50, RetryAction.RETRY), (61, RetryAction.FAIL)):
        started = NOW - timedelta(minutes=minutes)
        assert decision(dag, task_id, down, 9, start_date=started).action is action


def test_only_a_task_that_calls_an_api_is_tried_for_hours_after_its_time_limit(dags: dict[str, Any]) -> None:
    dag = dags["collect_heatmaps"]
    assert decision(dag, "plan_heatmaps", AirflowTaskTimeout(), 9).action is RetryAction.RETRY
    assert decision(dag, "load_heatmaps", AirflowTaskTimeout(), 9).action is RetryAction.FAIL
    mapped = dag.get_task("fetch_heatmaps")
    assert mapped.retries == RETRIES


def test_a_retry_waits_as_long_as_the_server_asks(dags: dict[str, Any]) -> None:
    found = decision(dags["update_lineups"], "plan_matches", RetryableError("busy", retry_after_s=600), 1)
    assert (found.action, found.retry_delay) == (RetryAction.RETRY, timedelta(minutes=10))


def test_a_bug_is_not_retried(dags: dict[str, Any]) -> None:
    assert decision(dags["update_lineups"], "plan_matches", KeyError("x"), 1).action is RetryAction.FAIL


def test_the_manual_update_offers_the_five_pipelines_and_the_rebuild(dags: dict[str, Any]) -> None:
    schema = dags[MANUAL_UPDATE].params.get_param("pipeline").schema
    assert schema["enum"] == [*PIPELINES, REBUILD]
    assert schema["type"] == "string"


def test_the_week_has_these_pipelines_in_this_order() -> None:
    assert [slot.dag_id for slot in WEEK] == list(LIMIT_MINUTES)


def test_reading_the_dags_raises_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert DagBag(str(PROJECT / "dags")).import_errors == {}


def test_a_manual_update_of_a_paused_pipeline_fails_at_once(dags: dict[str, Any]) -> None:
    assert dags[MANUAL_UPDATE].get_task("run_pipeline").fail_when_dag_is_paused is True
