"""Plain copies of text files: unpacked and with uniform line ends, checked to their last byte.

DuckDB reads a truncated gzip stream up to where it ends and says nothing; here the checksum is verified. The copies
live in a private folder beside the warehouse and go away with it.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingestion.files.errors import FileRejectedError

_CHUNK = 1 << 22
_PREFIX = ".inbox-"


@contextmanager
def workspace(data_dir: Path) -> Iterator[Path]:
    """A private folder for copies; what a killed run left behind is removed first.

    Only the holder of the warehouse may call this: another run's folder would be taken for a leftover.
    """
    for leftover in data_dir.glob(f"{_PREFIX}*"):
        shutil.rmtree(leftover)
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=_PREFIX) as folder:
        yield Path(folder)


def unpacked(path: Path, folder: Path) -> Path:
    """The file itself, or an unpacked copy when it is a gzip file.

    Raises:
        FileRejectedError: when the gzip stream is broken or ends too early.
    """
    if not path.name.lower().endswith(".gz"):
        return path
    target = folder / "unpacked"
    try:
        with gzip.open(path, "rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRejectedError(
            "the gzip file is damaged or was cut off in transfer. Deliver it again; nothing of it was loaded."
        ) from error
    return target


def with_uniform_lines(path: Path, folder: Path) -> Path:
    """A copy in which every line ends with a line feed alone."""
    target = folder / "uniform"
    carried = b""
    with path.open("rb") as source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK):
            chunk = carried + chunk
            carried = b"\r" if chunk.endswith(b"\r") else b""
            chunk = chunk[: len(chunk) - len(carried)]
            copy.write(chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        copy.write(b"\n" if carried else b"")
    return target


def count_filled_lines(path: Path) -> int:
    """Lines of a file with uniform line ends that hold at least one byte."""
    filled, inside_line = 0, False
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            filled += len(re.findall(rb"[^\n]+", chunk)) - (inside_line and not chunk.startswith(b"\n"))
            inside_line = not chunk.endswith(b"\n")
    return filled
