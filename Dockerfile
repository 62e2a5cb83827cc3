# Airflow with the product: its packages, DAGs, plugins and modules. docker-compose.yaml runs it.
# The image contains no test and nothing of dev/ (the local stack and the sandbox); compose does not need them.
# The Airflow settings are not baked in: compose reads include/fpl_pulse/settings/airflow.env.
FROM apache/airflow:3.3.2

# Root owns packages and code, so that the user who runs them cannot change them.
USER root
# requirements.txt is complete and has a hash for each file, so pip must not resolve dependencies.
COPY requirements.txt /opt/airflow/requirements.txt
RUN python -m pip install --root-user-action=ignore --no-cache-dir --no-deps --require-hashes \
    -r /opt/airflow/requirements.txt
# Packages for packs in an object store (docs/packs.md). They are larger than the rest together, so only who asks for them
# gets them: FPL_PULSE_EXTRAS=s3.
COPY requirements-s3.txt /opt/airflow/requirements-s3.txt
ARG FPL_PULSE_EXTRAS=
RUN case "$FPL_PULSE_EXTRAS" in \
      '') ;; \
      s3) python -m pip install --root-user-action=ignore --no-cache-dir --no-deps --require-hashes \
            -r /opt/airflow/requirements-s3.txt ;; \
      *) echo "FPL_PULSE_EXTRAS is '$FPL_PULSE_EXTRAS'. It can be s3, or empty." >&2; exit 1 ;; \
    esac
COPY include /opt/airflow/include
COPY plugins /opt/airflow/plugins
COPY dags /opt/airflow/dags
# All settings come from the environment. Without this file Airflow writes one at each start, with the secrets of the
# environment in it, and cannot start on a read-only root.
RUN : >/opt/airflow/airflow.cfg
# Compile now, because the user below cannot write bytecode. Every task starts faster.
RUN python -m compileall -q /opt/airflow/include /opt/airflow/plugins /opt/airflow/dags
# A volume begins with the owner of this folder. Only the workers use it.
RUN mkdir /opt/airflow/packs && chown 50000:0 /opt/airflow/packs
USER 50000:0

# matplotlib writes its list of fonts there. The home folder is read-only.
ENV MPLCONFIGDIR=/tmp/matplotlib
ENV PYTHONPATH=/opt/airflow/include
