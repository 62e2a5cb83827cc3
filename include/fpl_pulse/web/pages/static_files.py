"""The style sheet and the scripts of the pages."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from fpl_pulse.web.problems import NotFoundError

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

router = APIRouter(include_in_schema=False)


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in MEDIA_TYPES}


@router.get("/static/{name}")
def send_file(name: str) -> Response:
    """A file by its name. Browsers ask each time whether it is still the same."""
    if name not in _files():
        raise NotFoundError(f"There is no file {name}.")
    return Response(_files()[name], media_type=MEDIA_TYPES[Path(name).suffix])
