"""Types of payload values, each limited to what its column can hold, so that an accepted record can always be stored.

Each field of a model belongs to one class, which says what an invalid value costs:

- identity, without a marker: the record is rejected;
- `FIGURE`: the figure is unknown, and the rest of the record is accepted;
- `DESCRIPTION`: the value is dropped, and the rest of the record is accepted.

In all three cases `rejected_records` says so (`records.accept`). The messages of the validators go into its `reason`:
changing a message changes stored data.
"""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field


@dataclass(frozen=True)
class FieldClass:
    """The class of a field, given as the last item of its `Annotated`. Such a field needs a default."""

    name: Literal["figure", "description"]
    consequence: str
    """What became of an invalid value. It ends the sentence about it."""


FIGURE: Final = FieldClass("figure", "the figure counts as unknown")
DESCRIPTION: Final = FieldClass("description", "the record counts without it")

MAX_TEXT_LENGTH = 200
"""Characters of a name or another text with a column of its own."""


def none_if_blank(value: object) -> object:
    """None for a text of spaces only; any other value unchanged."""
    return None if isinstance(value, str) and not value.strip() else value


def _without_nul(value: object) -> object:
    """The text without NUL, the one character that Postgres refuses; any other value unchanged."""
    return value.replace("\0", "") if isinstance(value, str) else value


def rounded(value: object) -> object:
    """The nearest whole number of a number with decimals, also of one in a text; any other value unchanged."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return round(value) if isinstance(value, float) and isfinite(value) else value


def _in_plausible_year(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise ValueError(f"the year {at.year} is not between 1900 and 2200")
    return at


Id = Annotated[int, Field(gt=0, lt=2**31)]
SmallInteger = Annotated[int, Field(ge=-(2**15), lt=2**15)]
Integer = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Count = Annotated[int, Field(ge=0, lt=2**15)]
LargeCount = Annotated[int, Field(ge=0, lt=2**31)]
Score = Annotated[int, Field(ge=0, le=99)]
Percent = Annotated[int, Field(ge=0, le=100)]
RoundedPercent = Annotated[int, Field(ge=0, le=100), BeforeValidator(rounded)]
"""The same, also from a value with decimals."""

Percentage = Annotated[float, Field(ge=0, le=100)]
"""With decimals; fits numeric(5, 1)."""

Height = Annotated[int | None, Field(ge=0, le=260), BeforeValidator(rounded)]
"""In centimetres."""

ExpectedFigure = Annotated[float, Field(ge=0, lt=1000)]
"""Expected goals, expected assists and the like; fits numeric(6, 2) and numeric(8, 4)."""
IndexFigure = Annotated[float, Field(gt=-10_000, lt=10_000)]
"""FPL's influence, creativity, threat and their index; fits numeric(6, 1)."""

Name = Annotated[str, Field(min_length=1, max_length=MAX_TEXT_LENGTH), BeforeValidator(_without_nul)]
NamePart = Annotated[str, Field(max_length=MAX_TEXT_LENGTH), BeforeValidator(_without_nul)]
"""First or second name; may be empty, since FPL lists players without a first name."""

OptionalText = Annotated[
    str | None, Field(max_length=MAX_TEXT_LENGTH), BeforeValidator(none_if_blank), BeforeValidator(_without_nul)
]
Position = Annotated[str | None, Field(pattern="^[GDMF]$"), BeforeValidator(none_if_blank)]
"""Goalkeeper, defender, midfielder, forward."""

ShirtNumber = Annotated[int | None, Field(ge=0, le=999), BeforeValidator(none_if_blank)]
EARLIEST_KICK_OFF_S = 946_684_800
"""2000-01-01 in Unix seconds. No requested match is older; an unset time looks like 1970."""

KickOffSeconds = Annotated[int, Field(ge=EARLIEST_KICK_OFF_S, lt=2**32)]
"""A kick-off in Unix seconds."""

BirthSeconds = Annotated[int | None, Field(gt=-(2**31), lt=2**32)]
"""A birth date in Unix seconds; negative before 1970."""

ZonedDatetime = Annotated[AwareDatetime, AfterValidator(_in_plausible_year)]
"""A time with its zone, in a year with which date arithmetic cannot overflow."""
