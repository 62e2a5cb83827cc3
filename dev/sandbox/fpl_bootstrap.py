"""The parts of FPL's bootstrap-static that rarely change: clubs, positions, settings."""

from typing import Any

from dev.sandbox.clubs import Club
from dev.sandbox.official import FIELDS

SETTINGS = {
    "squad_squadplay": 11,
    "squad_squadsize": 15,
    "squad_team_limit": 3,
    "squad_total_spend": 1000,
    "ui_currency_multiplier": 10,
    "stats_form_days": 30,
    "transfers_cap": 20,
    "transfers_sell_on_fee": 0.5,
    "max_extra_free_transfers": 4,
    "timezone": "UTC",
}
ELEMENT_STATS = [{"label": name.replace("_", " ").capitalize(), "name": name} for name in FIELDS]
POSITIONS = (
    ("Goalkeeper", "GKP", 2, 1, 1),
    ("Defender", "DEF", 5, 3, 5),
    ("Midfielder", "MID", 5, 2, 5),
    ("Forward", "FWD", 3, 1, 3),
)
MONTHS = (
    ("Overall", 1, 38),
    ("August", 1, 3),
    ("September", 4, 6),
    ("October", 7, 10),
    ("November", 11, 13),
    ("December", 14, 18),
    ("January", 19, 23),
    ("February", 24, 27),
    ("March", 28, 30),
    ("April", 31, 34),
    ("May", 35, 38),
)


def phases() -> list[dict[str, Any]]:
    """The gameweeks of the season and of each month."""
    return [
        {"id": number, "name": name, "start_event": first, "stop_event": last, "highest_score": None}
        for number, (name, first, last) in enumerate(MONTHS, start=1)
    ]


def element_types(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The four positions with the number of players in each."""
    return [
        {
            "id": number,
            "plural_name": f"{name}s",
            "plural_name_short": short,
            "singular_name": name,
            "singular_name_short": short,
            "squad_select": wanted,
            "squad_min_select": None,
            "squad_max_select": None,
            "squad_min_play": least,
            "squad_max_play": most,
            "ui_shirt_specific": number == 1,
            "sub_positions_locked": [12] if number == 1 else [],
            "element_count": sum(element["element_type"] == number for element in elements),
        }
        for number, (name, short, wanted, least, most) in enumerate(POSITIONS, start=1)
    ]


def team_object(club: Club, position: int) -> dict[str, Any]:
    """A club. In FPL, played, won and points stay at zero all season; only the position changes."""
    overall = 1150 + round(250 * club.strength)
    return {
        "code": club.fpl_code,
        "draw": 0,
        "form": None,
        "id": club.fpl_id,
        "loss": 0,
        "name": club.fpl_name,
        "played": 0,
        "points": 0,
        "position": position,
        "short_name": club.fpl_short,
        "strength": max(2, min(5, round(3 + 3 * club.strength))),
        "team_division": None,
        "unavailable": False,
        "win": 0,
        "strength_overall_home": overall,
        "strength_overall_away": overall + 30,
        "strength_attack_home": overall - 10,
        "strength_attack_away": overall + 20,
        "strength_defence_home": overall + 10,
        "strength_defence_away": overall + 40,
        "pulse_id": 800 + club.number,
    }
