"""What Airflow's form shows for each DAG, and what becomes of what a person fills in."""

import copy
import inspect
from typing import Any

import psycopg
import pytest
from airflow.exceptions import ParamValidationError as ServerParamValidationError
from airflow.sdk.exceptions import ParamValidationError
from airflow.serialization.serialized_objects import DagSerialization

from fpl_pulse.airflow import connections, steps
from fpl_pulse.airflow.choices import READS_WHOLE_LISTS
from fpl_pulse.airflow.manual_update import TriggerChosenPipeline
from fpl_pulse.airflow.run_info import run_of, selection_of
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.chosen_numbers import GAMEWEEKS, LONGEST_TEXT
from fpl_pulse.etl.selection import Selection
from fpl_pulse.season import MAX_GAMEWEEK
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, REBUILD, SNAPSHOT
from tests.dags.conftest import context_of
from tests.dags.form_fields import control, is_optional

CONTROLS = {
    "pipeline": "select",
    "gameweeks": "multi-select",
    "matches": "text",
    "players": "text",
    "refresh": "switch",
    "most_calls": "number",
    "as_of": "date and time",
}
"""The fields of the whole form, in the order in which a person reads them."""

FORMS = {
    MANUAL_UPDATE: list(CONTROLS),
    READS_WHOLE_LISTS: ["gameweeks", "matches", "refresh", "as_of"],
    **{one: list(CONTROLS)[1:] for one in PIPELINES if one != READS_WHOLE_LISTS},
}

HOSTILE: dict[str, list[object]] = {
    "gameweeks": [
        "7; drop table",
        "<script>alert(1)</script>",
        "1-999999999",
        "\u0667",
        "-5",
        "{{ 7*7 }}",
        ["61"],
        ["x"],
    ],
    "matches": ["' or 1=1 --", "<img src=x>", "1-2147483647", "\uff17", "-14025211", "all", ["x"], "9" * LONGEST_TEXT],
    "players": ["); delete from", "<b>7</b>", "1-401", "\u0967", "-1", "Salah", [""] * 399 + ["x"], "7," * 2_000],
    "as_of": ["yesterday", "2025-10-13", "2999-01-01T00:00:00Z", "1999-12-31T00:00:00Z", "<b>", "' or 1=1", " "],
}
"""Values that Airflow accepts when a run is triggered, and that the first task refuses."""


def params_of(dag: Any) -> dict[str, Any]:  # noqa: ANN401
    """The Params of a DAG by name, in the order of the form."""
    return {name: dag.params.get_param(name) for name in dag.params}


@pytest.mark.parametrize("dag_id", FORMS)
def test_a_form_has_its_fields_in_the_order_in_which_a_person_reads_them(dags: dict[str, Any], dag_id: str) -> None:
    assert list(dags[dag_id].params) == FORMS[dag_id]
    sent = DagSerialization.from_dict(DagSerialization.to_dict(dags[dag_id]))
    assert list(sent.params) == FORMS[dag_id]


def test_every_dag_with_params_has_a_form_that_is_tested(dags: dict[str, Any]) -> None:
    assert {dag_id for dag_id, dag in dags.items() if dag.params} == set(FORMS)
    assert set(dags) - set(FORMS) == {REBUILD, SNAPSHOT}


@pytest.mark.parametrize("dag_id", FORMS)
def test_a_field_is_what_a_person_expects_and_never_an_editor_for_json(dags: dict[str, Any], dag_id: str) -> None:
    found = {name: control(param.schema, param.value) for name, param in params_of(dags[dag_id]).items()}
    assert found == {name: CONTROLS[name] for name in FORMS[dag_id]}


@pytest.mark.parametrize("dag_id", FORMS)
def test_a_run_that_is_triggered_again_shows_no_editor_for_json(dags: dict[str, Any], dag_id: str) -> None:
    params = params_of(dags[dag_id])
    for name in {"gameweeks", "matches", "players"} & set(params):
        for value in ([7, 8], ["7", "8"], "7, 8-10"):
            assert control(params[name].schema, value) != "JSON", (name, value)


