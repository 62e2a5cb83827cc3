"""The kinds of values in answers, each within what its column can hold, so that a record that fits can be stored."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

LONGEST_TEXT = 200
"""Characters of a name or another text in a column of its own."""


def none_if_blank(value: object) -> object:
    """A text of spaces is no value."""
    return None if isinstance(value, str) and not value.strip() else value


def _without_nul(value: object) -> object:
    """Postgres' text holds every character but this one."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _believable(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("the year is not believable")
    return moment


Id = Annotated[int, Field(gt=0, lt=2**31)]
Small = Annotated[int, Field(ge=-(2**15), lt=2**15)]
Integer = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Count = Annotated[int, Field(ge=0, lt=2**15)]
LargeCount = Annotated[int, Field(ge=0, lt=2**31)]
Score = Annotated[int, Field(ge=0, le=99)]
Percent = Annotated[int, Field(ge=0, le=100)]
Expected = Annotated[float, Field(ge=0, lt=1000)]
"""Expected goals and the like; fits numeric(6, 2) and numeric(8, 4)."""

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), BeforeValidator(_without_nul)]
AnyName = Annotated[str, Field(max_length=LONGEST_TEXT), BeforeValidator(_without_nul)]
"""A part of a name; FPL knows people without a first name."""

Text = Annotated[
    str | None, Field(max_length=LONGEST_TEXT), BeforeValidator(none_if_blank), BeforeValidator(_without_nul)
]
Position = Annotated[str | None, Field(pattern="^[GDMF]$"), BeforeValidator(none_if_blank)]
Shirt = Annotated[int | None, Field(ge=0, le=999), BeforeValidator(none_if_blank)]
FIRST_START_S = 946_684_800
"""2000-01-01: no match that is asked for began earlier; 1970 is what an unset moment looks like."""

Moment = Annotated[int, Field(ge=FIRST_START_S, lt=2**32)]
"""Unix seconds of a kick-off, UTC."""

Timestamped = Annotated[int | None, Field(gt=-(2**31), lt=2**32)]
"""Unix seconds of a birth date; negative before 1970."""

Instant = Annotated[AwareDatetime, AfterValidator(_believable)]
"""A moment with its zone, in a year that every later step can reckon with."""
