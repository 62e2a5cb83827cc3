"""What is raised for a match or a player that the store does not have."""


class NotStoredError(LookupError):
    """The season has no such match or player. The message says which."""
