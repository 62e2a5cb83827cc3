"""The local stack: a real Airflow and a real Postgres on one machine, started with Python alone.

Everything listens on loopback only and keeps its state in `.local/` of the project. All processes stop when the process
that started them ends; only what `up` starts keeps running.
"""
