"""Closing an alert from the page of the week."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from fpl_pulse.alerts.outbox import close_by_hand
from fpl_pulse.web.pages.changing import SignedForm, changing, redirect_to
from fpl_pulse.web.people import CurrentUser

router = APIRouter(include_in_schema=False)


@router.post("/alerts/{alert_id}/close/")
def close_alert(
    request: Request,
    user: CurrentUser,
    alert_id: Annotated[int, Path(ge=1, lt=2**63)],
    form: Annotated[SignedForm, Form()],
) -> RedirectResponse:
    """Close an open alert, and record who did it and why."""
    with changing(request, user, form) as conn:
        if not close_by_hand(conn, [alert_id], user.name, form.because):
            raise HTTPException(HTTPStatus.CONFLICT, f"Alert {alert_id} is not open any more. Nothing was changed.")
    return redirect_to(request, "week/")
