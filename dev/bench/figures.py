"""A measured figure beside its goal, the table of all figures, and the same as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from rich.table import Table


@dataclass(frozen=True)
class Goal:
    """What a figure should be."""

    bound: float
    direction: Literal["at most", "at least"] = "at most"

    def is_met(self, value: float) -> bool:
        """Whether a value reaches the goal."""
        return value <= self.bound if self.direction == "at most" else value >= self.bound

    def __str__(self) -> str:
        return f"{'≤' if self.direction == 'at most' else '≥'} {_number(self.bound)}"


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    part: str
    what: str
    value: float
    unit: str = ""
    goal: Goal | None = None
    """None for a figure that explains another one."""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        return None if self.goal is None else self.goal.is_met(self.value)

    def as_json(self) -> dict[str, object]:
        """The figure, its goal and whether that is met."""
        return {**asdict(self), "is_met": self.is_met}


def at_most(bound: float) -> Goal:
    """The goal of a figure that should be small."""
    return Goal(bound, "at most")


def at_least(bound: float) -> Goal:
    """The goal of a figure that should be large."""
    return Goal(bound, "at least")


def table_of(figures: Sequence[Figure]) -> Table:
    """All figures, part by part."""
    parts = list(dict.fromkeys(one.part for one in figures))
    figures = sorted(figures, key=lambda one: parts.index(one.part))
    table = Table(title="Figures and goals")
    for name in ("Part", "What"):
        table.add_column(name)
    for name in ("Measured", "Goal"):
        table.add_column(name, justify="right")
    table.add_column("Met")
    part = ""
    for one in figures:
        if part and one.part != part:
            table.add_section()
        met = {None: "", True: "yes", False: "[red]no[/red]"}[one.is_met]
        measured = f"{_number(one.value)} {one.unit}".strip()
        table.add_row(one.part if one.part != part else "", one.what, measured, str(one.goal or ""), met)
        part = one.part
    return table


def _number(value: float) -> str:
    """Three significant digits, whole numbers in full."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
