"""What the routes of pages have in common: the visit of a user, and its season."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from fpl_pulse.store.connection import select_rows
from fpl_pulse.web.database import Reader
from fpl_pulse.web.pages.queries import query
from fpl_pulse.web.pages.rendering import render
from fpl_pulse.web.parameters import ChosenSeason, Data
from fpl_pulse.web.people import CurrentUser, User

Row = TypeVar("Row")


@dataclass(frozen=True)
class Visit:
    """A user's request for a page."""

    request: Request
    reader: Reader
    user: User
    season: str
    """The season of the page."""
    current_season: str

    @property
    def is_current(self) -> bool:
        """Whether the page is about the current season."""
        return self.season == self.current_season

    def of_season(self, season: str) -> "Visit":
        """The same visit for a page about another season."""
        return replace(self, season=season)

    def rows(self, kind: type[Row], name: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of the statement in `queries/<name>.sql` of the pages, as dataclasses with a field for each column.

        The parameter `season` is that of the page.
        """
        return select_rows(self.reader.conn, kind, query(name), {"season": self.season, **(params or {})})

    def row(self, kind: type[Row], name: str, params: Mapping[str, object] | None = None) -> Row | None:
        """The first row, or None when there is none."""
        return next(iter(self.rows(kind, name, params)), None)

    def page(self, template: str, section: str, **values: object) -> HTMLResponse:
        """The response with a page.

        Args:
            template: name of a file of `templates/`.
            section: title of the entry of the navigation that the page belongs to.
            values: what the template shows.
        """
        frame = {
            "section": section,
            "season": self.season,
            "is_current_season": self.is_current,
            "season_query": "" if self.is_current else f"?season={self.season}",
            "season_further": "" if self.is_current else f"&season={self.season}",
            "user": self.user,
            "token": self.request.app.state.people.form_tokens.make(self.user.name) if self.user.may_decide else "",
        }
        return render(self.request, template, 200, {**frame, **values})


def _visit(request: Request, reader: Data, chosen: ChosenSeason, user: CurrentUser) -> Visit:
    return Visit(request, reader, user, chosen.season, chosen.current)


OnPage = Annotated[Visit, Depends(_visit)]
