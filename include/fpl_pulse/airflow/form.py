"""The fields of the form that Airflow shows when a run is triggered.

Airflow selects a field's control by the Param's schema (Airflow 3.3):

- `type` with "null" makes a field optional. A field without `type` is optional as well, and has the control that fits
  its value. So the switch, which a "null" would turn into no switch, and the text fields state their types in `allOf`.
- A list with `examples` is a multi-select. It sends texts: "7". A list of anything else is an editor for JSON.
- Only the fields without `section` are visible when the form opens.

Airflow reads the options of a select when it parses the DAG, and parsing reads no database. So matches and players are
text fields.

Airflow refuses values of a wrong type or size when a run is triggered. What the texts say is read by
`etl.chosen_numbers`, and refused by the run's first task.
"""

from typing import Any

from airflow.sdk import Param

from fpl_pulse.airflow.choices import READS_WHOLE_LISTS, USELESS_FOR_WHOLE_LISTS
from fpl_pulse.etl.chosen_numbers import GAMEWEEKS, LONGEST_TEXT, MATCHES, MOST_CHOSEN, PLAYERS, NumberField

MOST_CALLS = 100_000
"""The largest budget of one run, in calls. A whole season costs less."""

LAST_GAMEWEEK = 38
"""The last gameweek of a season that is not interrupted."""

LONGEST_TIME = 40
"""Characters of a time with fractions of a second and an offset."""

LIMIT = "Limit the calls"
REHEARSE = "Rehearse another time"


def form(dag_id: str | None = None) -> dict[str, Param]:
    """The choices of a manual run, in the order of the form. All of them are optional.

    Args:
        dag_id: the pipeline whose form this is. Its form has no field that the pipeline refuses. None: all fields.
    """
    fields = _fields()
    if dag_id != READS_WHOLE_LISTS:
        return fields
    fields |= _fields_for_whole_lists()
    return {name: field for name, field in fields.items() if name not in USELESS_FOR_WHOLE_LISTS}


def _fields() -> dict[str, Param]:
    return {
        "gameweeks": _gameweeks("Only matches of these FPL gameweeks. Empty: everything that is due."),
        "matches": _numbers_as_text(
            MATCHES,
            "Matches",
            f"Only these matches: SofaSport event ids, for example {MATCHES.example}. The ids are in"
            " pulse.sofasport_events. With gameweeks as well, a match must be in both.",
        ),
        "players": _numbers_as_text(
            PLAYERS,
            "Players",
            f"Only these players: SofaSport player ids, for example {PLAYERS.example}. The ids are in"
            " pulse.sofasport_players.",
        ),
        "refresh": _switch(
            "Fetch again",
            "Fetch again what is already complete. Each item costs a call, so choose gameweeks, matches or players as"
            " well.",
        ),
        "most_calls": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            maximum=MOST_CALLS,
            title="Most calls",
            section=LIMIT,
            description="The most calls to SofaSport that this run may plan. The run makes the most valuable ones; the"
            " skipped ones stay due. Empty: the limit of the installation (FPL_PULSE_MOST_CALLS_A_RUN), which also"
            " applies when it is smaller.",
        ),
        "as_of": Param(
            None,
            type=["null", "string"],
            # The calendar. Airflow does not check the text, the run's first task does.
            format="date-time",
            maxLength=LONGEST_TIME,
            title="As-of time",
            section=REHEARSE,
            description="Decide what is due as of this time. For rehearsals with a data source that has its own clock."
            " Empty: the run's logical date, which is now unless you change it, but not later than that clock.",
        ),
    }


def _fields_for_whole_lists() -> dict[str, Param]:
    """The fields that mean something else for the pipeline that reads whole lists."""
    return {
        "gameweeks": _gameweeks(
            "Together with Fetch again: read FPL's official figures of these gameweeks again. Otherwise leave it empty."
        ),
        "matches": _numbers_as_text(
            MATCHES,
            "Matches",
            "Together with Fetch again: read FPL's official figures of the gameweeks of these matches again. SofaSport"
            f" event ids, for example {MATCHES.example}. Otherwise leave it empty.",
        ),
        "refresh": _switch("Fetch again", "Read every page of events and every squad again, about 35 calls."),
    }


def _gameweeks(description: str) -> Param:
    """A multi-select. It offers every gameweek that is accepted: an interrupted season has more than 38."""
    numbers = [str(number) for number in range(1, GAMEWEEKS.largest + 1)]
    return Param(
        None,
        type=["null", "array", "string"],
        examples=numbers,
        values_display={one: one if int(one) <= LAST_GAMEWEEK else f"{one} (interrupted season)" for one in numbers},
        title="Gameweeks",
        description=description,
        **_size(GAMEWEEKS),
    )


def _numbers_as_text(field: NumberField, title: str, description: str) -> Param:
    """A text field. The JSON lists of `--conf` are accepted as well."""
    return Param(
        None, allOf=[{"type": ["null", "string", "array"]}], title=title, description=description, **_size(field)
    )


def _size(field: NumberField) -> dict[str, Any]:
    """The limits of a text, of a list, and of a number in a list."""
    return {
        "maxLength": LONGEST_TEXT,
        "maxItems": MOST_CHOSEN,
        # With a `type` here, the form would show a list that a run was triggered with as JSON.
        "items": {
            "allOf": [{"type": ["integer", "string"]}],
            "minimum": 1,
            "maximum": field.largest,
            "maxLength": LONGEST_TEXT,
        },
    }


def _switch(title: str, description: str) -> Param:
    return Param(False, allOf=[{"type": "boolean"}], title=title, description=description)
