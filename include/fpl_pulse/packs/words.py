"""Texts of the sources as parts of Markdown: whatever they contain, they show as they are."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

MAX_CHARACTERS = 200

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def plain(value: object) -> str:
    """A value as the text of a Markdown cell: in one line, cut when it is long, with every mark of Markdown escaped."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = " ".join(_CONTROLS.sub(" ", str(value)).split())
    if len(text) > MAX_CHARACTERS:
        text = f"{text[:MAX_CHARACTERS]}…"
    return _MARKS.sub(r"\\\1", text)


def table(head: Sequence[str], rows: Sequence[Sequence[object]], most: int) -> Iterator[str]:
    """The lines of a Markdown table with at most so many rows, and how many more there are."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for cells in rows[:most]:
        yield f"| {' | '.join(plain(cell) for cell in cells)} |"
    if len(rows) > most:
        yield ""
        yield f"And {len(rows) - most:,} more."
