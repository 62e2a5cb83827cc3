"""Reads and changes parts of a payload: lists of records by path, and fields of a record by name."""

from collections.abc import Callable, Iterator
from typing import Any

Record = dict[str, Any]
Edit = Callable[[Record], None]


def lists(payload: Any, path: str) -> list[list[Any]]:  # noqa: ANN401 - any JSON
    """The lists of records at a path such as `elements`, `*.players` or "" for the payload itself.

    An object counts as a list of one record. * stands for every part of an object or list.
    """
    nodes = [payload]
    for name in path.split(".") if path else ():
        nodes = [child for node in nodes for child in _children(node, name)]
    return [node if isinstance(node, list) else [node] for node in nodes if isinstance(node, list | dict)]


def _children(node: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    if name == "*":
        yield from node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    elif isinstance(node, dict) and name in node:
        yield node[name]


def records(payload: Any, path: str) -> list[Record]:  # noqa: ANN401 - any JSON
    """All records at a path."""
    return [record for one in lists(payload, path) for record in one if isinstance(record, dict)]


def has(record: Record, field: str) -> bool:
    """Whether a record has a field, such as `player.id`."""
    parent, name = _parent(record, field)
    return name in parent


def get(record: Record, field: str) -> Any:  # noqa: ANN401 - any JSON
    """The value of a field; None when it is missing."""
    parent, name = _parent(record, field)
    return parent.get(name)


def put(field: str, value: object) -> Edit:
    """Set a field, also where it is missing."""

    def edit(record: Record) -> None:
        parent, name = _parent(record, field)
        parent[name] = value

    return edit


def drop(field: str) -> Edit:
    """Remove a field."""

    def edit(record: Record) -> None:
        parent, name = _parent(record, field)
        parent.pop(name, None)

    return edit


def rename(field: str, new: str) -> Edit:
    """Give a field another key; `new` is the last part of its name."""

    def edit(record: Record) -> None:
        parent, name = _parent(record, field)
        if name in parent:
            parent[new] = parent.pop(name)

    return edit


def modify(field: str, change: Callable[[Any], object]) -> Edit:
    """Replace the value of a field that is there and not null."""

    def edit(record: Record) -> None:
        parent, name = _parent(record, field)
        if parent.get(name) is not None:
            parent[name] = change(parent[name])

    return edit


def _parent(record: Record, field: str) -> tuple[Record, str]:
    """The object that holds a field, and the last part of its name; an empty object where there is none."""
    *path, name = field.split(".")
    for part in path:
        child = record.get(part)
        record = child if isinstance(child, dict) else {}
    return record, name
