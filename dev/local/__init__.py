"""The local stack: a real Airflow and a real Postgres on one machine, with nothing but Python.

Everything listens on loopback only, keeps its state in `.local/` of the project, and stops with its starter.
"""
