"""A clear of the failed tasks only leaves out the load: the check loads what was fetched after it."""

import pytest

from fpl_pulse.airflow.pipeline import catching_up
from fpl_pulse.etl.context import StepContext
from tests.dags.conftest import RunTask


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["fetch", "load", "link"], ["check"]),
        (["fetch", "load", "link", "fetch"], ["load", "link", "check"]),
        (["fetch", "load", "link", "fetch", "load", "link"], ["check"]),
        (["load", "link"], ["check"]),
    ],
    ids=["a normal run", "a fetch cleared alone", "all cleared", "nothing to fetch"],
)
def test_the_check_runs_the_load_only_when_a_fetch_has_ended_after_it(
    run_task: RunTask, order: list[str], expected: list[str]
) -> None:
    ran: list[str] = []

    def fetch(_: StepContext) -> None:
        ran.append("fetch")

    def load(_: StepContext) -> None:
        ran.append("load")

    def link(_: StepContext) -> None:
        ran.append("link")

    def check(_: StepContext) -> dict[str, int]:
        ran.append("check")
        return {"have": 1}

    run_task("plan_first", lambda _: None)
    functions = {"fetch": fetch, "load": load, "link": link}
    for number, name in enumerate(order, start=1):
        run_task(name, functions[name], try_number=number)
    ran.clear()
    assert run_task("check", catching_up(check, fetch, load, link)) == {"have": 1}
    assert ran == expected
