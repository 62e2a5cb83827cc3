"""Bodies of answers: strict JSON, and texts that are fit for a log.

A body is written by others. What is taken from it into a sentence ends up in tables and logs, so that it must be short,
of one line, and without the key that a server may echo.
"""

import json
import math
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

DEEPEST_NESTING = 64
"""The deepest answer known has 8 levels; a thousand would end Python's or Postgres' own recursion."""

LONGEST_WHOLE_NUMBER = 300
"""Digits; about as many as a float can have."""

LONGEST_EXCERPT = 200
READ_FOR_EXCERPT = 20_000


def read_json(body: bytes) -> object:
    """The JSON of a body, in UTF-8.

    Raises:
        ValueError: saying what is wrong. NaN and infinities, which Python reads and Postgres refuses, are wrong.
    """
    try:
        payload = json.loads(
            body.decode("utf-8-sig"), parse_constant=_refuse_number, parse_float=_finite, parse_int=_whole
        )
        _require_shallow(payload)
    except RecursionError:
        raise ValueError(f"the JSON is nested deeper than {DEEPEST_NESTING} levels") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError(f"the JSON is broken or cut short ({len(body)} bytes)") from None
    return payload


def json_or_none(body: bytes) -> object:
    """The JSON of a body, or None where it has none."""
    try:
        return read_json(body)
    except ValueError:
        return None


def excerpt(body: bytes, secrets: Iterable[str]) -> str:
    """The message of an error's body, or its beginning: one line of at most 200 characters, without secrets."""
    payload = json_or_none(body)
    text = body.decode("utf-8", "replace")
    if isinstance(payload, dict):
        text = str(payload.get("message") or payload.get("detail") or payload.get("error") or text)
    return presentable(text, secrets)


def presentable(text: str, secrets: Iterable[str]) -> str:
    """A text of others for a sentence of ours: one line of at most 200 characters, secrets as `***`."""
    hidden = list(secrets)
    # Before anything is cut, so that no half of a secret is left, and again once a line break inside it is gone.
    text = _without(text, hidden)[:READ_FOR_EXCERPT]
    text = "".join(character if character.isprintable() else " " for character in text)
    return _without(" ".join(text.split()), hidden)[:LONGEST_EXCERPT]


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in filter(None, secrets):
        forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
        longest_first = sorted(forms, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, longest_first)), "***", text, flags=re.IGNORECASE)
    return text


def _refuse_number(name: str) -> object:
    raise ValueError(f"the JSON holds {name}, which is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("the JSON holds a number that is too large")
    return number


def _whole(text: str) -> int:
    if len(text) > LONGEST_WHOLE_NUMBER:
        raise ValueError("the JSON holds a number that is too large")
    return int(text)


def _require_shallow(payload: object) -> None:
    level = [payload]
    for _ in range(DEEPEST_NESTING):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise ValueError(f"the JSON is nested deeper than {DEEPEST_NESTING} levels")


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
