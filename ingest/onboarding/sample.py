"""Evidence about a sample file for whoever writes a sender profile, gathered in the sandbox.

Defines what sender_draft.py asks of a file and the shapes of the answers. Nothing is stored.
Add here a view of the sample. Keep out: parsing (sample_bytes.py, sample_columns.py run in the
limited child) and decisions (sender_draft.py).
"""

import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import UsageError
from ingest.conforming.jobs import SampleJob
from ingest.readers.registry import reader_address
from ingest.sandbox import child
from ingest.senders.profile import Layout


@dataclass(frozen=True)
class Candidate:
    """A setting that the sample allows or rules out, and why."""

    value: str
    fits: bool
    evidence: str


@dataclass(frozen=True)
class SampleColumn:
    """One column. filled: of the rows looked at. shapes: (masked text, times), frequent first."""

    name: str
    filled: int
    longest: int
    shapes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Table:
    """The sample as its reader sees it. rows: how many were looked at."""

    columns: tuple[SampleColumn, ...]
    rows: int
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How many of the filled values a layout reads. Equal meanings read every value alike."""

    layout: Layout
    read: int
    filled: int
    meaning: str


class Sample:
    """One file on disk, looked at but not loaded. Views raise FileRefused as a delivery would."""

    def __init__(self, path: Path) -> None:
        """UsageError when there is no plain file at `path`."""
        if not path.exists() or not stat.S_ISREG(path.lstat().st_mode):
            raise UsageError(
                "there is no such plain file", where=str(path), remedy="name a sample file"
            )
        self.path = path.absolute()

    def _look(self, address: str, layout: Layout, **asked: Any) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="import-risk-") as name:
            folder = Path(name).resolve()
            done = child.run(
                address,
                SampleJob(self.path, folder, layout, **asked),
                folder=folder,
                readable=(self.path,),
                modules=("ingest.conforming.worker", reader_address(layout.format).split(":")[0]),
            )
            return dict(done.result)

    def formats(self) -> tuple[list[Candidate], str]:
        """The formats that the first bytes allow; with none, why."""
        found = self._look("ingest.onboarding.sample_bytes:formats", Layout("delimited"))
        listed = [Candidate(value, True, evidence) for value, evidence in found["formats"]]
        return listed, str(found["note"] or "")

    def encodings(self) -> list[Candidate]:
        """Every encoding a profile can state, with what the bytes say about it."""
        found = self._look("ingest.onboarding.sample_bytes:encodings", Layout("delimited"))
        return [Candidate(*item) for item in found["encodings"]]

    def fields_per_line(self, layout: Layout) -> dict[str, list[int]]:
        """Delimiter -> number of fields in each of the first lines."""
        found = self._look("ingest.onboarding.sample_bytes:lines", layout)
        return {str(mark): list(counts) for mark, counts in found["fields"].items()}

    def sheets(self) -> list[tuple[str, bool, bool]]:
        """(name, visible, holds cells) of every sheet of a workbook."""
        found = self._look("ingest.onboarding.sample_bytes:sheets", Layout("xlsx"))
        return [(str(name), bool(seen), bool(held)) for name, seen, held in found["sheets"]]

    def cells_per_row(self, layout: Layout) -> list[int]:
        """Filled cells in each of the first rows of a sheet."""
        return list(self._look("ingest.onboarding.sample_bytes:sheet_rows", layout)["filled"])

    def table(self, layout: Layout) -> Table:
        """Columns with masked shapes, read with the layout's first block."""
        found = self._look("ingest.onboarding.sample_columns:columns", layout)
        columns = tuple(
            SampleColumn(
                item["name"], item["filled"], item["longest"],
                tuple((text, times) for text, times in item["shapes"]),
            )
            for item in found["columns"]
        )  # fmt: skip
        return Table(columns, found["rows"], tuple(found["warnings"]))

    def readings(
        self, source: str, candidates: Sequence[Layout], fields: Sequence[str]
    ) -> list[Reading]:
        """How many values of `fields` each candidate layout reads, in the order of the layouts."""
        found = self._look(
            "ingest.onboarding.sample_columns:spellings", candidates[0], source=source,
            fields=tuple(fields), candidates=tuple(candidates),
        )  # fmt: skip
        return [
            Reading(layout, item["read"], item["filled"], item["meaning"])
            for layout, item in zip(candidates, found["readings"], strict=True)
        ]

    def values(
        self, source: str, layout: Layout, fields: Sequence[str]
    ) -> dict[str, list[tuple[str, int]]]:
        """The most frequent values of fields that are not personal, with counts."""
        found = self._look(
            "ingest.onboarding.sample_columns:values", layout, source=source, fields=tuple(fields)
        )
        return {
            name: [(str(text), int(times)) for text, times in listed]
            for name, listed in found["values"].items()
        }
