"""One small synthetic week, delivered and published once for all integration tests.

Add here a home that several tests read. Keep out: homes that a test changes (it makes its own).
"""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from synthetic.generate import DEFAULT_FIRST_DAY, generate
from tests.faults import tiny_home
from tests.support import once
from tests.support.cli import ImportRisk

# On the fourth day a bill of new consignees and a seller of one price have a past to be judged by.
DAYS = 4
# The generator plants every typology from about 2,000 parcels a day on.
PARCELS_PER_DAY = 2_100
FIRST_DAY = DEFAULT_FIRST_DAY
LAST_DAY = FIRST_DAY + dt.timedelta(days=DAYS - 1)


@pytest.fixture(scope="session")
def synthetic_files() -> Path:
    """A folder of delivery files, only read; the truth is in its subfolder `truth`."""
    return once.made("synthetic", _generate)


@pytest.fixture(scope="session")
def published(synthetic_files: Path, tmp_path_factory: pytest.TempPathFactory) -> ImportRisk:
    """A worker's copy of a home where the range and then the last day were run and published."""
    home = tmp_path_factory.mktemp("published") / "home"
    frozen = once.made("published", lambda folder: _publish(synthetic_files, folder / "home"))
    shutil.copytree(frozen / "home", home, symlinks=True)
    return ImportRisk(home)


def _generate(folder: Path) -> None:
    generate(folder, first_day=FIRST_DAY, days=DAYS, parcels_per_day=PARCELS_PER_DAY, seed=7)


def _publish(synthetic_files: Path, home: Path) -> None:
    command = ImportRisk(home)
    files = sorted(synthetic_files.glob("*.csv"))
    last = [path for path in files if path.stem.endswith(LAST_DAY.isoformat())]
    command("deliver", *[path for path in files if path not in last], "--json")
    before = LAST_DAY - dt.timedelta(days=1)
    command("run", "--from", FIRST_DAY, "--to", before, "--json")
    command("deliver", *last, "--json")
    command("run", "--day", LAST_DAY, "--json")


seeded = tiny_home.seeded
