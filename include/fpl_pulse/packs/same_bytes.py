"""Makes a DuckDB file equal for equal content.

DuckDB gives each new file a random identifier, by which it recognizes the write-ahead log of the file. Nothing else in
a closed file is random, if it was written with one thread. Here the identifier becomes a hash of the content. The
header has 4096 bytes: a checksum of the rest in 8 bytes, `DUCK`, the version and flags, two texts of 32 bytes with the
library's version, 8 bytes about encryption, then the identifier.
"""

import hashlib
import struct
from pathlib import Path

import duckdb

from fpl_pulse.errors import FplPulseError

HEADER = 4096
CHECKSUM = 8
MAGIC = b"DUCK"
IDENTIFIER = slice(124, 140)

_START, _FACTOR, _WORD = 5381, 0xBF58476D1CE4E5B9, 2**64


def make_reproducible(path: Path) -> None:
    """Replace the random identifier of a closed file.

    Raises:
        FplPulseError: the header is not that of the DuckDB version that requirements.txt pins.
    """
    with path.open("r+b") as file:
        header = bytearray(file.read(HEADER))
        if header[CHECKSUM : CHECKSUM + 4] != MAGIC or header[:CHECKSUM] != _checksum(header):
            raise FplPulseError(
                f"The header of files of DuckDB {duckdb.__version__} is not known: {path.name} would differ each time."
                " Install the version in requirements.txt"
            )
        digest = hashlib.sha256()
        while part := file.read(1 << 20):
            digest.update(part)
        header[IDENTIFIER] = digest.digest()[:16]
        header[:CHECKSUM] = _checksum(header)
        file.seek(0)
        file.write(header)


def _checksum(header: bytearray) -> bytes:
    """The checksum of a header's content, as DuckDB computes that of each block."""
    found = _START
    for (word,) in struct.iter_unpack("<Q", bytes(header[CHECKSUM:])):
        found ^= word * _FACTOR % _WORD
    return struct.pack("<Q", found)
