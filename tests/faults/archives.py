"""Builders of good and bad .gz and .zip bytes (rows 20, 38, 39, 50).

Add here a way to build an archive that Python's own modules would not. Keep out: assertions.
"""

import gzip
import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Sequence

Member = tuple[str, bytes]


def zip_bytes(members: Sequence[Member], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members, in this order; two may have one name."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # of duplicate names
        for name, content in members:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name  # the constructor would mend what a sender writes
            info.compress_type = method
            archive.writestr(info, content)
    return target.getvalue()


def zip_of_kind(name: str, content: bytes, kind: int) -> bytes:
    """A zip whose member has a Unix file type such as stat.S_IFLNK."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (kind | stat.S_IRUSR) << 16
        archive.writestr(info, content)
    return target.getvalue()


def gzip_bytes(content: bytes, *, level: int = 6) -> bytes:
    """One gzip member without name and time."""
    return gzip.compress(content, level, mtime=0)


def gzip_of_zeros(size: int) -> bytes:
    """`size` zero bytes, packed about a thousand times."""
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as stream:
        for _ in range(size >> 20):
            stream.write(bytes(1 << 20))
    return target.getvalue()


def zip_of_zeros(size: int) -> bytes:
    """A zip with one member of `size` zero bytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("parcel_manifest.csv", "w", force_zip64=True) as stream,
    ):
        for _ in range(size >> 20):
            stream.write(bytes(1 << 20))
    return target.getvalue()


def overlapping_zip(content: bytes, copies: int) -> bytes:
    """A zip whose directory names one stored member many times: small file, much output."""
    whole = zip_bytes([("a.csv", content)], method=zipfile.ZIP_DEFLATED)
    directory = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entries = b"".join(
        whole[directory:end].replace(b"a.csv", f"{number:05d}".encode()) for number in range(copies)
    )
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entries), directory, 0
    )  # fmt: skip
    return whole[:directory] + entries + tail


def locked_zip(name: str, content: bytes) -> bytes:
    """A zip that says its member is encrypted (flag bit 0 in both headers)."""
    whole = bytearray(zip_bytes([(name, content)]))
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)
