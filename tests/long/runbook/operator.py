"""An operator who follows a section of the runbook, word for word."""

import json
from collections.abc import Mapping
from typing import Any

from tests.local.typed_commands import output
from tests.long.runbook.installation import Installation
from tests.long.runbook.page import Page, Section


class Operator:
    """Takes the instructions of one section from the page, in order, and types them."""

    def __init__(self, installation: Installation, section: Section) -> None:
        """Begin at the top of the section."""
        self.section = section
        self.left = list(section.instructions)
        self._installation = installation
        self._page = Page.read()

    def sees(self, observed: str) -> None:
        """Look up in the table what the situation shows. It must lead to this section, and so must the link in it."""
        found = self._page.leads_to(observed)
        assert self.section.anchor in found, f"The table leads to {found or 'no section'} for:\n{observed}"

    def sees_row(self, words: str) -> None:
        """Look up in the table what no message shows."""
        assert self.section.anchor in {one.anchor for one in self._page.symptoms if words in one.seen}

    def is_linked_from(self, observed: str) -> None:
        """The alert, the note or the log has a link to this section."""
        assert f"docs/runbook.md#{self.section.anchor}" in observed, observed

    def types(self, part: str, example: Mapping[str, object] | None = None) -> str:
        """Type the next command of the section, and return what it prints. It must succeed.

        Args:
            part: a part of the command, so that a reader of the test knows which one it is.
            example: the texts of the page that are only examples -> the values of this situation.
        """
        return output(self._installation.type(self.next(part, example)))

    def fills_in(self, part: str, example: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The parameters of a run that the section gives as JSON, as for `types`."""
        found: dict[str, Any] = json.loads(self.next(part, example))
        return found

    def next(self, part: str, example: Mapping[str, object] | None = None) -> str:
        """The next instruction of the section, with the values of this situation in place of the examples."""
        assert self.left, f"The section {self.section.title!r} has no instruction with {part!r} left."
        instruction = self.left.pop(0)
        assert part in instruction, f"The next instruction is {instruction!r}, and not one with {part!r}."
        for text, value in (example or {}).items():
            assert text in instruction, f"{instruction!r} has no example {text!r}."
            instruction = instruction.replace(text, str(value))
        return instruction
