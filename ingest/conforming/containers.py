"""Unpacks delivered .gz and .zip files as streams, under limits; runs in the limited child.

A member's name is data: it is told to the parent and never used as a path. An archive that is cut,
damaged, locked, nested or larger than allowed is refused whole.
Add here another container format. Keep out: what the members mean (readers/), where they come to
rest (delivery.py).
"""

import errno
import gzip
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ingest.conforming.jobs import UnpackJob
from ingest.outcomes import FileRefused

CONTAINER_SUFFIXES = (".gz", ".zip")
# Archives of other kinds: named, so that a nested one is called by its name.
_OTHER_ARCHIVES = (
    ".7z", ".bz2", ".rar", ".tar", ".tgz", ".xz", ".zst", *CONTAINER_SUFFIXES,
)  # fmt: skip
_MAGIC = (b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh")
_WORKBOOKS = (".xlsx", ".xlsm")  # zip files by nature, read by their own reader
RATIO_FLOOR_BYTES = 16 << 20  # below this size any ratio is harmless
MAX_NAME_CHARACTERS = 1_024
_CHUNK_BYTES = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_BIT = 0x1


def is_container(file_name: str) -> bool:
    """Whether a delivered file of this name is unpacked first."""
    return file_name.lower().endswith(CONTAINER_SUFFIXES)


def member_names(name: str) -> tuple[str, ...]:
    """The names by which a member, or its archive, may state layout and source: () for neither.

    Folders of either spelling fall away; of a container its own ending does.
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    for suffix in CONTAINER_SUFFIXES:
        base = base[: -len(suffix)] if base.lower().endswith(suffix) else base
    return (base,)


def member_file(number: int) -> str:
    """The file of the job's folder that holds member `number`, from 0."""
    return f"member{number}"


def unpack(job: UnpackJob) -> dict[str, Any]:
    """{"members": [name, ...]} in the archive's order; their bytes lie in member_file(number).

    Raises FileRefused: archive_truncated, archive_corrupt, archive_empty, archive_too_large,
    archive_ratio_exceeded, archive_too_many_members, archive_nested, archive_encrypted,
    archive_member_not_plain, archive_name_unsafe, archive_duplicate_name,
    archive_method_unsupported.
    """
    if job.path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    budget = _Budget(job)
    with _damage_refused():
        if job.name.lower().endswith(".zip"):
            return {"members": _unpack_zip(job, budget)}
        return {"members": [_unpack_gzip(job, budget)]}


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Every way in which the two modules say that an archive is damaged."""
    try:
        yield
    except EOFError as error:
        raise FileRefused("archive_truncated", "the archive ends too early") from error
    except (
        gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, struct.error, ValueError,
        NotImplementedError,
    ) as error:  # fmt: skip
        raise FileRefused("archive_corrupt", f"damaged: {type(error).__name__}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # an offset before the start of the file
            raise
        raise FileRefused("archive_corrupt", "damaged: an offset that cannot be") from error


class _Budget:
    """How much may still be unpacked; one for the whole archive."""

    def __init__(self, job: UnpackJob) -> None:
        self.job = job
        self.left = job.archive_bytes

    def copy(
        self, source: IO[bytes] | gzip.GzipFile, target: Path, name: str, packed_size: int
    ) -> None:
        """Stream one member into `target`, never more than allowed."""
        written = 0
        with target.open("xb") as sink:
            while chunk := source.read(_CHUNK_BYTES):
                written += len(chunk)
                if not sink.tell():
                    _refuse_nested(name, chunk)
                if written > self.job.member_bytes or written > self.left:
                    raise FileRefused(
                        "archive_too_large",
                        f"more than {min(self.job.member_bytes, self.left)} bytes unpacked",
                    )
                if written > max(RATIO_FLOOR_BYTES, self.job.archive_ratio * packed_size):
                    raise FileRefused(
                        "archive_ratio_exceeded",
                        f"{packed_size} bytes unpack to more than {self.job.archive_ratio} times "
                        "as many",
                    )
                sink.write(chunk)
        self.left -= written


def _refuse_nested(name: str, start: bytes) -> None:
    lower = name.lower()
    if lower.endswith(_WORKBOOKS):
        return
    if lower.endswith(_OTHER_ARCHIVES) or start.startswith(_MAGIC):
        raise FileRefused("archive_nested", "the archive holds another archive")


def _unpack_gzip(job: UnpackJob, budget: _Budget) -> str:
    (name,) = member_names(job.name)
    packed = job.path.stat().st_size
    with job.path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as stream:
        budget.copy(stream, job.folder / member_file(0), name, packed)
    return name


def _unpack_zip(job: UnpackJob, budget: _Budget) -> list[str]:
    with zipfile.ZipFile(job.path) as archive:
        members = [item for item in archive.infolist() if not item.is_dir()]
        if len(archive.infolist()) > job.archive_members:
            raise FileRefused(
                "archive_too_many_members", f"more than {job.archive_members} members"
            )
        if not members:
            raise FileRefused("archive_empty", "the archive holds no file")
        names = [item.filename for item in members]
        if len(set(names)) < len(names):
            raise FileRefused("archive_duplicate_name", "two members have the same name")
        for item in archive.infolist():
            _check_member(item)
        for number, item in enumerate(members):
            target = job.folder / member_file(number)
            with archive.open(item) as stream:
                budget.copy(stream, target, item.filename, item.compress_size)
            if target.stat().st_size != item.file_size:
                raise FileRefused("archive_corrupt", "a member is shorter than it is said to be")
        return names


def _check_member(item: zipfile.ZipInfo) -> None:
    name = item.filename.replace("\\", "/")
    if (
        len(name) > MAX_NAME_CHARACTERS
        or "\0" in item.orig_filename
        or name.startswith("/")
        or name[1:2] == ":"
        or ".." in name.split("/")
    ):
        raise FileRefused(
            "archive_name_unsafe", "a member's name is absolute, leads out of the archive or is "
            f"longer than {MAX_NAME_CHARACTERS} characters",
        )  # fmt: skip
    if item.flag_bits & _ENCRYPTED_BIT:
        raise FileRefused("archive_encrypted", "a member is locked with a password")
    kind = stat.S_IFMT(item.external_attr >> 16)
    if kind and kind not in (stat.S_IFREG, stat.S_IFDIR):
        raise FileRefused("archive_member_not_plain", "a member is a link or device")
    if item.compress_type not in _METHODS:
        raise FileRefused(
            "archive_method_unsupported", f"compression method {item.compress_type} is not read"
        )
