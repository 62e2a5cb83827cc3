"""One installation for the whole suite, and the section of the page that a test follows."""

from collections.abc import Generator, Iterator

import pytest

from tests.long.runbook.installation import Installation
from tests.long.runbook.installing import prepared_installation
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
    """A running installation with its snapshots."""
    with prepared_installation(tmp_path_factory.mktemp("runbook")) as found:
        yield found


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
