"""The people of the sandbox have the difficulties that identity resolution must solve."""

from collections import Counter

from dev.sandbox.names import plain_letters, slug
from dev.sandbox.season import Season


def test_there_are_about_six_hundred_players_with_unique_numbers(season: Season) -> None:
    ids = [profile.sofasport_id for person in season.people for profile in person.profiles]
    codes = [person.element.code for person in season.people if person.element]
    elements = sorted(person.element.element_id for person in season.people if person.element)
    assert 580 <= len(season.people) <= 680
    assert len(ids) == len(set(ids))
    assert len(codes) == len(set(codes))
    assert elements == list(range(1, len(elements) + 1))


def test_names_differ_in_every_documented_style(season: Season) -> None:
    styles = Counter(person.naming.style for person in season.people)
    assert set(styles) == {
        "plain",
        "diacritics",
        "nickname",
        "mononym",
        "hyphen",
        "initials",
        "order",
        "particle",
        "two surnames",
    }
    assert min(styles.values()) >= 5


def test_web_names_are_unique_within_a_club_and_shared_between_clubs(season: Season) -> None:
    by_club: dict[int, list[str]] = {club.number: [] for club in season.clubs}
    for person in season.people:
        if person.element:
            for club in {spell.club for spell in person.spells}:
                by_club[club].append(person.element.web_name)
    for names in by_club.values():
        assert len(names) == len(set(names))
    shared = [
        name for name, clubs in Counter(name for names in by_club.values() for name in names).items() if clubs > 1
    ]
    assert len(shared) >= 10


def test_some_people_are_known_to_one_source_only(season: Season) -> None:
    assert sum(person.element is None for person in season.people) == 10
    assert sum(not person.profiles for person in season.people) == 6
    assert all(person.element or person.profiles for person in season.people)


def test_exactly_one_person_has_two_profiles_and_plays_under_both(season: Season) -> None:
    doubled = [person for person in season.people if len(person.profiles) == 2]
    assert len(doubled) == 1
    used = {
        entry.person.profile(fixture.kickoff_at).sofasport_id
        for fixture in season.fixtures
        for side in season.match(fixture).sides
        for entry in side.appearances
        if entry.person is doubled[0] and entry.minutes
    }
    assert used == {profile.sofasport_id for profile in doubled[0].profiles}


def test_transferred_players_play_for_both_clubs(season: Season) -> None:
    movers = [person for person in season.people if len(person.spells) == 2]
    assert len(movers) == 3
    for person in movers:
        clubs = {
            side.club
            for fixture in season.fixtures
            for side in season.match(fixture).sides
            for entry in side.appearances
            if entry.person is person and entry.minutes
        }
        assert clubs == {spell.club for spell in person.spells}


def test_a_few_birth_dates_are_missing_or_shifted(season: Season) -> None:
    profiles = [profile for person in season.people for profile in person.profiles]
    assert 3 <= sum(profile.birth_at is None for profile in profiles) <= 40
    assert 5 <= sum(person.element.birth_date is None for person in season.people if person.element) <= 60


def test_plain_letters_have_no_diacritics() -> None:
    assert plain_letters("Đorđe Łukasz Øgaard Çağlar Groß") == "Dorde Lukasz Ogaard Caglar Gross"
    assert slug("Seán O'Mallan") == "sean-omallan"
