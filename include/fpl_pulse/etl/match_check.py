"""The part of the checks that is about single matches: do SofaSport's events say what FPL's fixtures say?"""

from fpl_pulse.etl import missed, thresholds
from fpl_pulse.etl.checking import Findings, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query


def check_events(context: StepContext, findings: Findings) -> None:
    """Add a problem for played fixtures whose event has another day or score, and a remark for awarded results.

    The fixtures that the check misses are noted, so that the next run looks for their events.
    """
    rows = context.query(
        query("differing_events"), season=context.season(), most_apart=thresholds.MAX_KICK_OFF_DIFFERENCE
    )
    for what, differing in rows.groupby("what"):
        names = listed(differing.example.tolist())
        if what == "awarded":
            findings.remark(f"matches whose result was awarded, not played: {len(differing)}, {names}")
        else:
            findings.problems.append(
                f"played fixtures whose event has another {what} than FPL's: {len(differing)}, {names}. The next run"
                " reads the pages of events again"
            )
    missed.note_missed(context)
