"""Who may use the API when it runs alone: everybody who knows its token."""

from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

MIN_TOKEN_LENGTH = 16

_bearer = HTTPBearer(auto_error=False)


def require_token(token: str) -> Callable[..., None]:
    """A dependency that refuses requests without `Authorization: Bearer <token>`.

    Raises:
        ValueError: the token has fewer than `MIN_TOKEN_LENGTH` characters.
    """
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(f"The token has fewer than {MIN_TOKEN_LENGTH} characters")

    def require(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if given is None or not compare_digest(given.credentials.encode(), token.encode()):
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                "The request has no valid token. Send the header `Authorization: Bearer <token>`.",
                {"WWW-Authenticate": "Bearer"},
            )

    return require
