"""Refuses choices that a run cannot respect, before the run makes its first call.

Airflow itself checks types and sizes against the DAG's Params when a run is triggered. It accepts unknown keys, any
text, and choices that contradict each other. These are checked here.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.checking import LISTED, listed
from fpl_pulse.etl.chosen_numbers import NUMBER_FIELDS, numbers_in
from fpl_pulse.week import PIPELINES, WEEK

KEYS_FROM_AIRFLOW = frozenset({"openlineage"})
"""Keys that TriggerDagRunOperator adds to a conf when OpenLineage is on."""

READS_WHOLE_LISTS = WEEK[0].dag_id
"""The pipeline that reads whole lists. The quota and FPL_PULSE_MOST_CALLS_A_RUN still limit its calls for squads."""

USELESS_FOR_WHOLE_LISTS = ("players", "most_calls")
"""The choices that the pipeline that reads whole lists refuses. Its form does not have these fields."""


def require_known_keys(context: Mapping[str, Any]) -> None:
    """Refuse keys that are no Params of the DAG. Otherwise a misspelt `gameweek` would run everything that is due.

    Raises:
        SelectionError: names the unknown keys and the known ones.
    """
    dag = context["dag"]
    known = list(dag.params)
    # `require_consistent_choices` says why these are refused. Empty ones are accepted: older forms sent them.
    elsewhere = USELESS_FOR_WHOLE_LISTS if dag.dag_id in PIPELINES else ()
    conf = context["dag_run"].conf or {}
    unknown = [str(key)[:40] for key in conf if key not in {*known, *elsewhere, *KEYS_FROM_AIRFLOW}]
    if not unknown:
        return
    names = listed(unknown)
    if not known:
        raise SelectionError(f"{dag.dag_id} takes no choices, but the conf has {names}. Trigger it without a conf")
    guesses = [guess for key in unknown[:LISTED] for guess in get_close_matches(key, known, n=1)]
    hint = f" Did you mean {', '.join(dict.fromkeys(guesses))}?" if guesses else ""
    raise SelectionError(f"{dag.dag_id} has no parameter {names}.{hint} Trigger it with some of: {', '.join(known)}")


def require_consistent_choices(dag_id: str, choices: Mapping[str, object]) -> None:
    """Refuse choices, as `chosen` returns them, that a pipeline cannot respect.

    Raises:
        SelectionError: names the choices and says how to trigger the run instead.
    """
    limits = [name for name in ("gameweeks", "matches", "players") if name in choices]
    if dag_id == READS_WHOLE_LISTS:
        useless = [name for name in USELESS_FOR_WHOLE_LISTS if name in choices]
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
    """The params that have been filled in: not null, an empty list or an unset switch.

    Returns:
        Values by name. Gameweeks, matches and players are lists of numbers, however they were written.

    Raises:
        SelectionError: gameweeks, matches or players have a value that says no numbers.
    """
    read = {
        name: numbers_in(value, NUMBER_FIELDS[name]) if name in NUMBER_FIELDS else value
        for name, value in params.items()
    }
    return {name: value for name, value in read.items() if value not in (None, "", [], False)}


def most_calls_of(context: Mapping[str, Any], ceiling: int | None) -> int | None:
    """The run's budget of SofaSport calls: the smaller of its own and the installation's `ceiling`; None: no limit."""
    own = context["params"].get("most_calls")
    return min((calls for calls in (own, ceiling) if calls is not None), default=None)
