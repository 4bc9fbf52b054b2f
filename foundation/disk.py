"""Free space: asked for before work begins, and named when it runs out in the middle.

Add here another sign by which a library says that the disk is full. Keep out: how much a step needs
(its own module knows).
"""

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.errors import WarehouseError

# EFBIG is what a limit on file size gives, EDQUOT a quota.
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
# How DuckDB, polars, Arrow and SQLite put it, in their own words.
_SIGNS = (
    "No space left on device",
    "File too large",
    "Disk quota exceeded",
    "database or disk is full",
    "Out of disk space",
    "the disk is full",
)
_REMEDY = "free space on that disk (older releases are safe to remove), then run again"


class DiskFull(WarehouseError):
    """There is not enough space; what was published before is untouched."""


def require(place: Path, *, need: int, what: str) -> None:
    """Raise DiskFull unless the disk of `place` has `need` bytes free for `what`."""
    have = _free(place)
    if have < need:
        raise DiskFull(
            f"disk full ({what}): need {_readable(need)}, have {_readable(have)}",
            where=str(place),
            remedy=_REMEDY,
        )


def bytes_of(paths: Iterable[Path]) -> int:
    """Bytes of the files among `paths`; folders and what is not there count nothing."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def sign_in(text: str) -> str | None:
    """The words of `text` that say that a disk is full; they quote neither data nor a path."""
    return next((sign for sign in _SIGNS if sign in text), None)


def is_full(error: BaseException | str) -> bool:
    """Whether an error, one of its causes, or the text of an error says that a disk is full."""
    if isinstance(error, str):
        return sign_in(error) is not None
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, DiskFull) or (isinstance(seen, OSError) and seen.errno in _FULL):
            return True
        if is_full(str(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def full(place: Path, *, need: int, what: str) -> DiskFull:
    """The error for work that ran out of space after it began. need: its estimate in bytes."""
    return DiskFull(
        f"disk full ({what}): need about {_readable(need)}, have {_readable(_free(place))}",
        where=str(place),
        remedy=_REMEDY,
    )


@contextmanager
def named_when_full(place: Path, *, need: Callable[[], int], what: str) -> Iterator[None]:
    """Raise DiskFull for whatever the block raises because a disk is full; all else passes."""
    try:
        yield
    except Exception as error:
        if is_full(error):
            raise full(place, need=need(), what=what) from error
        raise


def _free(place: Path) -> int:
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def _readable(size: int) -> str:
    """Megabytes with one decimal: 12.5 MB."""
    return f"{size / 1e6:,.1f} MB"
