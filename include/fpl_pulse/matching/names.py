"""Names of people and clubs: folding to plain ASCII words, and the similarity of two people's names."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import Levenshtein

# Apostrophes join (O'Reilly is one word); every other punctuation mark splits.
_APOSTROPHES = str.maketrans(dict.fromkeys("'`\u2019\u2018\u02bc\u02bb\u00b4\u2032\u02b9\uff07", ""))

PARTICLES = frozenset({
    "de", "da", "do", "das", "dos", "di", "del", "della", "du", "la", "le", "van", "von", "der", "den", "ter",
    "ten", "el", "al", "bin", "ibn", "y", "e",
})  # fmt: skip

# Given names that are variants of one another. A variant that is the beginning of the other needs no entry.
_NICKNAMES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "tom tommy thomas tomas", "mike mikey mick michael", "will bill billy willy william",
        "bob bobby rob robbie robert", "tony anthony antony antonio", "harry henry hal",
        "jack john johnny jonny", "ted teddy ed eddie edward eduardo", "dick rick ricky richard ricardo",
        "matt matty mats matthew matheus", "joe joey joseph jose", "jim jimmy jamie james",
        "charlie chas charles", "nick nicky nicholas nicolas nico", "steve stevie steven stephen",
        "jake jacob jakob", "andy drew andrew andreas", "greg gregory", "pepe jose", "paco francisco",
        "kiko francisco", "chico francisco", "quique enrique", "alex sasha aleksandar",
        "alexander oleksandr aleksandr alexandre aleksander", "misha mykhailo mikhail",
        "kolya mykola nikolai", "vova volodymyr vladimir", "yehor egor igor", "luke lucas lukas",
        "mo mohamed mohammed muhammad mohammad", "abdoul abdul", "manu emmanuel manuel",
        "freddie alfie alfred frederick", "gus angus", "lenny leonard", "larry lawrence laurence",
        "zach zack zak zachary", "theo theodore", "dom dominic", "dave david", "pat paddy patrick",
        "ron ronnie ronald", "ollie oliver olly", "josh joshua", "sandy alexander",
        "rory ruaidhri ruairi ruairidh", "sean shaun shawn", "conor connor", "padraig patrick paddy pat",
        "seamus james", "liam william uilliam", "caoimhin kevin", "eoin owen eoghan ewan euan", "niall neil",
        "sem sam sammy samuel sami", "bas sebastian sebastiaan", "kees cornelis", "hans johannes jan", "lex alexander",
        "nacho ignacio", "guille guillermo", "toni antonio", "xavi javi javier xavier",
        "chema jose", "dani daniel", "rafa rafael raphael", "santi santiago", "fran francisco", "tete antonio",
        "yury yuri iurie", "kostas konstantinos", "yannis giannis ioannis", "dimi dimitrios dimitris",
        "aboubakar abubakar",
    )
)  # fmt: skip

Tokens = tuple[str, ...]

_MOST_NAMES, _MOST_PAIRS = 4096, 32768
"""How many names, and how many pairs of names, are remembered. A rebuild compares those of a season again and again."""


@dataclass(frozen=True, slots=True)
class NameComparison:
    """How two people's names compare: a score from 0 (nothing in common) to 1, and the level of agreement in a word."""

    score: float
    level: str


@dataclass(frozen=True, slots=True)
class NameForms:
    """All name forms of one person, folded.

    ``full`` are the full names, ``short`` the one-word names in use, ``calling`` all words of the names in use (which
    need not be part of a full name). ``is_latin`` is false where every form was in another script: a transliteration
    that is similar is evidence, one that is different is not.
    """

    full: tuple[Tokens, ...]
    short: frozenset[str]
    calling: frozenset[str]
    is_latin: bool = True

    @property
    def sounds(self) -> frozenset[str]:
        """The sound of every word of every form, except particles and initials."""
        return _sounds(self)

    @property
    def key(self) -> Tokens:
        """The words of the first form in alphabetical order: equal for names with the same spelling."""
        return tuple(sorted(_core(self.full[0]))) if self.full else ()


