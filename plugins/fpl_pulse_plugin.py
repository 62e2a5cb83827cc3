"""Registers the deadline reference, the listeners and the API of the package with Airflow."""

from airflow.plugins_manager import AirflowPlugin

from fpl_pulse.airflow import notes, task_endings
from fpl_pulse.airflow.deadlines import SlotDeadline
from fpl_pulse.airflow.web import VIEWS, MountedApi


class FplPulsePlugin(AirflowPlugin):
    """The plugin that Airflow loads."""

    name = "fpl_pulse"
    deadline_references = [SlotDeadline]  # noqa: RUF012 - the attribute is Airflow's
    listeners = [notes, task_endings]  # noqa: RUF012
    fastapi_apps = [{"app": MountedApi(), "url_prefix": "/fpl-pulse", "name": "FPL Pulse"}]  # noqa: RUF012
    external_views = VIEWS
