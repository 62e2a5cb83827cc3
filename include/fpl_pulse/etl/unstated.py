"""What a response of FPL does not state keeps its stored value.

FPL never omits a key. A missing key or an invalid value therefore says nothing. A null says that there is no value, but
only in columns whose values can go (`may_become_null`), and not if nulls replace most of the stored values. Zeros that
replace most of the stored figures say nothing until FPL has stated them in two weekly runs: the stored ones were wrong.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from fpl_pulse.api.records import ALWAYS_TOLERATED_REJECTIONS, Rejected
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.missing_keys import MISSING, Counted, Usual, likeliest_name, missing_key
from fpl_pulse.etl.repetition import is_repeated
from fpl_pulse.wording import quantity

MOST = 0.5
"""Share of the records from which a key that they do not state has vanished."""

WITHOUT_DETAILS = ("fpl_gameweeks", "fpl_player_fixtures")
"""Tables that do not keep the whole record."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Columns:
    """The columns of a table whose values a response may fail to state."""

    table: str
    identity: tuple[str, ...]
    """The columns that identify a row of a season."""
    key_of: Mapping[str, str]
    """Column -> key of the response."""
    path: str
    """Where the records stand in the response."""
    otherwise: Mapping[str, object] = field(default_factory=dict)
    """Column -> the value of a new row that the response does not state, of columns that cannot be null."""
    not_in_every_season: frozenset[str] = frozenset()
    """Columns whose keys may be missing while no value is stored."""
    may_become_null: frozenset[str] = frozenset()
    """Columns in which a null can replace a value: a fixture that is postponed loses its kick-off."""
    may_all_become_null: frozenset[str] = frozenset()
    """Columns of `may_become_null` in which nulls can replace all values: forecasts, after the last gameweek."""
    keeps_figures: bool = False
    """Zeros that replace most of the figures of a column say nothing either."""
    begin_anew: bool = False
    """Most figures become zero when a season begins: FPL's totals. Then only zeros for nearly everybody say nothing."""
    familiar: frozenset[str] = frozenset()
    """Other keys of the records, where the table does not keep them in `details`."""


@dataclass(frozen=True)
class Stated:
    """A new row and the part of the response with its values."""

    row: Row
    record: Mapping[str, Any]
    is_share: bool = False
    """The row is one of several that share the figures of the record, and may lack what cannot be split. The record
    then has no invalid values."""


def keep_unstated(
    context: StepContext, season: str, columns: Columns, stated: Sequence[Stated], resource_id: int
) -> list[Rejected]:
    """Give new rows the stored values of what the response does not state, and return what it does not state.

    Args:
        context: the step's tools.
        season: of the rows.
        columns: the columns that may be concerned.
        stated: the new rows, changed in place.
        resource_id: what was requested.
    """
    lacking = {column: [one for one in stated if _says_nothing(one, columns, column)] for column in columns.key_of}
    # Columns of which most stored values may be replaced by nulls or zeros.
    doubtful = [
        column
        for column, key in columns.key_of.items()
        if (
            sum(key in one.record and one.record[key] is None for one in stated) > MOST * len(stated)
            and column not in columns.may_all_become_null
        )
        or (columns.keeps_figures and (not columns.begin_anew or _are_nearly_all_zero(stated, column)))
    ]
    lost: dict[str, list[Stated]] = {}
    stored: Mapping[tuple[Any, ...], Row] = {}
    if doubtful or any(lacking.values()):
        stored = _stored_rows(context, season, columns)
        pairs = [(one, before) for one in stated if (before := _before(stored, columns, one))]
        for column in doubtful:
            lost[column] = _lost(pairs, columns, column)
            if lost[column] and is_repeated(context, resource_id, _zeros(columns.key_of[column])):
                lost[column] = [one for one in lost[column] if one.record[columns.key_of[column]] is None]
            counted = {id(one) for one in lacking[column]}
            lacking[column] += [one for one in lost[column] if id(one) not in counted]
        _leave_out_what_takes_nothing(lacking, columns, stored)
        if any(lacking.values()) and columns.table not in WITHOUT_DETAILS:
            stored = _stored_rows(context, season, columns, "details")
        for column, found in lacking.items():
            for one in found:
                _keep(one.row, _before(stored, columns, one), column, columns.key_of[column])
    for one in stated:
        _fill(one.row, columns.otherwise)
    familiar = {*columns.key_of.values(), *columns.familiar}
    for before in stored.values():
        familiar |= (before.get("details") or {}).keys()
    return _reasons(columns, stated, lacking, lost, familiar)


def _leave_out_what_takes_nothing(
    lacking: dict[str, list[Stated]], columns: Columns, stored: Mapping[tuple[Any, ...], Row]
) -> None:
    """Take out of `lacking` what is missing where nothing is stored: it takes nothing away."""
    for column in columns.not_in_every_season:
        if all(row[column] is None for row in stored.values()):
            lacking[column] = [one for one in lacking[column] if columns.key_of[column] in one.record]
    for column, key in columns.key_of.items():
        lacking[column] = [
            one
            for one in lacking[column]
            if key not in one.record
            or one.record[key] is not None
            or _before(stored, columns, one).get(column) is not None
        ]


