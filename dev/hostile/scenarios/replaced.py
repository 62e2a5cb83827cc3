"""Kind 14: SofaSport ids of players that are replaced, here for a week."""

from dev.hostile.changes import every, plus
from dev.hostile.payloads import Record, modify
from dev.hostile.scenario import FIRST_RUN, SQUADS_DUE, Fault, Scenario

SQUAD, LINEUPS = "teams/players", "events/lineups"
NEW_ID = modify("player.id", plus(7_000_000))


def keeper(entry: Record) -> bool:
    """Whether a player is a goalkeeper."""
    return bool(entry["player"].get("position") == "G")


SCENARIOS = (
    Scenario("the goalkeepers have other ids in lineups", [Fault(LINEUPS, every("*.players", NEW_ID, where=keeper))]),
    Scenario("everybody has another id in lineups", [Fault(LINEUPS, every("*.players", NEW_ID))]),
    Scenario(
        "the goalkeepers have other ids in squads",
        [Fault(SQUAD, every("players", NEW_ID, where=keeper))],
        week=SQUADS_DUE,
    ),
    Scenario(
        "the goalkeepers have other ids in lineups and squads",
        [
            Fault(LINEUPS, every("*.players", NEW_ID, where=keeper)),
            Fault(SQUAD, every("players", NEW_ID, where=keeper)),
        ],
        week=SQUADS_DUE,
    ),
    Scenario(
        "everybody has another id in the squads of a first run",
        [Fault(SQUAD, every("players", NEW_ID))],
        week=FIRST_RUN,
    ),
)
