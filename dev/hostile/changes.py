"""The words in which the named scenarios are written: what is done to a response."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from dev.hostile.corruption import NO_DATA, Change, Intercepted, Payload, Reply
from dev.hostile.payloads import Edit, Record, get, has, lists, put, records

Choice = Callable[[Record], bool]
"""Selects records."""


def every(path: str, *edits: Edit, where: Choice = lambda _: True) -> Change:
    """Edit every record at a path, or those that are chosen."""
    return _on(path, edits, where, None)


def first(path: str, *edits: Edit, where: Choice = lambda _: True) -> Change:
    """Edit the first record at a path that is chosen."""
    return _on(path, edits, where, 1)


def _on(path: str, edits: tuple[Edit, ...], where: Choice, most: int | None) -> Change:
    def change(payload: Payload, _: Intercepted) -> Payload:
        for record in [record for record in records(payload, path) if where(record)][:most]:
            for edit in edits:
                edit(record)
        return payload

    return change


def only(path: str, keep: Callable[[list[Any]], list[Any]]) -> Change:
    """Replace each list at a path, for example by its first half."""

    def change(payload: Payload, _: Intercepted) -> Payload:
        for rows in lists(payload, path):
            rows[:] = keep(rows)
        return payload

    return change


def without(path: str, where: Choice) -> Change:
    """Remove the chosen records from each list at a path."""
    return only(path, lambda rows: [row for row in rows if not where(row)])


def with_copy(path: str, *edits: Edit, where: Choice = lambda _: True) -> Change:
    """Append an edited copy of the last chosen record of each list."""

    def extended(rows: list[Any]) -> list[Any]:
        chosen = [row for row in rows if where(row)]
        copies = deepcopy(chosen[-1:])
        for copy in copies:
            for edit in edits:
                edit(copy)
        return [*rows, *copies]

    return only(path, extended)


def rotated(path: str, *fields: str) -> Change:
    """Give each record the fields of the next one in its list."""

    def turned(rows: list[Any]) -> list[Any]:
        for field in fields:
            chosen = [row for row in rows if isinstance(row, dict) and has(row, field)]
            values = [get(row, field) for row in chosen]
            for row, value in zip(chosen, [*values[1:], *values[:1]], strict=True):
                put(field, value)(row)
        return rows

    return only(path, turned)


def exchanged(field: str, other: str) -> Edit:
    """Exchange the values of two fields of a record."""

    def edit(record: Record) -> None:
        mine, others = get(record, field), get(record, other)
        put(field, others)(record)
        put(other, mine)(record)

    return edit


def both(*changes: Change) -> Change:
    """Make several changes, one after the other."""

    def change(payload: Payload, request: Intercepted) -> Payload | Reply:
        for one in changes:
            payload = one(payload, request)
            if isinstance(payload, Reply):
                return payload
        return payload

    return change


def instead(status: int, body: object, **headers: str) -> Change:
    """Another response in place of the source's. Keyword arguments are headers, with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = Reply(status, body, {"Content-Type": "application/json", **named})
    return lambda _, __: reply


def as_html(status: int, page: str) -> Change:
    """A web page in place of the source's response."""
    reply = Reply(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
    return lambda _, __: reply


def cut(payload: Payload, _: Intercepted) -> Reply:
    """The first half of the JSON."""
    text = str(payload).encode()
    return Reply(200, text[: len(text) // 2])


def no_data(_: Payload, __: Intercepted) -> Reply:
    """SofaSport's response where it has no data."""
    return NO_DATA


def of_path(path: str, **of_request: str) -> Change:
    """The response of another path; {name} in it stands for a parameter of the request."""

    def change(_: Payload, request: Intercepted) -> Payload:
        return request.fetch(path.format(**request.params, **of_request))

    return change


def ended(event: Mapping[str, Any]) -> bool:
    """Whether a SofaSport event has ended."""
    return bool(event["status"]["code"] == 100)


def coming(event: Mapping[str, Any]) -> bool:
    """Whether a SofaSport event has not begun."""
    return bool(event["status"]["code"] == 0)


def finished(fixture: Mapping[str, Any]) -> bool:
    """Whether an FPL fixture is finished."""
    return bool(fixture["finished"])


def years_later(years: int) -> Callable[[Any], object]:
    """A function that moves a date by years: a text, or seconds since the epoch."""

    def move(value: Any) -> object:  # noqa: ANN401 - a text or a number
        if isinstance(value, str):
            return f"{int(value[:4]) + years}{value[4:]}"
        return value + years * 365 * 86_400

    return move


def plus(number: float) -> Callable[[Any], object]:
    """A function that adds a number."""
    return lambda value: value + number
