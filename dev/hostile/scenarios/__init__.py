"""The named scenarios: one module for each kind of issue 13."""

from dev.hostile.scenario import Scenario

NAMED: tuple[Scenario, ...] = ()
"""All named scenarios."""
