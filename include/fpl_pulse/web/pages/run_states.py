"""How the state of a run looks on pages."""

from dataclasses import dataclass

from fpl_pulse.alerts.week_sentences import state_of

KINDS = {
    "success": "good", "partial": "warn", "failed": "bad", "missing": "bad", "retrying": "warn", "running": "warn",
    "waiting": "warn", "due": "warn",
}  # fmt: skip
"""State in words -> how its mark looks."""


@dataclass(frozen=True)
class ShownState:
    """The mark of a state."""

    text: str
    kind: str


def shown_state(state: str, calls_skipped: int | None) -> ShownState:
    """The mark of the state of a run, or of a slot of the week."""
    text = state_of(state, calls_skipped)
    return ShownState(text, KINDS.get(text, ""))
