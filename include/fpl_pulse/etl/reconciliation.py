"""SofaSport's figures held against FPL's official ones: per fixture minutes, goals and assists; cards by season.

Every difference is listed with both values. What counts against the check:

- minutes that differ by more than the tolerance, also of somebody whom only one side has or who is not linked;
- goals;
- cards, as far as the two must agree (see `reconcile_cards`);
- assists never: FPL also gives them for rebounds, deflections and won penalties.
"""

import logging

import pandas as pd

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.store.merge import Written, replace_within

log = logging.getLogger(__name__)

WHOLE_SEASON = 0
"""Stands for the fixture in the key of a difference that is the season's."""

OF_A_FIXTURE = ("minutes", "goals", "assists")
OF_THE_SEASON = ("yellow_cards", "red_cards")
"""Each step rewrites the differences of its own figures and leaves the other's alone."""

DIFFERENCE_KEY = ("season", "fixture_id", "figure", "fpl_code", "sofasport_player_id")
VALUES = ("sofasport_value", "fpl_value", "counts")

EXAMPLES = 3
"""A fixture's differences are named up to this many."""


def reconcile_figures(context: StepContext) -> dict[str, int]:
    """Hold every played fixture's minutes, goals and assists against FPL's, player by player.

    A fixture is compared once its current event has ended, both lineups have minutes, and FPL has official figures of
    at least two elevens. What is stored decides, not the run's moment: the season is compared anew, in one transaction,
    and where nothing has changed no row is touched.

    Returns:
        Counts: fixtures, and players whose figures differ in a way that counts.
    """
    season = context.season()
    figures = context.query(
        query("figures_side_by_side"),
        season=season,
        least_players=2 * thresholds.STARTERS_A_SIDE,
        tolerance=thresholds.MINUTES_TOLERANCE,
    )
    fixtures = _fixture_rows(season, figures)
    with context.conn.transaction():
        key = ["season", "fixture_id"]
        written = replace_within(
            context.conn, "fixture_reconciliations", fixtures.to_dict("records"), key, {"season": season}
        )
        written += _replace_differences(context, season, figures, OF_A_FIXTURE)
    context.record_written("reconciliation of the fixtures", written)
    differing = int(fixtures.differing.sum())
    log.info("%d fixtures compared, %d players differ", len(fixtures), differing)
    return {"fixtures": len(fixtures), "differing": differing}


def reconcile_cards(context: StepContext) -> dict[str, int]:
    """Hold the yellow and red cards of SofaSport's season statistics against the sum of FPL's official figures.

    The match statistics have no cards, therefore the season is compared: over the reconciled fixtures, and only of
    players whose season statistics cover just these (a club that has played since is ahead).

    The two do not count alike, and what this explains is listed without counting:

    - FPL states a sending-off as one red card and drops the yellow ones of that match (in 2025-26 none of 44 rows with
      a red card had a yellow one), also those of a second yellow. SofaSport may have up to two more for each.
    - FPL books substitutes who stay on the bench; SofaSport may leave them out.

    Returns:
        Counts: players compared, and those whose cards differ in a way that counts.
    """
    season = context.season()
    cards = context.query(query("cards_side_by_side"), season=season).assign(fixture_id=WHOLE_SEASON)
    with context.conn.transaction():
        written = _replace_differences(context, season, cards, OF_THE_SEASON)
    context.record_written("reconciliation of the cards", written)
    counts = {
        "players": cards.fpl_code.nunique(),
        "differing": cards[cards.counts.astype(bool)].fpl_code.nunique(),
    }
    log.info("Cards of %(players)d players compared, those of %(differing)d differ", counts)
    return counts


def find_differing_figures(context: StepContext, findings: Findings) -> None:
    """Add what the reconciliation of the fixtures says: coverage, and fixtures or a season that differ too much.

    Matches younger than the settling time are only remarked on: either side may still correct them. What is stored is
    compared anew first, so that clearing the check alone is enough once somebody has acted.
    """
    reconcile_figures(context)
    fixtures = context.query(
        query("reconciled_fixtures"), season=context.season(), settling=thresholds.SETTLING_TIME
    )
    compared = fixtures[fixtures.players.notna()].astype(
        {"players": int, "differing": int, "is_settled": bool}
    )
    players, differing = int(compared.players.sum()), int(compared.differing.sum())
    findings.count("fixtures reconciled", len(compared), len(fixtures))
    findings.count("players whose figures agree", players - differing, players)
    settled, young = compared[compared.is_settled], compared[~compared.is_settled]
    _judge_fixtures(findings, settled)
    if young.differing.any():
        findings.remark(f"{_sentence(young)}; these matches are young, either side may still correct them")
    lacking = fixtures[fixtures.lacks_official.astype(bool) & fixtures.is_settled.astype(bool)]
    findings.require(
        lacking.empty,
        f"{len(lacking)} fixtures have lineups, and no official figures of two elevens at FPL:"
        f" {listed(lacking.fixture.tolist())}",
    )


