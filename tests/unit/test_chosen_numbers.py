"""How people write lists of numbers, and what a refusal says."""

import time

import pytest

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.chosen_numbers import (
    GAMEWEEKS,
    LARGEST_ID,
    LONGEST_TEXT,
    MATCHES,
    MOST_CHOSEN,
    PLAYERS,
    NumberField,
    numbers_in,
)
from fpl_pulse.season import MAX_GAMEWEEK

SHORT = 400
"""The longest sentence of a refusal, in characters: readable without scrolling."""


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (None, []),
        ("", []),
        ("  \n ", []),
        ([], []),
        ("[]", []),
        ([""], []),
        ("7", [7]),
        (7, [7]),
        ([7, 8], [7, 8]),
        (["7", "8"], [7, 8]),
        (["7, 8-10", "12"], [7, 8, 9, 10, 12]),
        ("7, 8", [7, 8]),
        ("7,8", [7, 8]),
        ("7 8", [7, 8]),
        ("7;8", [7, 8]),
        ("7; 8", [7, 8]),
        ("7\n8\n", [7, 8]),
        ("7\r\n8", [7, 8]),
        ("7\t8", [7, 8]),
        ("7\u00a08", [7, 8]),
        (" 7 , 8 ; 9 ", [7, 8, 9]),
        ("7,,8,", [7, 8]),
        ("8-10", [8, 9, 10]),
        ("8 - 10", [8, 9, 10]),
        ("8\u201310", [8, 9, 10]),
        ("8 \u2014 10", [8, 9, 10]),
        ("8\u221210", [8, 9, 10]),
        ("8-8", [8]),
        ("7, 8-10, 9", [7, 8, 9, 10]),
        ("10 7 8", [10, 7, 8]),
        ("007", [7]),
        ("[7, 8]", [7, 8]),
        ("[7, 8-10]", [7, 8, 9, 10]),
        ([7.0], [7]),
        ((7, 8), [7, 8]),
        ("1-60", list(range(1, 61))),
        ("1-38, 1-38", list(range(1, 39))),
    ],
)
def test_what_people_write_is_read(value: object, numbers: list[int]) -> None:
    assert numbers_in(value, GAMEWEEKS) == numbers
    assert all(type(one) is int for one in numbers_in(value, GAMEWEEKS))


def test_gameweeks_of_a_longer_season_are_read() -> None:
    assert numbers_in(f"39-47, {MAX_GAMEWEEK}", GAMEWEEKS) == [*range(39, 48), MAX_GAMEWEEK]


@pytest.mark.parametrize("field", [MATCHES, PLAYERS])
def test_ids_are_read_up_to_the_largest_integer_of_the_database(field: NumberField) -> None:
    assert numbers_in(f"14025211, {LARGEST_ID}", field) == [14025211, LARGEST_ID]
    with pytest.raises(SelectionError, match=f"'{LARGEST_ID + 1}'"):
        numbers_in(str(LARGEST_ID + 1), field)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("all", "'all'"),
        ("seven", "'seven'"),
        ("7 and 8", "'and'"),
        ("GW7", "'GW7'"),
        ("7.5", "'7.5'"),
        ("7.", "'7.'"),
        ("+7", "'+7'"),
        ("1e2", "'1e2'"),
        ("0x7", "'0x7'"),
        ("1_0", "'1_0'"),
        ("#7", "'#7'"),
        ("0", "'0'"),
        ("61", "'61'"),
        ("8-61", "'8-61'"),
        ("0-8", "'0-8'"),
        ("99999999999999999999", "'99999999999999999999'"),
        ("-5", "'-5'"),
        ("7, -8", "'-8'"),
        ("8-", "'8-'"),
        ("7--8", "'7--8'"),
        ("7-8-9", "'7-8-9'"),
        ("7..9", "'7..9'"),
        ("7/8", "'7/8'"),
        (",", "','"),
        (";;", "';;'"),
        ("-", "'-'"),
        ("[7, 8", "'[7'"),
        ("[[7]]", "'[7]'"),
        ('{"gameweeks": [7]}', "'{\"gameweeks\":'"),
        ("7; drop table pulse.fpl_fixtures", "'drop'"),
        ("7) or 1=1 --", "'7)'"),
        ("'; delete from pulse.alerts; --", '"\'"'),
        ("<script>alert(1)</script>", "'<script>alert(1)</script>'"),
        ("<img src=x onerror=alert(1)>", "'<img'"),
        ("${jndi:ldap://x}", "'${jndi:ldap://x}'"),
        ("{{ 7*7 }}", "'{{'"),
        ("../../etc/passwd", "'../../etc/passwd'"),
        ("\u202e8", "'\\u202e8'"),
        ("7\u200b8", "'7\\u200b8'"),
        ("7\x008", "'7\\x008'"),
        (True, "True"),
        (False, "False"),
        ([True], "True"),
        (7.5, "7.5"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (0, "'0'"),
        (-5, "'-5'"),
        (61, "'61'"),
        ([7, None], "None"),
        ([[7]], "[7]"),
        ({"a": 1}, "{'a': 1}"),
        ([{"a": 1}], "{'a': 1}"),
        (["7", "x"], "'x'"),
    ],
)
def test_a_refusal_names_the_field_what_is_wrong_and_what_to_write(value: object, shown: str) -> None:
    with pytest.raises(SelectionError) as refusal:
        numbers_in(value, GAMEWEEKS)
    sentence = str(refusal.value)
    assert sentence.startswith(f"gameweeks: {shown} ")
    assert sentence.endswith("Trigger a new run with numbers from 1 to 60, for example 7, 8-10")
    assert refusal.value.remedy_first().startswith("Trigger a new run with numbers from 1 to 60, for example 7, 8-10. ")
    assert len(sentence) < SHORT


