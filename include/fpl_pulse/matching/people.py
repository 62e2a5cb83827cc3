"""The people of both sides in the form in which the matching compares them: names folded, clubs as FPL codes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fpl_pulse.matching.names import NameForms, fpl_forms, sofasport_forms
from fpl_pulse.matching.rows import ElementRow, PersonRow, by_id


@dataclass(frozen=True, slots=True)
class Person:
    """A SofaSport person. ``club_codes`` are the FPL codes of the linked clubs they were seen in."""

    id: int
    names: NameForms
    birth_date: dt.date | None
    club_codes: frozenset[int]
    position: str | None
    shirts: frozenset[int]
    event_ids: frozenset[int]
    """The events whose lineups name the person."""
    first_named_at: dt.datetime | None
    """The first match whose lineup or list of missing players names the person."""
    last_named_at: dt.datetime | None
    observed_at: dt.datetime | None
    """When SofaSport first served a lineup with the person."""
    listed_at: dt.datetime | None
    """The newest squad that lists the person."""


@dataclass(frozen=True, slots=True)
class Element:
    """An FPL player. ``code`` is permanent; ``line`` is the element type, 1 (goalkeeper) to 4 (forward)."""

    code: int
    names: NameForms
    birth_date: dt.date | None
    club_code: int | None
    line: int | None
    shirt: int | None


def read_persons(people: Iterable[PersonRow], team_codes: Mapping[int, int]) -> dict[int, Person]:
    """Return SofaSport's people by id.

    Raises:
        ValueError: an id is in two different rows.
    """
    return {
        number: Person(
            number,
            sofasport_forms(row.name, row.slug, row.short_name),
            row.birth_date,
            frozenset(team_codes[team] for team in row.team_ids if team in team_codes),
            row.position,
            frozenset(row.shirt_numbers),
            frozenset(row.event_ids),
            row.first_named_at,
            row.last_named_at,
            row.observed_at,
            row.listed_at,
        )
        for number, row in by_id(people, "sofasport_player_id", "SofaSport player").items()
    }


def read_elements(elements: Iterable[ElementRow]) -> dict[int, Element]:
    """Return FPL's players by code.

    Raises:
        ValueError: a code is in two different rows.
    """
    return {
        code: Element(
            code,
            fpl_forms(row.first_name, row.second_name, row.web_name, row.known_name),
            row.birth_date,
            row.team_code,
            row.element_type,
            row.squad_number,
        )
        for code, row in by_id(elements, "fpl_code", "FPL player code").items()
    }
