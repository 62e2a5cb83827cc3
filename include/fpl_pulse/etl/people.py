"""SofaSport's clubs and people, as the answers about other things name them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from fpl_pulse.api.payloads_sofasport import Person, Team
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store.merge import Written, merge

FIRST_BIRTH_DATE = date(1940, 1, 1)
"""Older birth dates, 1970-01-01 among them when it stands for "unknown", are taken as missing: see `birth_date`."""


def merge_teams(context: StepContext, teams: Iterable[Team]) -> Written:
    """Merge clubs as an answer names them; belongs into the caller's transaction."""
    rows = [
        {
            "team_id": team.id,
            "name": team.name,
            "short_name": team.short_name,
            "slug": team.slug,
            "name_code": team.name_code,
        }
        for team in teams
    ]
    return merge(context.conn, "sofasport_teams", rows, ["team_id"], keep_when_null=True)


def merge_people(context: StepContext, people: Iterable[Person]) -> Written:
    """Merge people as an answer describes them; what it leaves out stays. In the caller's transaction.

    Somebody without a name keeps the one he had, or is called by his slug or his number.
    """
    people = list(people)
    nameless = [person.id for person in people if person.name is None]
    stored = context.records(
        "select player_id, name from pulse.sofasport_players where player_id = any(%(ids)s)", ids=nameless
    )
    names = {row["player_id"]: row["name"] for row in stored}
    rows = {
        person.id: {
            "player_id": person.id,
            "name": person.name
            or names.get(person.id)
            or person.short_name
            or person.slug
            or f"player {person.id}",
            "slug": person.slug,
            "short_name": person.short_name,
            "position": person.position,
            "birth_date": birth_date(person.date_of_birth_timestamp),
            "height_cm": person.height or None,
            "preferred_foot": person.preferred_foot,
            "country_code": person.country.alpha3,
        }
        for person in people
    }
    return merge(context.conn, "sofasport_players", list(rows.values()), ["player_id"], keep_when_null=True)


def birth_date(timestamp_s: int | None) -> date | None:
    """A birth date from Unix seconds; None where SofaSport says nothing believable.

    Zero is what an unset field looks like, and nobody in a squad was born before 1940.
    """
    if timestamp_s is None or timestamp_s == 0:
        return None
    born = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp_s)).date()
    return born if born >= FIRST_BIRTH_DATE else None