@pytest.mark.parametrize(
    "digits",
    ["\u0667", "\uff17", "\u096d", "\u00b2", "\u2166", "7\u0668", "\uff11-\uff13"],
    ids=["Arabic", "full-width", "Devanagari", "superscript", "Roman", "mixed", "a full-width range"],
)
def test_digits_of_other_scripts_are_refused_as_such(digits: str) -> None:
    with pytest.raises(SelectionError, match="has digits other than 0 to 9"):
        numbers_in(digits, GAMEWEEKS)


def test_a_range_the_wrong_way_round_is_refused_with_the_right_one() -> None:
    with pytest.raises(SelectionError, match=r"gameweeks: '10-8' is the wrong way round\. Trigger a new run with 8-10"):
        numbers_in("7, 10-8", GAMEWEEKS)


@pytest.mark.parametrize(
    "value", [f"1-{LARGEST_ID}", f"1-{MOST_CHOSEN + 1}", "1-300, 1-300", list(range(1, MOST_CHOSEN + 2)), "7 " * 401]
)
def test_too_many_numbers_are_refused_before_they_are_counted_out(value: object) -> None:
    begun = time.process_time()
    with pytest.raises(SelectionError, match=f"at most {MOST_CHOSEN} .* Trigger a new run with fewer") as refusal:
        numbers_in(value, MATCHES)
    assert time.process_time() - begun < 1
    assert len(str(refusal.value)) < SHORT


def test_as_many_numbers_as_a_season_has_matches_are_read() -> None:
    ids = [14_025_000 + number for number in range(MOST_CHOSEN)]
    assert numbers_in(ids, MATCHES) == ids
    assert numbers_in(", ".join(map(str, ids)), MATCHES) == ids
    assert numbers_in("\n".join(map(str, ids)), MATCHES) == ids
    assert numbers_in(f"{ids[0]}-{ids[-1]}", MATCHES) == ids


@pytest.mark.parametrize(
    "value",
    [
        "x" * (LONGEST_TEXT + 1),
        " " * (LONGEST_TEXT + 1),
        "-" * 1_000_000,
        "7," * LONGEST_TEXT,
        ["7" * LONGEST_TEXT, "7"],
        ["x" * 5_000] * 300,
    ],
)
def test_a_text_that_is_too_long_is_refused_without_being_read(value: object) -> None:
    begun = time.process_time()
    with pytest.raises(SelectionError, match=r"matches: .* at most .* Trigger a new run with") as refusal:
        numbers_in(value, MATCHES)
    assert time.process_time() - begun < 1
    assert len(str(refusal.value)) < SHORT


@pytest.mark.parametrize("text", ["x" * 5_000, " -" * 2_900, "- " * 2_900, "7" * 5_000, "[" * 5_000])
def test_a_long_wrong_text_is_refused_quickly_in_a_short_sentence(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(SelectionError) as refusal:
        numbers_in(text, MATCHES)
    assert time.process_time() - begun < 1
    assert len(str(refusal.value)) < SHORT
