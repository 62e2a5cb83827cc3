"""Registers with Airflow what lives in the package: the deadlines' reference, and the notes of the runs."""

from airflow.plugins_manager import AirflowPlugin

from fpl_pulse.airflow import notes
from fpl_pulse.airflow.deadlines import SlotDeadline


class FplPulsePlugin(AirflowPlugin):
    """What Airflow finds."""

    name = "fpl_pulse"
    deadline_references = [SlotDeadline]  # noqa: RUF012 - the attribute is Airflow's
    listeners = [notes]  # noqa: RUF012
