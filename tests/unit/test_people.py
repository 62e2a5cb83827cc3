"""Whether an id still names the same person."""

from datetime import UTC, date, datetime

import pytest

from fpl_pulse.api.payloads_sofasport import Person
from fpl_pulse.etl.people import KnownPerson, other_person

STORED = {7: KnownPerson(7, "Bruno Guimarães", date(1997, 11, 16))}


def seconds(born: str) -> int:
    return int(datetime.fromisoformat(born).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("name", "born", "is_other"),
    [
        ("Joelinton", "1996-08-14", True),
        ("Bruno Guimaraes Moura", "1996-08-14", False),
        ("Joelinton", "1997-11-16", False),
        ("Joelinton", "1997-11-17", False),
        ("Joelinton", None, False),
        (None, "1996-08-14", False),
    ],
)
def test_another_name_and_another_birth_date_are_another_person(
    name: str | None, born: str | None, is_other: bool
) -> None:
    person = Person(id=7, name=name, date_of_birth_timestamp=seconds(born) if born else None)
    reason = other_person(person, STORED)
    assert (reason is not None) is is_other
    if reason:
        assert reason == (
            "7 is Joelinton, born 1996-08-14; the stored player of this id is Bruno Guimarães, born 1997-11-16"
        )


def test_an_id_that_is_new_is_nobody_else() -> None:
    assert other_person(Person(id=8, name="Joelinton", date_of_birth_timestamp=seconds("1996-08-14")), STORED) is None