@pytest.mark.parametrize("dag_id", FORMS)
def test_only_the_pipeline_has_a_red_star(dags: dict[str, Any], dag_id: str) -> None:
    required = [name for name, param in params_of(dags[dag_id]).items() if not is_optional(param.schema)]
    assert required == (["pipeline"] if dag_id == MANUAL_UPDATE else [])


@pytest.mark.parametrize("dag_id", FORMS)
def test_what_is_rarely_needed_is_in_sections_below(dags: dict[str, Any], dag_id: str) -> None:
    sections = {name: param.schema.get("section") for name, param in params_of(dags[dag_id]).items()}
    assert {name for name, section in sections.items() if section} == {"most_calls", "as_of"} & set(sections)
    places = [section is not None for section in sections.values()]
    assert places == sorted(places)


@pytest.mark.parametrize("dag_id", FORMS)
def test_the_multi_select_offers_every_gameweek_that_is_accepted(dags: dict[str, Any], dag_id: str) -> None:
    schema = dags[dag_id].params.get_param("gameweeks").schema
    assert schema["examples"] == [str(number) for number in range(1, MAX_GAMEWEEK + 1)]
    assert schema["values_display"].keys() == set(schema["examples"])
    assert schema["values_display"]["38"] == "38"
    assert schema["values_display"]["39"] == "39 (interrupted season)"


@pytest.mark.parametrize("dag_id", FORMS)
def test_titles_and_descriptions_are_words(dags: dict[str, Any], dag_id: str) -> None:
    for name, param in params_of(dags[dag_id]).items():
        assert param.schema["title"][0].isupper(), name
        assert "_" not in param.schema["title"], name
        assert param.description.endswith("."), name
        assert not {"[", "{", "JSON"} & set(param.description.split()), name


FILLED_IN = [
    ({"gameweeks": ["7", "8"]}, Selection(gameweeks=(7, 8))),
    ({"gameweeks": [7, 8]}, Selection(gameweeks=(7, 8))),
    ({"gameweeks": "7, 8-10"}, Selection(gameweeks=(7, 8, 9, 10))),
    ({"matches": "14025211; 14025214"}, Selection(matches=(14025211, 14025214))),
    ({"matches": [14025211]}, Selection(matches=(14025211,))),
    ({"matches": ["14025211", "14025214", ""]}, Selection(matches=(14025211, 14025214))),
    ({"players": "934235 934237-934238"}, Selection(players=(934235, 934237, 934238))),
    ({"players": [934235, 839956], "gameweeks": None}, Selection(players=(934235, 839956))),
    ({"gameweeks": None, "matches": "  ", "players": [], "refresh": False, "most_calls": None}, Selection()),
]


@pytest.mark.parametrize(("conf", "selection"), FILLED_IN)
@pytest.mark.parametrize("dag_id", [one for one in PIPELINES if one != READS_WHOLE_LISTS])
def test_what_is_filled_in_or_passed_as_conf_is_the_runs_selection(
    dags: dict[str, Any], dag_id: str, conf: dict[str, Any], selection: Selection
) -> None:
    # The API server checks the triggered run and the backfill, the task checks its Params.
    sent = DagSerialization.from_dict(DagSerialization.to_dict(dags[dag_id]))
    sent.params.deep_merge(conf).validate()
    params = copy.deepcopy(dags[dag_id].params)
    params.update(conf)
    context = context_of(dags[dag_id], conf) | {"params": params.validate()}
    assert selection_of(context) == selection
    assert run_of(context).is_full == (selection == Selection())


