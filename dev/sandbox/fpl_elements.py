"""FPL's elements (players): season totals, rates, ranks and prices."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import add
from typing import Any

from dev.sandbox.clubs import Club
from dev.sandbox.official import FIELDS, NOTHING, OfficialRow, named_values
from dev.sandbox.people import Element, Person
from dev.sandbox.seeded_random import SeededRandom
from dev.sandbox.timestamps import DAY, day, iso

FORM_DAYS = 30 * DAY
PER_90 = {
    "expected_goals": 2,
    "saves": 2,
    "expected_assists": 2,
    "expected_goal_involvements": 2,
    "expected_goals_conceded": 2,
    "goals_conceded": 2,
    "starts": 2,
    "clean_sheets": 2,
    "defensive_contribution": 2,
}
RANKED = {
    "influence": "influence_rank",
    "creativity": "creativity_rank",
    "threat": "threat_rank",
    "ict_index": "ict_index_rank",
    "now_cost": "now_cost_rank",
    "form": "form_rank",
    "points_per_game": "points_per_game_rank",
    "selected_by_percent": "selected_rank",
}


@dataclass(slots=True)
class Tally:
    """A player's totals so far; `values` are in the order of FIELDS."""

    values: tuple[float, ...] = NOTHING
    points: int = 0
    matches: int = 0
    gameweek_points: int = 0
    recent: list[int] = field(default_factory=list)

    def count(self, row: OfficialRow, points: int, *, in_current: bool, is_recent: bool) -> None:
        """Add one match."""
        self.values = tuple(map(add, self.values, row.values))
        self.points += points
        self.matches += 1
        if in_current:
            self.gameweek_points += points
        if is_recent:
            self.recent.append(points)


def element_object(
    person: Person, element: Element, club: Club, tally: Tally, seeded: SeededRandom, *, left: bool
) -> dict[str, Any]:
    """One of bootstrap's `elements`, without ranks. `left`: the player has left the league."""
    return {
        "can_transact": True,
        "can_select": not left,
        "code": element.code,
        "dreamteam_count": 0,
        "element_type": element.element_type,
        "first_name": element.first_name,
        "id": element.element_id,
        "in_dreamteam": False,
        "photo": f"{element.code}.jpg",
        "removed": False,
        "second_name": element.second_name,
        "special": False,
        "squad_number": None,
        "team": club.fpl_id,
        "team_code": club.fpl_code,
        "web_name": element.web_name,
        "region": 1 + sum(map(ord, person.naming.country[0])) % 200,
        "team_join_date": day(max(element.added_at, person.spells[-1].begins_at)),
        "birth_date": element.birth_date,
        "has_temporary_code": False,
        "opta_code": f"p{element.code}",
        **availability(person, left=left),
        **worth(element, tally, seeded),
        **named_values(tally.values),
        "corners_and_indirect_freekicks_order": None,
        "corners_and_indirect_freekicks_text": "",
        "direct_freekicks_order": None,
        "direct_freekicks_text": "",
        "penalties_order": None,
        "penalties_text": "",
        **per_90(tally.values),
    }


def availability(person: Person, *, left: bool) -> dict[str, Any]:
    """Status and news; the status `u` means that the player has left the league."""
    left_at = person.spells[-1].ends_at
    return {
        "status": "u" if left else "a",
        "news": "Has left the league." if left else "",
        "news_added": iso(left_at) if left and left_at else None,
        "chance_of_playing_next_round": 0 if left else None,
        "chance_of_playing_this_round": 0 if left else None,
    }


def worth(element: Element, tally: Tally, seeded: SeededRandom) -> dict[str, Any]:
    """Points, form, price (tenths of a million pounds) and the share of managers who own the player."""
    form = sum(tally.recent) / len(tally.recent) if tally.recent else 0.0
    average = tally.points / tally.matches if tally.matches else 0.0
    chosen = 100 * seeded.fraction("selected", element.code) ** 6
    price = max(38, element.price + (min(8, tally.points // 25) - 1 if tally.matches else 0))
    return {
        "total_points": tally.points,
        "event_points": tally.gameweek_points,
        "form": f"{form:.1f}",
        "ep_next": f"{form:.1f}",
        "ep_this": f"{form:.1f}",
        "points_per_game": f"{average:.1f}",
        "now_cost": price,
        "cost_change_event": 0,
        "cost_change_event_fall": 0,
        "cost_change_start": price - element.price,
        "cost_change_start_fall": element.price - price,
        "selected_by_percent": f"{chosen:.1f}",
        "transfers_in": int(chosen * 30_000),
        "transfers_in_event": int(chosen * 700),
        "transfers_out": int(chosen * 21_000),
        "transfers_out_event": int(chosen * 500),
        "value_form": f"{10 * form / price:.1f}",
        "value_season": f"{10 * tally.points / price:.1f}",
    }


def per_90(values: tuple[float, ...]) -> dict[str, float]:
    """Rates per ninety minutes. Unlike other rates of FPL, these are numbers, not text."""
    minutes = values[0]
    return {
        f"{name}_per_90": round(90 * values[FIELDS.index(name)] / minutes, digits) if minutes else 0
        for name, digits in PER_90.items()
    }


def add_ranks(elements: Iterable[dict[str, Any]]) -> None:
    """Add the ranks among all players and among players of the same position, best first."""
    elements = list(elements)
    for source, target in RANKED.items():
        within: dict[int, int] = {}
        ordered = sorted(elements, key=lambda element: (-float(element[source]), element["id"]))
        for rank, element in enumerate(ordered, start=1):
            kind = element["element_type"]
            within[kind] = within.get(kind, 0) + 1
            element[target] = rank
            element[f"{target}_type"] = within[kind]
