"""Compares SofaSport's figures with FPL's official ones: minutes, goals and assists by fixture, cards by season.

Every difference is stored with both values. These differences count in the check:

- minutes that differ by more than the tolerance, also of players without a link or with minutes in one source only;
- goals;
- cards, where the two sources must agree (see `reconcile_cards`).

Assists never count: FPL also gives them for rebounds, deflections and won penalties.
"""

import logging
from typing import TYPE_CHECKING

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.store.merge import Written, replace_within
from fpl_pulse.wording import quantity

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

WHOLE_SEASON = 0
"""The fixture id, in the key, of a difference over the season."""

DIFFERENCE_KEY = ("season", "fixture_id", "figure", "fpl_code", "sofasport_player_id")
VALUES = ("sofasport_value", "fpl_value", "counts")

MAX_EXAMPLES = 3
"""Differences of one fixture that a message names."""


def reconcile_figures(context: StepContext) -> dict[str, int]:
    """Compare every played fixture's minutes, goals and assists with FPL's, player by player.

    A fixture is compared when its current event has ended, both lineups have minutes, and FPL has official figures of
    at least 22 players. Each run compares the whole season in the store, whatever its as-of time, and changes
    only the rows that differ.

    Returns:
        {"fixtures", "differing"}: fixtures, and players with differences that count.
    """
    season = context.season()
    least_players, tolerance = 2 * thresholds.STARTERS_PER_SIDE, thresholds.MINUTES_TOLERANCE
    figures = context.query(
        query("figures_side_by_side"), season=season, least_players=least_players, tolerance=tolerance
    )
    fixtures = _fixture_rows(season, figures)
    with context.conn.transaction():
        key = ["season", "fixture_id"]
        rows = fixtures.to_dict("records")
        written = replace_within(context.conn, "fixture_reconciliations", rows, key, {"season": season})
        written += _replace_differences(context, season, figures, "minutes", "goals", "assists")
    context.record_written("reconciliation of the fixtures", written)
    differing = int(fixtures.differing.sum())
    log.info("%s compared; players that differ: %d", quantity(len(fixtures), "fixture"), differing)
    return {"fixtures": len(fixtures), "differing": differing}


def reconcile_cards(context: StepContext) -> dict[str, int]:
    """Compare the yellow and red cards of SofaSport's season statistics with the sum of FPL's official figures.

    SofaSport's match statistics have no cards, so the cards of the season are compared: over the reconciled fixtures,
    and only for players whose season statistics cover exactly these.

    The two sources count cards differently. Differences with one of these reasons are stored but do not count:

    - For a sending-off FPL has one red card and no yellow card of that match, also after a second yellow (in 2025-26
      none of 44 rows with a red card had a yellow one). SofaSport can have up to two more yellow cards for each.
    - FPL counts cards of substitutes who stay on the bench; SofaSport may not.

    Returns:
        Counts: players compared, and those with differences that count.
    """
    season = context.season()
    cards = context.query(query("cards_side_by_side"), season=season).assign(fixture_id=WHOLE_SEASON)
    with context.conn.transaction():
        written = _replace_differences(context, season, cards, "yellow_cards", "red_cards")
    context.record_written("reconciliation of the cards", written)
    counts = {"players": cards.fpl_code.nunique(), "differing": cards[cards.counts].fpl_code.nunique()}
    log.info("Cards of %(players)d players compared, those of %(differing)d differ", counts)
    return counts


def find_differing_figures(context: StepContext, findings: Findings) -> None:
    """Compare the fixtures again and add the findings: coverage, and too many differences in a fixture or the season.

    Because of the new comparison, clearing the check is enough after a correction. Matches younger than the settling
    time only lead to a remark, because either source may still correct them.
    """
    reconcile_figures(context)
    fixtures = context.query(
        query("reconciled_fixtures"),
        season=context.season(),
        settling=thresholds.SETTLING_TIME,
        confirmed_after=thresholds.CONFIRMED_AFTER,
    )
    compared = fixtures[fixtures.players.notna()].astype({"players": int, "differing": int, "is_settled": bool})
    players, differing = int(compared.players.sum()), int(compared.differing.sum())
    findings.count("fixtures reconciled", len(compared), len(fixtures))
    findings.count("players whose figures agree", players - differing, players)
    settled, young = compared[compared.is_settled], compared[~compared.is_settled]
    _check_fixtures(findings, settled)
    doubtful = compared[compared.doubtful > 0]
    findings.require(
        doubtful.empty,
        f"linked players whose minutes or goals are not FPL's final ones: {int(doubtful.doubtful.sum())}, in"
        f" {listed(doubtful.fixture.tolist())}; the next run requests these matches again",
    )
    if young.differing.any():
        findings.remark(f"{_sentence(young)}; these matches are young, and either source may still correct them")
    lacking = fixtures[fixtures.lacks_official & fixtures.is_settled]
    findings.require(
        lacking.empty,
        f"fixtures with lineups for which FPL has official figures of fewer than {2 * thresholds.STARTERS_PER_SIDE}"
        f" players: {len(lacking)}, {listed(lacking.fixture.tolist())}",
    )


