"""SofaSport's objects for clubs and players."""

from typing import Any

from dev.sandbox.clubs import Club
from dev.sandbox.people import Person, Profile
from dev.sandbox.seeded_random import SeededRandom

SPORT = {"name": "Football", "slug": "football", "id": 1}
ENGLAND = {"alpha2": "EN", "alpha3": "ENG", "name": "England", "slug": "england"}


def team_object(club: Club) -> dict[str, Any]:
    """A club, as in events, squads and statistics."""
    return {
        "name": club.sofasport_name,
        "slug": club.slug,
        "shortName": club.sofasport_short,
        "gender": "M",
        "sport": SPORT,
        "userCount": 40_000 + 9_731 * club.number,
        "nameCode": club.fpl_short,
        "disabled": False,
        "national": False,
        "type": 0,
        "id": club.sofasport_id,
        "country": ENGLAND,
        "subTeams": [],
        "teamColors": {"primary": f"#{club.colour}", "secondary": "#ffffff", "text": "#ffffff"},
        "fieldTranslations": {"nameTranslation": {}, "shortNameTranslation": {}},
    }


def player_object(person: Person, profile: Profile, shirt: int | None, seeded: SeededRandom) -> dict[str, Any]:
    """A player, as in lineups. Some have empty first and last names, no birth date or no market value."""
    alpha2, alpha3, country = person.naming.country
    player: dict[str, Any] = {"name": profile.name, "slug": profile.slug, "shortName": profile.short_name}
    if person.naming.style == "mononym":
        player.update(firstName="", lastName="")
    player["position"] = person.position
    if shirt is not None:
        player["jerseyNumber"] = str(shirt)
    player.update(
        height=person.height,
        userCount=int(30_000 * seeded.fraction("followers", profile.sofasport_id) ** 3),
        id=profile.sofasport_id,
        marketValueCurrency="EUR",
        country={"alpha2": alpha2, "alpha3": alpha3, "name": country, "slug": country.lower().replace(" ", "-")},
    )
    if profile.birth_at is not None:
        player["dateOfBirthTimestamp"] = profile.birth_at
    if seeded.fraction("market value", profile.sofasport_id) < 0.95:
        player["proposedMarketValueRaw"] = {"value": 100_000 * round(5 + 300 * person.ability**3), "currency": "EUR"}
    return player


def squad_player(person: Person, profile: Profile, shirt: int, club: Club, seeded: SeededRandom) -> dict[str, Any]:
    """A player with the club, as in squad lists."""
    player = player_object(person, profile, shirt, seeded)
    player.update(
        preferredFoot="Left" if person.left_footed else "Right",
        retired=False,
        shirtNumber=shirt,
        team=team_object(club),
    )
    return {"player": player}
