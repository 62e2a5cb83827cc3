"""Records of an answer, judged one by one, so that one bad record does not cost the others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from fpl_pulse.errors import PayloadError

BELIEVED_REJECTED = 3
"""So few rejected records of a list never speak of a changed API, however short the list."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Rejected:
    """A record that does not fit, where it stood, and why."""

    place: str
    reason: str
    record: Any


def accept(model: type[Model], records: object, place: str) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """Sort the records of a list into good ones, each as (as it came, validated), and rejected ones.

    What is no list is rejected as a whole.
    """
    if not isinstance(records, list):
        return [], [Rejected(place, "a list was expected", records)]
    return _sort(model, list(enumerate(records)), place)


def accept_nearly_all(
    model: type[Model],
    records: object,
    place: str,
    *,
    most_rejected: float,
    unique: Sequence[str] = (),
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """As `accept`, for a list that means nothing when much of it does not fit.

    A record that says the same as an earlier one, word for word, counts as one with it. (Not for lists in which
    equal entries are two things, as the points of a heatmap.)

    Args:
        model: what each record must fit.
        records: the list.
        place: where it stands in the answer.
        most_rejected: the share of the records that may be rejected, 0-1. Up to three always may.
        unique: attributes of the model by which a record is known, as `id`; a later record with the same value of any
            of them is rejected.

    Raises:
        PayloadError: when more are rejected.
    """
    if not isinstance(records, list):
        raise PayloadError(f"expected a list under {place!r}; has the API's shape changed?")
    different: dict[str, tuple[int, Any]] = {}
    for number, record in enumerate(records):
        different.setdefault(json.dumps(record, sort_keys=True), (number, record))
    good, rejected = _sort(model, list(different.values()), place, unique)
    require_nearly_all(rejected, len(different), place, most_rejected=most_rejected)
    return good, rejected


def require_nearly_all(rejected: Sequence[Rejected], total: int, place: str, *, most_rejected: float) -> None:
    """Refuse a list of which much does not fit.

    Args:
        rejected: what of the list does not fit.
        total: how long the list is.
        place: where it stands in the answer.
        most_rejected: the share of the records that may be rejected, 0-1. Up to three always may.

    Raises:
        PayloadError: when more are rejected.
    """
    if len(rejected) > max(BELIEVED_REJECTED, most_rejected * total):
        first = rejected[0]
        raise PayloadError(
            f"{len(rejected)} of {total} records under {place!r} do not fit; has the API's shape changed?"
            f" First: {first.place}: {first.reason}"
        )


def require_list(body: object, key: str, where: str) -> list[Any]:
    """The list under a key of an answer.

    Raises:
        PayloadError: when the answer is no object or the key holds no list.
    """
    value = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(value, list):
        raise PayloadError(f"{where}: expected a list under {key!r}; has the API's shape changed?")
    return value


def _sort(
    model: type[Model], numbered: list[tuple[int, Any]], place: str, unique: Sequence[str] = ()
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    good: list[tuple[Any, Model]] = []
    rejected: list[Rejected] = []
    seen: set[tuple[str, object]] = set()
    for number, record in numbered:
        try:
            validated = model.model_validate(record)
        except ValidationError as error:
            rejected.append(Rejected(f"{place}[{number}]", _reason(error), record))
            continue
        known_by = {(name, getattr(validated, name)) for name in unique}
        if known_by & seen:
            again = ", ".join(f"{name} {value}" for name, value in sorted(known_by & seen))
            reason = f"a second record with {again}; the first counts"
            rejected.append(Rejected(f"{place}[{number}]", reason, record))
            continue
        seen |= known_by
        good.append((record, validated))
    return good, rejected


def _reason(error: ValidationError) -> str:
    """Where and what, without the values, which stay in the record."""
    parts = [f"{'.'.join(map(str, line['loc'])) or 'record'}: {line['msg']}" for line in error.errors()[:5]]
    return "; ".join(parts)
