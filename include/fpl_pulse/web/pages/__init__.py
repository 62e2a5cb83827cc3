"""The pages: what people look at in Airflow's UI. Rendered on the server, with links that are relative to each page."""
