"""Invented names in the spelling of each source.

SofaSport has the name that a player is known by, with diacritics. FPL has a first name, a second name and a short web
name. The styles below are the ways in which the sources differ.
"""

import random
import unicodedata
from dataclasses import dataclass

# Letters that Unicode does not decompose into a base letter and a mark.
SOLID_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
    }
)


@dataclass(frozen=True, slots=True)
class Culture:
    """The names of one country. Surnames are combined from an opening and an ending, so that most are invented."""

    country: tuple[str, str, str]
    first_names: tuple[str, ...]
    openings: tuple[str, ...]
    endings: tuple[str, ...]
    weight: int


def culture(country: str, first_names: str, openings: str, endings: str, weight: int) -> Culture:
    """Parse one row of the table: words separated by blanks, the country as alpha2/alpha3/name."""
    alpha2, alpha3, name = country.split("/")
    return Culture(
        (alpha2, alpha3, name),
        tuple(first_names.split()),
        tuple(openings.split()),
        tuple(endings.split()) or ("",),
        weight,
    )


CULTURES = (
    culture(
        "EN/ENG/England",
        "Tom Jack Lewis Callum Reece Kieran Ollie Nathan Dean Marcus Theo Elliot Jude Harvey",
        "Ash Thorn Wind Pem Hale Fen Cold Lang Whit Row Stan Brom Hart Oake Mar",
        "combe wick ridge bury ham stow well mere brook leigh",
        30,
    ),
    culture(
        "IE/IRL/Ireland",
        "Cian Eoin Darragh Conor Séamus Rory Oisín Fionn",
        "O'Car O'Mal Mac Fin Dor Quil",
        "lan rigan nerty noran vey",
        6,
    ),
    culture(
        "FR/FRA/France",
        "Loïc Théo Rémi Hugo Clément Jérémy Maël Bastien Anthony",
        "Beau Mont Char Lam Dur Gran Ver",
        "mérac vallon rière bret dieu chet nard",
        9,
    ),
    culture(
        "ES/ESP/Spain",
        "Iker Álvaro Rubén Íñigo Nicolás Adrián Óscar Unai",
        "Rob Cald Esc Mor Vald Zub Pan",
        "ledo erón áriz iagua ellano ueta",
        8,
    ),
    culture(
        "PT/POR/Portugal",
        "João Rúben Gonçalo Diogo Tomás Nélson Fábio",
        "Far Vil Cor Bran Mir Sal",
        "inha ança elho dão eiros",
        6,
    ),
    culture(
        "BR/BRA/Brazil",
        "Matheus Caíque Vinícius Thiago Luan Éverton Igor",
        "Zel Tav Jur Per Cal Mar",
        "inho enço andir ivaldo erson",
        8,
    ),
    culture(
        "DE/GER/Germany",
        "Jürgen Florian Lukas Björn Moritz Köby Niklas",
        "Wein Ober Mühl Groß Kalt Stein",
        "hauer brück meier feld rath",
        6,
    ),
    culture(
        "NL/NED/Netherlands",
        "Joost Daan Thijs Ruben Sem Jeroen",
        "Meer Wind Kelder Oost Haver",
        "wijk hoven man stra donk",
        6,
    ),
    culture(
        "DK/DEN/Denmark",
        "Søren Mikkel Rasmus Jørgen Mads Kasper",
        "Ø Bjer Lind Højs Nør Vest",
        "gaard holm bæk strup lund",
        6,
    ),
    culture(
        "RS/SRB/Serbia",
        "Đorđe Miloš Nemanja Luka Saša Stefan",
        "Bran Velj Drag Kost Jer Mil",
        "ković anović išić ojević etić",
        6,
    ),
    culture("PL/POL/Poland", "Łukasz Michał Paweł Kamil Jakub", "Wyr Gór Szel Kłos Bąk", "ecki owski iński ewicz", 4),
    culture("TR/TUR/Türkiye", "Ümit Çağlar Ozan Kerem İrfan", "Gün Öz Yal Kara Şen", "doğan türk maz soy", 3),
    culture(
        "NG/NGA/Nigeria",
        "Chidi Emeka Tunde Samuel Kelechi Victor",
        "Oko Ade Nwa Eze Iro",
        "bundu lekan chuku wale nkoro",
        6,
    ),
    culture("SN/SEN/Senegal", "Cheikh Mamadou Ismaïla Pape Ousmane", "Dia Gue Sar Ndi Kou", "mbaye ssou yère ngoné", 5),
    culture("KR/KOR/South Korea", "Min-jae Seung-ho Tae-yang Ji-hoon Dong-won", "Seo Baek Noh Ryu Cha", "", 3),
)
SHORT_FORMS = {
    "Tom": "Thomas",
    "Jack": "Jackson",
    "Ollie": "Oliver",
    "Theo": "Theodore",
    "Rory": "Ruaidhrí",
    "Sem": "Samuel",
    "Luka": "Lukáš",
    "Chidi": "Chidiebere",
    "Dean": "Deandre",
    "Nathan": "Nathaniel",
}
MIDDLE_NAMES = ("Carlos", "Henrique", "Fernando", "Antônio", "Felipe", "Eduardo")
SECOND_SURNAMES = ("Paniagua", "Rocha", "Barros", "Quintela", "Segura", "Noval", "da Fonte", "de Lima")


