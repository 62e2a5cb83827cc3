"""Delivery of alerts to people through Apprise services: e-mail, Slack, Discord, Telegram and others.

Every alert is also in the log and in `pulse.alerts`. The caller passes the services; without services nothing is sent
and nothing fails.
"""

import logging
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from fpl_pulse.alerts import outbox
from fpl_pulse.alerts.sentences import alert_heading, alert_title
from fpl_pulse.wording import quantity, sentence

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger(__name__)

MAX_BODY_LENGTH = 3_500
"""Characters. Telegram accepts 4,096 and e-mail any number, but an operator does not read more at night. A service with
a lower limit, such as Discord with 2,000, gets less."""

TRUNCATION_NOTICE = "…\n\nThe full text is in pulse.alerts."

TITLE_MARGIN = 50
"""Characters reserved for the separator after the title and for the entities that Telegram makes of "<"."""


class NotDeliveredError(Exception):
    """No service accepted a message. The text holds no service address, because addresses hold passwords."""


def send_alerts(conn: Connection[Any], services: "Apprise | None") -> int:
    """Send all unsent alerts as one message. A failure is recorded, and the next call tries again.

    Returns:
        How many alerts were sent; 0 without services.
    """
    if services is None:
        return 0
    unsent = outbox.claim_unsent(conn)
    if not unsent:
        return 0
    # The title names a single alert, and counts several.
    first = unsent[0]
    title = f"FPL Pulse: {len(unsent)} alerts" if len(unsent) > 1 else alert_title(first.kind, first.subject)
    body = "\n\n".join(f"{alert_heading(one.kind, one.subject)}\n{one.message}" for one in unsent)
    try:
        refusals = _deliver(services, title, body)
    except NotDeliveredError as error:
        log.error("%s not sent: %s The next run tries again.", quantity(len(unsent), "alert"), sentence(error))
        outbox.record_not_sent(conn, unsent, str(error))
        return 0
    outbox.record_sent(conn, unsent, "; ".join(refusals) or None)
    for refusal in refusals:
        log.error("One of the notification services failed: %s", refusal)
    sent = quantity(len(unsent), "alert")
    log.info("Sent %s through %d of %s", sent, len(services) - len(refusals), quantity(len(services), "service"))
    return len(unsent)


def send_unstored(services: "Apprise | None", title: str, body: str) -> None:
    """Send a message that could not be stored because the store is down. A failure is logged."""
    if services is None:
        return
    try:
        _deliver(services, title, body)
    except NotDeliveredError as error:
        log.error("The alert could not be sent: %s", error)


def _deliver(services: "Apprise", title: str, body: str) -> list[str]:
    """Send a message to every service.

    This calls Apprise directly. The provider's hook discards the services' results, and its notifier renders the text
    as a Jinja template, which is unsafe for player names from an API.

    Returns:
        A reason for each service that did not accept the message. One service that accepts it is enough.

    Raises:
        NotDeliveredError: no service accepted it.
    """
    from apprise import Apprise, NotifyFormat, NotifyType

    refusals = []
    for service in services:
        # The service's name, such as "Email", and never its address, which may hold a password.
        name = str(getattr(service, "service_name", type(service).__name__))
        try:
            # Only an Apprise list escapes text for its service ("<" becomes "&lt;" for Telegram); hence a list of one.
            single = Apprise()
            single.add(service)
            was_accepted = single.notify(
                title=title,
                body=_truncated(body, service.body_maxlen - len(title) - TITLE_MARGIN),
                notify_type=NotifyType.WARNING,
                body_format=NotifyFormat.TEXT,
            )
        except Exception as error:  # noqa: BLE001 - services raise any class, with the address in the text
            refusals.append(f"{name} raised {type(error).__name__}")
        else:
            if not was_accepted:
                refusals.append(f"{name} did not accept it")
    if len(refusals) == len(services):
        raise NotDeliveredError("; ".join(refusals))
    return refusals


def _truncated(body: str, service_limit: int) -> str:
    """The body, or its beginning and a notice; Apprise itself sends a body that the service rejects as too long."""
    limit = min(MAX_BODY_LENGTH, service_limit)
    if len(body) <= limit:
        return body
    return f"{body[: max(0, limit - len(TRUNCATION_NOTICE))]}{TRUNCATION_NOTICE}"
