"""How values are written on pages. A missing value is written as a dash; times are London time, as in the schedule."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from fpl_pulse.week import LONDON, short_time
from fpl_pulse.wording import one_line

NOTHING = "\N{EN DASH}"


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """A number with commas between thousands: `1,234`, `0.57`."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def signed(value: float | Decimal | None, digits: int = 0) -> str:
    """A difference with its sign: `+3`, `-0.4` with a minus sign, `0`."""
    if value is None:
        return NOTHING
    text = f"{value:+,.{digits}f}".replace("-", "\N{MINUS SIGN}")
    return text[1:] if not text.strip("+\N{MINUS SIGN}0.,") else text


def price(value: float | Decimal | None) -> str:
    """A price in millions of pounds: `£14.2m`."""
    return NOTHING if value is None else f"£{value:.1f}m"


def share(value: float | Decimal | None) -> str:
    """A share of 100: `41.6 %`."""
    return NOTHING if value is None else f"{value:.1f} %"


def when(time: datetime | None) -> str:
    """A time in London: `Tue 14 Oct 03:00`."""
    return NOTHING if time is None else short_time(time)


def day(time: datetime | None) -> str:
    """A date in London: `14 Oct 2025`."""
    return NOTHING if time is None else f"{time.astimezone(LONDON):%-d %b %Y}"


def short_day(time: datetime | None) -> str:
    """A date of a season in London, without the year: `14 Oct`."""
    return NOTHING if time is None else f"{time.astimezone(LONDON):%-d %b}"


def duration(length: timedelta | None) -> str:
    """A duration: `41 s`, `3 min 05 s`, `1 h 02 min`."""
    if length is None:
        return NOTHING
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def dash(value: object) -> object:
    """A value, or a dash for none."""
    return NOTHING if value is None or value == "" else value


FILTERS: dict[str, Callable[..., object]] = {
    "number": number, "signed": signed, "price": price, "share": share, "when": when, "day": day,
    "short_day": short_day, "duration": duration, "dash": dash,
    "one_line": one_line,
}  # fmt: skip
