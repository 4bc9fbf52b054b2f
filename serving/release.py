"""Makes a release and makes it visible: build, verify in a second process, switch, retain, sweep.

Add here a step between a finished working database and the readers. Keep out: what a candidate
contains (candidate.py, audience_file.py, history.py), whether a gate passed (the caller's
`verdict_check`).

The caller holds the warehouse lock from `build` to `publish`, and around `sweep`. Nothing is
visible before `publish` has heard a passing verdict: a candidate is a folder `*.tmp`, mode 0700.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from foundation import disk
from foundation.errors import UsageError, WarehouseError
from foundation.faults import fault_point
from foundation.files import fsync_directory, fsync_file, sha256_file
from foundation.home import Home
from foundation.locks import exclusive
from serving import history, permissions
from serving.candidate import STAGED_RECORDS, TEMPORARY, Candidate, fill, run_json, tables_document
from serving.carried import engine
from serving.content import CONTENT_FILE, Content
from serving.current import (
    CURRENT,
    DATABASE_FILE,
    MANIFEST_FILE,
    current,
    current_id,
    release_folders,
    release_number,
    releases,
)
from serving.plan import ReleasePlan
from serving.revisions import DayCauses
from serving.verify import STAGED_HISTORY

_MANIFEST_FORMAT = 1
# What to do about files that are not what was judged. Content that differs in whole tables or days
# is mostly the working database's: days that no release holds were changed in it.
_DISK = "check the disk, then run again"
_REBUILD = (
    "run `import-risk rebuild`, which makes the working database anew from raw rows, then run "
    "again; if it comes back, check the disk"
)


def build(
    home: Home,
    plan: ReleasePlan,
    *,
    warehouse: Path,
    gate_rows: Sequence[Mapping[str, Any]],
    run_facts: Mapping[str, Any],
    first_releases: Mapping[dt.date, str],
    days: Sequence[dt.date] = (),
    judged: Content | None = None,
    causes: Mapping[dt.date, DayCauses] = MappingProxyType({}),
) -> Candidate:
    """Write `releases/<id>.tmp/<audience>/warehouse.duckdb` from the working database.

    days: the days of the run, whose rows of every window table are staged for the history.
    judged: the content that the gate judged (None: measured here); publish finds out whether the
    files hold it.
    first_releases: which release published a day first, for the run's days and those that the
    current release lists revisions of; no other day can be revised. causes: why days are computed
    again. run_facts must be JSON; `history_superseded` is added to them. Raises WarehouseError when
    the disk is too small, the database is missing or held by a writer, or a table is not as
    planned; then nothing is left behind.
    """
    fault_point("before_build")
    home.releases.mkdir(parents=True, exist_ok=True)
    _require_space(home, warehouse)
    folder = home.releases / f"building-{uuid.uuid4().hex}{TEMPORARY}"
    folder.mkdir(mode=0o700)
    with _removed_on_failure(folder):
        candidate = fill(
            home,
            folder,
            plan,
            warehouse=warehouse,
            gate_rows=gate_rows,
            run_facts=run_facts,
            days=days,
            judged=judged,
            causes=causes,
            first_releases=first_releases,
        )
    fault_point("after_build")
    return candidate


def publish(
    home: Home,
    candidate: Candidate,
    *,
    base: str | None,
    verdict_check: Callable[[], str | None],
    groups: Mapping[str, int] = MappingProxyType({}),
) -> str:
    """Make the candidate the current release and return its id.

    groups: audience -> group id whose members may open its file (permissions.py).

    verdict_check raises GateRefusal unless a durable passing verdict exists; it may return the
    verdict's sha256 for the manifest (else `gate_verdict_sha256` of the run facts is used).
    base: the release the run started from, None for the first. Raises WarehouseError, with
    `current` untouched, when another release was published meanwhile or when a second process does
    not find in the files what the build wrote.
    """
    verdict = verdict_check() or candidate.run_facts.get("gate_verdict_sha256")
    with _publishing(home):
        _require_base(home, candidate, base)
        target = home.releases / candidate.release_id
        if target.exists():
            raise _stale("a release of this name exists already", target)
        found = _verify_in_new_process(candidate)
        with disk.named_when_full(
            home.releases, need=lambda: disk.bytes_of(candidate.folder.rglob("*")), what="a release"
        ):
            _seal(home, candidate, found, verdict, groups)
        fault_point("before_rename")
        os.rename(candidate.folder, target)
        fsync_directory(home.releases)
        fault_point("before_switch")
        _require_base(home, candidate, base)
        _point_current_to(home, candidate.release_id)
        fault_point("after_switch")
    return candidate.release_id


def sweep(home: Home) -> tuple[str, ...]:
    """Remove what a killed process left: *.tmp folders, half-made links, unseen releases.

    Call at start-up, under the warehouse lock. A complete release whose base is the current one is
    what a kill between rename and switch leaves; nobody was ever shown it. Returns removed names.
    """
    if not home.releases.is_dir():
        return ()
    with _publishing(home):
        left = [path for path in home.releases.iterdir() if path.name.endswith(TEMPORARY)]
        now = current_id(home)
        for release in releases(home):
            newer = now is None or release.number > release_number(now)
            if newer and release.manifest["base"] == now:
                left.append(release.folder)
        for path in left:
            _remove(path)
        fsync_directory(home.releases)
    return tuple(sorted(path.name for path in left))


def retain(home: Home, keep: int = 3) -> tuple[str, ...]:
    """Remove all but the newest `keep` releases, never the current one; returns removed ids.

    A reader that has a removed file open keeps it until it closes (the kernel holds the inode).
    """
    if keep < 1:
        raise UsageError("keep must be at least 1", where="keep", remedy="keep 3 or more releases")
    with _publishing(home):
        now = current_id(home)
        oldest = sorted(release_folders(home), key=lambda path: release_number(path.name))[:-keep]
        gone = [path for path in oldest if path.name != now]
        for path in gone:
            _remove(path)
        fsync_directory(home.releases)
    return tuple(path.name for path in gone)


def _verify_in_new_process(candidate: Candidate) -> dict[str, Any]:
    package_parent = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    answer = subprocess.run(
        [sys.executable, "-m", "serving.verify", str(candidate.folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package_parent, known)))},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        reason = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise _unverified(f"the built files do not verify: {reason}", candidate.folder, _DISK)
    found: dict[str, Any] = json.loads(answer.stdout)
    if found.pop(STAGED_HISTORY, {}) != candidate.expected_history:
        raise _unverified(
            "the history files hold other content than was judged", candidate.folder, _REBUILD
        )
    if found.keys() != candidate.expected.keys():
        raise _unverified(
            "a second process found other files than were built", candidate.folder, _DISK
        )
    for audience, expected in candidate.expected.items():
        seen = {name: value for name, value in found[audience].items() if name != "sha256"}
        if seen != expected:
            raise _unverified(
                "a second process found other content than was judged: "
                + ", ".join(_differing(expected, seen)),
                candidate.folder / audience,
                _REBUILD,
            )
    return found


def _differing(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    """Tables that differ; what a report says as a whole when none does."""
    pairs = [
        (expected[part], seen[part]) for part in ("tables", "evidence_rows") if part in expected
    ]
    tables = {
        name
        for wanted, found in pairs
        for name in wanted.keys() | found.keys()
        if wanted.get(name) != found.get(name)
    }
    return sorted(tables) or ["content_hash"]


def _seal(
    home: Home,
    candidate: Candidate,
    found: Mapping[str, Any],
    verdict: str | None,
    groups: Mapping[str, int],
) -> None:
    """History and what was told into place, manifest written, every file read-only, its group's,
    and on the disk."""
    from disclosure.records import Records, land  # here: commands that only read need no frames

    staged = candidate.folder / STAGED_HISTORY
    history.land(staged, candidate.written_history, home.history, groups.get("customs"))
    fault_point("history_landed")
    land(candidate.folder / STAGED_RECORDS, Records(home.public_records))
    fault_point("records_landed")
    files = {
        f"{audience}/{DATABASE_FILE}": {
            "sha256": report["sha256"],
            "bytes": (candidate.folder / audience / DATABASE_FILE).stat().st_size,
            "content_hash": report["content_hash"],
            "tables": sorted(report["tables"]),
        }
        for audience, report in found.items()
    }
    manifest = {
        "format": _MANIFEST_FORMAT,
        "release_id": candidate.release_id,
        "base": candidate.built_from,
        "content_hash": candidate.content.combined,
        "tables": tables_document(candidate.content),
        "files": files,
        "records": {
            name: sha256_file(candidate.folder / name)
            for name in (history.LISTING_FILE, CONTENT_FILE)
        },
        "gate_verdict_sha256": verdict,
        "run_facts": dict(candidate.run_facts),
        "engine": engine(),
    }
    _write(candidate.folder / MANIFEST_FILE, run_json(manifest))
    # Files before their folders: what a folder names is on the disk before the folder is.
    for path in sorted(candidate.folder.rglob("*"), key=lambda path: path.is_dir()):
        place = path.relative_to(candidate.folder).parts[0]
        audience = "customs" if place == history.LISTING_FILE else place
        permissions.give(path, groups.get(audience))
        (fsync_directory if path.is_dir() else fsync_file)(path)
    candidate.folder.chmod(0o755)
    fsync_directory(candidate.folder)


def _point_current_to(home: Home, release_id: str) -> None:
    link = home.releases / f".{CURRENT}.{os.getpid()}{TEMPORARY}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    os.replace(link, home.releases / CURRENT)
    fsync_directory(home.releases)


def _require_base(home: Home, candidate: Candidate, base: str | None) -> None:
    now = current_id(home)
    if not now == base == candidate.built_from:
        raise _stale(
            f"the current release is {now}, this one starts from {base}"
            f" and was built from {candidate.built_from}",
            home.releases / CURRENT,
        )


def _require_space(home: Home, warehouse: Path) -> None:
    """Twice the last release, or the working database before the first one."""
    base = current(home)
    measured = base.folder.rglob("*") if base else iter([warehouse])
    disk.require(home.releases, need=2 * disk.bytes_of(measured), what="a release")


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    done = False
    try:
        yield
        done = True
    except (duckdb.Error, OSError) as error:
        if disk.is_full(error):
            need = 2 * disk.bytes_of(folder.rglob("*"))
            raise disk.full(folder.parent, need=need, what="a release") from error
        raise WarehouseError(
            f"the release could not be built: {str(error).splitlines()[0]}",
            where=str(folder.parent),
            remedy="check free disk space and that no other process has the working database open",
        ) from error
    finally:
        if not done and folder.exists():
            shutil.rmtree(folder)


@contextmanager
def _publishing(home: Home) -> Iterator[None]:
    with exclusive(home.releases / ".lock", "publish", wait=True):
        yield


def _remove(path: Path) -> None:
    """Files and links at once; a folder first gets a name that `sweep` would finish removing."""
    if path.is_symlink() or path.is_file():
        path.unlink()
        return
    if not path.name.endswith(TEMPORARY):
        path = path.rename(path.with_name(f"{path.name}.removed{TEMPORARY}"))
    fault_point("removing")
    shutil.rmtree(path)
    fault_point("removed")


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def _stale(what: str, where: Path) -> WarehouseError:
    return WarehouseError(
        what, where=str(where), remedy="run again; the run will start from the current release"
    )


def _unverified(what: str, where: Path, remedy: str) -> WarehouseError:
    return WarehouseError(what, where=str(where), remedy=f"nothing was published; {remedy}")
