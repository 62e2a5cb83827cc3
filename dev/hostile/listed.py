"""Scenarios that cannot converge, each with the reason. `docs/reliability.md` lists the same."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

NOBODY = "people and players stay known: nothing in later responses says that somebody does not exist"
ONCE = "a heatmap is requested once, and nothing contradicts it"
FIRST_ATTRIBUTES = "attributes name no player, and none of theirs were stored before"
IDS = "an id that SofaSport has used keeps its rows; sums by FPL player are right"

CANNOT_CONVERGE: Mapping[str, str] = {
    "FPL lists a player who does not exist": NOBODY,
    "a squad lists a person who does not exist": NOBODY,
    "the lineups list a person who does not exist": NOBODY,
    "every player has a team mate's heatmap": ONCE,
    "events/player-heatmap *: the list *": ONCE,
    "every player has a team mate's attributes": FIRST_ATTRIBUTES,
    "players/attribute-overviews *: another resource's response": FIRST_ATTRIBUTES,
    "every player has a team mate's season statistics": (
        "a statistic that the right response does not have is protected, as any statistic that disappears"
    ),
    "on a first run every player has the next one's name": (
        "a first run has nothing to compare with; the right names are accepted when FPL has repeated them for a week"
    ),
    "the goalkeepers have other ids in *": IDS,
    "everybody has another id in *": IDS,
}
"""Pattern of the scenario's name -> why no program could converge. Every other failure is a defect."""


def reason_for(name: str) -> str | None:
    """Why a scenario cannot converge; None when it should."""
    return next((reason for pattern, reason in CANNOT_CONVERGE.items() if fnmatchcase(name, pattern)), None)
