"""The only room that imports Airflow: connections, sensors, steps, callbacks and listeners."""
