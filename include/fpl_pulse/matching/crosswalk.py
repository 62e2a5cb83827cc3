"""Where a register of people and our links agree, and where they do not. The register never changes a link."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from fpl_pulse.matching.manual_decisions import ManualDecisions

Pair = tuple[int, int]
"""SofaSport's player id and FPL's code."""


@dataclass(frozen=True, slots=True)
class StatedLink:
    """A person to whom the register gives both a SofaSport id and an FPL code; at least one of them is stored here."""

    person: str
    name: str
    birth_date: str
    sofasport_player_id: int
    fpl_code: int
    is_profile_stored: bool
    """Whether the tables have the SofaSport id."""
    is_player_stored: bool
    """Whether the tables have the FPL code."""

    @property
    def pair(self) -> Pair:
        """The two ids."""
        return self.sofasport_player_id, self.fpl_code


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The register links one id of ours to another one."""

    stated: StatedLink
    ours: tuple[Pair, ...]
    """Our links of the register's SofaSport id or, if it has none, of its FPL code."""
    is_in_review: bool
    """Whether the register's pair is in review."""
    persons: tuple[str, ...]
    """All persons to whom the register gives this pair."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A pair of the register of which we have linked neither id otherwise."""

    stated: StatedLink
    is_in_review: bool


@dataclass(frozen=True)
class Comparison:
    """The register compared with our links."""

    agreed: int = 0
    """Our links that the register states too."""
    disagreements: list[Disagreement] = field(default_factory=list)
    decided: list[Disagreement] = field(default_factory=list)
    """Disagreements about which there is a manual decision for our link, or against the register's."""
    unlinked: list[Unlinked] = field(default_factory=list)
    one_sided: int = 0
    """Our links of which the register knows a single id, or both but not that they belong together."""
    unknown: int = 0
    """Our links of which the register knows neither id."""

    @property
    def disputed(self) -> frozenset[str]:
        """The register's persons about whom it disagrees with us, decided or not."""
        return frozenset(person for one in (*self.disagreements, *self.decided) for person in one.persons)


def compare(
    stated: Iterable[StatedLink],
    links: Mapping[int, int],
    in_review: Collection[Pair],
    decisions: ManualDecisions,
    *,
    known_profiles: Collection[int],
    known_codes: Collection[int],
) -> Comparison:
    """Compare the pairs that a register states with our links.

    Args:
        stated: the register's pairs. A pair can be in several rows, and an id in several pairs.
        links: our links, SofaSport id -> FPL code.
        in_review: pairs that wait for evidence or a decision.
        decisions: the manual decisions in force.
        known_profiles: the SofaSport ids of our links that the register has in any row.
        known_codes: the FPL codes of our links that it has in any row.
    """
    ordered = sorted(stated, key=lambda one: (one.pair, one.person))
    pairs = {one.pair: one for one in ordered}
    persons: defaultdict[Pair, list[str]] = defaultdict(list)
    for one in ordered:
        persons[one.pair].append(one.person)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for profile, code in sorted(links.items()):
        holders[code].append(profile)
    found = Comparison(agreed=sum(pair in pairs for pair in links.items()))
    touched = {pair for pair in links.items() if pair in pairs}
    for pair, one in pairs.items():
        profile, code = pair
        if links.get(profile) == code:
            continue
        if profile in links:
            ours: tuple[Pair, ...] = ((profile, links[profile]),)
        else:
            # Several profiles can be one player. Only those that the register does not name contradict it.
            ours = tuple((holder, code) for holder in holders[code] if (holder, code) not in pairs)
        touched.update(ours)
        if ours:
            disagreement = Disagreement(one, ours, pair in in_review, tuple(persons[pair]))
            is_decided = pair in decisions.rejected or all(decisions.links.get(held) == of for held, of in ours)
            (found.decided if is_decided else found.disagreements).append(disagreement)
        elif one.is_profile_stored and one.is_player_stored and pair not in decisions.rejected:
            found.unlinked.append(Unlinked(one, pair in in_review))
    rest = links.items() - touched
    unknown = sum(profile not in known_profiles and code not in known_codes for profile, code in rest)
    return Comparison(found.agreed, found.disagreements, found.decided, found.unlinked, len(rest) - unknown, unknown)
