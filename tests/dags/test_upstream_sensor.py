"""The sensors as the DAGs declare them: the standard sensor with settings that survive Airflow's known faults."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.serialization.serialized_objects import DagSerialization

from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.week import PIPELINES, WAIT_LIMIT, slot_of, slot_on_or_before
from tests.dags.conftest import NOW, context_of

WAITING = [dag_id for dag_id in PIPELINES if slot_of(dag_id).waits_for]


def sensor_of(dag: Any) -> UpstreamSensor:  # noqa: ANN401 - Airflow's DAG
    (sensor,) = [task for task in dag.tasks if isinstance(task, UpstreamSensor)]
    return sensor


@pytest.mark.parametrize("dag_id", WAITING)
def test_the_standard_sensor_has_the_states_and_the_date_function(dags: dict[str, Any], dag_id: str) -> None:
    sensor = sensor_of(dags[dag_id])
    assert isinstance(sensor, ExternalTaskSensor)
    assert sensor.external_dag_id == slot_of(dag_id).waits_for
    assert sensor.allowed_states == ["success"]
    assert sensor.failed_states == ["failed"]
    assert sensor.execution_date_fn is not None
    assert not sensor.soft_fail


@pytest.mark.parametrize("dag_id", WAITING)
def test_a_poke_that_hangs_is_ended_and_retried(dags: dict[str, Any], dag_id: str) -> None:
    sensor = sensor_of(dags[dag_id])
    assert sensor.retries is not None
    assert sensor.retries >= 3
    assert sensor.execution_timeout is not None
    # Of one poke: a hung one must leave most of the wait to the next.
    assert sensor.execution_timeout <= timedelta(minutes=5)
    assert sensor.timeout == WAIT_LIMIT.total_seconds()


@pytest.mark.parametrize("dag_id", WAITING)
def test_the_sensor_pokes_whatever_the_installation_defers_by_default(dags: dict[str, Any], dag_id: str) -> None:
    sensor = sensor_of(dags[dag_id])
    assert not sensor.deferrable
    assert sensor.mode == "reschedule"
    assert sensor.poke_interval >= 30


def test_the_date_function_finds_the_upstreams_slot_of_the_as_of_time(dags: dict[str, Any]) -> None:
    dag = dags["update_lineups"]
    # Airflow copies operators; the function must belong to the copy.
    sensor = copy.deepcopy(sensor_of(dag))
    context: Any = context_of(dag, {"as_of": "2025-10-01T12:00:00+00:00"}, sensor.task_id)
    monday = slot_on_or_before(slot_of("update_fixture_mappings"), NOW)
    assert sensor._get_dttm_filter(context) == [monday - timedelta(days=14)]
    context = context_of(dag, None, sensor.task_id)
    assert sensor._get_dttm_filter(context) == [monday]


def test_a_sensor_survives_serialization(dags: dict[str, Any]) -> None:
    again = DagSerialization.from_dict(DagSerialization.to_dict(dags["update_lineups"]))
    sensor = again.get_task("wait_for_update_fixture_mappings")
    assert sensor.retries >= 3
    assert sensor.execution_timeout == sensor_of(dags["update_lineups"]).execution_timeout
