"""The records of a payload, validated one by one, so that a bad record does not cost the others.

The reasons of rejections and the sentences of PayloadError go into `rejected_records.reason`. To change a sentence, or
the name of a payload's class, which Pydantic's messages contain, is to change stored data.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from fpl_pulse.errors import IF_REPEATED, PayloadError

ALWAYS_TOLERATED_REJECTIONS = 3
"""This many rejected records never mean that the API has changed, however short the list is."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Rejected:
    """A record that was not accepted."""

    path: str
    """Where it stands in the payload, for example `events[3]`; empty for the whole payload."""
    reason: str
    record: Any
    """The record as it came."""


def accept(model: type[Model], records: object, path: str) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """Validate the records of the list at `path` of a payload; anything but a list is rejected as a whole.

    Returns:
        The accepted records as pairs (as it came, validated), and the rejected ones.
    """
    if not isinstance(records, list):
        return [], [Rejected(path, "a list was expected", records)]
    return _validate(model, list(enumerate(records)), path)


def accept_nearly_all(
    model: type[Model], records: object, path: str, *, max_rejected_share: float, unique: Sequence[str] = ()
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """Validate the records of a list that must be nearly complete to be of use.

    A record that repeats an earlier one exactly is dropped. (So do not use this for heatmap points, where two equal
    records are two actions.)

    Args:
        model: the shape of a record.
        records: the list.
        path: where the list stands in the payload.
        max_rejected_share: the share of the records, 0 to 1, that may be rejected. Up to
            three rejected records are always tolerated.
        unique: attributes of the model that identify a record, for example `id`. A later record with the same value of
            any of them is rejected.

    Returns:
        As `accept`.

    Raises:
        PayloadError: this is not a list, or more records are rejected.
    """
    if not isinstance(records, list):
        raise PayloadError(f"expected a list under {path!r}. {IF_REPEATED}")
    different = _without_repetitions(records)
    accepted, rejected = _validate(model, different, path, unique)
    require_nearly_all(rejected, len(different), path, max_rejected_share=max_rejected_share)
    return accepted, rejected


def _without_repetitions(records: list[Any]) -> list[tuple[int, Any]]:
    """The records with their numbers, without those that repeat an earlier one exactly."""
    ids = [record.get("id") if isinstance(record, dict) else None for record in records]
    if all(type(one) is int for one in ids) and len(set(ids)) == len(ids):
        # Records with different ids are different. This is the usual case, and comparing texts takes time.
        return list(enumerate(records))
    different: dict[str, tuple[int, Any]] = {}
    for number, record in enumerate(records):
        different.setdefault(json.dumps(record, sort_keys=True), (number, record))
    return list(different.values())


def require_nearly_all(rejected: Sequence[Rejected], total: int, path: str, *, max_rejected_share: float) -> None:
    """Raise PayloadError when more than a share (0 to 1) of the `total` records, and more than three, were rejected."""
    if len(rejected) > max(ALWAYS_TOLERATED_REJECTIONS, max_rejected_share * total):
        first = rejected[0]
        raise PayloadError(
            f"{len(rejected)} of {total} records under {path!r} are invalid. First: {first.path}: {first.reason}."
            f" {IF_REPEATED}"
        )


def require_list(payload: object, key: str, where: str) -> list[Any]:
    """The list under a key of a payload. `where` is the endpoint with its parameters, for the error.

    Raises:
        PayloadError: the payload is not an object, or the key does not hold a list.
    """
    value = payload.get(key) if isinstance(payload, Mapping) else None
    if not isinstance(value, list):
        raise PayloadError(f"{where}: expected a list under {key!r}. {IF_REPEATED}")
    return value


def _validate(
    model: type[Model], numbered: list[tuple[int, Any]], path: str, unique: Sequence[str] = ()
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    accepted: list[tuple[Any, Model]] = []
    rejected: list[Rejected] = []
    seen: set[tuple[str, object]] = set()
    for number, record in numbered:
        try:
            validated = model.model_validate(record)
        except ValidationError as error:
            rejected.append(Rejected(f"{path}[{number}]", _reason(error), record))
            continue
        identities = {(name, getattr(validated, name)) for name in unique}
        if not seen.isdisjoint(identities):
            repeated = ", ".join(f"{name} {value}" for name, value in sorted(identities & seen))
            reason = f"a second record with {repeated}; the first counts"
            rejected.append(Rejected(f"{path}[{number}]", reason, record))
        else:
            seen |= identities
            accepted.append((record, validated))
    return accepted, rejected


def _reason(error: ValidationError) -> str:
    """The failing keys and why each fails. The values are not repeated: the rejected record holds them."""
    return "; ".join(f"{'.'.join(map(str, line['loc'])) or 'record'}: {line['msg']}" for line in error.errors()[:5])
