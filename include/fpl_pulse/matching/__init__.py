"""Identity resolution: links SofaSport teams, events and players to FPL teams, fixtures and players.

Pure functions on records in memory: no network, no database, no clock. Precision comes first: a doubtful pair is
never linked. It becomes a candidate with status ``review``, which waits for a manual decision.
"""