@lru_cache(maxsize=_MOST_NAMES)
def _sounds(names: NameForms) -> frozenset[str]:
    words = {word for form in names.full for word in form} | names.calling
    return frozenset(_sound(word) for word in words if len(word) > 1 and word not in PARTICLES)


def fold(text: object) -> str:
    """Return lower-case ASCII words separated by single spaces; empty for null or blank.

    Every script is transliterated: Ødegård is odegard, Сергей is sergey. A transliteration that nobody would write (a
    Korean name in Chinese characters, read as Chinese) is only different from all other names.
    """
    if not isinstance(text, str):
        return ""
    # First, full-width and other letter forms become plain letters; an accent without a letter disappears.
    plain = anyascii(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)).lower()
    # The transliteration writes soft signs and some accents as apostrophes.
    plain = plain.translate(_APOSTROPHES)
    return " ".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain).split())


def tokens(text: object) -> Tokens:
    """Return the folded words of a name, in order; "Jr" is written out."""
    return tuple("junior" if word == "jr" else word for word in fold(text).split())


@lru_cache(maxsize=_MOST_NAMES)
def sofasport_forms(name: object, slug: object = None, short_name: object = None) -> NameForms:
    """Return the forms of a SofaSport person; the short name is used only where name and slug are unreadable.

    The short name ("M. Nunes") is cut from the name: beside a full name it would only add an initial.
    """
    full = _distinct((tokens(name), tokens(slug)))
    is_latin = _in_latin(name) or _in_latin(slug)
    if not is_latin and _in_latin(short_name):
        full, is_latin = _distinct((*full, tokens(short_name))), True
    short = frozenset(form[0] for form in full if len(form) == 1)
    return NameForms(full, short, short, is_latin)


@lru_cache(maxsize=_MOST_NAMES)
def fpl_forms(first_name: object, second_name: object, web_name: object, known_name: object = None) -> NameForms:
    """Return the forms of an FPL player: the full name, the web name and the known name."""
    calling = _distinct((tokens(known_name), tokens(web_name)))
    long_calling = [form for form in calling if len(form) > 1 and all(len(word) > 1 for word in form)]
    full = _distinct(((*tokens(first_name), *tokens(second_name)), *long_calling))
    short = frozenset(form[0] for form in calling if len(form) == 1)
    calling_words = frozenset(word for form in calling for word in form if len(word) > 1)
    is_latin = any(_in_latin(text) for text in (first_name, second_name, web_name, known_name))
    return NameForms(full, short, calling_words, is_latin)


@lru_cache(maxsize=_MOST_PAIRS)
def compare_names(one: NameForms, other: NameForms) -> NameComparison:
    """Return the best agreement between any form of one person and any form of the other."""
    if not (one.full or one.short) or not (other.full or other.short):
        return NameComparison(0.0, "name_unreadable")
    best = NameComparison(0.0, "name_different")
    for left in one.full:
        for right in other.full:
            found = _compare_forms(left, right, one, other)
            if found.score > best.score:
                best = found
    if best.score < 0.9 and one.short & other.short:
        return NameComparison(0.9, "name_mononym")
    if best.score < 0.6 and not (one.is_latin and other.is_latin):
        return NameComparison(0.0, "name_unreadable")
    return best


def _in_latin(text: object) -> bool:
    """Tell whether a text has letters of the Latin alphabet, with or without accents."""
    return isinstance(text, str) and any(
        char.isalpha() and unicodedata.name(char, "").startswith(("LATIN", "FULLWIDTH LATIN", "MATHEMATICAL"))
        for char in text
    )


def _distinct(forms: Iterable[Tokens]) -> tuple[Tokens, ...]:
    return tuple(dict.fromkeys(form for form in forms if form))


def _compare_forms(left: Tokens, right: Tokens, one: NameForms, other: NameForms) -> NameComparison:
    """Compare a full form of one person with a full form of the other."""
    core_left, core_right = _core(left), _core(right)
    if not core_left or not core_right:
        return NameComparison(0.0, "name_different")
    if sorted(core_left) == sorted(core_right) or "".join(left) == "".join(right):
        return NameComparison(1.0, "name_exact") if len(left) > 1 else NameComparison(0.9, "name_mononym")
    fewer, more, longer = core_left, core_right, other
    if (len(core_right), core_right) < (len(core_left), core_left):
        fewer, more, longer = core_right, core_left, one
    if len(fewer) == 1:
        found = max(_word_similarity(fewer[0], word, given=False) for word in more)
        return NameComparison(0.7 * found, "name_one_word") if found else NameComparison(0.0, "name_different")
    return _aligned(fewer, more, longer)