def find_differing_cards(context: StepContext, findings: Findings) -> None:
    """Add what the reconciliation of the cards says: coverage, and a season in which too many players' cards differ.

    Players with a match younger than the settling time are only remarked on. Compared anew, as the figures are.
    """
    season = context.season()
    reconcile_cards(context)
    players = context.query(query("cards_side_by_side"), season=season).fpl_code.nunique()
    differing = context.query(
        query("differing_cards"),
        season=season,
        settling=thresholds.SETTLING_TIME,
        whole_season=WHOLE_SEASON,
    )
    findings.count("players whose cards agree", players - len(differing), players)
    settled = differing[differing.is_settled.astype(bool)]
    sentence = "players' cards differ between SofaSport and FPL (SofaSport/FPL)"
    if len(settled) > thresholds.MOST_DIFFERING_CARDS * players:
        findings.require(False, f"{len(settled)} of {players} {sentence}: {listed(settled.example.tolist())}")
    elif not differing.empty:
        findings.remark(f"{len(differing)} of {players} {sentence}: {listed(differing.example.tolist())}")


def _fixture_rows(season: str, figures: pd.DataFrame) -> pd.DataFrame:
    """Rows of fixture_reconciliations: each player has one row of minutes."""
    people = figures[figures.figure == "minutes"]
    people = people.assign(
        only_fpl=people.sofasport_value.isna(),
        only_sofasport=people.fpl_value.isna(),
        is_differing=people.is_differing.astype(bool),
    )
    return (
        people.groupby(["fixture_id", "event_id"])
        .agg(
            players=("fpl_code", "size"),
            differing=("is_differing", "sum"),
            only_fpl=("only_fpl", "sum"),
            only_sofasport=("only_sofasport", "sum"),
        )
        .reset_index()
        .assign(season=season)
    )


def _replace_differences(
    context: StepContext, season: str, figures: pd.DataFrame, names: tuple[str, ...]
) -> Written:
    """Store the figures that differ in place of the stored ones of these names."""
    rows = figures[figures.differs.astype(bool)].assign(season=season)[[*DIFFERENCE_KEY, *VALUES]]
    written = Written()
    for figure in names:
        of_figure = rows[rows.figure == figure]
        scope = {"season": season, "figure": figure}
        written += replace_within(
            context.conn, "figure_differences", of_figure.to_dict("records"), list(DIFFERENCE_KEY), scope
        )
    return written


def _judge_fixtures(findings: Findings, settled: pd.DataFrame) -> None:
    """A fixture above its threshold is a problem, and so is a season above its own; less is remarked on."""
    many = settled[settled.differing > thresholds.MOST_DIFFERING_IN_A_FIXTURE * settled.players]
    findings.require(
        many.empty,
        f"in {len(many)} fixtures more than {thresholds.MOST_DIFFERING_IN_A_FIXTURE:.0%} of the players differ:"
        f" {_sentence(many)}",
    )
    others = settled.drop(many.index)
    if settled.differing.sum() > thresholds.MOST_DIFFERING_FIGURES * settled.players.sum():
        findings.require(
            False,
            f"over the season more than {thresholds.MOST_DIFFERING_FIGURES:.0%} of the players differ:"
            f" {_sentence(settled)}",
        )
    elif others.differing.any():
        findings.remark(_sentence(others))


def _sentence(fixtures: pd.DataFrame) -> str:
    """Which fixtures' players differ, with examples and both values."""
    differing = fixtures[fixtures.differing > 0]
    named = [
        f"{row['fixture']} {row['differing']} of {row['players']} ({', '.join(row['examples'][:EXAMPLES])})"
        for row in differing.to_dict("records")
    ]
    return (
        f"minutes or goals of {differing.differing.sum()} players are not the same at SofaSport and FPL"
        f" (SofaSport/FPL; none: no minutes there, or not linked): {listed(named)}. Fetch the gameweeks again"
        " (update_lineups with gameweeks and refresh), or decide who is in review (`make mappings ARGS=review`); then"
        " clear this task"
    )
