"""The step that writes packs, and the place of the setting FPL_PULSE_PACKS: a folder, or an object store by Airflow."""

from pathlib import Path
from urllib.parse import urlsplit

from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.packs.place import Place
from fpl_pulse.store import runs


def write_pack(context: StepContext) -> dict[str, int]:
    """Write the packs of the run; return how many; the log says where they are.

    Raises:
        PackNotWrittenError: a pack was not written. The run is red then; its data is stored and checked.
    """
    # DuckDB is slow to import, and parsing a DAG file does not need it.
    from fpl_pulse.packs.weekly import write_packs_of_run

    packed = write_packs_of_run(context, place_of_setting())
    recorded = runs.find(context.conn, context.run.dag_id, context.run.run_id)
    if recorded is not None and (recorded.message or "").startswith(f"{context.run.task_id}: "):
        from fpl_pulse.etl.checking import finish_after_check

        # An earlier attempt of this task has turned the run red.
        finish_after_check(context)
    return {"packs": len(packed)}


def place_of_setting() -> Place:
    """The place in which packs are stored.

    Raises:
        PackNotWrittenError: the setting is an address that this installation cannot use.
    """
    from fpl_pulse.packs.folder import Folder
    from fpl_pulse.packs.objects import ObjectStore, without_secrets
    from fpl_pulse.packs.settings import PACKS, is_address, packs_setting

    setting = packs_setting()
    if not is_address(setting):
        return Folder(Path(setting))
    from airflow.sdk import ObjectStoragePath

    protocol = setting.partition("://")[0]
    if connection_id := urlsplit(setting).username:
        _require_connection(connection_id)
    try:
        path = ObjectStoragePath(setting)
        # The library of the store is loaded here, not at the first file.
        path.fs  # noqa: B018
    except Exception as error:
        raise PackNotWrittenError(
            f"{PACKS} names a store of the kind {protocol!r}, which does not work here ({type(error).__name__}:"
            f" {without_secrets(str(error))}); nothing was written",
            remedy="Install its provider and set its Airflow connection as docs/packs.md says",
        ) from error
    return ObjectStore(path, setting)


def _require_connection(connection_id: str) -> None:
    """Make sure that a connection exists. The library of S3 would use any other login that it finds on the machine.

    Raises:
        PackNotWrittenError: there is no such connection, or it cannot be read.
    """
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    from fpl_pulse.packs.settings import PACKS

    variable = f"AIRFLOW_CONN_{connection_id.upper()}"
    try:
        BaseHook.get_connection(connection_id)
    except AirflowNotFoundException:
        # Airflow raises this for a damaged one too. The cause may quote it with the password, and a log shows causes.
        raise PackNotWrittenError(
            f"There is no Airflow connection {connection_id!r}, which {PACKS} names, or it cannot be read;"
            " nothing was written",
            remedy=f"Set {variable} in .env as docs/packs.md says and start the stack again, or add or correct"
            f" {connection_id!r} in the UI, Admin, Connections",
        ) from None
