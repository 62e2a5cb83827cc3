"""The choices of a run, and which of them are refused before the first call."""

import copy
import inspect
from typing import Any

import psycopg
import pytest
from airflow.providers.standard.operators.trigger_dagrun import DagIsPaused, TriggerDagRunOperator
from airflow.sdk.exceptions import ParamValidationError

from fpl_pulse.airflow import connections, steps
from fpl_pulse.airflow.choices import most_calls_of
from fpl_pulse.airflow.form import form
from fpl_pulse.airflow.manual_update import TriggerChosenPipeline, paused_error
from fpl_pulse.airflow.run_info import run_of
from fpl_pulse.errors import PausedError, SelectionError, StopError
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, REBUILD, slot_of
from tests.dags.conftest import RunTask, context_of

BOUNDABLE = [one for one in PIPELINES if one != "update_fixture_mappings"]


@pytest.fixture
def _no_call(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database, but no API clients: the choices must be checked before the clients are created."""

    def no_clients(*_: object) -> None:
        raise AssertionError("API clients were created before the choices were checked")

    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    monkeypatch.setattr(connections, "clients", no_clients)


@pytest.mark.parametrize("dag_id", PIPELINES)
@pytest.mark.usefixtures("_no_call")
def test_the_first_task_refuses_an_unknown_key_and_names_the_known_ones(
    dags: dict[str, Any], database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, dag_id: str
) -> None:
    dag = dags[dag_id]
    (first,) = dag.roots
    context = context_of(dag, {"gameweek": [7]}, first.task_id)
    monkeypatch.setattr(steps, "get_current_context", lambda: context)
    with pytest.raises(SelectionError) as refusal:
        first.poke(context) if hasattr(first, "poke") else first.python_callable()
    sentence = str(refusal.value)
    assert sentence.startswith(f"{dag_id} has no parameter gameweek. Did you mean gameweeks?")
    assert all(name in sentence for name in form(dag_id))
    assert first.retry_policy.evaluate(refusal.value, 1, 3).action.value == "fail"
    # The alert needs the attempt. A row of the run would fail the pipelines that wait for it.
    attempts = database.execute("select state, message, can_retry from pulse.task_attempts").fetchall()
    assert attempts == [("failed", sentence, False)]
    assert database.execute("select count(*) from pulse.pipeline_runs").fetchone() == (0,)


@pytest.mark.parametrize("dag_id", PIPELINES)
@pytest.mark.parametrize(
    "conf", [None, {}, {"as_of": "2025-10-13T01:00:00+00:00"}, {"openlineage": {"parentRunId": "x"}}]
)
def test_a_run_without_a_selection_is_full(dags: dict[str, Any], dag_id: str, conf: dict[str, Any] | None) -> None:
    assert run_of(context_of(dags[dag_id], conf)).is_full


@pytest.mark.parametrize("dag_id", BOUNDABLE)
def test_a_run_with_a_budget_and_no_selection_is_full(dags: dict[str, Any], dag_id: str) -> None:
    assert run_of(context_of(dags[dag_id], {"most_calls": 100})).is_full
    assert not run_of(context_of(dags[dag_id], {"most_calls": 100, "matches": [1]})).is_full


@pytest.mark.parametrize("dag_id", BOUNDABLE)
def test_refresh_without_a_selection_is_refused(dags: dict[str, Any], dag_id: str) -> None:
    for conf in ({"refresh": True}, {"refresh": True, "most_calls": 5}, {"refresh": True, "matches": []}):
        with pytest.raises(SelectionError, match="refresh alone would fetch the whole season again"):
            run_of(context_of(dags[dag_id], conf))
    run_of(context_of(dags[dag_id], {"refresh": True, "gameweeks": [7]}))


def test_the_pipeline_that_reads_whole_lists_refuses_players_and_budgets(dags: dict[str, Any]) -> None:
    dag = dags["update_fixture_mappings"]
    for conf in ({"players": [1]}, {"most_calls": 5}, {"most_calls": 5, "refresh": True}):
        with pytest.raises(SelectionError, match="cannot limit them"):
            run_of(context_of(dag, conf))
    with pytest.raises(SelectionError, match="together with refresh"):
        run_of(context_of(dag, {"gameweeks": [7]}))
    for bound in ({}, {"gameweeks": [7]}, {"matches": [1]}):
        run_of(context_of(dag, {"refresh": True, **bound}))


def test_the_rebuild_refuses_every_key(dags: dict[str, Any]) -> None:
    run_of(context_of(dags[REBUILD], {}))
    for conf in ({"as_of": "2025-10-13T01:00:00+00:00"}, {"gameweeks": None}):
        with pytest.raises(SelectionError, match=f"{REBUILD} takes no choices"):
            run_of(context_of(dags[REBUILD], conf))


@pytest.mark.parametrize(
    ("own", "ceiling", "counts"), [(None, None, None), (5, None, 5), (None, 7, 7), (5, 7, 5), (7, 5, 5)]
)
def test_the_smaller_budget_applies(
    dags: dict[str, Any], own: int | None, ceiling: int | None, counts: int | None
) -> None:
    assert most_calls_of(context_of(dags["collect_heatmaps"], {"most_calls": own}), ceiling) == counts


def test_a_step_gets_the_smaller_budget(run_task: RunTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(connections.MOST_CALLS_A_RUN, "7")
    given = [run_task("plan_heatmaps", lambda context: context.most_calls, conf) for conf in ({}, {"most_calls": 5})]
    assert given == [7, 5]


@pytest.mark.parametrize("value", [0, -1, 100_001, "5", 2.5, True, [5]])
@pytest.mark.parametrize("dag_id", [*BOUNDABLE, MANUAL_UPDATE])
def test_the_form_refuses_a_budget_that_is_no_number_of_calls(dags: dict[str, Any], dag_id: str, value: object) -> None:
    params = copy.deepcopy(dags[dag_id].params)
    with pytest.raises(ParamValidationError):
        params["most_calls"] = value
    params["most_calls"] = 100_000


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_a_manual_update_of_a_paused_pipeline_says_how_to_switch_it_on_and_what_that_starts(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch, pipeline: str
) -> None:
    def refuse(self: Any, context: Any) -> None:  # noqa: ANN401
        raise DagIsPaused(self.trigger_dag_id)

    monkeypatch.setattr(TriggerDagRunOperator, "execute", refuse)
    with pytest.raises(PausedError) as refusal:
        run_manual_update(dags, {"pipeline": pipeline})
    name = slot_of(pipeline).display_name
    assert f"{name} is paused, so a run of it would wait in the queue." in str(refusal.value)
    assert "newest slot has not run yet, that runs at once" in str(refusal.value)
    # The last line of the log begins with the remedy, so that it is read without scrolling.
    assert refusal.value.remedy_first().startswith(
        f"Switch {name} on, in the UI or by `airflow dags unpause {pipeline}`, then clear this task. "
    )


def test_a_paused_rebuild_has_no_slot_that_runs_at_once() -> None:
    assert "slot" not in str(paused_error(REBUILD))


@pytest.mark.parametrize("dag_id", [MANUAL_UPDATE, REBUILD])
def test_a_dag_without_a_schedule_is_switched_on_from_the_start(dags: dict[str, Any], dag_id: str) -> None:
    # A manual run of it would wait in the queue without a word. Switched on, it starts nothing by itself.
    assert dags[dag_id].is_paused_upon_creation is False


class Triggered(Exception):  # noqa: N818 - not an error
    """Stands for the trigger of Airflow's operator."""


@pytest.fixture
def trigger(dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401
    """Runs the task of the manual update. `Triggered` has the DAG and the conf that it would trigger."""

    def triggered(self: Any, context: Any) -> None:  # noqa: ANN401
        raise Triggered(self.trigger_dag_id, self.conf)

    monkeypatch.setattr(TriggerDagRunOperator, "execute", triggered)

    return lambda conf: run_manual_update(dags, conf)


def run_manual_update(dags: dict[str, Any], conf: dict[str, Any]) -> None:
    """Run the task of the manual update with this conf."""
    task = copy.copy(dags[MANUAL_UPDATE].get_task("run_pipeline"))
    task.trigger_dag_id = conf["pipeline"]
    # Airflow allows calls of `execute` only from its own runner.
    unguarded = inspect.unwrap(TriggerChosenPipeline.execute)
    unguarded(task, context_of(dags[MANUAL_UPDATE], conf))


def test_a_manual_update_passes_on_only_the_fields_that_were_filled_in(trigger: Any) -> None:  # noqa: ANN401
    with pytest.raises(Triggered) as sent:
        trigger({"pipeline": "collect_heatmaps", "gameweeks": [7], "most_calls": 50, "players": []})
    assert sent.value.args == ("collect_heatmaps", {"gameweeks": [7], "most_calls": 50})
    with pytest.raises(Triggered) as sent:
        trigger({"pipeline": REBUILD})
    assert sent.value.args == (REBUILD, {})


@pytest.mark.parametrize(
    ("conf", "sentence"),
    [
        ({"pipeline": "update_lineups", "gameweek": [7]}, "has no parameter gameweek"),
        ({"pipeline": "update_lineups", "matches": "all of them"}, "matches: 'all' is not a number"),
        ({"pipeline": "update_lineups", "refresh": True}, "refresh alone would fetch the whole season"),
        ({"pipeline": "update_fixture_mappings", "most_calls": 9}, "cannot limit them"),
        ({"pipeline": "update_lineups", "as_of": "2999-01-01T00:00:00Z"}, "between 2000 and now"),
        ({"pipeline": REBUILD, "most_calls": 9}, "Trigger it without most_calls"),
    ],
)
def test_a_manual_update_refuses_choices_that_the_pipeline_would_refuse(
    trigger: Any,  # noqa: ANN401
    conf: dict[str, Any],
    sentence: str,
) -> None:
    with pytest.raises(StopError, match=sentence):
        trigger(conf)