@dataclass(frozen=True, slots=True)
class Naming:
    """One person's names in both sources, and the style in which they differ."""

    style: str
    country: tuple[str, str, str]
    name: str
    short_name: str
    first_name: str
    second_name: str
    web_name: str


def plain_letters(text: str) -> str:
    """Text without diacritics: 'Đorđe Øgaard' -> 'Dorde Ogaard'."""
    parts = unicodedata.normalize("NFKD", text.translate(SOLID_LETTERS))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def slug(name: str) -> str:
    """'Seán O'Mallan' -> 'sean-omallan'."""
    return plain_letters(name).lower().replace("'", "").replace(".", "").replace(" ", "-")


def invent(rng: random.Random) -> Naming:
    """Invent a person's names in both sources."""
    chosen = rng.choices(CULTURES, [entry.weight for entry in CULTURES])[0]
    first = rng.choice(chosen.first_names)
    last = rng.choice(chosen.openings) + rng.choice(chosen.endings)
    code = chosen.country[0]
    if code == "KR":
        return given_name_last(chosen, first, last)
    if code == "BR" and rng.random() < 0.75:
        return mononym(chosen, first, last, rng)
    if code in ("ES", "PT", "BR") and rng.random() < 0.7:
        return two_surnames(chosen, first, last, rng)
    if code == "NL" and rng.random() < 0.6:
        last = rng.choice(("van der ", "van ", "de ")) + last
        return western("particle", chosen, first, last, first, last, last[0].upper() + last[1:])
    if rng.random() < 0.07:
        other = rng.choice(chosen.openings) + rng.choice(chosen.endings)
        return western("hyphen", chosen, first, f"{last}-{other}", first, f"{last} {other}", f"{last} {other}")
    if first in SHORT_FORMS and rng.random() < 0.6:
        return western("nickname", chosen, first, last, SHORT_FORMS[first], last, last)
    if code == "EN" and rng.random() < 0.06:
        return western("initials", chosen, f"{first[0]}J", last, f"{first} James", last, last)
    if plain_letters(first + last) != first + last and rng.random() < 0.5:
        return western(
            "diacritics", chosen, first, last, plain_letters(first), plain_letters(last), plain_letters(last)
        )
    return western("plain", chosen, first, last, first, last, last)


def western(style: str, chosen: Culture, first: str, last: str, fpl_first: str, fpl_last: str, web: str) -> Naming:
    """First name, then family name. SofaSport's short name is the initial and the family name."""
    return Naming(style, chosen.country, f"{first} {last}", f"{first[0]}. {last}", fpl_first, fpl_last, web)


def given_name_last(chosen: Culture, first: str, last: str) -> Naming:
    """SofaSport writes the family name first, FPL writes it last."""
    titled = "-".join(part.capitalize() for part in first.split("-"))
    return Naming("order", chosen.country, f"{last} {first}", f"{last} {first[0]}", titled, last, last)


def mononym(chosen: Culture, first: str, last: str, rng: random.Random) -> Naming:
    """SofaSport has one word. FPL has the full name, with that word as web name."""
    return Naming(
        "mononym",
        chosen.country,
        last,
        last,
        f"{first} {rng.choice(MIDDLE_NAMES)}",
        f"{last} {rng.choice(SECOND_SURNAMES)}",
        last,
    )


def two_surnames(chosen: Culture, first: str, last: str, rng: random.Random) -> Naming:
    """SofaSport omits the second surname."""
    return Naming(
        "two surnames",
        chosen.country,
        f"{first} {last}",
        f"{first[0]}. {last}",
        first,
        f"{last} {rng.choice(SECOND_SURNAMES)}",
        last,
    )
