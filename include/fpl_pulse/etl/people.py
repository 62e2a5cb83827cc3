"""SofaSport's clubs and players, as named in payloads about events, squads and lineups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from fpl_pulse.api.payloads_sofasport import Person, Team
from fpl_pulse.etl.context import StepContext
from fpl_pulse.matching.evidence import compare_birth_dates
from fpl_pulse.matching.names import fold
from fpl_pulse.store.merge import Written, merge

EARLIEST_BIRTH_DATE = date(1940, 1, 1)
"""Nobody in a squad was born earlier; such birth dates are taken as missing."""


def merge_teams(context: StepContext, teams: Iterable[Team]) -> Written:
    """Merge clubs into `sofasport_teams`. Call it inside the transaction of the load.

    A missing value leaves the stored one as it is. A new club without a name is called by its short name, slug or id.
    """
    teams = list(teams)
    nameless = [team.id for team in teams if team.name is None]
    names: dict[int, str] = {}
    if nameless:
        stored = context.records(
            "select team_id, name from pulse.sofasport_teams where team_id = any(%(ids)s)", ids=nameless
        )
        names = {row["team_id"]: row["name"] for row in stored}
    rows = [
        {
            "team_id": team.id,
            "name": team.name or names.get(team.id) or team.short_name or team.slug or f"club {team.id}",
            "short_name": team.short_name,
            "slug": team.slug,
            "name_code": team.name_code,
        }
        for team in teams
    ]
    return merge(context.conn, "sofasport_teams", rows, ["team_id"], keep_when_null=True)


def merge_people(context: StepContext, people: Iterable[Person]) -> Written:
    """Merge players into `sofasport_players`. Call it inside the transaction of the load.

    A missing value leaves the stored one as it is, or that of an earlier entry about the player. A player without any
    name is called by his short name, his slug or his id.
    """
    rows: dict[int, dict[str, object]] = {}
    short_names: dict[int, str] = {}
    for person in people:
        row = {
            "name": person.name,
            "slug": person.slug,
            "short_name": person.short_name,
            "position": person.position,
            "birth_date": birth_date(person.date_of_birth_timestamp),
            "height_cm": person.height or None,
            "preferred_foot": person.preferred_foot,
            "country_code": person.country.alpha3,
        }
        earlier = rows.get(person.id, dict.fromkeys(row))
        rows[person.id] = {name: earlier[name] if value is None else value for name, value in row.items()}
        short_names[person.id] = person.short_name or person.slug or f"player {person.id}"
    nameless = [player_id for player_id, row in rows.items() if row["name"] is None]
    stored = context.records(
        "select player_id, name from pulse.sofasport_players where player_id = any(%(ids)s)", ids=nameless
    )
    names = short_names | {row["player_id"]: row["name"] for row in stored}
    for player_id in nameless:
        rows[player_id]["name"] = names[player_id]
    keyed = [{"player_id": player_id, **row} for player_id, row in rows.items()]
    return merge(context.conn, "sofasport_players", keyed, ["player_id"], keep_when_null=True)


@dataclass(frozen=True)
class KnownPerson:
    """Who is stored under an id."""

    player_id: int
    name: str
    birth_date: date | None


def known_people(context: StepContext, ids: Iterable[int]) -> dict[int, KnownPerson]:
    """Player id -> who is stored under it."""
    statement = "select player_id, name, birth_date from pulse.sofasport_players where player_id = any(%(ids)s)"
    return {person.player_id: person for person in context.rows(KnownPerson, statement, ids=[*ids])}


OTHER_PERSON = "the stored player of this id is"
"""Part of the sentence about an id under which a response has another person."""


def other_person(person: Person, known: Mapping[int, KnownPerson]) -> str | None:
    """Why a response has another person under an id than the stored one: another birth date and another name.

    A source corrects one of them now and then, but never both at once.
    """
    stored, born = known.get(person.id), birth_date(person.date_of_birth_timestamp)
    if stored is None or not stored.birth_date or not born or not person.name:
        return None
    is_other = compare_birth_dates(born, stored.birth_date) == "birth_date_different"
    if not is_other or set(fold(person.name).split()) & set(fold(stored.name).split()):
        return None
    return f"{person.id} is {person.name}, born {born}; {OTHER_PERSON} {stored.name}, born {stored.birth_date}"


@cache
def birth_date(timestamp_s: int | None) -> date | None:
    """The birth date from Unix seconds; None where it is missing, zero (an unset field) or before 1940."""
    if timestamp_s is None or timestamp_s == 0:
        return None
    born = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp_s)).date()
    return born if born >= EARLIEST_BIRTH_DATE else None
