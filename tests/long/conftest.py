"""The stack that the suites about mistakes share."""

from collections.abc import Iterator

import pytest

from tests.long.mistake_stack import MistakeStack, prepare, variables_of
from tests.long.operator_stack import stack_of_kind
from tests.long.operator_steps import MAPPINGS


@pytest.fixture(scope="session")
def mistakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MistakeStack]:
    """A running stack after an undisturbed Monday and Tuesday."""
    folder = tmp_path_factory.mktemp("mistakes")
    with stack_of_kind(MistakeStack, folder, MAPPINGS.as_of, schedules=False, variables=variables_of) as stack:
        prepare(stack)
        yield stack
