"""What a person chooses for a run: what no run can make sense of is refused before the first call.

Airflow itself refuses a value of a wrong type or out of its limits when the run is triggered, against the Params of the
DAG. It lets pass what the rules here are for: a key that no Param has, and choices that do not go together.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from fpl_pulse.errors import SelectionError
from fpl_pulse.week import WEEK

FROM_AIRFLOW = frozenset({"openlineage"})
"""Keys that Airflow's own TriggerDagRunOperator adds to a conf, where OpenLineage is switched on."""

READS_WHOLE_LISTS = WEEK[0].dag_id
"""The pipeline that reads lists and squads as a whole: no choice of players and no budget could bound its calls."""


def require_sound_choices(context: Mapping[str, Any]) -> None:
    """Refuse a conf that no run of this DAG can make sense of.

    Raises:
        SelectionError: naming what is unknown beside what is known, or what does not go together.
    """
    require_known_keys(context)
    require_sense(context["dag"].dag_id, chosen(context["params"]))


def require_known_keys(context: Mapping[str, Any]) -> None:
    """Refuse a key that is no Param of the DAG: without this a misspelt `gameweek` would run everything.

    Raises:
        SelectionError: naming the key and the known ones.
    """
    dag = context["dag"]
    known = list(dag.params)
    conf = context["dag_run"].conf or {}
    unknown = [str(key)[:40] for key in conf if key not in known and key not in FROM_AIRFLOW]
    if not unknown:
        return
    if not known:
        raise SelectionError(
            f"{dag.dag_id} takes no choices: trigger it without a conf, not with {', '.join(unknown)}"
        )
    guesses = [guess for key in unknown for guess in get_close_matches(key, known, n=1)]
    hint = f" Did you mean {', '.join(dict.fromkeys(guesses))}?" if guesses else ""
    raise SelectionError(
        f"{dag.dag_id} knows no {', '.join(unknown)}.{hint} What can be chosen is: {', '.join(known)}"
    )


def require_sense(dag_id: str, choices: Mapping[str, object]) -> None:
    """Refuse choices that a pipeline could not honour.

    Args:
        dag_id: the pipeline.
        choices: what was really chosen, as `chosen` gives it.

    Raises:
        SelectionError: saying what does not go together, and what to do.
    """
    bounds = [name for name in ("gameweeks", "matches", "players") if name in choices]
    if dag_id == READS_WHOLE_LISTS:
        useless = [name for name in ("players", "most_calls") if name in choices]
        if useless:
            raise SelectionError(
                f"{dag_id} reads whole lists, at most some 35 calls: {' and '.join(useless)} cannot bound it."
                " Trigger it without"
            )
        if bounds and "refresh" not in choices:
            raise SelectionError(
                f"{dag_id} reads whole lists: {' and '.join(bounds)} only say, together with refresh, whose"
                " official figures are read again. Trigger it without, or with refresh"
            )
    elif "refresh" in choices and not bounds:
        raise SelectionError(
            "Everything would be fetched again, a season's calls: choose the gameweeks, matches or players to refresh"
        )


def chosen(params: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody has really chosen: null, an empty list and an unset switch are no choice."""
    return {name: value for name, value in params.items() if value not in (None, "", [], False)}


def most_calls_of(context: Mapping[str, Any], ceiling: int | None) -> int | None:
    """The budget of SofaSport's calls for a run: the smaller of its own and the installation's.

    Args:
        context: the task's.
        ceiling: the installation's, in calls; None when there is none.

    Returns:
        Calls; None for no budget.
    """
    own = context["params"].get("most_calls")
    return min((calls for calls in (own, ceiling) if calls is not None), default=None)
