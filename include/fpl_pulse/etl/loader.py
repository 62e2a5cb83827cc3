"""Loading what the archive holds and the tables do not: one answer's trouble is not the others'."""

import logging
from collections.abc import Callable

from psycopg import DataError, IntegrityError

from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.checking import some
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written

log = logging.getLogger(__name__)

LoadOne = Callable[[StepContext, ArchivedResponse], Written]


def load_each(
    context: StepContext, endpoint: str, load_one: LoadOne, what: str, *, check_judges: bool = False
) -> int:
    """Load each waiting answer of an endpoint in a transaction of its own.

    An answer that cannot be loaded is refused: it counts as never read, so that the next run asks for it again; why
    stands in rejected_records.

    Args:
        context: the step's tools.
        endpoint: whose answers.
        load_one: writes one answer's rows; raises PayloadError when the answer has not the expected shape.
        what: the answers' name in the log, as `lineups`.
        check_judges: go on when answers were refused, since the pipeline's check finds what is missing in the database.

    Returns:
        How many were loaded.

    Raises:
        PayloadError: after all others are loaded, when any was refused; not if the check judges.
    """
    loaded, total, refused = 0, Written(), []
    for answer in archive.waiting(context.conn, endpoint):
        try:
            with context.conn.transaction():
                total += load_one(context, answer)
                archive.mark_loaded(context.conn, answer.endpoint, answer.resource, answer.answer_id)
            loaded += 1
        except (PayloadError, DataError, IntegrityError) as error:
            sentence = f"{what} {answer.resource}: {' '.join(str(error).split())}"
            log.error("%s", sentence)
            refused.append(sentence)
            with context.conn.transaction():
                context.record_rejections(
                    answer, [Rejected("", f"the whole answer was refused: {sentence}", None)]
                )
                archive.mark_rejected(context.conn, answer)
    if loaded:
        context.record_written(f"{what}, {loaded} answers", total)
    if refused and not check_judges:
        raise PayloadError(
            f"{len(refused)} answers were refused, all others are loaded; the next run asks for them again."
            f" {some(refused)}"
        )
    return loaded
