"""The part of the checks that is about single matches: do SofaSport's events say what FPL's fixtures say?"""

from fpl_pulse.etl import missed, thresholds
from fpl_pulse.etl.checking import Findings, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query


def check_events(context: StepContext, findings: Findings) -> None:
    """Add a problem for played fixtures whose event has another day, venue or score, and a remark for awarded results.

    The fixtures that the check misses are noted, so that the next run looks for their events. A difference that
    SofaSport repeats a week later is its opinion, and no longer a problem.
    """
    missed.note_missed(context)
    rows = context.query(
        query("differing_events"),
        season=context.season(),
        most_apart=thresholds.MAX_KICK_OFF_DIFFERENCE,
        confirmed_after=thresholds.CONFIRMED_AFTER,
    )
    for (what, is_confirmed), differing in rows.groupby(["what", "is_confirmed"]):
        names = listed(differing.example.tolist())
        if what == "awarded":
            findings.remark(f"matches whose result was awarded, not played: {len(differing)}, {names}")
            continue
        if what == "id":
            findings.remark(f"matches with several events that have ended: {len(differing)}, {names}")
            continue
        if what == "end":
            findings.problems.append(
                f"fixtures that FPL has not begun, but whose event has ended: {len(differing)}, {names}. The next run"
                " reads the pages of events again"
            )
            continue
        sentence = f"played fixtures whose event has another {what} than FPL's: {len(differing)}, {names}"
        if is_confirmed:
            findings.remark(f"{sentence}. SofaSport has repeated it")
        else:
            findings.problems.append(f"{sentence}. The next run reads the pages of events again")
