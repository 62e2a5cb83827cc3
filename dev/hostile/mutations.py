"""Schema-aware mutations: a change of a response, chosen by a random generator, and what it does in words."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from dev.hostile.corruption import NO_DATA, Change, Intercepted, Payload, Reply
from dev.hostile.others import at_another_time, of_another_resource, with_params
from dev.hostile.payloads import Edit, Record, drop, get, has, lists, put, records, rename
from dev.hostile.schemas import DATES, IDS, SCHEMAS, Records
from fpl_pulse.api import fpl, sofasport

YEAR = 365 * 86_400
CUP = 19
"""SofaScore's unique tournament id of another competition."""


@dataclass(frozen=True)
class Mutation:
    """A change and its description, such as "every total_points is missing"."""

    words: str
    change: Change
    may_be_true: bool = False
    """Whether nobody could tell that the source is wrong."""


def field_mutation(endpoint: str, rng: Random) -> Mutation:
    """Drop, rename, retype, empty or shift one field of one record, of a third of the records, or of all."""
    where = rng.choice(SCHEMAS[endpoint])
    field = rng.choice(where.fields)
    name = field.rsplit(".", 1)[-1]
    edits: list[tuple[str, Edit]] = [
        ("is missing", drop(field)),
        ("is null", _if_there(field, put(field, None))),
        (f"is called {name}s", rename(field, f"{name}s")),
        ("has another type", _retyped(field)),
    ]
    if field in IDS:
        edits += [("is one more", _shifted(field, 1)), ("is a million more", _shifted(field, 1_000_000))]
    if field in DATES:
        edits += [("is a year later", _moved(field, 1)), ("is a year earlier", _moved(field, -1))]
        edits += [("is in 1970", _moved(field, None)), ("is in 2105", _moved(field, 80))]
    does, edit = rng.choice(edits)
    scope = rng.choice(["one", "some", "all"])
    words = {"one": "of one record", "some": "of a third of the records", "all": "of all records"}[scope]
    place = f" in {where.path}" if where.path else ""
    change = _on_records(where.path, edit, scope, rng.random())
    # A fixture that has not been played may move.
    is_moved = endpoint == fpl.FIXTURES and field == "event" and does == "is one more" and scope == "one"
    # SofaSport omits zeros, so a null of a new match says zero.
    is_zero = endpoint == sofasport.LINEUPS and field.startswith("statistics.") and does == "is null"
    # A single unusable point of a heatmap is not loaded: the mean of the other points is right.
    is_left_out = endpoint == sofasport.HEATMAP and scope == "one"
    return Mutation(f"{field}{place} {does} {words}", change, may_be_true=is_moved or is_zero or is_left_out)


