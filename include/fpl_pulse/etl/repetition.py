"""What a source says in two weekly runs, it means: a contradiction that was refused a week ago is accepted."""

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store.connection import scalar


def is_repeated(context: StepContext, resource_id: int, reason: str) -> bool:
    """Whether a response or record of a resource was refused for a reason in an earlier week too.

    Args:
        context: the step's tools.
        resource_id: of the archive.
        reason: a part of the sentence of the refusal.
    """
    statement = (
        "select exists (select from pulse.rejected_records where resource_id = %(resource_id)s"
        " and reason like %(reason)s and as_of <= %(as_of)s - %(confirmed_after)s)"
    )
    params = {"resource_id": resource_id, "reason": f"%{reason}%", "as_of": context.as_of}
    return bool(scalar(context.conn, statement, {**params, "confirmed_after": thresholds.CONFIRMED_AFTER}))