def _core(form: Tokens) -> Tokens:
    kept = tuple(word for word in form if word not in PARTICLES)
    return kept or form


def _aligned(fewer: Tokens, more: Tokens, longer: NameForms) -> NameComparison:
    """Score two names of at least two words: how well the longer one contains each word of the shorter one.

    ``longer`` are all names of the person with the form ``more``, who may use a word that this form lacks.
    """
    free = list(range(len(more)))
    scores: list[float] = []
    initials = _initials(fewer[0], more)
    if initials:
        free, scores = free[initials:], [0.85]
    for index, word in enumerate(fewer[len(scores) :], len(scores)):
        found = [(_word_similarity(word, more[i], given=index == 0 and i == 0), -i) for i in free]
        best, at = max(found, default=(0.0, 0))
        if best:
            free.remove(-at)
        elif word in longer.calling:
            best = 0.9
        scores.append(best)
    mean = sum(scores) / len(scores)
    if not mean:
        return NameComparison(0.0, "name_different")
    if scores[0] == 0.0:
        # Only the given name tells brothers and twins apart.
        return NameComparison(min(mean, 0.4), "given_name_differs")
    if min(scores) == 0.0:
        if scores[0] == 1.0 and fewer[0] in longer.short:
            return NameComparison(0.6, "calling_name")
        return NameComparison(min(mean, 0.45) if len(fewer) == 2 else mean * 0.9, "name_partial")
    if min(scores) == 1.0:
        return NameComparison(0.96, "name_within")
    return NameComparison(0.96 * mean, "given_name_short" if min(scores[1:]) == 1.0 else "name_spelling")


# Spellings of one sound: the two sources transliterate Cyrillic, German and Greek names differently.
_SOUNDS = (
    ("ph", "f"), ("kh", "h"), ("dj", "d"), ("ck", "k"), ("q", "k"), ("ou", "u"), ("oe", "o"), ("ae", "a"), ("ue", "u"),
    ("y", "i"), ("j", "i"), ("w", "v"),
)  # fmt: skip
_SHORTEST_SOUND = 4
"""Letters of the shortest word whose sound is compared; shorter words have too many homophones."""


@lru_cache(maxsize=16384)
def _sound(word: str) -> str:
    """Return an approximate sound of a word: one spelling for each sound, doubled letters once."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return "".join(letter for index, letter in enumerate(word) if word[index - 1 : index] != letter)


def _initials(word: str, names: Tokens) -> int:
    """Return how many names at the beginning a word like "cj" abbreviates; 0 when it does not.

    At least one name must remain: the family name.
    """
    count = len(word)
    if not 2 <= count < len(names) or count > 3:
        return 0
    return count if "".join(name[0] for name in names[:count]) == word else 0


@lru_cache(maxsize=65536)
def _word_similarity(one: str, other: str, given: bool) -> float:
    """Return the similarity of two words, 0 to 1; nicknames, short forms and initials count for given names only."""
    if one == other:
        return 1.0
    if given:
        shorter, longer = sorted((one, other), key=len)
        if any(one in group and other in group for group in _NICKNAMES):
            return 0.95
        if len(shorter) >= 3 and longer.startswith(shorter):
            return 0.9
        if len(shorter) >= 4 and longer.endswith(shorter):
            return 0.85
        if len(shorter) == 1 and longer.startswith(shorter):
            return 0.7
    if min(len(one), len(other)) >= _SHORTEST_SOUND and _sound(one) == _sound(other):
        return 0.94
    similarity = Levenshtein.normalized_similarity(one, other)
    # In a short word one letter makes another name (Jones, Jonas), so a difference counts double.
    return 1.0 - 2.0 * (1.0 - similarity) if similarity >= 0.75 else 0.0