def _lost(pairs: Sequence[tuple[Stated, Row]], columns: Columns, column: str) -> list[Stated]:
    """The nulls or zeros that would replace a stored value, where they would replace most of the stored values.

    Args:
        pairs: the new rows that are stored already, with their stored rows.
        columns: the columns that may be concerned.
        column: one of them.
    """
    key = columns.key_of[column]
    there = [(one, before[column]) for one, before in pairs if before[column] is not None and key in one.record]
    lost = [one for one, _ in there if one.record[key] is None]
    if not lost and columns.keeps_figures:
        there = [(one, figure) for one, figure in there if figure]
        lost = [one for one, _ in there if not one.row[column]]
    return lost if len(lost) > max(ALWAYS_TOLERATED_REJECTIONS, MOST * len(there)) else []


def _fill(row: Row, otherwise: Mapping[str, object]) -> None:
    for column, value in otherwise.items():
        if row[column] is None:
            row[column] = value.format(**row) if isinstance(value, str) else value


def _zeros(key: str) -> str:
    """How the sentence about zeros begins."""
    return f"{key} is zero, and was not, in"


def _are_nearly_all_zero(stated: Sequence[Stated], column: str) -> bool:
    return sum(bool(one.row[column]) for one in stated) <= ALWAYS_TOLERATED_REJECTIONS


def _says_nothing(one: Stated, columns: Columns, column: str) -> bool:
    """Whether the response does not state the value of a column, or states it as an impossible null."""
    key = columns.key_of[column]
    is_lost = column not in columns.may_become_null and key in one.record and one.record[key] is None
    return key not in one.record or is_lost or _is_invalid(one, column, key)


def _is_invalid(one: Stated, column: str, key: str) -> bool:
    return not one.is_share and one.row[column] is None and one.record[key] not in (None, "")


def _before(stored: Mapping[tuple[Any, ...], Row], columns: Columns, one: Stated) -> Row:
    return stored.get(tuple([one.row[name] for name in columns.identity]), {})


def _keep(row: Row, before: Row, column: str, key: str) -> None:
    if column in before:
        row[column] = before[column]
    details = before.get("details")
    if isinstance(details, dict) and key in details and isinstance(row.get("details"), dict):
        row["details"] = {**row["details"], key: details[key]}


def _stored_rows(context: StepContext, season: str, columns: Columns, *others: str) -> dict[tuple[Any, ...], Row]:
    names = [*columns.identity, *columns.key_of, *others]
    statement = sql.SQL("select {names} from {table} where season = %(season)s").format(
        names=sql.SQL(", ").join(map(sql.Identifier, names)), table=sql.Identifier("pulse", columns.table)
    )
    rows = context.records(statement.as_string(context.conn), season=season)
    return {tuple([row[name] for name in columns.identity]): row for row in rows}


def _reasons(
    columns: Columns,
    stated: Sequence[Stated],
    lacking: Mapping[str, Sequence[Stated]],
    lost: Mapping[str, Sequence[Stated]],
    familiar: Collection[str],
) -> list[Rejected]:
    found: list[Rejected] = []
    needed = dict.fromkeys(columns.key_of.values(), Usual(1))
    for column, unstated in lacking.items():
        key = columns.key_of[column]
        zeros = {id(one) for one in lost.get(column, ()) if one.record[key] is not None}
        if zeros:
            is_key_of_most = len(zeros) > MOST * len(stated)
            reason = (
                f"{_zeros(key)} {len(zeros)} of {len(stated)} records under '{columns.path}'; the stored values are"
                " kept until FPL has stated zeros for a week"
            )
            path = f"{MISSING}{key}" if is_key_of_most else f"{columns.path}.{key}"
            found.append(Rejected(path, reason, None, is_part=not is_key_of_most))
        rows = [one for one in unstated if id(one) not in zeros]
        if len(rows) > MOST * len(stated):
            counted = Counted.of(one.record for one in stated)
            who = f"{len(rows)} of {len(stated)} records under '{columns.path}'"
            found.append(missing_key(key, who, likeliest_name(key, counted, needed, familiar)))
            continue
        taken = sum(key in one.record and one.record[key] is None for one in rows)
        if taken:
            reason = f"{key} is null in {quantity(taken, 'record')} with a stored value; the stored values are kept"
            found.append(Rejected(f"{columns.path}.{key}", reason, None, is_part=True))
        for one in rows:
            # Invalid values are already reported by the validation.
            if key not in one.record:
                name = ".".join(str(one.row[name]) for name in columns.identity)
                found.append(
                    Rejected(f"{columns.path}.{name}.{key}", f"{key} is missing; a stored value is kept", None)
                )
    return found
