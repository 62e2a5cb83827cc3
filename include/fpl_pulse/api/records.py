"""The records of a payload, validated one by one, so that a bad record does not cost the others.

An invalid figure or description costs only itself: see the classes of fields in `fields`.

The reasons of rejections and the sentences of PayloadError go into `rejected_records.reason`. To change a sentence, or
the name of a payload's class, which Pydantic's messages contain, is to change stored data.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from fpl_pulse.api.fields import FieldClass
from fpl_pulse.errors import IF_REPEATED, PayloadError
from fpl_pulse.wording import sentence

ALWAYS_TOLERATED_REJECTIONS = 3
"""This many rejected records never mean that the API has changed, however short the list is."""

MAX_SHOWN = 60
"""Characters of an invalid value that a sentence shows."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Rejected:
    """A record that was not accepted."""

    path: str
    """Where it stands in the payload, for example `events[3]`; empty for the whole payload."""
    reason: str
    record: Any
    """The record as it came."""
    is_part: bool = False
    """Only a figure or a description was not accepted; the rest of the record was."""


def accept(model: type[Model], records: object, path: str) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """Validate the records of the list at `path` of a payload; anything but a list is rejected as a whole.

    Returns:
        The accepted records as pairs (as it came, validated), and the rejected ones.
    """
    if not isinstance(records, list):
        return [], [Rejected(path, f"a list was expected, not {json_type(records)}", records)]
    return _validate(model, list(enumerate(records)), path)


def json_type(value: object) -> str:
    """What a JSON value is, for a sentence."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


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
        raise PayloadError(f"expected a list under {path!r}, not {json_type(records)}. {IF_REPEATED}")
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
    """Raise PayloadError when more than a share (0 to 1) of the `total` records, and more than three, were rejected.

    Records of which only a part was not accepted do not count.
    """
    rejected = [one for one in rejected if not one.is_part]
    if len(rejected) > max(ALWAYS_TOLERATED_REJECTIONS, max_rejected_share * total):
        first = rejected[0]
        raise PayloadError(
            f"{len(rejected)} of {total} records under {path!r} are invalid. First: {first.path}:"
            f" {sentence(first.reason)} {IF_REPEATED}"
        )


def require_list(payload: object, key: str, where: str) -> list[Any]:
    """The list under a key of a payload. `where` is the endpoint with its parameters, for the error.

    Raises:
        PayloadError: the payload is not an object, or the key does not hold a list.
    """
    value = payload.get(key) if isinstance(payload, Mapping) else None
    if not isinstance(value, list):
        found = json_type(value) if isinstance(payload, Mapping) and key in payload else "nothing"
        raise PayloadError(f"{where}: expected a list under {key!r}, not {found}. {IF_REPEATED}")
    return value


def _validate(
    model: type[Model], numbered: list[tuple[int, Any]], path: str, unique: Sequence[str] = ()
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    accepted: list[tuple[Any, Model]] = []
    rejected: list[Rejected] = []
    seen: set[tuple[str, object]] = set()
    together = _validated_together(model, [record for _, record in numbered])
    for index, (number, record) in enumerate(numbered):
        lost: list[Rejected] = []
        validated = together[index] if together else None
        if validated is None:
            validated, lost = accept_one(model, record, f"{path}[{number}]")
        if validated is None:
            rejected += lost
            continue
        identities = {(name, getattr(validated, name)) for name in unique}
        if not seen.isdisjoint(identities):
            repeated = ", ".join(f"{name} {value}" for name, value in sorted(identities & seen))
            reason = f"a second record with {repeated}; the first counts"
            rejected.append(Rejected(f"{path}[{number}]", reason, record))
        else:
            seen |= identities
            accepted.append((record, validated))
            rejected += lost
    return accepted, rejected


def _validated_together(model: type[Model], records: list[Any]) -> list[Model] | None:
    """The validated records; None when any is invalid. This is quicker than one by one."""
    try:
        return _adapter(model).validate_python(records)
    except ValidationError:
        return None


@cache
def _adapter(model: type[Model]) -> TypeAdapter[list[Model]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


def accept_one(model: type[Model], record: object, path: str) -> tuple[Model | None, list[Rejected]]:
    """Validate a record; invalid figures and descriptions are removed from it and reported.

    Returns:
        The validated record and what was removed from it; or None and why the record was rejected.
    """
    lost: list[Rejected] = []
    content = record
    while True:
        try:
            return model.model_validate(content), lost
        except ValidationError as error:
            removable = {location: line for line in error.errors() if (location := _removable(model, line["loc"]))}
            if not removable or len(removable) < len({line["loc"] for line in error.errors()}):
                return None, [Rejected(path, _reason(error), record)]
            for location, line in removable.items():
                kind = _class_of(model, location)
                where = ".".join(location)
                value = _at(content, location)
                consequence = kind.consequence if kind else ""
                reason = f"{_in_short(value)} is no valid {where}: {line['msg']}; {consequence}"
                lost.append(Rejected(f"{path}.{where}", reason, value, is_part=True))
                content = _without(content, location)


def _in_short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]} …"


Location = tuple[str, ...]
"""The keys that lead to a value in a record."""


def _removable(model: type[BaseModel], location: Sequence[int | str]) -> Location:
    """The keys of the figure or description that holds an invalid value; empty when the value is part of an identity.

    The field may be an object that contains the invalid value. A list is part of an identity.
    """
    keys = tuple(map(str, location))
    candidates = [keys[:end] for end in range(len(keys), 0, -1) if _class_of(model, keys[:end])]
    return candidates[0] if candidates else ()


def _class_of(model: type[BaseModel], location: Location) -> FieldClass | None:
    """The class of the field at the keys; None for an identity and where there is no such field."""
    inner: Any = model
    field: FieldInfo | None = None
    for key in location:
        fields = getattr(inner, "model_fields", {})
        field = next((one for name, one in fields.items() if key in (one.alias, name)), None)
        if field is None:
            return None
        inner = field.annotation
    return next((one for one in field.metadata if isinstance(one, FieldClass)), None) if field else None


def _at(record: Any, location: Location) -> object:  # noqa: ANN401 - any JSON
    for key in location:
        record = record[key]
    return record


def _without(record: Any, location: Location) -> object:  # noqa: ANN401 - any JSON
    """A copy of the record without the value at the keys."""
    first, *rest = location
    if rest:
        return {**record, first: _without(record[first], tuple(rest))}
    return {key: value for key, value in record.items() if key != first}


def _reason(error: ValidationError) -> str:
    """The failing keys, why each fails, and the value where it is short; the rejected record holds all of it."""
    return "; ".join(
        f"{'.'.join(map(str, line['loc'])) or 'record'}: {line['msg']}{_value_of(line)}" for line in error.errors()[:5]
    )


def _value_of(line: ErrorDetails) -> str:
    value = line["input"]
    return "" if line["type"] == "missing" or isinstance(value, dict | list) else f", not {_in_short(value)}"
