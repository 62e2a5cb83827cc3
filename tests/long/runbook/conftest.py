"""One installation for the whole suite, and the section of the page that a test follows."""

from collections.abc import Generator, Iterator

import pytest

from tests.local.typed_commands import output
from tests.long.runbook.installation import FIRST_WEEK, LINEUPS, MAPPINGS, WEEK, Installation
from tests.long.runbook.installing import installation_in
from tests.long.runbook.operator import Operator
from tests.long.runbook.page import Page

HAS_PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test has passed. Only then something that is left on its page is worth a failure."""
    report = yield
    if call.when == "call":
        item.stash[HAS_PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with three snapshots.

    `empty`: nothing has run. `week`: the first week has run on schedule. `monday`: also the mappings of the second week
    have, and Tuesday's lineups are due.
    """
    with installation_in(tmp_path_factory.mktemp("runbook")) as found:
        found.write_settings()
        print("\nInstalling", flush=True)
        output(found.type("make up"))
        found.take_snapshot("empty", FIRST_WEEK[-1].as_of)
        output(found.type("make up UNPAUSE=1"))
        _wait_for_first_week(found)
        found.take_snapshot("week", WEEK[0].as_of)
        run_id = found.come_due(MAPPINGS)
        assert found.wait_for_end(MAPPINGS, run_id) == "success", found.evidence(MAPPINGS, run_id)
        found.take_snapshot("monday", LINEUPS.as_of)
        yield found


def _wait_for_first_week(found: Installation) -> None:
    """Wait for the scheduled runs that begin at once when the pipelines are switched on."""
    for planned in FIRST_WEEK:
        run_ids: set[str] = set()

        def exists(dag_id: str = planned.slot.dag_id, run_ids: set[str] = run_ids) -> bool:
            run_ids.update(found.airflow.run_ids(dag_id))
            return bool(run_ids)

        found.wait_until(f"{planned.slot.dag_id} runs", exists)
        for run_id in run_ids:
            assert found.wait_for_end(planned, run_id) == "success", found.evidence(planned, run_id)


@pytest.fixture
def page(request: pytest.FixtureRequest, installation: Installation) -> Iterator[Operator]:
    """The operator who follows the section that the test's marker names. Every command of it must be typed."""
    (marker,) = request.node.iter_markers("section")
    section = Page.read().sections[marker.args[0]]
    print(f"\n## {section.title}", flush=True)
    operator = Operator(installation, section)
    yield operator
    installation.source_answers()
    if request.node.stash.get(HAS_PASSED, False):
        assert operator.left == [], f"The test has not typed what the section {section.title!r} says."
