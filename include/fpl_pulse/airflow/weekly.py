"""What the weekly DAGs have in common: schedule, limits, retries, form and tags, all from the table in `week`."""

from datetime import datetime
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, Param

from fpl_pulse.airflow.alerting import report_failed_run
from fpl_pulse.airflow.deadlines import deadline_alert
from fpl_pulse.airflow.retries import LONGEST_PAUSE, RETRIES, RETRY_POLICY, SHORTEST_PAUSE
from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.season import MAX_GAMEWEEK
from fpl_pulse.week import LONDON, MANUAL_UPDATE_LIMIT, WAIT_PREFIX, slot_of

FIRST_DAY = datetime(2025, 7, 1, tzinfo=LONDON)

MOST_CHOSEN = 400
"""Entries of a list in the form. A season has 380 matches."""

MOST_CALLS = 100_000
"""The largest budget of one run, in calls. A whole season costs less."""

LARGEST_ID = 2**31 - 1
"""Ids are stored as PostgreSQL integers."""

DEFAULTS = {
    "owner": "fpl-pulse",
    "retries": RETRIES,
    "retry_policy": RETRY_POLICY,
    # After a killed process the scheduler decides alone, without the policy.
    "retry_delay": SHORTEST_PAUSE,
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": LONGEST_PAUSE,
}


def form() -> dict[str, Param]:
    """The choices of a manual run. All of them are optional."""
    return {
        "gameweeks": _list_of_integers(
            "Gameweeks",
            "Only matches of these FPL gameweeks, for example [7, 8]. Empty: everything that is due.",
            MAX_GAMEWEEK,
        ),
        "matches": _list_of_integers(
            "Matches", "Only these matches: SofaSport event ids (pulse.sofasport_events), for example [14025211]."
        ),
        "players": _list_of_integers(
            "Players", "Only these players: SofaSport player ids (pulse.sofasport_players), for example [934235]."
        ),
        "refresh": Param(
            False,
            type="boolean",
            title="Fetch again",
            description="Fetch again what is already complete. Each item costs a call, so choose gameweeks, matches or"
            " players as well.",
        ),
        "most_calls": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            maximum=MOST_CALLS,
            title="Most calls",
            description="The most calls to SofaSport that this run may plan. The run makes the most valuable ones; the"
            " skipped ones stay due. Empty: the limit of the installation (FPL_PULSE_MOST_CALLS_A_RUN), which also"
            " applies when it is smaller.",
        ),
        "as_of": Param(
            None,
            type=["null", "string"],
            format="date-time",
            pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$",
            title="As of",
            description="Decide what is due as of this time instead of now. For rehearsals with a data source that has"
            " its own clock.",
        ),
    }


def _list_of_integers(title: str, description: str, largest: int = LARGEST_ID) -> Param:
    return Param(
        None,
        type=["null", "array"],
        items={"type": "integer", "minimum": 1, "maximum": largest},
        maxItems=MOST_CHOSEN,
        title=title,
        description=description,
    )


def weekly_dag(dag_id: str, doc: str | None) -> DAG:
    """The DAG of a pipeline of `week.WEEK`, to be used as a context manager. `doc` is shown in the UI."""
    slot = slot_of(dag_id)
    return DAG(
        dag_id=dag_id,
        dag_display_name=slot.display_name,
        description=slot.title,
        doc_md=doc,
        # The meaning of a bare cron string depends on the installation's [scheduler] create_cron_data_intervals. With
        # data intervals, which older installations have, the as-of time would be the slot of the week before.
        schedule=CronTriggerTimetable(slot.cron, timezone=LONDON.key),
        start_date=FIRST_DAY,
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=slot.run_limit,
        deadline=deadline_alert(slot),
        on_failure_callback=report_failed_run,
        default_args=DEFAULTS | {"execution_timeout": slot.limit},
        params=form(),
        tags={"fpl-pulse", slot.day},
    )


def manual_dag(dag_id: str, doc: str | None, **arguments: Any) -> DAG:  # noqa: ANN401 - the DAG's own arguments
    """A DAG without a schedule or retries, to be used as a context manager. `doc` is shown in the UI.

    It is switched on from the start: without a schedule nothing runs, and a run of a paused DAG would wait forever.
    """
    return DAG(
        dag_id=dag_id,
        doc_md=doc,
        schedule=None,
        is_paused_upon_creation=False,
        start_date=FIRST_DAY,
        catchup=False,
        dagrun_timeout=MANUAL_UPDATE_LIMIT,
        default_args=DEFAULTS | {"retries": 0, "execution_timeout": MANUAL_UPDATE_LIMIT},
        tags={"fpl-pulse", "manual"},
        **arguments,
    )


def wait_for_upstream(dag_id: str) -> UpstreamSensor:
    """The sensor that starts a pipeline when its upstream pipeline has succeeded for this week's slot.

    Raises:
        ValueError: the pipeline has no upstream.
    """
    upstream = slot_of(dag_id).waits_for
    if upstream is None:
        raise ValueError(f"{dag_id} has no upstream pipeline in week.WEEK. Remove the sensor from its DAG file.")
    return UpstreamSensor(
        task_id=f"{WAIT_PREFIX}{upstream}",
        external_dag_id=upstream,
        doc_md=f"Waits for this week's {upstream}. When it fails, its log names the missing run and what to do.",
    )
