"""`datapackage.json`: the description of a pack's files by the Frictionless Data Package standard (version 1)."""

import json
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from fpl_pulse.packs.database import Column, Table
from fpl_pulse.packs.manifest import PackedFile

DATA_PACKAGE = "datapackage.json"

TYPES: Mapping[str, Mapping[str, str]] = {
    "INTEGER": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "DOUBLE": {"type": "number"},
    "BOOLEAN": {"type": "boolean"},
    "VARCHAR": {"type": "string"},
    "DATE": {"type": "date"},
    "TIMESTAMPTZ": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"},
}
"""Type in DuckDB -> the field of a CSV. A list is a text."""

MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet", ".duckdb": "application/vnd.duckdb", ".csv": "text/csv",
    ".md": "text/markdown",
}  # fmt: skip

SOURCES = (
    {"title": "Fantasy Premier League", "path": "https://fantasy.premierleague.com"},
    {"title": "SofaSport (SofaScore's data)", "path": "https://sofasport.p.rapidapi.com"},
)


def data_package(
    *,
    title: str,
    name: str,
    as_of: str,
    files: Sequence[PackedFile],
    tables: Mapping[str, Table],
    meanings: Mapping[str, str],
) -> bytes:
    """The file.

    Args:
        title: the pack in words.
        name: the pack as an identifier.
        as_of: the as-of time of the data.
        files: all files of the pack but this one and the manifest.
        tables: path of a CSV -> its table.
        meanings: view -> what a row of it is.
    """
    resources = [_resource(file, tables.get(file.path), meanings) for file in files]
    described = {
        "profile": "data-package",
        "name": name,
        "title": title,
        "description": f"The data as of {as_of}. Times are UTC. See defects.md for what is missing or doubtful.",
        "sources": list(SOURCES),
        "resources": resources,
    }
    return (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()


def _resource(file: PackedFile, table: Table | None, meanings: Mapping[str, str]) -> dict[str, Any]:
    path = PurePosixPath(file.path)
    common = {
        # A name is unique and has no slash and no capitals: season.player-matches.parquet
        "name": ".".join((*path.parent.parts, path.name)).replace("_", "-").lower(),
        "path": file.path,
        "format": path.suffix.removeprefix("."),
        "mediatype": MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if table is None:
        return common | {"profile": "data-resource", "type": "file"}
    return common | {
        "profile": "tabular-data-resource",
        "type": "table",
        "description": meanings[table.view.name],
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.view.key),
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, str]:
    kind = TYPES.get(column.duckdb_type, TYPES["VARCHAR"])
    return {"name": column.name, **kind, **({"description": column.meaning} if column.meaning else {})}
