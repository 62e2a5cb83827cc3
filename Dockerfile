# Airflow with this project's packages and code, as docker-compose.yaml runs it.
FROM apache/airflow:3.3.2

# Packages and code belong to root: the user who runs them cannot change them.
USER root
# requirements.txt is a closed set with a hash for each file, so nothing else may come along.
COPY requirements.txt /opt/airflow/requirements.txt
RUN python -m pip install --root-user-action=ignore --no-cache-dir --no-deps --require-hashes \
    -r /opt/airflow/requirements.txt
COPY include /opt/airflow/include
COPY plugins /opt/airflow/plugins
COPY dags /opt/airflow/dags
# Compiled here, as the user below cannot keep what Python compiles: every task starts faster.
RUN python -m compileall -q /opt/airflow/include /opt/airflow/plugins /opt/airflow/dags
USER 50000:0

ENV PYTHONPATH=/opt/airflow/include \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
