"""A pack as one ZIP file, made while it is sent."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fpl_pulse.packs.shelf import PART_BYTES, OpenPack, StoredPack


class PackReplacedError(Exception):
    """Another pack has taken the place of the one that is being sent. Whoever downloads it has to begin again."""


def zip_name(pack: StoredPack) -> str:
    """The name of the ZIP file without its end, and of the folder that it unpacks to."""
    return f"fpl-pulse-{pack.season}-{pack.name}"


def zip_validator(pack: StoredPack) -> str:
    """Changes with the content of the ZIP file."""
    return sha256(pack.manifest.encoded()).hexdigest()[:32]


def missing_files(opened: OpenPack) -> list[str]:
    """The files of a pack that are missing, not plain files, or of another size than the manifest says."""
    sizes = {file.path: file.bytes for file in opened.pack.manifest.files}
    missing = []
    for path in opened.paths:
        stored = opened.open(path)
        if stored is None:
            missing.append(path)
            continue
        with stored.file:
            if stored.bytes != sizes.get(path, stored.bytes):
                missing.append(path)
    return missing


def zip_parts(opened: OpenPack) -> Iterator[bytes]:
    """The ZIP file in parts; the same pack gives the same bytes. The pack is closed at the end.

    Raises:
        PackReplacedError: another pack has taken the place of this one meanwhile, and its files are gone. What has
            been sent is no whole ZIP file.
    """
    sink = _Sink()
    folder, time = zip_name(opened.pack), opened.pack.manifest.as_of_time
    with closing(opened), ZipFile(sink, "w") as zipped:
        for path in opened.paths:
            stored = opened.open(path)
            if stored is None:
                raise PackReplacedError(f"{path} of the pack {folder} has been replaced while it was sent.")
            entry = ZipInfo(f"{folder}/{path}", time.timetuple()[:6])
            # Some programs cannot unpack a file that is stored as it is and whose size comes after it.
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.file_size = stored.bytes
            with stored.file, zipped.open(entry, "w") as target:
                while part := stored.file.read(PART_BYTES):
                    target.write(part)
                    yield from sink.taken()
    yield from sink.taken()


class _Sink:
    """A file that can only be written, and not from another place, as `ZipFile` wants it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        """Keep a part until it is taken."""
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Do nothing: there is nothing behind this file."""

    def close(self) -> None:
        """Do nothing: `taken` works after the end as well."""

    def taken(self) -> list[bytes]:
        """What has been written since the last time."""
        parts, self._parts = self._parts, []
        return parts
