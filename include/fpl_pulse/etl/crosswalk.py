"""Reading a register of people: store the ids at other providers, and compare the register's links with ours.

Nothing here changes a link. A disagreement is reported with the commands that would decide it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.register import ACCEPT, Register, open_register, printable, read_register
from fpl_pulse.matching.crosswalk import Comparison, Disagreement, Pair, StatedLink, compare
from fpl_pulse.matching.manual_decisions import DecisionRow, ManualDecisions
from fpl_pulse.store import external_ids
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.external_ids import StoredIds, Vanished
from fpl_pulse.store.queries import query as store_query
from fpl_pulse.wording import quantity

MOST_PAIRS = 100
"""Pairs of a list that are printed."""

MOST_VANISHED = 0.1
"""The share of the stored players, and of the stored ids of a provider, that a newer register may lack."""
MOST_NAMED = 5
FEW_IDS = 10
"""So many ids of one provider may vanish whatever their share is: each release corrects some."""


@dataclass(frozen=True)
class NamedPair:
    """A pair of ids with names, and why we link the two. None for an id that is not stored, and without a link."""

    sofasport_player_id: int
    fpl_code: int
    profile: str | None
    profile_born: date | None
    player: str | None
    player_born: date | None
    strength: float | None
    evidence: str | None

    def __str__(self) -> str:
        profile, player = printable(self.profile or "not stored"), printable(self.player or "not stored")
        return f"{self.sofasport_player_id} {profile} = {self.fpl_code} {player}"

    @property
    def why(self) -> str:
        """Why the two are linked here."""
        bits = "" if self.strength is None else f"{self.strength} bits: "
        return f"{bits}{self.evidence or 'no evidence'}"


@dataclass(frozen=True)
class Crosswalk:
    """The result of reading a register."""

    register: Register
    comparison: Comparison
    stored: StoredIds
    names: dict[Pair, NamedPair]


def read_people(context: StepContext, path: str, *, accept_smaller: bool = False) -> Crosswalk:
    """Read a register, store the ids at other providers and compare the links, in one transaction.

    Args:
        context: its season is the one whose pairs in review count.
        path: a CSV file; `-` is the standard input.
        accept_smaller: read also a file that looks cut off, or lacks much of what is stored.

    Raises:
        SelectionError: the file is no register, none of its people is stored here, it looks cut off, or it lacks much
            of what is stored; nothing was changed.
        NotStoredYetError: the store is empty.
    """
    season = context.season()
    register = Register()
    with context.conn.transaction(), open_register(path) as file:
        external_ids.take_register(context.conn, read_register(file, register, accept_smaller=accept_smaller))
        if not scalar(context.conn, "select exists (select from known_register)"):
            raise SelectionError(
                f"None of the {quantity(register.rows, 'player')} in {path} has a SofaScore id or an FPL code that is"
                " stored here. Nothing was changed. Check that the file is people.csv of the register."
            )
        if not accept_smaller:
            _require_what_is_stored(external_ids.vanished_ids(context.conn), path)
        comparison = _compare(context, season)
        stored = external_ids.store_external_ids(context.conn, comparison.disputed)
    return Crosswalk(register, comparison, stored, _names(context, comparison))


def _require_what_is_stored(found: Iterable[Vanished], path: str) -> None:
    """Refuse a register that would delete a large part of the stored ids.

    Raises:
        SelectionError: it lacks more than MOST_VANISHED of the stored players, or of the ids of a provider.
    """
    lacking = [
        f"{one.vanished:,} of the {quantity(one.stored, 'stored player' if one.provider is None else 'stored id')}"
        + (f" of {one.provider}" if one.provider else "")
        for one in found
        if one.vanished > one.stored * MOST_VANISHED and (one.provider is None or one.vanished > FEW_IDS)
    ]
    if lacking:
        more = f" and of {len(lacking) - MOST_NAMED} more providers" if len(lacking) > MOST_NAMED else ""
        raise SelectionError(
            f"{printable(path)} lacks {', '.join(lacking[:MOST_NAMED])}{more}: the file is a part of a register, or an"
            f" older one. Nothing was changed. Get the file again. {ACCEPT}"
        )


def _compare(context: StepContext, season: str) -> Comparison:
    decisions = context.rows(DecisionRow, query("decisions_in_force"), kind="player")
    known = context.conn.execute("select sofasport_player_id, fpl_code from known_register").fetchall()
    return compare(
        context.rows(StatedLink, store_query("stated_links")),
        dict(context.conn.execute("select sofasport_player_id, fpl_code from pulse.player_mappings").fetchall()),
        set(context.conn.execute(query("pairs_in_review"), {"season": season}).fetchall()),
        ManualDecisions.of(decisions),
        known_profiles={profile for profile, _ in known},
        known_codes={code for _, code in known},
    )


def _names(context: StepContext, comparison: Comparison) -> dict[Pair, NamedPair]:
    pairs = {one.stated.pair for one in comparison.unlinked}
    for one in comparison.disagreements:
        pairs.update((one.stated.pair, *one.ours))
    profiles, codes = [profile for profile, _ in pairs], [code for _, code in pairs]
    found = context.rows(NamedPair, query("names_of_pairs"), profiles=profiles, codes=codes)
    return {(named.sofasport_player_id, named.fpl_code): named for named in found}


def report_lines(result: Crosswalk) -> Iterator[str]:
    """Yield the report line by line: what was stored, the disagreements, and what only the register links."""
    register, comparison, stored = result.register, result.comparison, result.stored
    yield (
        f"Read {quantity(register.rows, 'player')} of the register. Stored {quantity(stored.ids, 'id')} of"
        f" {quantity(stored.players, 'FPL player')} at other providers: {stored.inserted:,} new, {stored.deleted:,}"
        " removed."
    )
    if register.unusable:
        columns = ", ".join(f"{count:,} of {name}" for name, count in register.unusable.most_common(5))
        yield f"Skipped ids that cannot be used: {columns}. The first is {register.example}."
    if stored.unclear:
        yield (
            f"Not stored because the register is not clear about them: {quantity(stored.unclear, 'id')} (several for"
            " one player and provider, the same for two players, or two people for one player)."
        )
    yield (
        f"Our links: the register states {comparison.agreed:,} of them too, knows only one side of"
        f" {comparison.one_sided:,}, and does not know {comparison.unknown:,}."
    )
    if comparison.decided:
        yield f"Disagreements that are decided manually: {len(comparison.decided)}."
    yield from _disagreement_lines(comparison.disagreements, result.names)
    yield from _unlinked_lines(result)


def _disagreement_lines(found: Sequence[Disagreement], names: dict[Pair, NamedPair]) -> Iterator[str]:
    if not found:
        yield "The register and our links do not disagree."
        return
    count = quantity(len(found), "case")
    yield f"The register and our links disagree in {count}. Its ids of these people are not stored."
    rows = [("our link", "the register's link", "evidence")]
    commands: list[list[str]] = [[]]
    for one in found[:MOST_PAIRS]:
        for pair in one.ours:
            rows.append((str(names[pair]), str(names[one.stated.pair]), _evidence(names[pair], one.stated, names)))
            commands.append([])
        commands[-1] = _commands(one)
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for (ours, theirs, evidence), lines in zip(rows, commands, strict=True):
        yield f"  {ours:<{widths[0]}}  {theirs:<{widths[1]}}  {evidence}"
        yield from lines
    yield from _more(found)


def _evidence(ours: NamedPair, stated: StatedLink, names: dict[Pair, NamedPair]) -> str:
    theirs = names[stated.pair]
    born = {"SofaSport": theirs.profile_born, "FPL": theirs.player_born, "the register": stated.birth_date}
    dates = ", ".join(f"{source} {when}" for source, when in born.items() if when)
    listed = f"the register lists {stated.name or 'no name'} ({stated.person})"
    return f"{ours.why}; {listed}" + (f"; born: {dates}" if dates else "")


def _commands(one: Disagreement) -> list[str]:
    """The command for each side. A decision needs ids that are stored."""
    stated = one.stated
    profile, code = stated.pair
    if stated.is_profile_stored and stated.is_player_stored:
        theirs = [f"{'accept' if one.is_in_review else 'link'} {profile} {code}"]
        ours = [f"reject {profile} {code}"]
    else:
        theirs = [f"reject {held} {of}" for held, of in one.ours]
        ours = [f"link {held} {of}" for held, of in one.ours]
    return [
        *(f"    if the register is right: {_typed(arguments)}" for arguments in theirs),
        *(f"    if our link is right:     {_typed(arguments)}" for arguments in ours),
    ]


def _typed(arguments: str) -> str:
    return f"make mappings ARGS='{arguments}' BECAUSE='...'"


def _unlinked_lines(result: Crosswalk) -> Iterator[str]:
    for is_in_review, verb, title in (
        (True, "accept", "In review here, and linked by the register"),
        (False, "link", "Not linked here, but by the register"),
    ):
        found = [one.stated for one in result.comparison.unlinked if one.is_in_review is is_in_review]
        if found:
            yield f"{title}: {len(found)}."
        for stated in found[:MOST_PAIRS]:
            profile, code = stated.pair
            yield f"  {result.names[stated.pair]}: {_typed(f'{verb} {profile} {code}')}"
        yield from _more(found)


def _more(found: Iterable[object]) -> Iterator[str]:
    count = len([*found])
    if count > MOST_PAIRS:
        yield f"  and {count - MOST_PAIRS:,} more"
