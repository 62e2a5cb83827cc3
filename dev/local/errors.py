"""The error that ends a command of the local stack."""


class LocalStackError(Exception):
    """One sentence for the user: what happened, where, and what to do next."""
