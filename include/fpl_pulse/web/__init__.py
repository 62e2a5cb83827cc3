"""The JSON API: a FastAPI application over the views of the schema `fpl`.

Airflow's API server mounts it (`plugins/`), and it runs alone (`make api`). docs/api.md describes it for its users.
"""
