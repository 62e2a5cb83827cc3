"""Decisions about links, as the command `make mappings` makes them."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.manual_decisions import Action, RequestedDecision, decide_manually
from fpl_pulse.store.decisions import Kind
from fpl_pulse.store.runs import Run
from fpl_pulse.web.pages.changing import SignedForm, changing, redirect_to
from fpl_pulse.web.pages.identity_rows import MAX_ID
from fpl_pulse.web.people import CurrentUser

router = APIRouter(include_in_schema=False)


class DecisionForm(SignedForm):
    """A decision about a pair."""

    action: Action
    kind: Kind
    sofasport_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    fpl_code: Annotated[int, Field(ge=1, le=MAX_ID)]


@router.post("/identities/decide/")
def decide(request: Request, user: CurrentUser, form: Annotated[DecisionForm, Form()]) -> RedirectResponse:
    """Make a decision, and show what has become of the SofaSport id."""
    wanted = RequestedDecision(form.action, form.kind, form.sofasport_id, form.fpl_code, user.name, form.because)
    now = datetime.now(UTC)
    run = Run("mappings", f"manual__{form.action}__{now.isoformat()}", now)
    try:
        with changing(request, user, form) as conn:
            decide_manually(StepContext(conn, {}, run), wanted)
    except SelectionError as error:
        raise HTTPException(HTTPStatus.CONFLICT, f"{error} Nothing was changed.") from error
    return redirect_to(request, f"identities/{form.kind}/{form.sofasport_id}/")
