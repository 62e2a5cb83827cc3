"""What an operator chose for a manual run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """The chosen gameweeks, matches and players; all empty means everything that is due."""

    gameweeks: tuple[int, ...] = ()
    """FPL gameweeks, usually 1 to 38."""
    matches: tuple[int, ...] = ()
    """SofaSport event ids."""
    players: tuple[int, ...] = ()
    """SofaSport player ids."""
    refresh: bool = False
    """Fetch the chosen data again even where it is complete."""

    def params(self) -> dict[str, object]:
        """The selection as query parameters: a list of ids, or None where nothing was chosen."""
        return {
            "gameweeks": list(self.gameweeks) or None,
            "matches": list(self.matches) or None,
            "players": list(self.players) or None,
            "refresh": self.refresh,
        }
