"""The sensor on a real store and a pretend Airflow: which upstream run it uses, waits for, or fails on."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk.exceptions import AirflowFailException, AirflowTaskTimeout
from airflow.utils.state import DagRunState

from fpl_pulse.airflow import connections, sensors
from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.errors import SelectionError
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.runs import Run

UPSTREAM, TASK = "update_fixture_mappings", "wait_for_update_fixture_mappings"
MONDAY = datetime(2025, 8, 25, 1, tzinfo=UTC)
TUESDAY = datetime(2025, 8, 26, 2, tzinfo=UTC)
SLOT_RUN = f"scheduled__{MONDAY.isoformat()}"


@dataclass
class PretendAirflow:
    """The sensor's task instance, with what it knows about the upstream's runs."""

    slot_runs: dict[datetime, str] = field(default_factory=dict)
    """States of runs with a logical date."""
    manual_runs: dict[str, str] = field(default_factory=dict)
    """States of runs without one, by run id."""

    dag_id: str = "update_lineups"
    run_id: str = "scheduled__1"
    task_id: str = TASK
    map_index: int = -1
    try_number: int = 1
    is_paused: bool = False
    notes: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Runs that were run once more; they are queued then."""

    def get_dag(self, dag_id: str) -> SimpleNamespace:
        assert dag_id == UPSTREAM
        return SimpleNamespace(is_paused=self.is_paused)

    def xcom_push(self, key: str, value: str) -> None:
        assert key == "summary"
        self.notes.append(value)

    def clear(self, dag_id: str, run_id: str) -> None:
        assert dag_id == UPSTREAM
        self.cleared.append(run_id)
        if run_id.startswith("scheduled__"):
            self.slot_runs[datetime.fromisoformat(run_id.removeprefix("scheduled__"))] = "queued"
        else:
            self.manual_runs[run_id] = "queued"

    def get_dr_count(
        self,
        dag_id: str,
        logical_dates: list[datetime] | None = None,
        run_ids: list[str] | None = None,
        states: list[str] | None = None,
    ) -> int:
        assert dag_id == UPSTREAM
        if run_ids is not None:
            found = [self.slot_runs[date] for date in self.slot_runs if f"scheduled__{date.isoformat()}" in run_ids]
        elif logical_dates is None:
            found = [*self.slot_runs.values(), *self.manual_runs.values()]
        else:
            found = [self.slot_runs[date] for date in logical_dates if date in self.slot_runs]
        return sum(states is None or state in states for state in found)

    def get_dagrun_state(self, dag_id: str, run_id: str) -> str:
        if run_id.startswith("scheduled__"):
            return DagRunState(self.slot_runs[datetime.fromisoformat(run_id.removeprefix("scheduled__"))])
        return DagRunState(self.manual_runs[run_id])


@pytest.fixture(autouse=True)
def _store(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))


def context_of(
    airflow: object, run_type: str = "scheduled", *, waited: timedelta = timedelta(), **params: object
) -> Any:  # noqa: ANN401 - Airflow's context
    dag_run = SimpleNamespace(
        logical_date=TUESDAY if run_type != "manual" else None,
        run_after=TUESDAY,
        run_type=run_type,
        start_date=datetime.now(UTC) - waited,
        conf={},
    )
    context = {
        "ti": airflow,
        "dag_run": dag_run,
        "dag": SimpleNamespace(dag_id="update_lineups", params={}),
        "params": params,
    }
    return context if dag_run.logical_date is None else context | {"logical_date": TUESDAY}


def poke(airflow: object, run_type: str = "scheduled", **kwargs: Any) -> bool:  # noqa: ANN401
    sensor = UpstreamSensor(task_id=TASK, external_dag_id=UPSTREAM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensors, "clear_run", getattr(airflow, "clear", None))
        return sensor.poke(context_of(airflow, run_type, **kwargs))


def failure(airflow: object, run_type: str = "scheduled", **kwargs: Any) -> str:  # noqa: ANN401
    with pytest.raises(AirflowFailException) as raised:
        poke(airflow, run_type, **kwargs)
    return str(raised.value)


def recorded(
    conn: psycopg.Connection, run_id: str, as_of: datetime, state: str, message: str = "", *, can_retry: bool = False
) -> None:
    """A full run of the upstream in the store."""
    run = Run(UPSTREAM, run_id, as_of, task_id="a_task")
    runs.begin(conn, run)
    attempts.begin(conn, run)
    if state != "running":
        runs.finish(conn, run, state, message)
    if state == "failed":
        attempts.fail(conn, run, message, can_retry=can_retry)


def our_attempt(conn: psycopg.Connection) -> tuple[str, bool | None, str | None]:
    (one,) = attempts.newest(conn, "update_lineups", "scheduled__1")
    return one.state, one.can_retry, one.message


