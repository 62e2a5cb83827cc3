"""Refuses choices that a run cannot respect, before the run makes its first call.

Airflow itself checks types and limits against the DAG's Params when a run is triggered. It accepts unknown keys, and
choices that contradict each other. These are checked here.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from fpl_pulse.errors import SelectionError
from fpl_pulse.week import WEEK

KEYS_FROM_AIRFLOW = frozenset({"openlineage"})
"""Keys that TriggerDagRunOperator adds to a conf when OpenLineage is on."""

READS_WHOLE_LISTS = WEEK[0].dag_id
"""The pipeline that reads whole lists: it refuses `players` and `most_calls`. The quota and FPL_PULSE_MOST_CALLS_A_RUN
still limit its calls for squads."""


def require_known_keys(context: Mapping[str, Any]) -> None:
    """Refuse keys that are no Params of the DAG. Otherwise a misspelt `gameweek` would run everything that is due.

    Raises:
        SelectionError: names the unknown keys and the known ones.
    """
    dag = context["dag"]
    known = list(dag.params)
    conf = context["dag_run"].conf or {}
    unknown = [str(key)[:40] for key in conf if key not in known and key not in KEYS_FROM_AIRFLOW]
    if not unknown:
        return
    if not known:
        raise SelectionError(
            f"{dag.dag_id} takes no choices, but the conf has {', '.join(unknown)}. Trigger it without a conf"
        )
    guesses = [guess for key in unknown for guess in get_close_matches(key, known, n=1)]
    hint = f" Did you mean {', '.join(dict.fromkeys(guesses))}?" if guesses else ""
    raise SelectionError(
        f"{dag.dag_id} has no parameter {', '.join(unknown)}.{hint} Trigger it with some of: {', '.join(known)}"
    )


def require_consistent_choices(dag_id: str, choices: Mapping[str, object]) -> None:
    """Refuse choices, as `chosen` returns them, that a pipeline cannot respect.

    Raises:
        SelectionError: names the choices and says how to trigger the run instead.
    """
    limits = [name for name in ("gameweeks", "matches", "players") if name in choices]
    if dag_id == READS_WHOLE_LISTS:
        useless = [name for name in ("players", "most_calls") if name in choices]
        if useless:
            raise SelectionError(
                f"{dag_id} reads whole lists with at most about 35 calls. {' and '.join(useless)} cannot limit them."
                f" Trigger it without {' and '.join(useless)}"
            )
        if limits and "refresh" not in choices:
            raise SelectionError(
                f"{dag_id} reads whole lists. {' and '.join(limits)} only select, together with refresh, whose official"
                f" figures are read again. Trigger it with refresh, or without {' and '.join(limits)}"
            )
    elif "refresh" in choices and not limits:
        raise SelectionError(
            "refresh alone would fetch the whole season again. Trigger the run with gameweeks, matches or players as"
            " well"
        )


def chosen(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params that have been filled in: not null, an empty list or an unset switch."""
    return {name: value for name, value in params.items() if value not in (None, "", [], False)}


def most_calls_of(context: Mapping[str, Any], ceiling: int | None) -> int | None:
    """The run's budget of SofaSport calls: the smaller of its own and the installation's `ceiling`; None: no limit."""
    own = context["params"].get("most_calls")
    return min((calls for calls in (own, ceiling) if calls is not None), default=None)
