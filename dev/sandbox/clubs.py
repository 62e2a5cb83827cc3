"""The clubs, at most twenty. FPL abbreviates some names, so that names alone do not match them."""

from dataclasses import dataclass

SOFASPORT_FIRST_ID = 40210
FPL_FIRST_CODE = 611
YOUTH_FIRST_ID = 871400

# FPL name, FPL short name, SofaSport name, SofaSport short name, strength (0 is average), kit colour.
# Two clubs share a city; several FPL names are abbreviations, one is a nickname.
CLUB_TABLE = (
    ("Aldermoor", "ALD", "Aldermoor Athletic", "Aldermoor", 0.35, "8c1d2f"),
    ("Brackwater", "BRA", "Brackwater Rovers", "Brackwater", -0.30, "0b5d3b"),
    ("Castleford V", "CAS", "Castleford Vale", "Castleford", -0.10, "24408e"),
    ("Dunhaven", "DUN", "Dunhaven & Holm Albion", "Dunhaven", 0.05, "f0b323"),
    ("Eastmere", "EAS", "Eastmere Town", "Eastmere", -0.45, "5a2d82"),
    ("Fenwick", "FEN", "Fenwick Orient", "Fenwick", -0.20, "111111"),
    ("Greyport", "GRE", "Greyport Harbour", "Greyport", 0.15, "7fb2dd"),
    ("Hollins", "HOL", "Hollins Wood", "Hollins Wood", 0.00, "d94f30"),
    ("Ironbridge", "IRO", "Ironbridge Forge", "Ironbridge", 0.10, "9c2a2a"),
    ("Kingsport", "KCI", "Kingsport City", "Kingsport City", 0.55, "6caddf"),
    ("Kingsport Utd", "KUN", "Kingsport United", "Kingsport Utd", 0.25, "c8102e"),
    ("Larkhill", "LAR", "Larkhill Argyle", "Larkhill", -0.35, "1f6f43"),
    ("Millbrook", "MIL", "Millbrook Villa", "Millbrook", 0.20, "670e36"),
    ("Nth Haven", "NOR", "North Haven Wanderers", "North Haven", -0.15, "fdb913"),
    ("Oakhurst", "OAK", "Oakhurst County", "Oakhurst", -0.05, "333333"),
    ("Pilgrims", "MAR", "Marlowe Bay", "Marlowe", 0.30, "003d2b"),
    ("Queensferry", "QUE", "Queensferry Park", "Queensferry", -0.40, "2b4c9b"),
    ("Ravensby", "RAV", "Ravensby Borough", "Ravensby", 0.45, "b5121b"),
    ("St Aldhelm's", "STA", "Saint Aldhelm's", "St Aldhelm's", -0.25, "dd0000"),
    ("Thornbury", "THO", "Thornbury Stanley", "Thornbury", 0.40, "132257"),
)


@dataclass(frozen=True, slots=True)
class Club:
    """One club with its names and ids in both sources.

    `fpl_id` is 1-20 in alphabetical order and valid for one season; `fpl_code` is permanent.
    """

    number: int
    fpl_id: int
    fpl_code: int
    fpl_name: str
    fpl_short: str
    sofasport_id: int
    sofasport_name: str
    sofasport_short: str
    youth_id: int
    strength: float
    colour: str

    @property
    def slug(self) -> str:
        """The SofaSport name in lower case with hyphens."""
        return self.sofasport_name.lower().replace("&", "and").replace("'", "").replace(" ", "-")


def create_clubs(count: int = len(CLUB_TABLE)) -> tuple[Club, ...]:
    """The first clubs by number, from 0. SofaSport ids, FPL codes and FPL ids have different orders."""
    return tuple(
        Club(
            number=number,
            fpl_id=number + 1,
            fpl_code=FPL_FIRST_CODE + 7 * ((number * 9) % 20),
            fpl_name=fpl_name,
            fpl_short=fpl_short,
            sofasport_id=SOFASPORT_FIRST_ID + 13 * ((number * 11) % 20),
            sofasport_name=name,
            sofasport_short=short,
            youth_id=YOUTH_FIRST_ID + number,
            strength=strength,
            colour=colour,
        )
        for number, (fpl_name, fpl_short, name, short, strength, colour) in enumerate(CLUB_TABLE[:count])
    )