@pytest.mark.parametrize("run_type", ["scheduled", "backfill", "manual"])
def test_the_standard_sensor_decides_that_the_slot_has_succeeded(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, run_type: str
) -> None:
    standard: list[bool] = []
    original = ExternalTaskSensor.poke

    def observed(self: ExternalTaskSensor, context: Any) -> Any:  # noqa: ANN401
        standard.append(bool(original(self, context)))
        return standard[-1]

    monkeypatch.setattr(ExternalTaskSensor, "poke", observed)
    # A later manual run that failed does not matter: the success of the slot is final.
    recorded(conn, "manual__later", TUESDAY, "failed")
    assert poke(PretendAirflow({MONDAY: "success"}, {"manual__later": "failed"}), run_type)
    assert standard == [True]
    assert our_attempt(conn) == ("success", None, None)


def test_a_success_of_the_standard_sensor_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExternalTaskSensor, "poke", lambda *_: True)
    assert poke(PretendAirflow())


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_of_the_slot_that_is_not_over_is_waited_for(conn: psycopg.Connection, state: str) -> None:
    assert not poke(PretendAirflow({MONDAY: state}))
    assert our_attempt(conn)[0] == "running"


def test_a_run_of_another_week_is_not_the_slots(conn: psycopg.Connection) -> None:
    airflow = PretendAirflow({MONDAY - timedelta(days=7): "success"})
    recorded(conn, f"scheduled__{(MONDAY - timedelta(days=7)).isoformat()}", MONDAY - timedelta(7), "success")
    assert not poke(airflow)
    assert "has no run for this week's slot" in failure(airflow, waited=timedelta(minutes=6))


def test_a_failed_run_of_the_slot_fails_the_wait_and_is_recorded(conn: psycopg.Connection) -> None:
    recorded(conn, SLOT_RUN, MONDAY, "failed", "the key is refused")
    sentence = failure(PretendAirflow({MONDAY: "failed"}))
    assert "the key is refused" in sentence
    assert our_attempt(conn) == ("failed", False, sentence)
    ours = runs.find(conn, "update_lineups", "scheduled__1")
    assert ours is not None
    assert (ours.state, ours.message) == ("failed", sentence)


def test_a_failed_run_of_the_slot_that_could_not_open_itself_is_run_once_more(conn: psycopg.Connection) -> None:
    airflow = PretendAirflow({MONDAY: "failed"})
    assert not poke(airflow)
    assert airflow.cleared == [SLOT_RUN]
    airflow.slot_runs[MONDAY] = "failed"
    assert "has failed. Clear its failed tasks" in failure(airflow)


def test_a_run_that_failed_in_an_outage_is_run_once_more_and_waited_for(conn: psycopg.Connection) -> None:
    recorded(conn, SLOT_RUN, MONDAY, "failed", "status 503", can_retry=True)
    airflow = PretendAirflow({MONDAY: "failed"})
    assert not poke(airflow)
    assert airflow.cleared == [SLOT_RUN]
    assert conn.execute("select upstream_dag_id, upstream_run_id, reason from pulse.reruns").fetchall() == [
        (UPSTREAM, SLOT_RUN, "status 503")
    ]
    assert not poke(airflow, waited=timedelta(minutes=40))
    airflow.slot_runs[MONDAY] = "success"
    assert poke(airflow, waited=timedelta(minutes=50))
    assert airflow.cleared == [SLOT_RUN]
    ours = Run("update_lineups", "scheduled__1", TUESDAY)
    runs.begin(conn, ours)
    assert "ran Fixture mappings once more, which had failed" in runs.summary(conn, ours)
    assert "run once more for Lineups" in runs.summary(conn, Run(UPSTREAM, SLOT_RUN, MONDAY))


@pytest.mark.parametrize("cleared_by_an_operator", [False, True])
def test_a_run_is_run_once_more_only_once(conn: psycopg.Connection, cleared_by_an_operator: bool) -> None:
    recorded(conn, SLOT_RUN, MONDAY, "failed", "status 503", can_retry=True)
    airflow = PretendAirflow({MONDAY: "failed"})
    assert not poke(airflow)
    airflow.slot_runs[MONDAY] = "failed"
    sentence = failure(replace(airflow, try_number=3) if cleared_by_an_operator else airflow)
    assert airflow.cleared == [SLOT_RUN]
    assert "After this run had run it once more" in sentence
    assert "status 503" in sentence
    newest = attempts.newest(conn, "update_lineups", "scheduled__1")
    assert [one.can_retry for one in newest] == [True]


def test_a_failed_wait_writes_the_note_of_its_run(conn: psycopg.Connection) -> None:
    recorded(conn, SLOT_RUN, MONDAY, "failed", "the key is refused")
    airflow = PretendAirflow({MONDAY: "failed"})
    failure(airflow)
    ((note),) = airflow.notes
    assert note.startswith("FAILED: ")
    assert "the key is refused" in note


