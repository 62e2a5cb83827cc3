"""Tokens that show that a form was filled in on one of our pages: a page elsewhere cannot send a decision."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.exceptions import HTTPException

LIFETIME_S = 12 * 3600
"""For how long after loading a page its forms can be sent."""


@dataclass(frozen=True)
class FormTokens:
    """Makes and checks tokens. `secret` is the same in all processes of the server."""

    secret: str

    def make(self, user: str) -> str:
        """The token for the forms of a user."""
        return str(self._signer().dumps(user))

    def check(self, request: Request, user: str, token: str) -> None:
        """Require that a form comes from one of our pages and from this user.

        Raises:
            HTTPException: 403, it does not.
        """
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise HTTPException(
                HTTPStatus.FORBIDDEN, "The form was sent by a page of another site. Nothing was changed."
            )
        try:
            is_users = self._signer().loads(token, max_age=LIFETIME_S) == user
        except BadData:
            is_users = False
        if not is_users:
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                "The form is older than 12 hours, or it was opened by another user. Nothing was changed. Load the page"
                " again and repeat the decision.",
            )

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret, salt="fpl-pulse-form")
