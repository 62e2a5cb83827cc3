"""What a person chose by hand for a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """Empty means everything that is due.

    `matches` are SofaSport event ids, `players` SofaSport player ids. With `refresh` the chosen things are
    fetched again even where they are complete.
    """

    gameweeks: tuple[int, ...] = ()
    matches: tuple[int, ...] = ()
    players: tuple[int, ...] = ()
    refresh: bool = False

    def params(self) -> dict[str, object]:
        """The selection as query parameters: arrays, or null where nothing was chosen."""
        return {
            "gameweeks": list(self.gameweeks) or None,
            "matches": list(self.matches) or None,
            "players": list(self.players) or None,
            "refresh": self.refresh,
        }
