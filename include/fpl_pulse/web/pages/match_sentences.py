"""A match in sentences: its state, what is missing and why, and how the sources differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fpl_pulse.web.rows import MatchRow
from fpl_pulse.wording import quantity

FIGURES = {
    "minutes": "Minutes", "goals": "Goals", "assists": "Assists", "own_goals": "Own goals", "saves": "Saves",
    "expected_goals": "Expected goals", "expected_assists": "Expected assists", "yellow_cards": "Yellow cards",
    "red_cards": "Red cards",
}  # fmt: skip
DECIMAL = frozenset({"expected_goals", "expected_assists"})


@dataclass(frozen=True)
class Difference:
    """A figure of a player that differs between the sources."""

    player: str
    code: int | None
    """FPL's code; None when the SofaSport player has no link."""
    sofasport_player_id: int | None
    """None when the FPL player has no link."""
    figure: str
    fpl_value: float | None
    sofasport_value: float | None
    counts: bool
    """Whether the weekly check counts it."""


@dataclass(frozen=True)
class DifferenceLine:
    """A difference as a line of a table."""

    player: str
    code: int | None
    figure: str
    fpl: float | None
    sofasport: float | None
    digits: int
    note: str
    counts: bool


def state_of(match: MatchRow) -> str:
    """Whether the figures of a match can still change."""
    match match.state:
        case "final":
            return "Final"
        case "played":
            return "Played; bonus points may still change"
        case "in play":
            return "In play; all figures are provisional"
        case "without a date":
            return "Postponed without a new date"
        case _:
            return "Not played yet"


def what_is_missing(match: MatchRow, *, has_lineups: bool, is_confirmed: bool) -> list[str]:
    """Why parts of the page are empty, a sentence each."""
    return list(_lacking(match, has_lineups=has_lineups, is_confirmed=is_confirmed))


def _lacking(match: MatchRow, *, has_lineups: bool, is_confirmed: bool) -> Iterator[str]:
    has_begun = match.state in ("final", "played", "in play")
    if match.state == "without a date":
        yield "FPL has postponed this match and has not set a new date."
    elif not has_begun:
        yield "This match has not been played yet, so there are no figures."
    if match.event_id is None:
        yield (
            "No SofaSport event is linked to this fixture, so there are no lineups, ratings or heatmaps."
            " The next run of update_fixture_mappings tries again."
        )
    elif not has_lineups and has_begun:
        yield (
            "SofaSport's lineups of this match are not stored, so there are no ratings or heatmaps."
            " The next run of update_lineups requests them."
        )
    elif has_lineups and not is_confirmed:
        yield "The lineups are a prediction: SofaSport has not confirmed them."


def score_differs(match: MatchRow) -> str | None:
    """The sentence about two different scores; None when they are equal or one is unknown."""
    official = (match.home_score, match.away_score)
    other = (match.sofasport_home_score, match.sofasport_away_score)
    if None in official or None in other or official == other:
        return None
    dash = "\N{EN DASH}"
    return f"FPL states the score {dash.join(map(str, official))}, SofaSport {dash.join(map(str, other))}."


def differences_in_words(differences: Sequence[Difference]) -> list[DifferenceLine]:
    """The differences as lines, each with a note that says what it means."""
    return [
        DifferenceLine(
            one.player,
            one.code,
            FIGURES.get(one.figure, one.figure),
            one.fpl_value,
            one.sofasport_value,
            2 if one.figure in DECIMAL else 0,
            _note(one),
            one.counts,
        )
        for one in differences
    ]


def _note(one: Difference) -> str:
    if one.code is None:
        return f"No link to FPL: {_minutes(one.sofasport_value)} at SofaSport only."
    if one.sofasport_player_id is None:
        return f"No link to SofaSport: {_minutes(one.fpl_value)} at FPL only."
    if one.fpl_value is None or one.sofasport_value is None:
        has, has_not = ("SofaSport", "FPL") if one.fpl_value is None else ("FPL", "SofaSport")
        return f"Played for {has} only; {has_not} has no minutes."
    if one.counts:
        return "The weekly check counts it."
    match one.figure:
        case "assists":
            return "The sources define assists differently."
        case "minutes":
            return "Within the tolerance of the weekly check."
        case _:
            return "The weekly check does not compare it."


def _minutes(value: float | None) -> str:
    return quantity(int(value or 0), "minute")
