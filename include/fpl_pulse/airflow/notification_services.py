"""The Apprise services of the Airflow connection `fpl_pulse_alerts`."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger(__name__)

ALERTS = "fpl_pulse_alerts"
"""A connection of type `apprise`, whose `config` names one service or a list of them."""


def notification_services() -> "Apprise | None":
    """The services that alerts are sent to; None when there is no connection, or when it names no service.

    A connection that cannot be used is logged as an error and raises nothing: it must not fail a run.
    """
    from airflow.providers.apprise.hooks.apprise import AppriseHook
    from airflow.sdk.exceptions import AirflowNotFoundException
    from apprise import Apprise

    hook = AppriseHook(ALERTS)
    try:
        connection = hook.get_connection(ALERTS)
    except AirflowNotFoundException:
        log.info("There is no connection %s: alerts are only logged and stored in pulse.alerts", ALERTS)
        return None
    services = Apprise()
    try:
        hook.set_config_from_conn(connection, services)
    except (KeyError, TypeError, ValueError):
        # The error's text may quote the configuration, which holds passwords.
        log.error('The extra of the connection %s is not valid. Set it to {"config": {"path": "mailto://…"}}', ALERTS)
        return None
    if not len(services):
        log.error("The connection %s names no service that Apprise knows. Check the paths in its config", ALERTS)
        return None
    return services
