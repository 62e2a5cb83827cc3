"""A spent quota names its reset, also when the response that refused the call did not state it."""

import psycopg
import pytest

from fpl_pulse.errors import QuotaSpentError
from fpl_pulse.etl.context import StepContext
from tests.dags.conftest import RunTask

SPENT = f"events/lineups: the quota is spent. {QuotaSpentError.remedy}. What was fetched is kept."
ANNOUNCED = """
    insert into pulse.api_calls (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index, try_number,
                                 attempt, status, outcome, seconds, bytes, quota_remaining, quota_resets_at, called_at)
    values ('sofasport', 'events/lineups', 'event_id=1', 'lineups', 'update_lineups', 'scheduled__1', 'fetch', -1, 1,
            1, 200, 'fetched', 0.1, 10, 0, timestamptz '2099-11-01 00:00+00', now())
"""


def spend(_: StepContext) -> None:
    raise QuotaSpentError(SPENT)


@pytest.mark.parametrize(
    ("is_announced", "reset"),
    [(True, " on Sun 1 Nov 00:00 London time."), (False, ", which RapidAPI's dashboard shows.")],
)
def test_the_reset_is_in_the_error_the_attempt_and_the_run(
    run_task: RunTask, dsn: str, is_announced: bool, reset: str
) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        if is_announced:
            conn.execute(ANNOUNCED.encode())
        with pytest.raises(QuotaSpentError) as raised:
            run_task("plan_heatmaps", spend)
        sentence = str(raised.value)
        assert f"Clear the failed tasks after the quota's reset{reset}" in sentence
        attempt = conn.execute("select message, error, section from pulse.task_attempts").fetchone()
        assert attempt == (sentence, "QuotaSpentError", "the-quota-is-spent")
        run = conn.execute("select state, message from pulse.pipeline_runs").fetchone()
        assert run == ("failed", f"plan_heatmaps: {sentence}")
