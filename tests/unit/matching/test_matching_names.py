"""Names: folding, and the similarity of two people's names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.matching.names import NameForms, compare_names, fold, fpl_forms, sofasport_forms


def similarity(one: NameForms, other: NameForms) -> float:
    return compare_names(one, other).score


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ødegård", "odegard"),
        ("Groß", "gross"),
        ("Đorđe", "dorde"),
        ("Łukasz", "lukasz"),
        ("Æbelø", "aebelo"),
        ("Cœur", "coeur"),
        ("Y\u0131ld\u0131z", "yildiz"),
        ("İlkay", "ilkay"),
        ("Þórður Guðjónsson", "thordur gudjonsson"),
        ("N'Golo", "ngolo"),
        ("O\u2019Reilly", "oreilly"),
        ("Aït-Nouri", "ait nouri"),
        ("  J.  Timber ", "j timber"),
        ("\uff26\uff41\uff42\uff49o", "fabio"),
        ("\U0001d4d0na", "ana"),
        ("Сергей Петренко", "sergey petrenko"),
        ("Αλέξης", "alexis"),
    ],
)
def test_folding_returns_plain_lower_case_words(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["", "   ", None, float("nan"), "-'-", "\u0301"])
def test_an_unreadable_text_folds_to_an_empty_text(text: object) -> None:
    assert fold(text) == ""


@given(st.text())
def test_folding_never_fails_and_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once.isascii()


def test_accents_and_hyphens_do_not_change_a_name() -> None:
    assert similarity(sofasport_forms("Rayan Aït-Nouri"), fpl_forms("Rayan", "Ait Nouri", "Aït-Nouri")) == 1.0


def test_a_name_in_one_word_equals_the_same_name_in_two() -> None:
    assert similarity(sofasport_forms("Alan Mac Donnell"), fpl_forms("Alan", "MacDonnell", "MacDonnell")) == 1.0


def test_the_order_of_given_and_family_name_does_not_matter() -> None:
    assert similarity(sofasport_forms("Heung-min Park"), fpl_forms("Park", "Heung-min", "Park")) == 1.0


def test_a_name_within_a_longer_name_is_nearly_certain() -> None:
    found = compare_names(sofasport_forms("Bruno Sousa"), fpl_forms("Bruno Miguel", "Pires da Sousa", "B.Sousa"))
    assert found.level == "name_within"
    assert found.score > 0.95


@pytest.mark.parametrize(("one", "other"), [("Tommy", "Thomas"), ("Ben", "Benjamin"), ("Tino", "Valentino")])
def test_a_nickname_matches_its_given_name(one: str, other: str) -> None:
    found = compare_names(sofasport_forms(f"{one} Hargrove"), fpl_forms(other, "Hargrove", "Hargrove"))
    assert found.level == "given_name_short"
    assert found.score > 0.85


@pytest.mark.parametrize(("one", "other"), [("Rory", "Ruaidhrí"), ("Sem", "Samuel"), ("Seán", "Shaun")])
def test_given_names_match_their_variants_in_other_languages(one: str, other: str) -> None:
    assert similarity(sofasport_forms(f"{one} Hargrove"), fpl_forms(other, "Hargrove", "Hargrove")) > 0.85


def test_initials_match_the_given_names_that_they_abbreviate() -> None:
    assert similarity(sofasport_forms("CJ Hargrove"), fpl_forms("Callum James", "Hargrove", "Hargrove")) > 0.85
    assert similarity(sofasport_forms("CJ Hargrove"), fpl_forms("Harvey James", "Hargrove", "Hargrove")) <= 0.4
    assert similarity(sofasport_forms("CJ Hargrove"), fpl_forms("Carl", "Jones", "Jones")) < 0.5


def test_the_beginning_of_a_surname_does_not_count_as_a_short_form() -> None:
    assert similarity(sofasport_forms("Tom Smith"), fpl_forms("Tom", "Smithson", "Smithson")) < 0.6


def test_a_different_given_name_with_the_same_surname_is_a_weak_match() -> None:
    found = compare_names(sofasport_forms("Jack Hargrove"), fpl_forms("Tyler", "Hargrove", "T.Hargrove"))
    assert found.level == "given_name_differs"
    assert found.score <= 0.4


def test_the_same_given_name_with_a_different_surname_is_a_weak_match() -> None:
    # The player's own web name must not count as a match for the other's surname.
    found = compare_names(sofasport_forms("Joe Willows"), fpl_forms("Joe", "White", "White"))
    assert found.score <= 0.45


def test_jr_is_junior() -> None:
    assert similarity(sofasport_forms("Alan Reis Jr."), fpl_forms("Alan", "Reis Júnior", "Reis Jr")) == 1.0


def test_a_name_of_particles_only_is_still_a_name() -> None:
    # "Van" and "Le" are surnames too.
    assert similarity(sofasport_forms("Le Van"), fpl_forms("Le", "Van", "Le Van")) == 1.0


def test_a_mononym_equals_the_web_name() -> None:
    found = compare_names(
        sofasport_forms("Zezinho", "zezinho", "Zezinho"), fpl_forms("José", "Ferraz de Lima", "Zezinho")
    )
    assert found.level == "name_mononym"
    assert found.score == pytest.approx(0.9)


def test_a_mononym_equals_the_known_name() -> None:
    assert similarity(sofasport_forms("Zezinho"), fpl_forms("José", "Ferraz", "Ferraz", "Zezinho")) == pytest.approx(
        0.9
    )


def test_a_mononym_matches_a_surname_less_than_the_name_in_use() -> None:
    assert 0.5 < similarity(sofasport_forms("Ferraz"), fpl_forms("José", "Ferraz de Lima", "Zezinho")) < 0.9


def test_a_surname_that_only_the_web_name_has_is_found() -> None:
    assert similarity(sofasport_forms("Lucas Barroso"), fpl_forms("Lucas", "Teles Coelho", "L.Barroso")) > 0.85


def test_transliterations_are_similar_but_not_equal() -> None:
    found = compare_names(sofasport_forms("Yehor Yarmolenyuk"), fpl_forms("Yehor", "Yarmoleniuk", "Yarmoleniuk"))
    assert found.level == "name_spelling"
    assert 0.8 < found.score < 0.96


def test_one_different_letter_in_a_short_surname_is_a_weak_match() -> None:
    assert similarity(sofasport_forms("Tom Jones"), fpl_forms("Tom", "Jonas", "Jonas")) < 0.8


def test_the_slug_is_used_where_the_name_is_in_another_script() -> None:
    assert (
        similarity(sofasport_forms("Иван Петренко", "ivan-petrenko"), fpl_forms("Ivan", "Petrenko", "Petrenko")) == 1.0
    )


def test_the_short_name_is_used_only_where_name_and_slug_are_unreadable() -> None:
    player = fpl_forms("Ivan", "Petrenko", "Petrenko")
    assert 0.6 < similarity(sofasport_forms("Иван", None, "I. Petrenko"), player) < 0.9
    assert similarity(sofasport_forms("Oleg Petrenko", None, "I. Petrenko"), player) <= 0.4


@pytest.mark.parametrize("name", ["", "Сергей", "손흥민", "محمد", None])
def test_an_unreadable_name_matches_nobody(name: str | None) -> None:
    assert compare_names(sofasport_forms(name), fpl_forms("Ivan", "Petrenko", "Petrenko")).level == "name_unreadable"
    assert similarity(sofasport_forms(name), fpl_forms("", "", "")) == 0.0


def test_a_name_in_another_script_is_transliterated() -> None:
    found = compare_names(sofasport_forms("Сергей Петренко"), fpl_forms("Sergey", "Petrenko", "Petrenko"))
    assert found.score == 1.0


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Ilya Zabolotny", "Illia Zabolotnyi"),
        ("Mykhaylo Yarmolenyuk", "Mykhailo Yarmoleniuk"),
        ("Vitaliy Mueller", "Vitalii Müller"),
        ("Đorđe Petrov", "Djordje Petrov"),
    ],
)
def test_two_spellings_of_one_sound_are_nearly_the_same_name(ours: str, theirs: str) -> None:
    first, _, second = theirs.partition(" ")
    assert similarity(sofasport_forms(ours), fpl_forms(first, second, second)) > 0.88


def test_names_that_only_look_like_variants_are_not_similar() -> None:
    assert similarity(sofasport_forms("Joel Fox"), fpl_forms("Noel", "Fax", "Fax")) < 0.5


_WORDS = st.lists(st.sampled_from(["Ana", "Bruno", "Costa", "da", "Silva", "J.", "Ødegård", ""]), max_size=4).map(
    " ".join
)


@given(_WORDS, _WORDS, _WORDS)
def test_the_similarity_is_between_zero_and_one(name: str, first: str, second: str) -> None:
    assert 0.0 <= similarity(sofasport_forms(name), fpl_forms(first, second, second)) <= 1.0
