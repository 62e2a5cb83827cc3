"""Which control Airflow's form has for a Param, as read in the source of its UI, version 3.3.2.

The form of a new version of Airflow has to be looked at in a browser before this module is changed.
"""

from collections.abc import Mapping
from typing import Any

JSON_TYPES = {"NoneType": "null", "bool": "boolean", "int": "number", "float": "number", "str": "string"}
OF_A_FORMAT = {"date-time": "date and time", "date": "date", "time": "time", "multiline": "text of several lines"}


def stated_types(schema: Mapping[str, Any]) -> list[str]:
    """The types in the `type` of a schema; none where it has no `type`."""
    stated = schema.get("type", [])
    return [stated] if isinstance(stated, str) else list(stated)


def is_optional(schema: Mapping[str, Any]) -> bool:
    """Whether the field has no red star and may be left empty."""
    types = stated_types(schema)
    return not types or "null" in types


def control(schema: Mapping[str, Any], value: object) -> str:
    """The control of a field with a value: the Param's default, or the value of the run that is triggered again."""
    options = "enum" in schema or "examples" in schema
    types = [one for one in stated_types(schema) if one != "null"]
    if len(types) > 1 and not options:
        return "text of several lines"
    of_value = "array" if isinstance(value, list) else JSON_TYPES.get(type(value).__name__, "object")
    kind = types[0] if types else of_value
    if kind == "boolean":
        return "switch"
    if kind == "array":
        return _control_of_list(schema, options=options)
    if kind in {"integer", "number"} and not options:
        return "number"
    if kind == "object":
        return "JSON"
    if kind == "string" and schema.get("format") in OF_A_FORMAT:
        return OF_A_FORMAT[schema["format"]]
    return "select" if "enum" in schema else "text"


def _control_of_list(schema: Mapping[str, Any], *, options: bool) -> str:
    if options:
        return "multi-select"
    return "one entry a line" if schema.get("items", {}).get("type", "string") == "string" else "JSON"
