"""Airflow's hook for local settings. Every Airflow process imports this module when it starts."""

import sys

from fpl_pulse.airflow.preload import preload

preload(sys.argv)
