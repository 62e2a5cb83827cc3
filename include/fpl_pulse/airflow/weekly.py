"""What the weekly DAGs have in common: schedule, limits, retries, form and tags, all from the table in `week`."""

from datetime import datetime, timedelta

from airflow.sdk import DAG, Asset, CronTriggerTimetable, Param

from fpl_pulse.airflow.alerting import report_failed_run
from fpl_pulse.airflow.deadlines import deadline_alert
from fpl_pulse.airflow.retries import RETRY_POLICY
from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.week import LONDON, WAIT_LIMIT, WAIT_PREFIX, slot_of

POOL = "sofasport"
"""Bounds how many tasks fetch at once; the pace of their calls is shared through Postgres."""

FIRST_DAY = datetime(2025, 7, 1, tzinfo=LONDON)

MOST_CHOSEN = 400
"""Entries of a list in the form: more than a season has matches."""

MOST_CALLS = 100_000
"""What one run may be given: more than a season costs."""

DEFAULTS = {
    "owner": "fpl-pulse",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=4),
    "retry_policy": RETRY_POLICY,
}


def form() -> dict[str, Param]:
    """What a person can choose when triggering by hand; everything is optional."""
    return {
        "gameweeks": Param(
            None,
            type=["null", "array"],
            items={"type": "integer", "minimum": 1, "maximum": 38},
            maxItems=MOST_CHOSEN,
            title="Gameweeks",
            description="Only matches of these FPL gameweeks, as [7, 8]. Empty: everything that is due.",
        ),
        "matches": Param(
            None,
            type=["null", "array"],
            items={"type": "integer", "minimum": 1, "maximum": 2147483647},
            maxItems=MOST_CHOSEN,
            title="Matches",
            description="Only these matches: SofaSport event ids (pulse.sofasport_events), as [14025211].",
        ),
        "players": Param(
            None,
            type=["null", "array"],
            items={"type": "integer", "minimum": 1, "maximum": 2147483647},
            maxItems=MOST_CHOSEN,
            title="Players",
            description="Only these players: SofaSport player ids (pulse.sofasport_players), as [934235].",
        ),
        "refresh": Param(
            False,
            type="boolean",
            title="Fetch again",
            description="Fetch what was chosen again even where it is complete. Costs a call for each: choose"
            " gameweeks, matches or players as well.",
        ),
        "most_calls": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            maximum=MOST_CALLS,
            title="Most calls",
            description="The most calls to SofaSport that this run may plan; the most valuable are made, and what is"
            " left out stays due. Empty: as the installation says (FPL_PULSE_MOST_CALLS_A_RUN), which also counts where"
            " it is smaller.",
        ),
        "as_of": Param(
            None,
            type=["null", "string"],
            format="date-time",
            pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$",
            title="As of",
            description="Work for this moment instead of now; for rehearsals against a source with a clock of its own.",
        ),
    }


def weekly_dag(dag_id: str, doc: str | None) -> DAG:
    """The DAG of one pipeline, to be used as a context manager.

    Args:
        dag_id: a pipeline of `week.WEEK`.
        doc: the DAG file's docstring, shown in the UI.
    """
    slot = slot_of(dag_id)
    wait = WAIT_LIMIT if slot.waits_for else timedelta()
    return DAG(
        dag_id=dag_id,
        dag_display_name=slot.display_name,
        description=slot.title,
        doc_md=doc,
        # A bare cron string would mean what the installation's [scheduler] create_cron_data_intervals says: with data
        # intervals, as older installations have them, a run would work for the slot of the week before.
        schedule=CronTriggerTimetable(slot.cron, timezone=LONDON.key),
        start_date=FIRST_DAY,
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=wait + slot.limit,
        deadline=deadline_alert(slot),
        on_failure_callback=report_failed_run,
        default_args=DEFAULTS | {"execution_timeout": slot.limit},
        params=form(),
        tags={"fpl-pulse", slot.day},
    )


def wait_for_upstream(dag_id: str) -> UpstreamSensor:
    """The sensor that lets a pipeline begin when the one before it has done its week.

    Raises:
        ValueError: when the pipeline waits for none.
    """
    upstream = slot_of(dag_id).waits_for
    if upstream is None:
        raise ValueError(f"{dag_id} waits for no other pipeline")
    return UpstreamSensor(
        task_id=f"{WAIT_PREFIX}{upstream}",
        external_dag_id=upstream,
        doc_md=f"Waits for this week's {upstream}. Failed? The log says which run is missing and what to do.",
    )


def table(name: str) -> Asset:
    """A table of the store as an asset, for the lineage in the UI. Its address is the connection's business."""
    return Asset(name=f"pulse.{name}", uri=f"x-fpl-pulse://pulse/{name}", group="fpl-pulse")
