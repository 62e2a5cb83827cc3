"""What a person may choose for a run, and what is refused before anything happens."""

import copy
import inspect
from typing import Any

import psycopg
import pytest
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk.exceptions import ParamValidationError

from fpl_pulse.airflow import connections, steps
from fpl_pulse.airflow.choices import most_calls_of
from fpl_pulse.airflow.manual_update import TriggerOfTheChosen
from fpl_pulse.airflow.run_info import run_of
from fpl_pulse.airflow.weekly import form
from fpl_pulse.errors import SelectionError, StopError
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, REBUILD
from tests.dags.conftest import RunTask, context_of

BOUNDABLE = [one for one in PIPELINES if one != "update_fixture_mappings"]


@pytest.fixture
def _no_call(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store, and no way to an API: whoever asks for a client has gone too far."""

    def mark_rejected(*_: object) -> None:
        raise AssertionError("an API was made ready before the choices were judged")

    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    monkeypatch.setattr(connections, "clients", mark_rejected)


@pytest.mark.parametrize("dag_id", PIPELINES)
@pytest.mark.usefixtures("_no_call")
def test_an_unknown_key_is_refused_by_the_first_task_with_the_known_ones(
    dags: dict[str, Any], database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, dag_id: str
) -> None:
    dag = dags[dag_id]
    (first,) = dag.roots
    context = context_of(dag, {"gameweek": [7]}, first.task_id)
    monkeypatch.setattr(steps, "get_current_context", lambda: context)
    with pytest.raises(SelectionError) as refusal:
        first.poke(context) if hasattr(first, "poke") else first.python_callable()
    sentence = str(refusal.value)
    assert sentence.startswith(f"{dag_id} knows no gameweek. Did you mean gameweeks?")
    assert all(name in sentence for name in form())
    assert first.retry_policy.evaluate(refusal.value, 1, 3).action.value == "fail"
    # The try is known, for the alert; the run is not, since the pipelines after it would fail with it.
    told = database.execute("select state, message, can_retry from pulse.task_attempts").fetchall()
    assert told == [("failed", sentence, False)]
    assert database.execute("select count(*) from pulse.pipeline_runs").fetchone() == (0,)


@pytest.mark.parametrize("dag_id", PIPELINES)
@pytest.mark.parametrize(
    "conf", [None, {}, {"as_of": "2025-10-13T01:00:00+00:00"}, {"openlineage": {"parentRunId": "x"}}]
)
def test_what_is_known_passes_and_the_run_is_whole(
    dags: dict[str, Any], dag_id: str, conf: dict[str, Any] | None
) -> None:
    assert run_of(context_of(dags[dag_id], conf)).is_full


@pytest.mark.parametrize("dag_id", BOUNDABLE)
def test_a_run_that_has_a_budget_and_nothing_else_is_a_whole_run(dags: dict[str, Any], dag_id: str) -> None:
    assert run_of(context_of(dags[dag_id], {"most_calls": 100})).is_full
    assert not run_of(context_of(dags[dag_id], {"most_calls": 100, "matches": [1]})).is_full


@pytest.mark.parametrize("dag_id", BOUNDABLE)
def test_fetching_everything_again_is_refused(dags: dict[str, Any], dag_id: str) -> None:
    for conf in ({"refresh": True}, {"refresh": True, "most_calls": 5}, {"refresh": True, "matches": []}):
        with pytest.raises(SelectionError, match="choose the gameweeks, matches or players"):
            run_of(context_of(dags[dag_id], conf))
    run_of(context_of(dags[dag_id], {"refresh": True, "gameweeks": [7]}))


def test_the_pipeline_of_whole_lists_refuses_what_it_cannot_honour(dags: dict[str, Any]) -> None:
    dag = dags["update_fixture_mappings"]
    for conf in ({"players": [1]}, {"most_calls": 5}, {"most_calls": 5, "refresh": True}):
        with pytest.raises(SelectionError, match="cannot bound it"):
            run_of(context_of(dag, conf))
    with pytest.raises(SelectionError, match="together with refresh"):
        run_of(context_of(dag, {"gameweeks": [7]}))
    for bound in ({}, {"gameweeks": [7]}, {"matches": [1]}):
        run_of(context_of(dag, {"refresh": True, **bound}))


def test_the_rebuild_takes_no_key_at_all(dags: dict[str, Any]) -> None:
    run_of(context_of(dags[REBUILD], {}))
    for conf in ({"as_of": "2025-10-13T01:00:00+00:00"}, {"gameweeks": None}):
        with pytest.raises(SelectionError, match=f"{REBUILD} takes no choices"):
            run_of(context_of(dags[REBUILD], conf))


@pytest.mark.parametrize(
    ("own", "ceiling", "counts"), [(None, None, None), (5, None, 5), (None, 7, 7), (5, 7, 5), (7, 5, 5)]
)
def test_the_smaller_budget_counts(
    dags: dict[str, Any], own: int | None, ceiling: int | None, counts: int | None
) -> None:
    assert most_calls_of(context_of(dags["collect_heatmaps"], {"most_calls": own}), ceiling) == counts


def test_a_step_works_with_the_smaller_budget(run_task: RunTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(connections.MOST_CALLS_A_RUN, "7")
    given = [
        run_task("plan_heatmaps", lambda work: work.most_calls, conf) for conf in ({}, {"most_calls": 5})
    ]
    assert given == [7, 5]


@pytest.mark.parametrize("value", [0, -1, 100_001, "5", 2.5, True, [5]])
@pytest.mark.parametrize("dag_id", [*PIPELINES, MANUAL_UPDATE])
def test_a_budget_that_is_no_number_of_calls_is_refused_by_the_form(
    dags: dict[str, Any], dag_id: str, value: object
) -> None:
    params = copy.deepcopy(dags[dag_id].params)
    with pytest.raises(ParamValidationError):
        params["most_calls"] = value
    params["most_calls"] = 100_000


@pytest.mark.parametrize("dag_id", [*PIPELINES, MANUAL_UPDATE])
def test_every_field_of_the_form_says_what_it_is(dags: dict[str, Any], dag_id: str) -> None:
    for name in dags[dag_id].params:
        param = dags[dag_id].params.get_param(name)
        assert param.schema["title"]
        assert param.description.endswith(".")
        assert param.schema["type"]


class Triggered(Exception):  # noqa: N818 - what Airflow's operator does next, and no error
    """The trigger has gone out."""


@pytest.fixture
def trigger(dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401
    """A manual update's task, and what it would trigger with which conf."""

    def triggered(self: Any, context: Any) -> None:  # noqa: ANN401
        raise Triggered(self.trigger_dag_id, self.conf)

    monkeypatch.setattr(TriggerDagRunOperator, "execute", triggered)

    def run(conf: dict[str, Any]) -> None:
        task = copy.copy(dags[MANUAL_UPDATE].get_task("run_pipeline"))
        task.trigger_dag_id = conf["pipeline"]
        # Airflow guards `execute` against calls from anywhere but its own runner.
        unguarded = inspect.unwrap(TriggerOfTheChosen.execute)
        unguarded(task, context_of(dags[MANUAL_UPDATE], conf))

    return run


def test_a_manual_update_passes_on_what_was_chosen_and_nothing_else(trigger: Any) -> None:  # noqa: ANN401
    with pytest.raises(Triggered) as sent:
        trigger({"pipeline": "collect_heatmaps", "gameweeks": [7], "most_calls": 50, "players": []})
    assert sent.value.args == ("collect_heatmaps", {"gameweeks": [7], "most_calls": 50})
    with pytest.raises(Triggered) as sent:
        trigger({"pipeline": REBUILD})
    assert sent.value.args == (REBUILD, {})


@pytest.mark.parametrize(
    ("conf", "sentence"),
    [
        ({"pipeline": "update_lineups", "gameweek": [7]}, "knows no gameweek"),
        ({"pipeline": "update_lineups", "refresh": True}, "choose the gameweeks, matches or players"),
        ({"pipeline": "update_fixture_mappings", "most_calls": 9}, "cannot bound it"),
        ({"pipeline": "update_lineups", "as_of": "2999-01-01T00:00:00Z"}, "between 2000 and now"),
        ({"pipeline": REBUILD, "most_calls": 9}, "trigger it without most_calls"),
    ],
)
def test_a_manual_update_refuses_what_the_pipeline_would_refuse(
    trigger: Any,  # noqa: ANN401
    conf: dict[str, Any],
    sentence: str,
) -> None:
    with pytest.raises(StopError, match=sentence):
        trigger(conf)
