"""Reading a public register of people: a CSV file with one row for a person, and a column for each provider of ids.

The format is that of `people.csv` of the Reep register: `key_sofascore` has SofaScore's ids, `key_opta_numeric` has
FPL's codes (older releases: `key_fpl_code`), every other column `key_…` has the ids of one provider. Columns that are
not known are skipped.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO, cast

from fpl_pulse.errors import SelectionError

STANDARD_INPUT = "-"
"""The name of the file that stands for the standard input."""

SOFASPORT_COLUMN = "key_sofascore"
FPL_COLUMNS = ("key_opta_numeric", "key_fpl_code", "key_fpl")
"""FPL's code of a player is Opta's number of the player. A file needs one of these columns."""

PERSON_COLUMNS = ("reep_id", "key_wikidata")
"""What identifies a person in the register, the best first. Rows of one person are taken together."""

LONGEST_LINE = 100_000
"""Characters. Real rows have less than a thousand."""

LONGEST_ID = 200
LONGEST_NAME = 100
MAX_ID = 2**31

_KEY = re.compile(r"key_([a-z0-9][a-z0-9_]{0,49})")
_NUMBER = re.compile(r"0*([0-9]{1,10})(?:\.0+)?")
"""A whole number, also as a program writes it that takes ids for decimals: `982780.0`."""

_COMPRESSED = {
    b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd",
}  # fmt: skip
"""The first bytes of a compressed file -> its kind."""

ACCEPT = "If it is right all the same: make crosswalk FILE=people.csv ACCEPT_SMALLER=yes"
"""What reads a file that looks cut off, or lacks much of what is stored."""

_NOTHING_CHANGED = "Get the file again, or name another one: make crosswalk FILE=people.csv. Nothing was changed."


class RegisterRow(NamedTuple):
    """A row of the register about a player."""

    person: str
    """The same in all rows of one person."""
    name: str
    birth_date: str
    """As the register writes it, mostly 2001-09-05; empty when unknown."""
    sofasport_player_id: int | None
    fpl_code: int | None
    ids: dict[str, str]
    """Provider -> id, without those of the two columns above."""


@dataclass
class Register:
    """What was read of a register so far."""

    rows: int = 0
    """Rows about players."""
    unusable: Counter[str] = field(default_factory=Counter)
    """Provider -> how many of its ids were skipped: no number where one is needed, too long, or with control codes."""
    example: str = ""
    """The first one of them, with its line."""

    def skip(self, provider: str, value: str, line: int) -> None:
        """Count an id that cannot be used."""
        self.unusable[provider] += 1
        self.example = self.example or f"{printable(value)!r} in line {line}"


def printable(text: str, most: int = 40) -> str:
    """A text of the register for a terminal: without control characters, at most `most` characters long."""
    plain = "".join(one if one.isprintable() else "?" for one in text[: most + 1])
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


@contextmanager
def open_register(path: str) -> Iterator[TextIO]:
    """Open the file; `-` is the standard input. A byte order mark at its beginning is skipped.

    Raises:
        SelectionError: there is no such file, it is a folder, it is compressed, or it cannot be read; also when its
            content is not UTF-8, which is found while it is read.
    """
    with _open(path) as file:
        try:
            yield file
        except UnicodeDecodeError as error:
            raise SelectionError(
                f"{printable(path)} is not a text file in UTF-8 ({error.reason}): it is no register. {_NOTHING_CHANGED}"
            ) from None
        except OSError as error:
            raise SelectionError(f"{printable(path)} cannot be read ({error.strerror}). {_NOTHING_CHANGED}") from None


def _open(path: str) -> TextIO:
    try:
        file = _binary(path)
        first = file.peek(8)
    except IsADirectoryError:
        raise SelectionError(f"{printable(path)} is a folder, not a file. {_NOTHING_CHANGED}") from None
    except FileNotFoundError:
        raise SelectionError(f"There is no file {printable(path)}. {_NOTHING_CHANGED}") from None
    except (OSError, ValueError) as error:
        # ValueError: the name has a zero byte.
        raise SelectionError(f"{printable(path)} cannot be read ({error}). {_NOTHING_CHANGED}") from None
    if kind := next((kind for begin, kind in _COMPRESSED.items() if first.startswith(begin)), None):
        file.close()
        raise SelectionError(f"{printable(path)} is compressed ({kind}): unpack it first. {_NOTHING_CHANGED}")
    return TextIOWrapper(file, encoding="utf-8-sig", newline="")


def _binary(path: str) -> BufferedReader:
    if path == STANDARD_INPUT:
        return BufferedReader(cast("RawIOBase", sys.stdin.buffer))
    return Path(path).open("rb")


def read_register(file: TextIO, register: Register, *, accept_smaller: bool = False) -> Iterator[RegisterRow]:
    """Yield the rows about players that have any id, and count in `register` what was read. The file is not kept.

    Raises:
        SelectionError: the file is not CSV, lacks a column that is needed, has no row, or a row has another number of
            fields than the first line. Unless `accept_smaller`: the last line has no end, as if the file was cut off.
    """
    reader = csv.reader(_lines(file, accept_smaller=accept_smaller), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        columns = _Columns.of(header)
        fields: list[str] = []
        for fields in reader:
            if len(fields) == len(header):
                row = columns.row(fields, register, reader.line_num)
                if row is not None:
                    yield row
            elif fields:
                raise SelectionError(
                    f"Line {reader.line_num} has {len(fields)} fields instead of {len(header)}: the file is damaged or"
                    f" was cut off. {_NOTHING_CHANGED}"
                )
        if not fields and reader.line_num <= 1:
            raise SelectionError(f"The file has no row after its first line. {_NOTHING_CHANGED}")
    except csv.Error as error:
        raise SelectionError(f"Line {reader.line_num} is not CSV ({error}). {_NOTHING_CHANGED}") from None


def _lines(file: TextIO, *, accept_smaller: bool) -> Iterator[str]:
    """Yield the lines. One line at a time is in memory, and none is longer than LONGEST_LINE.

    Raises:
        SelectionError: a line is longer; or, unless `accept_smaller`, the last one has no end.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise SelectionError(
                f"A line has more than {LONGEST_LINE:,} characters: the file is no CSV. {_NOTHING_CHANGED}"
            )
        yield line
        if number > 1 and not accept_smaller and line[-1] not in "\r\n":
            raise SelectionError(
                f"Line {number}, the last one, does not end with a line break: the file was probably cut off."
                f" {_NOTHING_CHANGED} {ACCEPT}"
            )


