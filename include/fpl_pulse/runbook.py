"""Links to the sections of docs/runbook.md: from alerts, run notes and the last line of a failed task's log."""

import os

from fpl_pulse.wording import sentence

DOCS_URL = "FPL_PULSE_DOCS_URL"
"""The environment variable with the address under which people read the repository's files. A link is this address,
then `docs/runbook.md#section`. If it is not set, a link is the file's path."""

PAGE = "docs/runbook.md"

SECTION_OF_ALERT = {
    "run_failed": "a-run-failed",
    "deadline_missed": "a-run-is-late",
    "run_missing": "a-run-did-not-start",
    "run_late": "a-run-did-not-start",
    "run_partial": "the-quota-is-spent",
    "club_in_review": "a-doubtful-player-or-club",
    "link_contradicted": "a-doubtful-player-or-club",
    "decision_contradicted": "a-doubtful-player-or-club",
    "squad_unread": "a-squad-that-could-not-be-read",
}
"""Alert kind -> section."""


def link_to(section: str) -> str:
    """The address of a section, or its file's path: `docs/runbook.md#a-run-failed`."""
    base = os.environ.get(DOCS_URL, "").strip().rstrip("/")
    is_usable = base.startswith(("http://", "https://")) and not set(base) & set(" \"'<>")
    return f"{base}/{PAGE}#{section}" if is_usable else f"{PAGE}#{section}"


def with_link(text: str, section: str) -> str:
    """A text as sentences, with the link at its end."""
    return f"{sentence(text)} Runbook: {link_to(section)}"
