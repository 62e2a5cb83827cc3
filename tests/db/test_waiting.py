"""The wait for another pipeline: a look that goes wrong is told with its reason."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.store import attempts

SLOT = datetime(2025, 8, 26, 2, tzinfo=UTC)


class AirflowIsAway:
    """A task instance whose questions to Airflow are not answered."""

    dag_id = "update_lineups"
    run_id = "scheduled__1"
    task_id = "wait_for_update_fixture_mappings"
    map_index = -1
    try_number = 2

    def get_dr_count(self, **_: object) -> int:
        raise ConnectionError("http://operator:secret@api-server")


def test_a_look_that_airflow_does_not_answer_is_no_killed_task(
    conn: psycopg.Connection, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UpstreamSensor, "_connect", lambda _: psycopg.connect(dsn, autocommit=True))
    sensor = UpstreamSensor(task_id=AirflowIsAway.task_id, external_dag_id="update_fixture_mappings")
    dag_run = SimpleNamespace(logical_date=SLOT, run_after=SLOT, run_type="scheduled", conf={})
    dag = SimpleNamespace(dag_id="update_lineups", params={})
    context: Any = {"ti": AirflowIsAway(), "dag_run": dag_run, "dag": dag, "params": {}}
    with pytest.raises(ConnectionError):
        sensor.poke(context)
    (one,) = attempts.newest(conn, "update_lineups", "scheduled__1")
    assert (one.state, one.can_retry, one.message) == (
        "failed",
        True,
        "unexpected ConnectionError, see the log",
    )
