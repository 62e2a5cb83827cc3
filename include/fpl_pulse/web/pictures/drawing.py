"""Pictures on request: drawn by a process of their own, and kept for later requests with the same data."""

from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Annotated, get_args

from cachetools import LRUCache
from fastapi import Depends, Query, Request
from pydantic import BeforeValidator
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fpl_pulse.charts.catalogue import Chart
from fpl_pulse.charts.picture import Format, Picture, Scale
from fpl_pulse.charts.style import ThemeName
from fpl_pulse.web.database import Reader
from fpl_pulse.web.parameters import Data, Season
from fpl_pulse.web.pictures.drawer import Order
from fpl_pulse.web.pictures.drawing_process import DrawingProcess

MOST_BYTES = 64 * 1024 * 1024
"""Of pictures that are kept: about a thousand."""

HEADERS = {
    # Somebody who opens an SVG by its address gets a picture, whatever a name contains.
    # An SVG has its styles in itself, and a heatmap its surface.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "X-Content-Type-Options": "nosniff",
}

_SCALES = {str(scale): scale for scale in get_args(Scale)}


def _scale_of(value: object) -> object:
    """The scale that an address names. Pydantic does not read a number of a Literal from text."""
    return _SCALES.get(str(value), value)


@dataclass(frozen=True)
class Look:
    """How a picture is to look."""

    form: Format
    theme: Annotated[ThemeName, Query(description="Colours for a light or a dark page.")] = "light"
    scale: Annotated[Scale, BeforeValidator(_scale_of), Query(description="2 for twice as many pixels, PNG only.")] = 1


class Pictures:
    """The pictures that have been drawn, the most recently used ones.

    The key is the data of the chart itself: the load that changes the data makes a new picture, and no other load does.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: LRUCache[bytes, Picture] = LRUCache(most_bytes, getsizeof=lambda picture: len(picture.content))
        self._lock = Lock()
        self._process = DrawingProcess()

    def prepare(self) -> None:
        """Start what draws, so that the first picture does not wait for it."""
        self._process.start()

    def close(self) -> None:
        """End what draws."""
        self._process.close()

    def draw(self, chart: Chart, look: Look) -> Picture:
        """The picture of a chart; errors as in `DrawingProcess.draw`."""
        key = blake2b(repr((chart, look)).encode(errors="backslashreplace"), digest_size=16).digest()
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            kept = self._process.draw(Order(chart, look.theme, look.form, look.scale))
            with self._lock:
                if len(kept.content) <= self._kept.maxsize:
                    self._kept[key] = kept
        return kept


@dataclass(frozen=True)
class Wish:
    """A request for a picture."""

    request: Request
    reader: Reader
    season: str
    look: Look

    def send(self, chart: Chart) -> Response:
        """The response with the picture of a chart."""
        return PictureResponse(self.request.app.state.pictures, chart, self.look)


class PictureResponse(Response):
    """A response that draws its picture when it is sent: the request has given its connection back by then.

    A request may keep a connection for a few seconds only, and the start of the process takes as long.
    """

    def __init__(self, pictures: Pictures, chart: Chart, look: Look) -> None:
        super().__init__()
        self._pictures, self._chart, self._look = pictures, chart, look

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Draw the picture and send it; errors as in `DrawingProcess.draw`."""
        picture = await run_in_threadpool(self._pictures.draw, self._chart, self._look)
        response = Response(picture.content, media_type=picture.media_type, headers=HEADERS)
        await response(scope, receive, send)


def _wish(request: Request, reader: Data, season: Season, look: Annotated[Look, Depends()]) -> Wish:
    return Wish(request, reader, season, look)


ForPicture = Annotated[Wish, Depends(_wish)]