@dataclass(frozen=True)
class _Columns:
    """Where the columns of a file are."""

    type: int | None
    name: int | None
    birth_date: int | None
    person: tuple[int, ...]
    sofasport: int
    fpl: tuple[int, ...]
    providers: dict[str, int]

    @classmethod
    def of(cls, header: list[str]) -> "_Columns":
        """Find the columns.

        Raises:
            SelectionError: a column that is needed is missing, or there twice.
        """
        named = ", ".join(printable(name) for name in header[:8]) or "none"
        wanted = {"SofaScore's ids": (SOFASPORT_COLUMN,), "FPL's codes": FPL_COLUMNS}
        for what, names in wanted.items():
            if not set(names) & set(header):
                raise SelectionError(
                    f"The file has no column with {what} ({' or '.join(names)}); its first columns are: {named}. It"
                    f" must be people.csv of the register. {_NOTHING_CHANGED}"
                )
        places = {name: place for place, name in enumerate(header)}
        taken = {SOFASPORT_COLUMN, *FPL_COLUMNS}
        providers = {
            found[1]: places[found[0]] for found in map(_KEY.fullmatch, header) if found and found[0] not in taken
        }
        if "reep_id" in places:
            providers["reep"] = places["reep_id"]
        used = {"type", "name", "date_of_birth", *PERSON_COLUMNS}
        twice = [
            name for name, count in Counter(header).items() if count > 1 and (name in used or _KEY.fullmatch(name))
        ]
        if twice:
            raise SelectionError(f"The file has the column {printable(twice[0])} twice. {_NOTHING_CHANGED}")
        return cls(
            places.get("type"),
            places.get("name"),
            places.get("date_of_birth"),
            _present(PERSON_COLUMNS, places),
            places[SOFASPORT_COLUMN],
            _present(FPL_COLUMNS, places),
            providers,
        )

    def row(self, fields: list[str], register: Register, line: int) -> RegisterRow | None:
        """The row of a player; None for a coach, whose ids at SofaScore are those of another list, and without ids."""
        if self.type is not None and fields[self.type].strip().lower() not in ("player", ""):
            return None
        register.rows += 1
        sofasport_player_id = _number("sofascore", fields[self.sofasport], register, line)
        codes = [_number("FPL", fields[place], register, line) for place in self.fpl if fields[place]]
        ids = {provider: fields[place].strip() for provider, place in self.providers.items() if fields[place]}
        for provider, value in [*ids.items()]:
            if not _is_plain(value):
                if value:
                    register.skip(provider, value, line)
                del ids[provider]
        if sofasport_player_id is None and not any(codes) and not ids:
            return None
        return RegisterRow(
            next((fields[place] for place in self.person if _is_plain(fields[place])), f"line {line}"),
            "" if self.name is None else printable(fields[self.name], LONGEST_NAME),
            "" if self.birth_date is None else printable(fields[self.birth_date], 10),
            sofasport_player_id,
            next((code for code in codes if code), None),
            ids,
        )


def _is_plain(value: str) -> bool:
    return 0 < len(value) <= LONGEST_ID and value.isprintable() and not value.isspace()


def _present(names: Iterable[str], places: dict[str, int]) -> tuple[int, ...]:
    return tuple(places[name] for name in names if name in places)


def _number(provider: str, text: str, register: Register, line: int) -> int | None:
    """An id that is a number above zero; None for an empty field and for anything else, which is counted."""
    plain = text.strip()
    if not plain:
        return None
    found = _NUMBER.fullmatch(plain)
    if found and 0 < int(found[1]) < MAX_ID:
        return int(found[1])
    register.skip(provider, plain, line)
    return None
