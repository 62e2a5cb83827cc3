"""Both sides' people as the matching sees them, read from frames."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fpl_pulse.matching.evidence import Element, Person
from fpl_pulse.matching.fixtures import team_codes
from fpl_pulse.matching.frames import as_date, as_int, is_missing, rows
from fpl_pulse.matching.names import fpl_forms, sofasport_forms

_PEOPLE = [
    "sofasport_player_id", "name", "slug", "short_name", "position", "birth_date", "team_ids", "shirt_numbers",
    "event_ids",
]  # fmt: skip
_ELEMENTS = [
    "fpl_code", "first_name", "second_name", "web_name", "known_name", "birth_date", "team_code",
    "element_type", "squad_number",
]  # fmt: skip


def read_persons(
    people: pd.DataFrame, team_links: pd.DataFrame
) -> tuple[dict[int, Person], dict[int, frozenset[int]]]:
    """Return SofaSport's people by id, and the matches whose lineups name each; columns as `match_players` says.

    Raises:
        ValueError: a column is missing, or an id stands for two different rows.
    """
    codes = team_codes(team_links)
    persons: dict[int, Person] = {}
    named_in: dict[int, frozenset[int]] = {}
    for row in rows(people, _PEOPLE, "People", "sofasport_player_id"):
        number = row["sofasport_player_id"]
        persons[number] = Person(
            number,
            sofasport_forms(row["name"], row["slug"], row["short_name"]),
            as_date(row["birth_date"]),
            frozenset(codes[team] for team in _listed(row["team_ids"]) if team in codes),
            None if is_missing(row["position"]) else str(row["position"]),
            _listed(row["shirt_numbers"]),
        )
        named_in[number] = _listed(row["event_ids"])
    return persons, named_in


def read_elements(elements: pd.DataFrame) -> dict[int, Element]:
    """Return FPL's players by code; columns as `match_players` says.

    Raises:
        ValueError: a column is missing, or a code stands for two different rows.
    """
    return {
        row["fpl_code"]: Element(
            row["fpl_code"],
            fpl_forms(row["first_name"], row["second_name"], row["web_name"], row["known_name"]),
            as_date(row["birth_date"]),
            as_int(row["team_code"]),
            as_int(row["element_type"]),
            as_int(row["squad_number"]),
        )
        for row in rows(elements, _ELEMENTS, "FPL players", "fpl_code")
    }


def _listed(value: Any) -> frozenset[int]:  # noqa: ANN401 - a list, an array or a missing value, as pandas gives it
    return frozenset() if is_missing(value) else frozenset(int(one) for one in value if not is_missing(one))
