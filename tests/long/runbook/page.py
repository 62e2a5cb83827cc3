"""Reads docs/runbook.md: its table of symptoms, and of each section what an operator types."""

import re
import shlex
import textwrap
from dataclasses import dataclass
from functools import cached_property

from dev.local.layout import PROJECT

RUNBOOK = PROJECT / "docs" / "runbook.md"

JUDGEMENT = "A person decides here:"
"""How a page says that no test can follow it from here on: what remains is a matter of judgement."""

_FENCED = re.compile(r"^( *)```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_TYPED = re.compile(r'make [a-z]|\{"')
"""How code within a sentence begins that an operator types: a command, or the parameters of a run."""


@dataclass(frozen=True)
class Symptom:
    """A row of the table: what an operator sees, and the section that says what to do."""

    seen: str
    anchor: str

    def matches(self, observed: str) -> bool:
        """Whether an alert or a log shows this symptom. A sentence may begin with the words of the row."""
        return any(re.search(pattern, observed, re.IGNORECASE) for pattern in self.patterns)

    @property
    def patterns(self) -> list[str]:
        """Regular expressions of the texts that the row quotes.

        A sentence in italics says more than the name of its error or task before it. `…` stands for any characters.
        """
        quoted = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", self.seen)
        named = re.sub(r"`[^`]+`: (?=\*)", "", self.seen)
        quoted += _CODE.findall(named)
        return [re.escape(text).replace("…", r"\S*") for text in quoted]


@dataclass(frozen=True)
class Section:
    """A section of the page."""

    title: str
    text: str

    @property
    def anchor(self) -> str:
        """The anchor that GitHub gives the heading."""
        return re.sub(r"[^\w -]", "", self.title.lower()).replace(" ", "-")

    @cached_property
    def instructions(self) -> tuple[str, ...]:
        """What an operator of the local stack types, in order: commands, settings, and parameters of runs."""
        found: list[str] = []
        position = 0
        for block in _FENCED.finditer(self.text):
            found += _typed_in(self.text[position : block.start()])
            found += _commands_of(textwrap.dedent(block[2]))
            position = block.end()
        return (*found, *_typed_in(self.text[position:]))

    @property
    def judgements(self) -> list[str]:
        """What a person has to decide."""
        return re.findall(rf"{JUDGEMENT} ([^.?]+)[.?]", " ".join(self.text.split()))


@dataclass(frozen=True)
class Page:
    """The whole page."""

    text: str

    @classmethod
    def read(cls) -> "Page":
        """The page in docs/."""
        return cls(RUNBOOK.read_text())

    @cached_property
    def sections(self) -> dict[str, Section]:
        """Title -> section, in the order of the page."""
        parts = re.split(r"^## (.+)$", self.text, flags=re.MULTILINE)[1:]
        return {title: Section(title, text) for title, text in zip(parts[::2], parts[1::2], strict=True)}

    @cached_property
    def symptoms(self) -> list[Symptom]:
        """The table at the top."""
        rows = re.findall(r"^\| (.+?) \| \[[^]]+\]\(#([^)]+)\) \|$", self.text.split("\n## ")[0], re.MULTILINE)
        return [Symptom(seen, anchor) for seen, anchor in rows]

    def leads_to(self, observed: str) -> set[str]:
        """The anchors of the sections to which the table leads an operator who sees this text."""
        return {symptom.anchor for symptom in self.symptoms if symptom.matches(observed)}


def _typed_in(text: str) -> list[str]:
    codes = (" ".join(code.split()) for code in _CODE.findall(text))
    return [code for code in codes if _TYPED.match(code)]


def _commands_of(block: str) -> list[str]:
    """The complete commands of a block. Those for compose need Docker, so they are not the local stack's."""
    commands: list[str] = []
    begun = ""
    for line in block.splitlines():
        begun += f"{line}\n"
        if _is_complete(begun):
            commands.append(begun.strip())
            begun = ""
    assert not begun.strip(), f"An incomplete command: {begun}"
    return [one for one in commands if one and not one.startswith("docker ")]


def _is_complete(text: str) -> bool:
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return False
    return words.count("for") == words.count("done")
