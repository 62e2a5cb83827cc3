"""Which pipelines of a running Airflow are switched on (unpaused), and what switching them on starts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from dev.local.airflow_api import AirflowApi
from dev.local.errors import LocalStackError
from fpl_pulse.week import LONDON, MANUAL_UPDATE, PIPELINES, REBUILD, WEEK, WeeklySlot
from fpl_pulse.wording import quantity

EVERY_DAG = (*PIPELINES, MANUAL_UPDATE, REBUILD)
SWITCH_ON = "make up UNPAUSE=1"
_PARSE_LIMIT_S = 120.0
_POLL_S = 0.5
_CALLS_WITHOUT_HISTORY = (
    "A first week fetches all earlier matches of the season: about 3,300 calls to SofaSport in October."
    " A later week needs about 870."
)


@dataclass(frozen=True)
class Switch:
    """A pipeline as Airflow's scheduler sees it."""

    slot: WeeklySlot
    is_paused: bool
    next_run_at: datetime | None
    """When its next scheduled run begins; in the past if it begins as soon as the pipeline is switched on."""


def wait_for_dags(airflow: AirflowApi, dag_ids: Sequence[str], logs_at: str = "") -> None:
    """Wait until Airflow has parsed the DAGs.

    Raises:
        LocalStackError: a DAG cannot be parsed, or was not found in time.
    """
    until = time.monotonic() + _PARSE_LIMIT_S
    while missing := set(dag_ids) - airflow.dag_ids():
        errors = airflow.import_errors()
        if errors:
            file, trace = next(iter(errors.items()))
            raise LocalStackError(f"Airflow cannot parse {file}: {trace.strip().splitlines()[-1]}")
        if time.monotonic() > until:
            raise LocalStackError(
                f"Airflow did not find the DAGs {', '.join(sorted(missing))} within {_PARSE_LIMIT_S:.0f} s. "
                f"See the log of the dag-processor. {logs_at}"
            )
        time.sleep(_POLL_S)


def switch_on(airflow: AirflowApi) -> None:
    """Unpause every DAG of this project."""
    for dag_id in EVERY_DAG:
        airflow.unpause(dag_id)


def switches(airflow: AirflowApi) -> list[Switch]:
    """The pipelines of the week, in order."""
    known = {dag["dag_id"]: dag for dag in airflow.dags()}
    return [_switch(slot, known[slot.dag_id]) for slot in WEEK]


def _switch(slot: WeeklySlot, dag: dict[str, object]) -> Switch:
    begins = dag.get("next_dagrun_run_after")
    return Switch(slot, bool(dag["is_paused"]), datetime.fromisoformat(str(begins)) if begins else None)


def schedule_lines(found: Sequence[Switch], now: datetime, dsn: str) -> list[str]:
    """What runs on schedule, what is paused, and what switching that on starts.

    Args:
        found: the pipelines.
        now: the wall clock.
        dsn: the address of the product's database, whose past runs forecast the calls.
    """
    running = [one for one in found if not one.is_paused]
    paused = [one for one in found if one.is_paused]
    lines = []
    if running:
        lines += ["Switched on:", *(f"  {_named(one)} {_next_run(one, now)}" for one in running)]
    if paused:
        lines += ["Paused, so they do not run:"]
        lines += [f"  {_named(one)} switched on, {_next_run(one, now)}" for one in paused]
        if any(_begins_at_once(one, now) for one in paused):
            lines.append(calls_sentence(dsn))
        lines.append(f"To switch them on: `{SWITCH_ON}`, or the switches in the UI.")
    return lines


def sandbox_lines(found: Sequence[Switch]) -> list[str]:
    """Which pipelines wait for a trigger. On the sandbox nothing runs on schedule."""
    paused = [one.slot.display_name for one in found if one.is_paused]
    if paused:
        return [f"Paused: {', '.join(paused)}. To switch them on: `{SWITCH_ON}`."]
    return ["All pipelines are switched on and wait for a trigger, in the UI or by `make airflow`."]


def paused_line(found: Sequence[Switch]) -> str | None:
    """Which pipelines are paused, for the status; None when none is."""
    paused = [one.slot.display_name for one in found if one.is_paused]
    if not paused:
        return None
    return f"Paused    {', '.join(paused)}: no further task of theirs starts. To switch on: `{SWITCH_ON}`"


def calls_sentence(dsn: str) -> str:
    """About how many calls a week makes: the forecast of `pulse.quota_outlook`, or a general figure before any run."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("select calls_forecast from pulse.quota_outlook").fetchone()
    if row is None or not row[0]:
        return _CALLS_WITHOUT_HISTORY
    return f"All slots of a week make about {quantity(row[0], 'call')} to SofaSport, judging by the last four weeks."


def _named(one: Switch) -> str:
    return f"{one.slot.display_name:<{max(len(slot.display_name) for slot in WEEK)}} "


def _begins_at_once(one: Switch, now: datetime) -> bool:
    return one.next_run_at is not None and one.next_run_at <= now


def _next_run(one: Switch, now: datetime) -> str:
    if one.next_run_at is None:
        return "no run on schedule"
    slot = one.next_run_at.astimezone(LONDON)
    return f"the slot of {slot:%a %-d %B} runs at once" if _begins_at_once(one, now) else f"next run {slot:%a %-d %B}"
