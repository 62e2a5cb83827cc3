"""Text from the server that is safe in our error sentences: short, one line, without the key.

A server may echo the key in an error, and error sentences end up in logs and tables.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from fpl_pulse.api.strict_json import parse_json_or_none

MAX_EXCERPT = 200
"""Characters."""

MAX_SEARCHED = 20_000
"""Characters of a body that are looked at."""


def error_excerpt(body: bytes, secrets: Iterable[str]) -> str:
    """The message in the JSON of an error response, or else the start of its body; made safe by `safe_excerpt`."""
    payload = parse_json_or_none(body)
    text = body.decode("utf-8", "replace")
    if isinstance(payload, dict):
        text = str(payload.get("message") or payload.get("detail") or payload.get("error") or text)
    return safe_excerpt(text, secrets)


def safe_excerpt(text: str, secrets: Iterable[str]) -> str:
    """One line of at most 200 printable characters, with `***` for each secret."""
    hidden = list(secrets)
    # First before the text is cut, so that no half of a secret remains. Again after line breaks have become spaces.
    text = _redacted(text, hidden)[:MAX_SEARCHED]
    text = "".join(character if character.isprintable() else " " for character in text)
    return _redacted(" ".join(text.split()), hidden)[:MAX_EXCERPT]


def _redacted(text: str, secrets: Iterable[str]) -> str:
    for secret in filter(None, secrets):
        forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
        longest_first = sorted(forms, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, longest_first)), "***", text, flags=re.IGNORECASE)
    return text
