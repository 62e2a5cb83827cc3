"""The plugin registers the JSON API, and only a process that serves it loads FastAPI."""

import subprocess
import sys

from airflow import plugins_manager

from fpl_pulse.airflow.web import MountedApi


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
