"""All that imports Airflow: connections, the DAGs' defaults, sensors and steps."""
