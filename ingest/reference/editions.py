"""Which edition of a reference list counts for which days.

Defines: `Edition`, `editions` (the days of each), `edition_on`, `reference_in_force`,
`same_figures`.
Add here another question about editions. Keep out: loading (load.py), which published days rest on
which edition (dagster_project), how long an edition serves (catalog.py).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from foundation.home import Home
from ingest.links import file_list
from ingest.readers.base import quoted
from ingest.reference.catalog import KINDS
from ledger.entries import Entry


@dataclass(frozen=True)
class Edition:
    """A reference entry of the ledger and the days for which it counts, both ends included.

    first is None for the earliest edition (it answers for the days before its date, too), last for
    the latest.
    """

    entry: Entry
    first: dt.date | None
    last: dt.date | None

    @property
    def sha256(self) -> str:
        """Of the file that was loaded."""
        return str(self.entry.body["sha256"])

    def covers(self, day: dt.date) -> bool:
        """Whether it is the edition of `day`."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def editions(entries: Iterable[Entry], kind: str) -> tuple[Edition, ...]:
    """The editions of a kind by date; of equal dates the one loaded last. Together they cover every
    day, once."""
    by_date: dict[dt.date, Entry] = {}
    for entry in entries:
        if entry.kind == "reference" and entry.body["kind"] == kind:
            by_date[dt.date.fromisoformat(entry.body["as_of"])] = entry
    dates = sorted(by_date)
    return tuple(
        Edition(
            by_date[date],
            None if date == dates[0] else date,
            None if date == dates[-1] else dates[number + 1] - dt.timedelta(days=1),
        )
        for number, date in enumerate(dates)
    )


def edition_on(of_kind: Sequence[Edition], day: dt.date) -> Edition | None:
    """The one of `editions` that counts on `day`; None when the kind was never loaded."""
    return next((edition for edition in of_kind if edition.covers(day)), None)


def reference_in_force(entries: Iterable[Entry], day: dt.date) -> dict[str, Entry]:
    """kind -> the reference entry that counts on `day`.

    That is the latest edition dated `day` or before (of equal dates the one loaded last); where
    all are later, the earliest. A new edition therefore changes no day before its date.
    """
    known = list(entries)
    kinds = dict.fromkeys(entry.body["kind"] for entry in known if entry.kind == "reference")
    found = {kind: edition_on(editions(known, kind), day) for kind in kinds}
    return {kind: edition.entry for kind, edition in found.items() if edition is not None}


def parquet_path(home: Home, kind: str, sha256: str) -> Path:
    """Where the rows of one loaded file are."""
    return home.reference / kind / f"{sha256}.parquet"


def same_figures(home: Home, kind: str, one: str | None, other: str | None) -> bool:
    """Whether two files of a kind (sha256; None: nothing loaded) give figures of days the same.

    Compared is what schema raw shows of the columns `read_by_day`. A file that is not at rest
    differs from every other: the run that reads it says what is wrong.
    """
    if one == other:
        return True
    if one is None or other is None:
        return False
    paths = [parquet_path(home, kind, sha256) for sha256 in (one, other)]
    return all(path.is_file() for path in paths) and _same_rows(kind, *paths)


@cache  # the files are immutable, and a run is planned several times
def _same_rows(kind: str, one: Path, other: Path) -> bool:
    columns = ", ".join(map(quoted, KINDS[kind].read_by_day))
    first, second = (f"select {columns} from ({first_rows(kind, path)})" for path in (one, other))
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select count(*) from (({first} except {second}) union all ({second} except {first}))"
        ).fetchone()
    return found == (0,)


def first_rows(kind: str, path: Path) -> str:
    """SQL for the rows of one file that schema raw shows: the first of each key in file order."""
    return (
        f"select * from read_parquet({file_list([path])}, hive_partitioning = false) "
        f"qualify row_number() over (partition by {', '.join(KINDS[kind].key)} "
        "order by _src_line) = 1 order by _src_line"
    )
