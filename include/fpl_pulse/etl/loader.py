"""Loading what the archive holds and the tables do not: the one way in which responses become rows.

One response that cannot be read, or whose rows the database refuses, never stops or rolls back the others. It is
rejected: it counts as never fetched, so that the next run requests it again, and `pulse.rejected_records` says why.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from psycopg import DataError, IntegrityError

from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import garbage_collection, thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import archive, plans
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

Content = TypeVar("Content")


@dataclass(frozen=True)
class Parsed(Generic[Content]):
    """What one response says: its content, ready to be written, and the records of it that were rejected."""

    content: Content
    rejected: list[Rejected] = field(default_factory=list)
    is_unusable: bool = False
    """The content is written, but it is not what was requested: the next run requests the resource again, until the
    source has sent the same for `thresholds.UNUSABLE_IS_FINAL_AFTER`."""


class ResponseRejectedError(PayloadError):
    """A response of which too much is unusable; `records` are the records at fault, where single ones are."""

    def __init__(self, message: str, records: Sequence[Rejected] = ()) -> None:
        super().__init__(message)
        self.records = list(records)


@dataclass(frozen=True)
class Loader(Generic[Content]):
    """How the responses of one endpoint become rows."""

    endpoint: str
    what: str
    """The name of the responses in the log, for example `lineups`."""
    read: Callable[[StepContext, ArchivedResponse], Parsed[Content]]
    """Reads one response; raises PayloadError when it does not have the expected shape."""
    write: Callable[[StepContext, list[Content]], Written]
    """Writes the content of several responses, in the loader's transaction."""
    batch_size: int = 1
    """How many responses are written together."""
    make_reader: Callable[[StepContext, Sequence[ArchivedResponse]], "Reader[Content]"] | None = None
    """Makes a function that reads each response of a batch as `read` does, but queries once what all of them need."""
    is_checked: bool = False
    """The check of the pipeline finds in the database what is missing, so a rejected response is no error here."""

    def load(self, context: StepContext, only: Iterable[int] | None = None) -> int:
        """Load the waiting responses batch by batch, and return how many were loaded.

        Each batch is a transaction, or a savepoint in the caller's: a load whose keys are counted is one transaction.

        A response whose content is unusable (`Parsed.is_unusable`) counts too.

        Args:
            context: the step's tools.
            only: ids of the responses to load; all that wait when None.

        Raises:
            PayloadError: after all others are loaded, when any was rejected and the check does not look for it.
        """
        loaded, written, rejected = 0, Written(), list[str]()
        wanted = None if only is None else set(only)
        with garbage_collection.paused():
            for batch in archive.waiting(context.conn, self.endpoint, batch_size=self.batch_size, only=wanted):
                parsed = self._read(context, batch, rejected)
                written += self._write(context, parsed, rejected)
                loaded += len(parsed)
        if loaded:
            context.record_written(f"{self.what}, {quantity(loaded, 'response')}", written)
        if rejected and not self.is_checked:
            raise PayloadError(
                f"rejected responses: {len(rejected)}; all others are loaded, and the next run requests the rejected"
                f" ones again. {listed(rejected)}",
                # The checks look for what SofaSport lacks.
                section="fpls-response-was-refused",
            )
        return loaded

    def _read(
        self, context: StepContext, batch: list[ArchivedResponse], rejected: list[str]
    ) -> "_ParsedBatch[Content]":
        parsed: _ParsedBatch[Content] = []
        read = self.reader(context, batch)
        for response in batch:
            try:
                parsed.append((response, read(response)))
            except PayloadError as error:
                rejected.append(self._reject(context, response, error))
        return parsed

    def reader(self, context: StepContext, batch: Sequence[ArchivedResponse]) -> "Reader[Content]":
        """The function that reads each response of a batch."""
        return self.make_reader(context, batch) if self.make_reader else partial(self.read, context)

    def _write(self, context: StepContext, parsed: "_ParsedBatch[Content]", rejected: list[str]) -> Written:
        """Write a batch; when the database refuses it, find the responses at fault and write it without them."""
        try:
            return self._write_together(context, parsed)
        except (DataError, IntegrityError) as error:
            if len(parsed) == 1:
                rejected.append(self._reject(context, parsed.pop()[0], error))
                return Written()
        for one in list(parsed):
            try:
                with context.conn.transaction(force_rollback=True):
                    self._write_together(context, [one])
            except (DataError, IntegrityError) as error:
                parsed.remove(one)
                rejected.append(self._reject(context, one[0], error))
        return self._write_together(context, parsed)

    def _write_together(self, context: StepContext, parsed: "_ParsedBatch[Content]") -> Written:
        if not parsed:
            return Written()
        with context.conn.transaction():
            written = self.write(context, [one.content for _, one in parsed])
            archive.mark_loaded(context.conn, [response.response_id for response, _ in parsed])
            context.record_rejections([(response, one.rejected) for response, one in parsed])
            for response, one in parsed:
                if one.is_unusable and context.as_of < response.as_of + thresholds.UNUSABLE_IS_FINAL_AFTER:
                    archive.mark_rejected(context.conn, response)
                    plans.mark_failed(context.conn, response)
        return written

    def _reject(self, context: StepContext, response: ArchivedResponse, error: Exception) -> str:
        return reject_response(context, self.what, response, error)


def reject_response(context: StepContext, what: str, response: ArchivedResponse, error: Exception) -> str:
    """Reject a whole response, and return the sentence that says why: the next run requests the resource again."""
    # A resource without parameters has no text.
    name = f"{what} {response.resource}".strip()
    sentence = f"{name}: {' '.join(str(error).split())}"
    log.error("%s", sentence)
    records = error.records if isinstance(error, ResponseRejectedError) else []
    if not records:
        records = [Rejected("", f"the whole response was rejected: {sentence}", None)]
    with context.conn.transaction():
        context.record_rejections([(response, records)])
        archive.mark_rejected(context.conn, response)
        plans.mark_failed(context.conn, response)
    return sentence


Reader = Callable[[ArchivedResponse], Parsed[Content]]
"""Reads one response; raises PayloadError when it does not have the expected shape."""

_ParsedBatch = list[tuple[ArchivedResponse, Parsed[Content]]]
