"""Whether a published file still is what was published: its bytes against the release manifest.

DuckDB checks its own blocks; the sha256 also finds a file that was exchanged or written to, and
says so in one sentence before anything is read.
Add here another check of a release at rest. Keep out: checks of a candidate (verify.py).
"""

from functools import cache
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.files import sha256_file
from serving.current import Release


def require_intact(release: Release, audience: str) -> Path:
    """The audience's database file, hashed once per process (about a second per gigabyte).

    For a release without a manifest (`visible_release`: this user may not read it) the bytes are
    not compared; `import-risk ledger verify --deep` does it for the pipeline's user.
    Raises WarehouseError when its bytes are not those that the manifest states, or when a
    write-ahead log lies beside it: a reader would replay it over what was verified.
    """
    database = release.database(audience)
    log = database.with_name(f"{database.name}.wal")
    if log.exists():
        raise _damaged("a write-ahead log lies beside a published file", log)
    if not database.is_file():
        raise _damaged("a published file is missing", database)
    if release.manifest:
        _compare(database, release.stated_sha256(audience))
    return database


@cache
def _compare(database: Path, stated: str | None) -> None:
    if sha256_file(database) != stated:
        raise _damaged("a published file is not what was published: bytes changed since", database)


def _damaged(what: str, where: Path) -> WarehouseError:
    return WarehouseError(
        what,
        where=str(where),
        remedy="do not use its figures; restore the release from a backup, or publish again"
        " (`import-risk rebuild`, then `import-risk run`)",
    )
