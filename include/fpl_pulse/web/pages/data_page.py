"""The page of the data: how complete and fresh it is, what was rejected, which keys are new or gone, and the packs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import HTMLResponse

from fpl_pulse.packs.settings import packs_setting, without_login
from fpl_pulse.packs.shelf import stored_packs
from fpl_pulse.store.connection import scalar
from fpl_pulse.web.pages.addresses import query_of
from fpl_pulse.web.pages.coverage import NONE_DUE, KindCoverage, coverage_of_season
from fpl_pulse.web.pages.pack_files import packs_folder
from fpl_pulse.web.pages.queries import query
from fpl_pulse.web.pages.reading import OnPage
from fpl_pulse.web.pages.run_states import ShownState, shown_state
from fpl_pulse.web.problems import NotFoundError
from fpl_pulse.wording import share_in_words

REJECTED_A_PAGE = 50
MOST_KEYS = 50
LEAST_SHARE = 0.5
"""Share of the records that had a key, above which its absence is shown. Sources omit zeros: rare keys come and go."""

MOST_PARSED = 5_000_000
"""Characters of a payload from which it is shown as it is stored, without line breaks."""
MOST_SHOWN = 200_000
"""Characters of a payload that are shown."""
MOST_OF_RECORD = 2_000

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class NewestRun:
    """The newest run of a pipeline, and its newest success."""

    dag_id: str
    title: str
    run_id: str
    as_of: datetime
    state: str
    calls_skipped: int
    succeeded_as_of: datetime | None

    @property
    def shown(self) -> ShownState:
        """How the state looks."""
        return shown_state(self.state, self.calls_skipped)


@dataclass(frozen=True)
class GameweekCoverage:
    """All kinds of a gameweek."""

    gameweek: int | None
    kinds: Sequence[KindCoverage]
    fetched_as_of: datetime | None
    """As-of time of the run that last fetched a lineup or heatmap."""

    @property
    def lacking(self) -> list[KindCoverage]:
        """The kinds of which something is missing, excused or not."""
        return [kind for kind in self.kinds if kind.missing_count or kind.not_yet]

    @property
    def have(self) -> int:
        """How much is there."""
        return sum(kind.have for kind in self.kinds)

    @property
    def due(self) -> int:
        """How much there should be."""
        return sum(kind.due for kind in self.kinds)

    @property
    def mark(self) -> str:
        """How the share looks."""
        if not self.lacking:
            return "good"
        return "warn" if all(kind.is_enough for kind in self.kinds) else "bad"

    @property
    def share(self) -> str:
        """The share in percent."""
        return share_in_words(self.have, self.due) if self.due else NONE_DUE

    @property
    def checked_as_of(self) -> datetime:
        """As-of time of the newest check."""
        return max(kind.as_of for kind in self.kinds)


@dataclass(frozen=True)
class Fetched:
    """When a lineup or heatmap of a gameweek was last fetched."""

    gameweek: int
    as_of: datetime
    """Of the run."""


@dataclass(frozen=True)
class RejectedRow:
    """A record that was not loaded."""

    endpoint: str
    resource: str
    path: str
    response_id: int
    reason: str
    as_of: datetime
    total: int
    """How many there are in all."""


@dataclass(frozen=True)
class RejectedRecord(RejectedRow):
    """A record that was not loaded, with its content."""

    record: str
    """The first `MOST_OF_RECORD` characters."""


@dataclass(frozen=True)
class RejectedEndpoint:
    """How many records of an endpoint were rejected."""

    endpoint: str
    records: int


@dataclass(frozen=True)
class CensusKey:
    """A key that is new in the responses of an endpoint, or gone from them."""

    endpoint: str
    path: str
    key: str
    since: datetime | None
    """As-of time of the run that first counted a new key."""
    share: float
    """Of the records that have or had the key."""
    last_seen: str | None
    """Where a key that is gone was seen last."""


@dataclass(frozen=True)
class ArchivedResponse:
    """A response as the archive has it."""

    response_id: int
    endpoint: str
    resource: str
    fetched_at: datetime
    as_of: datetime
    forced: bool
    is_newest: bool
    characters: int
    body: str
    """The first `MOST_PARSED` characters."""


@router.get("/data/")
def show_data(
    visit: OnPage,
    endpoint: Annotated[str, Query(max_length=100)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """Coverage, freshness, rejected records, the census of keys, and the packs."""
    wanted = {"endpoint": endpoint or None, "limit": REJECTED_A_PAGE, "offset": offset}
    rejected = visit.rows(RejectedRow, "rejected_records", wanted)
    folder = packs_folder()
    limits = {"limit": MOST_KEYS, "least": LEAST_SHARE}
    return visit.page(
        "data.html",
        "Data",
        runs=visit.rows(NewestRun, "newest_runs"),
        gameweeks=_by_gameweek(coverage_of_season(visit), visit.rows(Fetched, "gameweeks_fetched")),
        rejected=rejected,
        rejected_total=rejected[0].total if rejected else 0,
        endpoints=visit.rows(RejectedEndpoint, "rejected_endpoints"),
        endpoint=endpoint,
        offset=offset,
        limit=REJECTED_A_PAGE,
        query=query_of(visit, endpoint=endpoint),
        new_keys=visit.rows(CensusKey, "keys_new", limits),
        gone_keys=visit.rows(CensusKey, "keys_gone", limits),
        keys_counted=scalar(visit.reader.conn, query("keys_counted"), {"season": visit.season}),
        packs=stored_packs(folder) if folder else [],
        packs_address=None if folder else without_login(packs_setting()),
    )


@router.get("/data/responses/{response_id}/")
def show_response(visit: OnPage, response_id: Annotated[int, Path(ge=1, lt=2**63)]) -> HTMLResponse:
    """A response as it was received, and what was not loaded of it."""
    response = visit.row(ArchivedResponse, "archived_response", {"response_id": response_id, "most": MOST_PARSED})
    if response is None:
        raise NotFoundError(f"The archive has no response {response_id}.")
    wanted = {"response_id": response_id, "limit": REJECTED_A_PAGE, "characters": MOST_OF_RECORD}
    rejected = visit.rows(RejectedRecord, "rejected_of_response", wanted)
    text = readable(response.body) if response.characters <= MOST_PARSED else response.body
    return visit.page(
        "response.html",
        "Data",
        response=response,
        rejected=rejected,
        text=text[:MOST_SHOWN],
        characters=len(text) if response.characters <= MOST_PARSED else response.characters,
        most_shown=MOST_SHOWN,
        is_cut=len(text) > MOST_SHOWN,
    )


def readable(payload: str) -> str:
    """A payload with line breaks; as it is where Python cannot read it."""
    try:
        text = json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload
    # Half of a surrogate pair is no character, and cannot be sent.
    return text.encode(errors="backslashreplace").decode()


def _by_gameweek(kinds: Sequence[KindCoverage], fetched: Sequence[Fetched]) -> list[GameweekCoverage]:
    """The newest gameweek first; what belongs to none is last."""
    of_gameweek = {one.gameweek: one.as_of for one in fetched}
    numbers = sorted({kind.gameweek or 0 for kind in kinds}, reverse=True)
    return [
        GameweekCoverage(
            number or None, [one for one in kinds if (one.gameweek or 0) == number], of_gameweek.get(number)
        )
        for number in numbers
    ]
