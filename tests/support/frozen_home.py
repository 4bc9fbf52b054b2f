"""A home that an earlier version left, unpacked: two published days, and the files of a third.

Add here another state of a frozen home. Keep out: expectations.
"""

import datetime as dt
import shutil
import tarfile
from pathlib import Path

from foundation.home import Home
from runs.settings import Settings

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
VERSIONS = sorted(path.name.removeprefix("home_") for path in FIXTURES.glob("home_*"))
FROZEN_DAYS = (dt.date(2026, 11, 9), dt.date(2026, 11, 10))
NEXT_DAY = dt.date(2026, 11, 11)
NEXT_RECEIVED = "2026-11-12"


def unpack(folder: Path, version: str = "0.1.0") -> tuple[Home, list[Path]]:
    """(the home, the delivery files of the next day) below the new `folder`."""
    folder.mkdir(parents=True)
    with tarfile.open(FIXTURES / f"home_{version}" / "home.tar.xz") as packed:
        packed.extractall(folder, filter="tar")
    return Home(folder / "home"), sorted((folder / "next").iterdir())


def settings_of(home: Home) -> Settings:
    """Small settings for a tiny home."""
    return Settings(home, release_rows=2_000_000, releases_kept=3, memory_limit="1GB")


def copy(home: Home, root: Path) -> Home:
    """The same home under another path, modes and links kept."""
    shutil.copytree(home.root, root, symlinks=True)
    return Home(root)
