"""The plugin registers the JSON API, and only a process that serves it loads FastAPI."""

import subprocess
import sys

from airflow import plugins_manager

from fpl_pulse.airflow.web import VIEWS, MountedApi


def test_airflow_mounts_the_api_below_one_prefix() -> None:
    apps, _ = plugins_manager.get_fastapi_plugins()
    ours = [app for app in apps if app["name"] == "FPL Pulse"]
    assert [app["url_prefix"] for app in ours] == ["/fpl-pulse"]
    assert isinstance(ours[0]["app"], MountedApi)


def test_the_plugin_loads_neither_the_application_nor_its_pool() -> None:
    code = (
        "import sys, fpl_pulse.airflow.web\n"
        "print([name for name in sys.modules if name.startswith(('fastapi', 'psycopg', 'fpl_pulse.web'))])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_tab_of_a_run_is_on_the_pages_of_runs_and_tasks() -> None:
    hrefs = {view["destination"]: view["href"] for view in VIEWS}
    assert hrefs["dag_run"] == "fpl-pulse/runs/{DAG_ID}/{RUN_ID}/"
    assert hrefs["task_instance"] == "fpl-pulse/runs/{DAG_ID}/{RUN_ID}/?task={TASK_ID}"
    # Behind a reverse proxy with a prefix only a relative address is right.
    assert [href for href in hrefs.values() if href.startswith(("/", "http"))] == []
    assert len({view["url_route"] for view in VIEWS}) == len(VIEWS)
