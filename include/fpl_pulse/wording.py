"""How sentences are put together: numbers with their noun, and quoted sentences with one full stop."""

_ENDS = (".", "!", "?", "…")


def quantity(number: int, noun: str) -> str:
    """A number with its noun in the singular or plural: `1 call`, `3,300 calls`. For nouns with a plural in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(text: object) -> str:
    """A text, for example that of an error, as a sentence that others can follow: with one full stop at its end."""
    plain = str(text).rstrip()
    return plain if plain.endswith(_ENDS) else f"{plain}."


def share_in_words(have: int, want: int, digits: int = 1) -> str:
    """A share in percent that says 100 only when nothing is missing: `100 %`, `98.3 %`, `99.9 %` for 99.96."""
    if have == want:
        return "100 %"
    return f"{min(100 - 10**-digits, 100 * have / want):.{digits}f} %"


def one_line(text: str) -> str:
    """A text that somebody has typed, in one line, without characters that Postgres or a terminal would not take."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
