"""The alert about a partial run: how many calls it skips, and when they will be made."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from fpl_pulse.etl.planning import _partial
from fpl_pulse.store.runs import Run

SLOT = datetime(2025, 10, 14, 3, tzinfo=UTC)
RESET = datetime(2025, 10, 31, 23, 59, 40, tzinfo=UTC)


def alert(quota: list[dict[str, object]]) -> str:
    context: Any = SimpleNamespace(
        run=Run("collect_heatmaps", "scheduled__1", SLOT), as_of=SLOT, records=lambda *_, **__: quota
    )
    return _partial(context, 1_120, 1_870)


def test_it_names_the_pipeline_the_calls_and_the_next_run() -> None:
    text = alert([])
    assert text.startswith("Tue 04:00 · Heatmaps skips 1,120 of 1,870 due calls, because the budget allows no more.")
    assert "the next run makes them, on Tue 21 Oct 04:00 London time, or a manual run before." in text


@pytest.mark.parametrize(("calls", "is_named"), [(750, True), (5_000, False)])
def test_it_names_the_reset_when_the_quota_is_the_reason(calls: int, is_named: bool) -> None:
    text = alert([{"calls": calls, "resets_at": RESET}])
    assert ("The quota is reset on Sat 1 Nov 00:00 London time." in text) is is_named
