"""The named scenarios: one module for each kind of fault."""

from dataclasses import replace

from dev.hostile.scenario import Scenario
from dev.hostile.scenarios import (
    codes,
    descriptions,
    exchanged,
    kept_out,
    lagging,
    not_counting,
    old_pages,
    outages,
    per_fixture,
    refusals,
    renamed,
    replaced,
    season,
    sentences,
    withdrawn,
)

MODULES = (
    season,
    exchanged,
    kept_out,
    not_counting,
    withdrawn,
    renamed,
    old_pages,
    lagging,
    per_fixture,
    descriptions,
    refusals,
    outages,
    codes,
    replaced,
    sentences,
)
"""The modules in the order of the kinds, from 1."""

NAMED: tuple[Scenario, ...] = tuple(
    replace(scenario, kind=kind) for kind, module in enumerate(MODULES, start=1) for scenario in module.SCENARIOS
)
"""All named scenarios."""
