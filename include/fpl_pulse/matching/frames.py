"""Reading and building the frames of the matching: required columns, unique ids, missing values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

Row = Mapping[str, Any]


def rows(frame: pd.DataFrame, columns: Sequence[str], what: str, key: str) -> list[dict[str, Any]]:
    """Return the frame's rows as dicts sorted by ``key``, a repeated row once.

    Raises ValueError when a column is missing, or when ``key`` is null or stands for two different rows.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{what} lack the columns {', '.join(missing)}; pass a frame with all of them.")
    found: list[dict[str, Any]] = [
        dict(zip(columns, values, strict=True))
        for values in zip(*(frame[column].tolist() for column in columns), strict=True)
    ]
    by_key: dict[int, dict[str, Any]] = {}
    for row in found:
        if is_missing(row[key]):
            raise ValueError(f"{what} have a row without {key}; leave such rows out before matching.")
        row[key] = int(row[key])
        if _plain(by_key.setdefault(row[key], row)) != _plain(row):
            raise ValueError(f"{what} have {key} {row[key]} in two different rows; merge them first.")
    return [by_key[value] for value in sorted(by_key)]


def build(records: Iterable[Row], types: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame of ``records`` with exactly the columns and types of ``types``, also when empty."""
    return pd.DataFrame(list(records), columns=list(types)).astype(dict(types))


def is_missing(value: object) -> bool:
    """Tell whether a single value is None, NaN, NaT or pandas' NA; a list or a text never is."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return isinstance(value, float) and value != value


def as_date(value: object) -> dt.date | None:
    """Return a date from a date, a datetime or an ISO text; None when missing.

    Raises ValueError when a text is no ISO date, TypeError for any other kind of value.
    """
    if is_missing(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        return dt.date.fromisoformat(value[:10])
    raise TypeError(f"A birth date is a {type(value).__name__}; pass a date or an ISO text.")


def as_moment(value: object) -> dt.datetime | None:
    """Return a timezone-aware moment in UTC; None when missing.

    Raises ValueError when it has no zone, TypeError when it is no timestamp.
    """
    if is_missing(value):
        return None
    if not isinstance(value, dt.datetime):  # which pandas' Timestamp is
        raise TypeError(f"A moment is a {type(value).__name__}; pass UTC timestamps.")
    if value.tzinfo is None:
        raise ValueError(f"The moment {value} has no time zone; pass UTC timestamps.")
    return value.astimezone(dt.UTC)


def as_int(value: Any) -> int | None:  # noqa: ANN401 - any number as pandas gives it
    """Return a whole number; None when missing."""
    return None if is_missing(value) else int(value)


def _plain(row: Row) -> dict[str, str]:
    return {column: "" if is_missing(value) else repr(value) for column, value in row.items()}
