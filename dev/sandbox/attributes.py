"""The radar attributes of a player by season, and the average of the position."""

from dev.sandbox.people import Person
from dev.sandbox.seeded_random import SeededRandom

NO_ATTRIBUTES = 0.1  # share of players without any attributes
NO_ROW_THIS_SEASON = 0.08  # share of players
OLDEST_SHIFT = 3
OUTFIELD = ("attacking", "technical", "tactical", "defending", "creativity")
KEEPER = ("saves", "anticipation", "tactical", "ballDistribution", "aerial")
# Averages in the order of the axes above.
AVERAGES = {"G": (52, 57, 49, 51, 55), "D": (36, 46, 48, 61, 41), "M": (51, 58, 50, 48, 54), "F": (62, 55, 44, 31, 47)}
FIRST_ROW_ID, FIRST_AVERAGE_ID = 41_000, 60_310


def attribute_overviews(person: Person, player_id: int, month: int, seeded: SeededRandom) -> dict[str, object] | None:
    """The payload for one player in one month (values change slightly by month); None if there is no data."""
    if seeded.fraction("attributes", player_id) < NO_ATTRIBUTES:
        return None
    shifts = list(range(1 + int(seeded.fraction("seasons", player_id) * (OLDEST_SHIFT + 1))))
    if seeded.fraction("no row", player_id) < NO_ROW_THIS_SEASON:
        shifts = [shift + 1 for shift in shifts if shift < OLDEST_SHIFT]
    rows = [attribute_row(person, player_id, shift, month, seeded) for shift in shifts]
    if seeded.fraction("row order", player_id) < 0.2:
        rows.reverse()  # clients must use yearShift, not the order
    average: dict[str, object] = {"id": FIRST_AVERAGE_ID + "GDMF".index(person.position)}
    average.update(zip(axes(person.position), AVERAGES[person.position], strict=True))
    average.update(position=person.position, yearShift=0)
    return {"playerAttributeOverviews": rows, "averageAttributeOverviews": [average], "sportSlug": "football"}


def axes(position: str) -> tuple[str, ...]:
    """The five axes of a position; goalkeepers have other axes."""
    return KEEPER if position == "G" else OUTFIELD


def attribute_row(person: Person, player_id: int, shift: int, month: int, seeded: SeededRandom) -> dict[str, object]:
    """The values of one season, 0-100."""
    row: dict[str, object] = {"id": FIRST_ROW_ID + 4 * person.number + shift}
    for axis, average in zip(axes(person.position), AVERAGES[person.position], strict=True):
        value = average + 30 * (person.ability - 0.5) + 16 * (seeded.fraction("axis", player_id, axis) - 0.5) - shift
        if shift == 0:
            value += round(2 * seeded.fraction("drift", player_id, axis, month) - 1)
        row[axis] = max(1, min(99, round(value)))
    row.update(position=person.position, yearShift=shift)
    return row
