"""Who is who: SofaSport teams, events and players matched to FPL teams, fixtures and players.

Pure functions over pandas frames: no network, no database, no clock. Precision comes first: a doubtful
pair is never linked, it becomes a candidate with status ``review`` for a person to decide.
"""
