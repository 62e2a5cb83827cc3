"""What a spreadsheet does not leave as it is when it opens a CSV: which texts it takes for something else.

The patterns are regular expressions of DuckDB (RE2). They know the digits and signs of all languages, and the names of
months in some. Where Excel and LibreOffice differ, and where it depends on the country, the text counts as changed: an
apostrophe too many does no harm.
"""

_BLANK = r"[\s\p{Z}\p{C}]"
_DIGIT = r"\p{Nd}"
_SIGN = r"[=+\-@\x{2212}\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
"""How a formula begins, also in wide letters and with a minus of mathematics."""

_MARK = (
    rf"[{_DIGIT}\s\p{{Z}}\p{{C}}\p{{Sc}}.,'\x{{2019}}:/\\\-\x{{2010}}-\x{{2015}}\x{{2212}}%\x{{66a}}()年月日時分秒时]"
)
"""What numbers, fractions, percentages, amounts of money, dates and times consist of. `(5)` is -5."""

_MONTHS = (
    "january jan february feb march mar april apr may june jun july jul august aug september sept sep october oct"
    " november nov december dec"
    " januar jän jänner februar märz mär mrz mai juni juli oktober okt dezember dez"
    " janvier janv février févr fév mars avril avr juin juillet juil août septembre octobre novembre décembre déc"
    " enero ene febrero marzo abril abr mayo junio julio agosto ago septiembre setiembre set octubre noviembre"
    " diciembre dic gennaio gen febbraio aprile maggio mag giugno giu luglio lug settembre ottobre ott dicembre"
    " janeiro fevereiro fev março maio junho julho setembro outubro out novembro dezembro"
    " januari februari maart mrt mei augustus maj"
)
_DAYS = (
    "monday mon tuesday tues tue wednesday wed thursday thurs thur thu friday fri saturday sat sunday sun"
    " montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonntag so"
)
_CURRENCIES = "chf eur usd gbp kr sek nok dkk zł pln kč"
_TRUTHS = "true false wahr falsch vrai faux verdadero falso vero verdadeiro waar onwaar"


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_IN_A_DATE = f"(?:{_MARK}|{_any(_DAYS)}|de|am|pm)"

NUMBER = r"0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9]"
"""A number that looks the same in a cell, if it has at most MOST_DIGITS."""
MOST_DIGITS = 15
"""A spreadsheet replaces further digits by zeros."""

SEASON = "[0-9]{4}-(00|1[3-9]|[2-9][0-9])"
"""A season such as 2025-26 is no date, because there is no such month. 2011-12 is one."""

FORMULA = rf"^{_BLANK}*{_SIGN}|^[\t\r\n]"
"""What begins like a formula."""

BEGIN = f"^{_BLANK}*"
SEPARATOR = r"[;\t\r\n]"
LATER_FORMULA = rf"([;\t\r\n]{_BLANK}*)({_SIGN})"
"""A formula after a sign by which a spreadsheet of another country separates cells."""

OTHER_VALUE = "(?is)" + "|".join((
    rf"{_MARK}*{_DIGIT}{_MARK}*",
    rf"{_MARK}*{_DIGIT}[.,]?\s?e\s?[+\-]?{_DIGIT}+{_MARK}*",
    rf"{_MARK}*{_DIGIT}{_BLANK}*[ap]\.?\s?m\.?|{_MARK}*{_DIGIT}{_BLANK}+[ap]",
    rf"{_DIGIT}{{4}}-?{_DIGIT}{{2}}-?{_DIGIT}{{2}}t[{_DIGIT}:.,]*(?:z|[+\-][{_DIGIT}:]+)?",
    rf"{_MARK}*{_any(_CURRENCIES)}{_MARK}*{_DIGIT}{_MARK}*|{_MARK}*{_DIGIT}{_MARK}*{_any(_CURRENCIES)}\.?{_BLANK}*",
    rf"{_IN_A_DATE}*{_DIGIT}{_IN_A_DATE}*{_any(_MONTHS)}{_IN_A_DATE}*",
    rf"{_IN_A_DATE}*{_any(_MONTHS)}{_IN_A_DATE}*{_DIGIT}{_IN_A_DATE}*",
    rf"{_BLANK}*{_any(_TRUTHS)}{_BLANK}*",
    r"#N/?[AV]|#[\p{L}0-9/_]+[!?]",
))  # fmt: skip
"""A whole text that becomes a number, date, time, truth value or error."""
