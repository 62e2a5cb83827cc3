"""Each mutant of `make mutants` fits the current code, so that a changed line shows here and not in the long suite."""

import pytest

from tests.long.test_mutants import MUTANTS, PROJECT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_code_has_the_text_that_a_mutant_changes(mutant: Mutant) -> None:
    assert mutant.missing(PROJECT) is None
