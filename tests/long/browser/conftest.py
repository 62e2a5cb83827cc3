"""A browser in front of a real Airflow with a week of the sandbox's season."""

import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, sync_playwright

from dev.local.week_run import plan_week
from fpl_pulse.week import PIPELINES
from tests.long.browser.visitor import Visitor
from tests.long.operator_stack import OperatorStack, operator_stack

MONDAY = date(2025, 9, 1)
"""The week after gameweek 3."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatorStack]:
    """A running Airflow after a week, with all matches of three gameweeks."""
    planned = plan_week(MONDAY)
    with operator_stack(tmp_path_factory.mktemp("browser"), planned[0].as_of, schedules=False) as stack:
        stack.wait_until("Airflow has read the DAGs", lambda: set(PIPELINES) <= stack.airflow.dag_ids())
        for one in planned:
            stack.sandbox.source.set_clock(one.as_of)
            stack.airflow.unpause(one.slot.dag_id)
            assert stack.wait_for_end(one, stack.trigger(one)) == "success", stack.tasks_that_failed()
        yield stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("There is no Chromium. Install it, for example by `apt-get install chromium`.", pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visitor(installation: OperatorStack, browser: Browser) -> Iterator[Visitor]:
    """A person who is logged in to Airflow, in a wide window. At the end the browser has complained about nothing."""
    one = Visitor.log_in(browser, installation)
    yield one
    one.close()
