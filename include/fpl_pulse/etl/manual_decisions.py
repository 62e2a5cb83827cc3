"""A person's decision about a link, from the command line or the page of identities: checked, stored and applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deciding import decide
from fpl_pulse.etl.mappings import LOCK
from fpl_pulse.store import decisions
from fpl_pulse.store.decisions import Decision, Kind, Verdict

Action = Literal["accept", "reject", "link", "withdraw"]


@dataclass(frozen=True)
class RequestedDecision:
    """A decision that a person wants to make about a pair."""

    action: Action
    """`accept` links a pair that is in review, `link` any pair; `reject` and `withdraw` are about any pair."""
    kind: Kind
    sofasport_id: int
    fpl_code: int
    decided_by: str
    reason: str

    @property
    def verdict(self) -> Verdict:
        """What is stored."""
        return "link" if self.action == "accept" else self.action


@dataclass(frozen=True)
class AppliedDecision:
    """A decision that is stored and applied."""

    sofasport: str
    """Name and id."""
    fpl: str
    """Name and code."""
    holders: Sequence[int]
    """The SofaSport ids that are linked to the FPL code now."""


def decide_manually(context: StepContext, wanted: RequestedDecision) -> AppliedDecision:
    """Check a decision, store it, and resolve the identities again, in one transaction.

    The same decision a second time, for example by a double click, is refused and changes nothing.

    Raises:
        SelectionError: the decision is not possible. The message says why and what to do.
    """
    with context.conn.transaction():
        # Whoever else decides about the pair waits, and is checked against the result.
        context.conn.execute(LOCK)
        sofasport, fpl = _require_possible(context, wanted)
        pair = wanted.kind, wanted.sofasport_id, wanted.fpl_code
        decide(context, Decision(*pair, wanted.verdict, wanted.decided_by, wanted.reason))
        return AppliedDecision(sofasport, fpl, decisions.holders_of(context.conn, wanted.kind, wanted.fpl_code))


def _require_possible(context: StepContext, wanted: RequestedDecision) -> tuple[str, str]:
    """Require that both ids are stored, a withdrawn pair has a decision, and an accepted pair is in review.

    Returns:
        SofaSport's and FPL's side, each with name and id.

    Raises:
        SelectionError: the message says what is wrong and what to do.
    """
    pair = context.conn, wanted.kind, wanted.sofasport_id, wanted.fpl_code
    names = decisions.names_of(*pair)
    sofasport, fpl = f"{names[0]} ({wanted.sofasport_id})", f"{names[1]} ({wanted.fpl_code})"
    newest = decisions.newest_of(*pair)
    if wanted.action == "withdraw":
        if newest is None or newest.verdict == "withdraw":
            raise SelectionError(
                f"There is no decision about SofaSport {wanted.kind} {wanted.sofasport_id} and FPL code"
                f" {wanted.fpl_code} to withdraw. Check both ids in pulse.mapping_decisions."
            )
        return sofasport, fpl
    if None in names:
        unknown = (
            f"FPL {wanted.kind} code {wanted.fpl_code}"
            if names[0]
            else f"SofaSport {wanted.kind} {wanted.sofasport_id}"
        )
        raise SelectionError(
            f"There is no {unknown} in the store. Give SofaSport's id first, then FPL's code (not the season's element"
            " id)."
        )
    if newest and newest.is_in_force and newest.verdict == wanted.verdict:
        done = "linked" if newest.verdict == "link" else "rejected"
        raise SelectionError(
            f"{sofasport} and {fpl} are {done} already, by {newest.note}. Use `withdraw` to undo that."
        )
    if wanted.action == "accept":
        if newest and newest.verdict == "reject":
            raise SelectionError(
                f"{sofasport} and {fpl} were rejected by {newest.note}. Use `withdraw` to undo that, or `link` to link"
                " them."
            )
        _require_review(context, wanted, sofasport, fpl)
    return sofasport, fpl


def _require_review(context: StepContext, wanted: RequestedDecision, sofasport: str, fpl: str) -> None:
    """Require that a pair is in review.

    Raises:
        SelectionError: it is not.
    """
    waiting = decisions.in_review(context.conn, context.season(), wanted.kind, wanted.sofasport_id)
    if wanted.fpl_code not in waiting:
        proposed = ", ".join(map(str, waiting)) or "none"
        raise SelectionError(
            f"{sofasport} is not in review for {fpl}; the FPL codes in review are: {proposed}. Use `link` to link the"
            " two anyway."
        )
