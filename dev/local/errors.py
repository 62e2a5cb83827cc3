"""What the local stack says when it cannot go on."""


class LocalStackError(Exception):
    """One clear sentence for the person at the keyboard: what, where, what to do."""
