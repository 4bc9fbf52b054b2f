"""What editions have told: their records in a folder of the office, in the order they were made.

Defines: `Records`, `stage`, `land`. Add here what else the next edition must find there. Keep out:
what a record holds (treat.py), where the folder is (the caller), tables of readers (tidy.py).

Records name the values of hidden cells: nobody but the owner of the folder may open them.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from foundation.files import fsync_directory, fsync_file

_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Records:
    """The records of the editions made so far, of whatever audience; never published."""

    folder: Path

    def earlier(self) -> list[pl.DataFrame]:
        """The oldest first."""
        return [pl.read_parquet(path) for path in self._paths()]

    def keep(self, record: pl.DataFrame) -> None:
        """Add a record durably, unless the last edition was the same."""
        paths = self._paths()
        if paths and pl.read_parquet(paths[-1]).equals(record):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{len(paths) + 1:06}.parquet"
        half = path.with_name(f"{path.name}.tmp")
        record.write_parquet(half)
        half.chmod(_OWNER_ONLY)
        fsync_file(half)
        os.replace(half, path)
        fsync_directory(self.folder)

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))


def stage(records: Sequence[pl.DataFrame], folder: Path) -> None:
    """Write records of an edition that nobody sees yet into `folder`, which is made."""
    if records:
        folder.mkdir(mode=0o700)
    for number, record in enumerate(records):
        record.write_parquet(folder / f"{number:06}.parquet")


def land(folder: Path, records: Records) -> None:
    """Keep staged records, whose edition is about to be seen, and remove the folder.

    Killed between the two, an edition is known that nobody saw: the next one hides no less.
    """
    for record in Records(folder).earlier():
        records.keep(record)
    if folder.exists():
        shutil.rmtree(folder)
