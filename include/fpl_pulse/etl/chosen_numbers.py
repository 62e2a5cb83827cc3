"""Reads the numbers that an operator chose: gameweeks, and ids of matches and players.

A form sends a text (`7, 8-10`) or a list of texts, `--conf` a list of numbers. All of them are read here, and nowhere
else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fpl_pulse.errors import SelectionError
from fpl_pulse.season import MAX_GAMEWEEK

MOST_CHOSEN = 400
"""Numbers that can be chosen at once. A season has 380 matches."""

LARGEST_ID = 2**31 - 1
"""Ids are stored as PostgreSQL integers."""

LONGEST_TEXT = 6_000
"""Characters. 400 ids of ten digits, each with a comma and a space, have 4,800."""

LONGEST_QUOTE = 40
"""How much of a wrong value a sentence repeats, in characters."""

_DASH = re.compile("[-\u2010-\u2015\u2212]")
"""The hyphen, and the dashes and the minus that phones and word processors put in its place."""

_NUMBER_OR_RANGE = re.compile("([0-9]{1,12})(?:-([0-9]{1,12}))?")


@dataclass(frozen=True)
class NumberField:
    """A field of the form that takes numbers."""

    name: str
    """The name of the parameter."""
    largest: int
    """The largest number that is accepted. The smallest is 1."""
    example: str
    """How to fill in the field."""


GAMEWEEKS = NumberField("gameweeks", MAX_GAMEWEEK, "7, 8-10")
MATCHES = NumberField("matches", LARGEST_ID, "14025211, 14025214")
PLAYERS = NumberField("players", LARGEST_ID, "934235, 839956")
NUMBER_FIELDS = {field.name: field for field in (GAMEWEEKS, MATCHES, PLAYERS)}


def numbers_in(value: object, field: NumberField) -> list[int]:
    """The numbers of a field, each once, in the order in which they were written.

    Args:
        value: a text such as `7, 8-10`, a number, a list of numbers and texts, or None. Numbers in a text are separated
            by commas, semicolons or white space, and may be ranges. The text of a JSON list is read as well.
        field: the field that has the value, for its limit and for the sentence.

    Returns:
        Whole numbers from 1 to the field's largest; none if the field is empty.

    Raises:
        SelectionError: names the field and the part that is wrong, and says what to write.
    """
    entries: Sequence[object] = value if isinstance(value, list | tuple) else () if value is None else (value,)
    _require_size(entries, field)
    ranges = [one for entry in entries for one in _ranges(entry, field)]
    count = sum(last - first + 1 for first, last in ranges)
    if count > MOST_CHOSEN:
        raise _too_many(field, f"{count:,} numbers")
    return list(dict.fromkeys(number for first, last in ranges for number in range(first, last + 1)))


def _require_size(entries: Sequence[object], field: NumberField) -> None:
    """Refuse what is too long before it is read."""
    if len(entries) > MOST_CHOSEN:
        raise _too_many(field, f"{len(entries):,} entries")
    characters = sum(len(entry) for entry in entries if isinstance(entry, str))
    if characters > LONGEST_TEXT:
        happened = f"the text has {characters:,} characters, and at most {LONGEST_TEXT:,} are read"
        raise _refusal(field, happened, f"a shorter text, for example {field.example}")


def _ranges(entry: object, field: NumberField) -> list[tuple[int, int]]:
    """The ranges of an entry, as first and last number. A number is a range of itself."""
    if isinstance(entry, str):
        return [_range(word, field) for word in _words(entry, field)]
    is_whole = isinstance(entry, int) or (isinstance(entry, float) and entry.is_integer())
    if isinstance(entry, bool) or not is_whole:
        raise _wrong(field, str(entry)[:LONGEST_QUOTE])
    return [_range(str(int(entry)), field)]  # type: ignore[call-overload]


def _words(text: str, field: NumberField) -> list[str]:
    """The numbers and ranges of a text, as they were written but without spaces in a range."""
    # One space in place of each white space: the next replacements then take linear time.
    plain = " ".join(text.split())
    content = plain[1:-1] if plain.startswith("[") and plain.endswith("]") else plain
    joined = re.sub(" ?- ?", "-", _DASH.sub("-", content))
    words = re.split("[ ,;]+", joined)
    found = [word for word in words if word]
    if content and not found:
        raise _wrong(field, _quoted(content))
    return found


def _range(word: str, field: NumberField) -> tuple[int, int]:
    """A word as first and last number.

    Raises:
        SelectionError: the word is neither a number nor a range, or not within the field's limits.
    """
    parts = _NUMBER_OR_RANGE.fullmatch(word)
    if parts is None:
        raise _wrong(field, _quoted(word), has_other_digits=any(one.isnumeric() and not one.isascii() for one in word))
    first, last = int(parts[1]), int(parts[2] or parts[1])
    if not (0 < first <= field.largest and 0 < last <= field.largest):
        raise _wrong(field, _quoted(word))
    if first > last:
        raise _refusal(field, f"{_quoted(word)} is the wrong way round", f"{last}-{first}")
    return first, last


def _wrong(field: NumberField, shown: str, *, has_other_digits: bool = False) -> SelectionError:
    reason = "has digits other than 0 to 9" if has_other_digits else "is not a number or range that is accepted"
    return _refusal(field, f"{shown} {reason}", f"numbers from 1 to {field.largest:,}, for example {field.example}")


def _too_many(field: NumberField, what: str) -> SelectionError:
    happened = f"these are {what}, and at most {MOST_CHOSEN} can be chosen at once"
    return _refusal(field, happened, f"fewer, for example {field.example}")


def _refusal(field: NumberField, happened: str, instead: str) -> SelectionError:
    remedy = f"Trigger a new run with {instead}"
    return SelectionError(f"{field.name}: {happened}. {remedy}", remedy=remedy)


def _quoted(text: str) -> str:
    """A text for a sentence: cut, in quotes, and with escapes for what cannot be printed."""
    return repr(text[:LONGEST_QUOTE])
