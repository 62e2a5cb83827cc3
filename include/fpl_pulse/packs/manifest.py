"""The manifest of a pack: files with checksums, the as-of time of the data, what was revised since the last pack."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
FORMAT = 1
"""Of this file. A manifest with another number is not compared."""


@dataclass(frozen=True)
class PackedFile:
    """A file of a pack."""

    path: str
    """Relative to the pack's folder, with slashes."""
    bytes: int
    sha256: str
    rows: int | None = None
    """Of a table; None for other files."""


@dataclass(frozen=True)
class Content:
    """What a table holds, without the way in which it is written."""

    rows: int
    digest: str


Contents = Mapping[str, Mapping[str, Content]]
"""View -> gameweek as a text -> its content. A view without gameweeks has `all`."""


@dataclass(frozen=True)
class Revision:
    """A gameweek of a view that has changed since the last pack."""

    view: str
    gameweek: int
    rows_before: int
    rows: int


@dataclass(frozen=True)
class LastPack:
    """The pack with which a pack is compared."""

    gameweek: int
    as_of: str


@dataclass(frozen=True)
class Manifest:
    """Everything that `manifest.json` says."""

    season: str
    gameweek: int
    as_of: str
    """ISO 8601, in UTC."""
    files: Sequence[PackedFile]
    contents: Contents
    last_pack: LastPack | None = None
    revised: Sequence[Revision] = ()
    format: int = field(default=FORMAT)

    @property
    def as_of_time(self) -> datetime:
        """The as-of time of the data."""
        return datetime.fromisoformat(self.as_of)

    @property
    def size(self) -> int:
        """The size of all files."""
        return sum(file.bytes for file in self.files)

    def encoded(self) -> bytes:
        """The file."""
        return (json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()

    def has_same_data(self, contents: Contents, as_of: str) -> bool:
        """Whether the pack was written from the same data."""
        return self.as_of == as_of and self.contents == contents

    @classmethod
    def read(cls, data: bytes, where: str) -> Self | None:
        """A manifest from its file; None, with a warning in the log, for one that is damaged or of another format."""
        try:
            stored: dict[str, Any] = json.loads(data)
            if stored["format"] != FORMAT:
                raise ValueError(f"format {stored['format']}")
            return cls(
                season=str(stored["season"]),
                gameweek=int(stored["gameweek"]),
                as_of=datetime.fromisoformat(stored["as_of"]).isoformat(),
                files=[PackedFile(**file) for file in stored["files"]],
                contents={
                    view: {number: Content(**one) for number, one in of_view.items()}
                    for view, of_view in stored["contents"].items()
                },
                last_pack=LastPack(**stored["last_pack"]) if stored["last_pack"] else None,
                revised=[Revision(**one) for one in stored["revised"]],
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("The manifest %s cannot be read (%s): the new pack is not compared with that one", where, error)
            return None


def revisions_between(last: Manifest, contents: Contents, compared: Iterable[str]) -> list[Revision]:
    """The gameweeks up to that of the last pack whose rows differ now."""
    found = []
    for view in compared:
        before, now = last.contents.get(view), contents.get(view, {})
        if before is None:
            continue
        for number in sorted({int(one) for one in {*before, *now} if one.isdecimal()}):
            old, new = (of.get(str(number), Content(0, "")) for of in (before, now))
            if number <= last.gameweek and old != new:
                found.append(Revision(view, number, old.rows, new.rows))
    return found


def packed_file(folder: Path, path: Path, rows: int | None = None) -> PackedFile:
    """The entry of a file in the folder of a pack."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return PackedFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest(), rows)