def find_differing_cards(context: StepContext, findings: Findings) -> None:
    """Compare the cards again and add the findings: coverage, and too many players with differing cards.

    Players with a match younger than the settling time only lead to a remark.
    """
    season = context.season()
    reconcile_cards(context)
    players = context.query(query("cards_side_by_side"), season=season).fpl_code.nunique()
    differing = context.query(
        query("differing_cards"), season=season, settling=thresholds.SETTLING_TIME, whole_season=WHOLE_SEASON
    )
    findings.count("players whose cards agree", players - len(differing), players)
    settled = differing[differing.is_settled]
    sentence = "players' cards differ between SofaSport and FPL (SofaSport/FPL)"
    if len(settled) > thresholds.MAX_CARD_DIFFERENCE_SHARE * players:
        findings.problems.append(f"{len(settled)} of {players} {sentence}: {listed(settled.example.tolist())}")
    elif not differing.empty:
        findings.remark(f"{len(differing)} of {players} {sentence}: {listed(differing.example.tolist())}")


def _fixture_rows(season: str, figures: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows of fixture_reconciliations. Each player has one row of minutes, which says whether he differs."""
    people = figures[figures.figure == "minutes"]
    people = people.assign(
        season=season,
        players=1,
        differing=people.is_differing,
        only_fpl=people.sofasport_value.isna(),
        only_sofasport=people.fpl_value.isna(),
    )
    sums = ["players", "differing", "only_fpl", "only_sofasport"]
    return people.groupby(["season", "fixture_id", "event_id"])[sums].sum().reset_index()


def _replace_differences(context: StepContext, season: str, figures: "pd.DataFrame", *names: str) -> Written:
    """Replace the stored differences of the named figures, which are those of one step."""
    rows = figures[figures.differs].assign(season=season)[[*DIFFERENCE_KEY, *VALUES]]
    written = Written()
    for figure in names:
        of_figure = rows[rows.figure == figure].to_dict("records")
        scope = {"season": season, "figure": figure}
        written += replace_within(context.conn, "figure_differences", of_figure, DIFFERENCE_KEY, scope)
    return written


def _check_fixtures(findings: Findings, settled: "pd.DataFrame") -> None:
    """Add a problem for fixtures, and for the season, above the threshold, and a remark for other differences."""
    many = settled[settled.differing > thresholds.MAX_FIXTURE_DIFFERENCE_SHARE * settled.players]
    findings.require(
        many.empty,
        f"fixtures in which more than {thresholds.MAX_FIXTURE_DIFFERENCE_SHARE:.0%} of the players differ: {len(many)};"
        f" {_sentence(many)}",
    )
    others = settled.drop(many.index)
    share = thresholds.MAX_SEASON_DIFFERENCE_SHARE
    if settled.differing.sum() > share * settled.players.sum():
        findings.problems.append(f"over the season more than {share:.0%} of the players differ: {_sentence(settled)}")
    elif others.differing.any():
        findings.remark(_sentence(others))


def _sentence(fixtures: "pd.DataFrame") -> str:
    """Return the fixtures with differing players, examples, and what to do next."""
    differing = fixtures[fixtures.differing > 0]
    named = [
        f"{row['fixture']} {row['differing']} of {row['players']} ({', '.join(row['examples'][:MAX_EXAMPLES])})"
        for row in differing.to_dict("records")
    ]
    return (
        f"players whose minutes or goals differ between SofaSport and FPL: {differing.differing.sum()}"
        f" (SofaSport/FPL; none: no minutes, or not linked): {listed(named)}. Fetch the gameweeks again (update_lineups"
        " with gameweeks and refresh), or decide the pairs in review (`make mappings ARGS=review`); then clear this"
        " task"
    )
