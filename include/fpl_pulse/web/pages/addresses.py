"""Queries of addresses that keep what a page was asked for."""

from urllib.parse import urlencode

from fpl_pulse.web.pages.reading import Visit


def query_of(visit: Visit, **chosen: object) -> str:
    """The query that keeps a choice and the season, for what follows: empty, or ending with `&`."""
    kept = {name: value for name, value in chosen.items() if value not in ("", None, 0)}
    if not visit.is_current:
        kept["season"] = visit.season
    return f"{urlencode(kept)}&" if kept else ""
