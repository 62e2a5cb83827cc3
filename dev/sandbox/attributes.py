"""The radar: attributes of a player by season of his, and the average of his position."""

from dev.sandbox.chance import Chance
from dev.sandbox.people import Person

ABSENT = 0.1  # share of players without any attributes
NO_ROW_THIS_SEASON = 0.08
OLDEST_SHIFT = 3
OUTFIELD = ("attacking", "technical", "tactical", "defending", "creativity")
KEEPER = ("saves", "anticipation", "tactical", "ballDistribution", "aerial")
# Averages in the order of the axes above.
AVERAGES = {
    "G": (52, 57, 49, 51, 55),
    "D": (36, 46, 48, 61, 41),
    "M": (51, 58, 50, 48, 54),
    "F": (62, 55, 44, 31, 47),
}
FIRST_ROW_ID, FIRST_AVERAGE_ID = 41_000, 60_310


def attribute_overviews(
    person: Person, player_id: int, month: int, chance: Chance
) -> dict[str, object] | None:
    """The answer for one player in one month (values drift a little); None when there is none."""
    if chance.share("attributes", player_id) < ABSENT:
        return None
    shifts = list(range(1 + int(chance.share("seasons", player_id) * (OLDEST_SHIFT + 1))))
    if chance.share("no row", player_id) < NO_ROW_THIS_SEASON:
        shifts = [shift + 1 for shift in shifts if shift < OLDEST_SHIFT]
    rows = [attribute_row(person, player_id, shift, month, chance) for shift in shifts]
    if chance.share("row order", player_id) < 0.2:
        rows.reverse()  # the order means nothing: yearShift says which row is which
    average: dict[str, object] = {"id": FIRST_AVERAGE_ID + "GDMF".index(person.position)}
    average.update(zip(axes(person.position), AVERAGES[person.position], strict=True))
    average.update(position=person.position, yearShift=0)
    return {"playerAttributeOverviews": rows, "averageAttributeOverviews": [average], "sportSlug": "football"}


def axes(position: str) -> tuple[str, ...]:
    """The five axes; goalkeepers have their own."""
    return KEEPER if position == "G" else OUTFIELD


def attribute_row(
    person: Person, player_id: int, shift: int, month: int, chance: Chance
) -> dict[str, object]:
    """One season's values, 0-100."""
    row: dict[str, object] = {"id": FIRST_ROW_ID + 4 * person.number + shift}
    for axis, average in zip(axes(person.position), AVERAGES[person.position], strict=True):
        value = (
            average + 30 * (person.ability - 0.5) + 16 * (chance.share("axis", player_id, axis) - 0.5) - shift
        )
        if shift == 0:
            value += round(2 * chance.share("drift", player_id, axis, month) - 1)
        row[axis] = max(1, min(99, round(value)))
    row.update(position=person.position, yearShift=shift)
    return row