@pytest.mark.parametrize(("conf", "selection"), FILLED_IN)
def test_a_manual_update_passes_numbers_on(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch, conf: dict[str, Any], selection: Selection
) -> None:
    task = copy.copy(dags[MANUAL_UPDATE].get_task("run_pipeline"))
    task.trigger_dag_id = "update_lineups"
    monkeypatch.setattr(TriggerChosenPipeline.__mro__[1], "execute", lambda *_: None)
    context = context_of(dags[MANUAL_UPDATE], {"pipeline": "update_lineups", **conf})
    inspect.unwrap(TriggerChosenPipeline.execute)(task, context)
    chosen = {name: list(value) for name, value in selection.params().items() if isinstance(value, list)}
    assert task.conf == chosen


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gameweeks", "7" * (LONGEST_TEXT + 1)),
        ("gameweeks", [GAMEWEEKS.largest + 1]),
        ("gameweeks", [0]),
        ("gameweeks", [7] * 401),
        ("gameweeks", 7.5),
        ("gameweeks", {"a": 1}),
        ("matches", [{"a": 1}]),
        ("matches", [2**31]),
        ("matches", [True]),
        ("matches", True),
        ("players", ["7" * (LONGEST_TEXT + 1)]),
        ("players", 934235.5),
        ("refresh", "yes"),
        ("refresh", None),
        ("most_calls", "5"),
        ("as_of", 7),
        ("as_of", "2" * 41),
    ],
)
def test_airflow_refuses_a_value_of_a_wrong_type_or_size_when_the_run_is_triggered(
    dags: dict[str, Any], name: str, value: object
) -> None:
    sent = DagSerialization.from_dict(DagSerialization.to_dict(dags["collect_heatmaps"]))
    with pytest.raises(ServerParamValidationError, match=f"Invalid input for param {name}"):
        sent.params.deep_merge({name: value}).validate()
    with pytest.raises(ParamValidationError):
        copy.deepcopy(dags["collect_heatmaps"].params)[name] = value


@pytest.fixture
def _no_call(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database, but no API clients: what is filled in must be checked before the clients are created."""

    def no_clients(*_: object) -> None:
        raise AssertionError("API clients were created before the choices were checked")

    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    monkeypatch.setattr(connections, "clients", no_clients)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in HOSTILE.items() for value in values])
@pytest.mark.usefixtures("_no_call")
def test_the_first_task_refuses_what_makes_no_sense_without_a_call_and_says_what_to_do(
    dags: dict[str, Any], database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    for dag_id in PIPELINES:
        if name not in dags[dag_id].params:
            continue
        dag = dags[dag_id]
        copy.deepcopy(dag.params)[name] = value
        (first,) = dag.roots
        context = context_of(dag, {name: value}, first.task_id)
        monkeypatch.setattr(steps, "get_current_context", lambda context=context: context)
        with pytest.raises(SelectionError) as refusal:
            first.poke(context) if hasattr(first, "poke") else first.python_callable()
        sentence = str(refusal.value)
        assert name in sentence
        assert "Trigger " in sentence
        assert len(sentence) < 400
        assert first.retry_policy.evaluate(refusal.value, 1, 3).action.value == "fail"
    assert {row[0] for row in database.execute("select state from pulse.task_attempts").fetchall()} == {"failed"}
    assert database.execute("select count(*) from pulse.pipeline_runs").fetchone() == (0,)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in HOSTILE.items() for value in values])
def test_a_manual_update_refuses_what_makes_no_sense_and_triggers_nothing(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    def triggered(*_: object) -> None:
        raise AssertionError("a run was triggered")

    monkeypatch.setattr(TriggerChosenPipeline.__mro__[1], "execute", triggered)
    task = copy.copy(dags[MANUAL_UPDATE].get_task("run_pipeline"))
    task.trigger_dag_id = "update_lineups"
    context = context_of(dags[MANUAL_UPDATE], {"pipeline": "update_lineups", name: value})
    with pytest.raises(SelectionError, match="Trigger "):
        inspect.unwrap(TriggerChosenPipeline.execute)(task, context)


def test_a_sentence_about_many_unknown_keys_is_short(dags: dict[str, Any]) -> None:
    with pytest.raises(SelectionError, match="and 90 more") as refusal:
        run_of(context_of(dags["update_lineups"], {f"{'k' * 500}{number}": 1 for number in range(100)}))
    assert len(str(refusal.value)) < 700


def test_a_run_of_an_older_form_can_be_cleared(dags: dict[str, Any]) -> None:
    """The form of the first pipeline once had all fields, and sent them empty."""
    conf = {"gameweeks": None, "matches": None, "players": None, "refresh": False, "most_calls": None, "as_of": None}
    assert run_of(context_of(dags[READS_WHOLE_LISTS], conf)).is_full
