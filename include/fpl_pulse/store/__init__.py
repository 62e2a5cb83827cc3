"""Postgres: the schema, the raw archive, merges, the ledger of calls and runs."""