def test_a_backfill_runs_its_own_week_once_more_and_no_other(conn: psycopg.Connection) -> None:
    later = MONDAY + timedelta(days=14)
    recorded(conn, f"scheduled__{later.isoformat()}", later, "failed", "status 503", can_retry=True)
    airflow = PretendAirflow({later: "failed"})
    failure(airflow, "backfill", waited=timedelta(minutes=6))
    assert airflow.cleared == []


def test_a_paused_pipeline_is_not_run_once_more(conn: psycopg.Connection) -> None:
    recorded(conn, SLOT_RUN, MONDAY, "failed", "status 503", can_retry=True)
    airflow = PretendAirflow({MONDAY: "failed"}, is_paused=True)
    assert "is paused" in failure(airflow)
    assert airflow.cleared == []


def test_a_manual_run_does_not_run_another_one(conn: psycopg.Connection) -> None:
    recorded(conn, "manual__1", MONDAY, "failed", "status 503", can_retry=True)
    airflow = PretendAirflow(manual_runs={"manual__1": "failed"})
    assert "status 503" in failure(airflow, "manual")
    assert airflow.cleared == []


def test_a_manual_run_that_succeeded_replaces_a_failed_one(conn: psycopg.Connection) -> None:
    recorded(conn, "manual__1", MONDAY + timedelta(hours=9), "success")
    assert poke(PretendAirflow({MONDAY: "failed"}, {"manual__1": "success"}))


def test_a_manual_run_that_is_not_over_is_waited_for_in_place_of_a_failed_one(conn: psycopg.Connection) -> None:
    recorded(conn, SLOT_RUN, MONDAY, "failed")
    assert not poke(PretendAirflow({MONDAY: "failed"}, {"manual__1": "queued"}))


def test_a_manual_run_uses_the_newest_upstream_run_without_a_logical_date(conn: psycopg.Connection) -> None:
    recorded(conn, "manual__1", MONDAY - timedelta(days=30), "success")
    assert poke(PretendAirflow(manual_runs={"manual__1": "success"}), "manual")


def test_a_manual_run_without_any_upstream_run_fails_at_once(conn: psycopg.Connection) -> None:
    assert f"airflow dags trigger {UPSTREAM}" in failure(PretendAirflow(), "manual")


def test_the_as_of_time_of_the_form_decides_the_slot(conn: psycopg.Connection) -> None:
    a_week_before = (TUESDAY - timedelta(days=7)).isoformat()
    airflow = PretendAirflow({MONDAY - timedelta(days=7): "success", MONDAY: "failed"})
    assert poke(airflow, "manual", as_of=a_week_before)


def test_airflows_state_of_a_run_wins_over_the_recorded_one(conn: psycopg.Connection) -> None:
    recorded(conn, "manual__1", MONDAY, "running")
    assert poke(PretendAirflow(manual_runs={"manual__1": "success"}), "manual")


def test_a_run_that_airflow_has_deleted_counts_as_recorded(conn: psycopg.Connection) -> None:
    recorded(conn, "manual__1", MONDAY, "success")
    assert poke(PretendAirflow(), "manual")


def test_a_run_that_airflow_has_deleted_while_it_ran_is_not_waited_for(conn: psycopg.Connection) -> None:
    recorded(conn, "manual__1", MONDAY, "running")
    assert "never finished, and Airflow has no such run" in failure(PretendAirflow(), "manual")


def test_a_wait_that_takes_too_long_fails_with_a_sentence(conn: psycopg.Connection) -> None:
    airflow = PretendAirflow({MONDAY: "running"})
    assert not poke(airflow, waited=timedelta(minutes=59))
    assert "has not finished within 1 hour" in failure(airflow, waited=timedelta(minutes=61))


def test_a_retry_does_not_start_the_wait_anew(conn: psycopg.Connection) -> None:
    airflow = replace(PretendAirflow({MONDAY: "running"}), try_number=3)
    assert "has not finished within" in failure(airflow, waited=timedelta(minutes=61))


def test_choices_that_make_no_sense_fail_before_the_wait(conn: psycopg.Connection) -> None:
    with pytest.raises(SelectionError):
        poke(PretendAirflow({MONDAY: "success"}), "manual", as_of="yesterday")
    assert our_attempt(conn)[:2] == ("failed", False)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ConnectionError("http://operator:secret@api-server"), "unexpected ConnectionError, see the log"),
        (
            AirflowTaskTimeout(),
            "the attempt reached its time limit. Clear the failed tasks: they continue where this one stopped",
        ),
    ],
)
def test_a_poke_that_airflow_does_not_answer_is_recorded_as_failed_and_not_as_killed(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, error: BaseException, message: str
) -> None:
    def get_dr_count(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(PretendAirflow, "get_dr_count", get_dr_count)
    with pytest.raises(type(error)):
        poke(PretendAirflow())
    assert our_attempt(conn) == ("failed", True, message)
