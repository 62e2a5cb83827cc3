"""The way of an alert to people: Apprise services (e-mail, Slack, Discord, Telegram, …) of one Airflow connection.

The log and `pulse.alerts` have every alert in any case. Without the connection nothing is sent and nothing fails.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowNotFoundException
from psycopg import Connection

from fpl_pulse.alerts import outbox as alerts
from fpl_pulse.alerts.outbox import Alert

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger(__name__)

ALERTS = "fpl_pulse_alerts"
"""A connection of type `apprise`, whose `config` names one service or a list of them."""

LONGEST_BODY = 3_500
"""Characters: Telegram takes 4,096 and e-mail any number, but nobody who is woken reads more. A service that takes
less, as Discord its 2,000, gets less."""

ENDING = "…\n\nAll of it is in pulse.alerts."


class NotDeliveredError(Exception):
    """The services did not take a message. Its text holds no address, since addresses hold passwords."""


def send_alerts(conn: Connection[Any]) -> int:
    """Send what nobody has been told yet, as one message; a failure is noted and tried again by whoever comes next.

    Returns:
        How many alerts were sent.
    """
    services = _services()
    if services is None:
        log.info("No connection %s: alerts stay in the log and in pulse.alerts", ALERTS)
        return 0
    unsent = alerts.claim_unsent(conn)
    if not unsent:
        return 0
    title, body = message_of(unsent)
    try:
        refusals = _deliver(services, title, body)
    except NotDeliveredError as error:
        log.error("%d alerts could not be sent and will be tried again: %s", len(unsent), error)
        alerts.note_not_sent(conn, unsent, str(error))
        return 0
    alerts.note_sent(conn, unsent, "; ".join(refusals) or None)
    for refusal in refusals:
        log.error("Not every service of %s has the alerts: %s", ALERTS, refusal)
    log.info(
        "Sent %d alerts through %d of %d services", len(unsent), len(services) - len(refusals), len(services)
    )
    return len(unsent)


def send_without_table(title: str, body: str) -> bool:
    """Send a message that could not be kept, because the store is away.

    Returns:
        Whether it was taken.
    """
    services = _services()
    if services is None:
        return False
    try:
        _deliver(services, title, body)
    except NotDeliveredError as error:
        log.error("The alert could not be sent: %s", error)
        return False
    return True


def message_of(unsent: Sequence[Alert]) -> tuple[str, str]:
    """Title and body, plain text: one alert by its subject, several by their number."""
    if len(unsent) == 1:
        title = f"FPL Pulse: {unsent[0].kind.replace('_', ' ')}, {unsent[0].subject}"
    else:
        title = f"FPL Pulse: {len(unsent)} alerts"
    body = "\n\n".join(f"{one.kind.replace('_', ' ')}, {one.subject}\n{one.message}" for one in unsent)
    return title, body


def _services() -> "Apprise | None":
    """The services of the connection; None when there is no connection, or one that names none."""
    from airflow.providers.apprise.hooks.apprise import AppriseHook
    from apprise import Apprise

    hook = AppriseHook(ALERTS)
    try:
        connection = hook.get_connection(ALERTS)
    except AirflowNotFoundException:
        return None
    services = Apprise()
    try:
        hook.set_config_from_conn(connection, services)
    except (KeyError, TypeError, ValueError):
        # The text of these errors may quote the configuration.
        log.error('The connection %s has no usable extra: {"config": {"path": "mailto://…"}} is one', ALERTS)
        return None
    if not len(services):
        log.error("The connection %s names no service that Apprise knows", ALERTS)
        return None
    return services


def _deliver(services: "Apprise", title: str, body: str) -> list[str]:
    """Hand a message to every service.

    The provider's hook throws the answers away and its notifier renders the text as a template, which names of players
    must never be; therefore Apprise's services are asked themselves.

    Returns:
        Why some of the services did not take it. Who was told by one of them was told.

    Raises:
        NotDeliveredError: when none took it.
    """
    from apprise import Apprise, NotifyFormat, NotifyType

    refusals = []
    for service in services:
        # A service has many addresses and only one name, as "Email"; the address may hold a password.
        name = str(getattr(service, "service_name", type(service).__name__))
        try:
            # Alone in a list, since only the list turns text into what the service shows: "<" into "&lt;" for Telegram.
            alone = Apprise()
            alone.add(service)
            was_taken = alone.notify(
                title=title,
                body=_fitted(body, service.body_maxlen - len(title)),
                notify_type=NotifyType.WARNING,
                body_format=NotifyFormat.TEXT,
            )
        except Exception as error:  # noqa: BLE001 - a hundred services raise what they like, addresses in the text
            refusals.append(f"{name} raised {type(error).__name__}")
        else:
            if not was_taken:
                refusals.append(f"{name} did not take it")
    if len(refusals) == len(services):
        raise NotDeliveredError("; ".join(refusals))
    return refusals


def _fitted(body: str, room: int) -> str:
    """The text, or its beginning and where the rest is; Apprise hands on what a service then refuses as too long."""
    # Some of the room is for what stands between title and text, and for the entities that Telegram makes of "<".
    most = min(LONGEST_BODY, room - 50)
    return body if len(body) <= most else f"{body[: max(0, most - len(ENDING))]}{ENDING}"
