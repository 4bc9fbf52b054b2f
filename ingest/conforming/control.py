"""Control totals: what a sender's manifest says of a file, held against what arrived.

A manifest is a small UTF-8 CSV with one row per file: name, sha256, rows, sums (profile.Control).
Add here another total that a manifest can state. Keep out: where the profile states it
(profile_document.py), the file's rows themselves (conform.py), gates on volumes (expectations).
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.senders.profile import Control, Layout
from ingest.senders.profile_document import column_name

if TYPE_CHECKING:
    import duckdb

MAX_MANIFEST_BYTES = 1 << 20
_SUM_DIGITS = 38
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ControlTotals:
    """What a manifest states of one file; None or absent = not stated.

    sums: contract field -> number as written. of_archive: the row names the archive that the file
    came in, so its sha256 is the archive's.
    """

    rows: int | None = None
    sha256: str | None = None
    sums: Mapping[str, str] = field(default_factory=dict)
    of_archive: bool = False


def is_manifest(name: str, control: Control | None) -> bool:
    """Whether a file of this name is a manifest and not a delivery."""
    return control is not None and name.lower().endswith(control.suffix.lower())


def pick_manifest(name: str, offered: Sequence[str], control: Control) -> str | None:
    """Of the names beside a file, that of its manifest: named like the file, or the only one."""
    ends = [other for other in offered if is_manifest(other, control) and other != name]
    stem = name.rsplit(".", 1)[0]
    for wanted in (name + control.suffix, stem + control.suffix):
        for other in ends:
            if other.lower() == wanted.lower():
                return other
    return ends[0] if len(ends) == 1 else None


def find_manifest(path: Path, control: Control) -> Path | None:
    """The manifest beside a delivered file, None when there is none or it is not clear which."""
    offered = [item.name for item in path.parent.iterdir() if item.is_file()]
    name = pick_manifest(path.name, offered, control)
    return None if name is None else path.parent / name


def read_manifest(
    manifest: Path, names: Sequence[str], archive_names: Sequence[str], control: Control
) -> ControlTotals:
    """What the manifest says of the file called one of `names`, or of the archive it came in.

    Raises FileRefused: manifest_unreadable, not_in_manifest.
    """
    rows = _rows(manifest, control)
    for wanted, of_archive in ((names, False), (archive_names, True)):
        stated = [row for row in rows if row[control.file_column] in wanted]
        if len(stated) > 1:
            raise _unreadable("it names the file twice")
        if stated:
            return _totals(stated[0], control, of_archive=of_archive)
    raise FileRefused("not_in_manifest", f"none of its {len(rows)} rows names this file")


def _unreadable(what: str) -> FileRefused:
    return FileRefused("manifest_unreadable", what)


def _rows(manifest: Path, control: Control) -> list[dict[str, str]]:
    with manifest.open("rb") as stream:
        content = stream.read(MAX_MANIFEST_BYTES + 1)
    if len(content) > MAX_MANIFEST_BYTES:
        raise _unreadable("it is larger than 1 MiB")
    try:
        text = content.decode("utf-8-sig")
        records = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=control.delimiter, strict=True)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(f"it is no UTF-8 CSV: {type(error).__name__}") from error
    if not records:
        raise _unreadable("it is empty")
    header = [column_name(name) for name in records[0]]
    wanted = {
        control.file_column, control.sha256_column, control.rows_column, *control.sums.values(),
    } - {""}  # fmt: skip
    missing = sorted(wanted - set(header))
    if missing or len(set(header)) < len(header):
        raise _unreadable(f"columns are missing or named twice: {', '.join(missing)}")
    whole = [record for record in records[1:] if any(record)]
    if any(len(record) != len(header) for record in whole):
        raise _unreadable("a row has more or fewer fields than the header")
    return [dict(zip(header, (value.strip() for value in record), strict=True)) for record in whole]


def _totals(row: Mapping[str, str], control: Control, *, of_archive: bool) -> ControlTotals:
    rows = row.get(control.rows_column, "")
    sha256 = row.get(control.sha256_column, "").lower()
    if rows and not (rows.isascii() and rows.isdigit()):
        raise _unreadable(f"column {control.rows_column} holds no number of rows")
    if sha256 and not _SHA256.fullmatch(sha256):
        raise _unreadable(f"column {control.sha256_column} holds no sha256")
    return ControlTotals(
        rows=int(rows) if rows else None,
        sha256=sha256 or None,
        sums={name: row[column] for name, column in control.sums.items() if row[column]},
        of_archive=of_archive,
    )


def check_bytes(totals: ControlTotals, sha256: str, archive_sha256: str | None) -> None:
    """Raise FileRefused (control_sha256_mismatch) unless the bytes are the stated ones."""
    found = archive_sha256 if totals.of_archive else sha256
    if totals.sha256 is not None and totals.sha256 != found:
        raise FileRefused(
            "control_sha256_mismatch", f"the manifest states {totals.sha256}, this is {found}"
        )


def check_rows(totals: ControlTotals, rows: int) -> None:
    """Raise FileRefused (control_rows_mismatch) unless as many records arrived as stated."""
    if totals.rows is not None and totals.rows != rows:
        raise FileRefused(
            "control_rows_mismatch", f"the manifest states {totals.rows} rows, the file has {rows}"
        )


def check_sums(
    connection: "duckdb.DuckDBPyConnection", read: ReadOutcome, contract: Contract,
    layout: Layout, totals: ControlTotals,
) -> list[str]:  # fmt: skip
    """Compare the stated sums with those of all delivered rows, good or bad; warnings.

    A sum that misses values which nobody can read is only a warning when the sha256 has already
    shown that nothing is lost. Raises FileRefused: control_sum_mismatch, manifest_unreadable.
    """
    # Only the child compares sums; the parent, which looks for manifests, needs no database.
    from ingest.conforming.conform import delivered_rows
    from ingest.conforming.typing_sql import delivered, typed_field
    from ingest.readers.base import literal
    from ingest.text.normalise import clean_text

    # Summed with room for any number of rows; the rules of the field are not at issue here.
    fields = {
        name: replace(contract.field(name), precision=_SUM_DIGITS)
        for name in totals.sums
        if any(name == own.name for own in contract.fields)
    }
    if not fields:
        return []
    values = {name: typed_field(item, layout).value for name, item in fields.items()}
    stated = ", ".join(
        f"{literal(totals.sums[name])} as {delivered(item)}" for name, item in fields.items()
    )
    expected = connection.execute(
        f"select {', '.join(values.values())} from (select {stated})"
    ).fetchone()
    aggregates = ", ".join(
        f"coalesce(sum({value}), 0), "
        f"count(*) filter (where {value} is null "
        f"and {clean_text(delivered(fields[name]))} is not null)"
        for name, value in values.items()
    )
    found = connection.execute(
        f"select (select count(*) from {read.rejected}), {aggregates} "
        f"from ({delivered_rows(contract, layout, read.rows)})"
    ).fetchone()
    assert expected is not None
    assert found is not None
    warnings = []
    for place, name in enumerate(fields):
        if expected[place] is None:
            raise _unreadable(f"the sum of {name} is no number in the stated format")
        total, unread = found[1 + 2 * place], found[0] + found[2 + 2 * place]
        if total == expected[place]:
            continue
        if not unread or totals.sha256 is None:
            raise FileRefused(
                "control_sum_mismatch",
                f"{name}: the manifest states {expected[place]}, the rows sum to {total}",
            )
        warnings.append(f"control_sum_not_comparable: {name}: {unread} values could not be read")
    return warnings