def _on_records(path: str, edit: Edit, scope: str, seed: float) -> Change:
    def change(payload: Payload, request: Intercepted) -> Payload:
        found = records(payload, path)
        chosen = Random(f"{seed}/{request.path}")  # noqa: S311 - no cryptography
        if scope == "one":
            found = [chosen.choice(found)] if found else []
        elif scope == "some":
            found = chosen.sample(found, (len(found) + 2) // 3)
        for record in found:
            edit(record)
        return payload

    return change


def _if_there(field: str, edit: Edit) -> Edit:
    return lambda record: edit(record) if has(record, field) else None


def _retyped(field: str) -> Edit:
    def edit(record: Record) -> None:
        if has(record, field):
            value = get(record, field)
            is_word = isinstance(value, str) and not value.lstrip("-").replace(".", "", 1).isdigit()
            put(field, 5 if is_word else [value] if isinstance(value, int | float | str) else "unknown")(record)

    return edit


def _shifted(field: str, by: int) -> Edit:
    def edit(record: Record) -> None:
        if isinstance(get(record, field), int):
            put(field, get(record, field) + by)(record)

    return edit


def _moved(field: str, years: int | None) -> Edit:
    """Move a date by years; None for the epoch."""

    def edit(record: Record) -> None:
        value = get(record, field)
        if isinstance(value, int):
            put(field, 0 if years is None else value + years * YEAR)(record)
        elif isinstance(value, str):
            year = 1970 if years is None else int(value[:4]) + years
            put(field, f"{year}{value[4:]}")(record)

    return edit


def list_mutation(endpoint: str, rng: Random) -> Mutation:
    """Truncate a list, repeat records, or exchange ids between records."""
    where = rng.choice(SCHEMAS[endpoint])
    exchanged = [field for field in where.fields if field in IDS]
    changes: list[tuple[str, Callable[[list[Any]], list[Any]]]] = [
        ("has only its first half", lambda rows: rows[: len(rows) // 2]),
        ("has only its second half", lambda rows: rows[len(rows) // 2 :]),
        ("has one record only", lambda rows: rows[:1]),
        ("is empty", lambda _: []),
        ("lacks its last record", lambda rows: rows[:-1]),
        ("has a record twice", lambda rows: [*rows, *deepcopy(rows[:1])]),
        ("has all records twice", lambda rows: [*rows, *deepcopy(rows)]),
    ]
    if exchanged:
        field = rng.choice(exchanged)
        changes.append((f"has the {field} of the next record in each", lambda rows: _rotated(rows, field)))
    does, change_list = rng.choice(changes)

    def change(payload: Payload, _: Intercepted) -> Payload:
        for rows in lists(payload, where.path):
            rows[:] = change_list(rows)
        return payload

    # Fewer points of a heatmap contradict nothing.
    may_be_true = endpoint == sofasport.HEATMAP and "twice" not in does
    return Mutation(f"{where.path or 'the list'} {does}", change, may_be_true)


def _rotated(rows: list[Any], field: str) -> list[Any]:
    with_field = [row for row in rows if isinstance(row, dict) and has(row, field)]
    values = [get(row, field) for row in with_field]
    for row, value in zip(with_field, [*values[1:], *values[:1]], strict=True):
        put(field, value)(row)
    return rows


def response_mutation(endpoint: str, rng: Random) -> Mutation:
    """Serve another resource's response, an older or newer one, one of another season or competition, or none."""
    seed = str(rng.random())
    # What SofaSport says of one match or player at another time was or will be true, apart from the list of events.
    is_true_then = not endpoint.startswith("fpl/") and endpoint != sofasport.EVENTS
    choices = [
        Mutation("another resource's response", of_another_resource(seed)),
        Mutation("the response of two days before", at_another_time(timedelta(days=-2)), is_true_then),
        Mutation("the response of a week before", at_another_time(timedelta(days=-7)), is_true_then),
        Mutation("the response of a week later", at_another_time(timedelta(days=7)), is_true_then),
        Mutation("the dates and years of last season", _another_season),
        Mutation("no payload", lambda _, __: Reply(200, {})),
        Mutation("a JSON text", lambda _, __: Reply(200, b'"The game is being updated."')),
    ]
    if endpoint.startswith("fpl/"):
        choices.append(Mutation("not found", lambda _, __: Reply(404, {"detail": "Not found."})))
    else:
        choices.append(Mutation("no data", lambda _, __: NO_DATA))
    if endpoint == sofasport.EVENTS:
        choices += [
            Mutation("another competition's events", _another_competition),
            Mutation("page 0 for every page", first_page),
        ]
    return rng.choice(choices)


def _another_season(payload: Payload, request: Intercepted) -> Payload:
    """A year earlier, with the codes and ids of another season."""
    for where in SCHEMAS[request.endpoint]:
        _make_another_season(records(payload, where.path), where)
    return payload


def _make_another_season(rows: list[Record], where: Records) -> None:
    for row in rows:
        for field in where.fields:
            if field in DATES - {"birth_date", "player.dateOfBirthTimestamp"}:
                _moved(field, -1)(row)
            elif field == "year":
                put(field, "24/25")(row)
        for field in ("season.id", "yearShift"):
            _shifted(field, 1)(row)
        if "kickoff_time" in where.fields:
            _shifted("code", -380)(row)


def _another_competition(payload: Payload, _: Intercepted) -> Payload:
    for event in records(payload, "events"):
        put("tournament.uniqueTournament.id", CUP)(event)
        put("tournament.uniqueTournament.name", "League Cup")(event)
        put("tournament.name", "League Cup, Round 2")(event)
        _shifted("id", 5)(event)
    return payload


def first_page(_: Payload, request: Intercepted) -> Payload:
    """Page 0 in place of every page, with a further page announced."""
    first = request.fetch(with_params(request.path, page=0))
    return {**first, "hasNextPage": True} if request.params.get("page") == "0" else first


FAMILIES: tuple[Callable[[str, Random], Mutation], ...] = (field_mutation, list_mutation, response_mutation)
WEIGHTS = (5, 2, 3)


def mutation_of(endpoint: str, rng: Random) -> Mutation:
    """A mutation of the responses of an endpoint."""
    return rng.choices(FAMILIES, WEIGHTS)[0](endpoint, rng)
