"""Airflow's hook for local settings, read by each of its processes at its start because include/ is on the path."""

import sys

from fpl_pulse.airflow.preload import preload

preload(sys.argv)
