"""How much free space a run asks for before it begins.

Add here what another stage writes beside what it replaces. Keep out: measuring what is free and the
words for too little (foundation.disk), the release's own demand (serving.release).
"""

from pathlib import Path

from foundation import disk
from foundation.home import Home
from serving import release


def space_needed(home: Home) -> int:
    """Bytes: the working database may grow by half, and the next release stands beside the last.

    Before the first run: three times the rows at rest.
    """
    now = release.current(home)
    if now is None or not home.warehouse.is_file():
        return 3 * _size(home.raw)
    return home.warehouse.stat().st_size // 2 + 2 * _size(now.folder)


def rebuild_space_needed(home: Home) -> int:
    """Bytes: as much as the old working database, at least three times the rows at rest."""
    old = home.warehouse.stat().st_size if home.warehouse.is_file() else 0
    return max(old, 3 * _size(home.raw))


def _size(folder: Path) -> int:
    return disk.bytes_of(folder.rglob("*"))
