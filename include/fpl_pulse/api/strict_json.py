"""Strict JSON: only what Postgres can store is accepted."""

import json
import math
from collections.abc import Iterable

MAX_NESTING = 64
"""Levels. The deepest known payload has 8; a thousand would exceed the recursion limits of Python and Postgres."""

MAX_INTEGER_DIGITS = 300
"""About as many as the largest float has."""


def parse_json(body: bytes) -> object:
    """The JSON of a response body in UTF-8.

    Raises:
        ValueError: the body is not JSON, or holds what Postgres refuses: NaN, infinity, or too deep a nesting. The
            message says which.
    """
    try:
        payload = json.loads(
            body.decode("utf-8-sig"), parse_constant=_reject_constant, parse_float=_finite_float, parse_int=_bounded_int
        )
        _require_shallow(payload)
    except RecursionError:
        raise ValueError(f"the JSON is nested deeper than {MAX_NESTING} levels") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError(f"the JSON is broken or cut short ({len(body)} bytes)") from None
    return payload


def parse_json_or_none(body: bytes) -> object:
    """The JSON of a response body, or None where `parse_json` raises."""
    try:
        return parse_json(body)
    except ValueError:
        return None


def _reject_constant(name: str) -> object:
    raise ValueError(f"the JSON holds {name}, which is not a number in JSON")


def _finite_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("the JSON holds a number that is too large")
    return number


def _bounded_int(text: str) -> int:
    if len(text) > MAX_INTEGER_DIGITS:
        raise ValueError("the JSON holds a number that is too large")
    return int(text)


def _require_shallow(payload: object) -> None:
    level = [payload]
    for _ in range(MAX_NESTING):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise ValueError(f"the JSON is nested deeper than {MAX_NESTING} levels")


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
