"""Row 39: path traversal, symlink, device, absolute, Windows names, 400-char, `;`/quotes/newline.

Promise: "names from archives never used as paths; content-addressed store `inputs/sha256/..`;
original name is data".
"""

import os
import stat
from pathlib import Path

import pytest

from ingest.delivery import deliver
from ingest.store.landing import kept_name
from ingest.text.labels import shown_name
from tests.faults.archives import zip_bytes, zip_of_kind
from tests.faults.conftest import DAY, KEY, Door, csv_bytes, parcel_rows, reason_of, write_bytes

CSV = csv_bytes(parcel_rows(2))
ODD_NAMES = [
    "parcel_manifest; drop table x.csv",
    "parcel_manifest'quote.csv",
    'parcel_manifest"quote.csv',
    "parcel_manifest\nnew line.csv",
    "parcel_manifest{{ env_var('PATH') }}{% x %}.csv",
    "parcel_manifest[0-9]*?.csv",
    "parcel_manifest_số liệu ngày 21.csv",
    "parcel_manifest\u202efdp.csv",
    "parcel_manifest%2e%2e%2f.csv",
    f"parcel_manifest{'x' * 200}.csv",
]


def everything_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_plain_file_may_have_any_name(door: Door, name: str) -> None:
    """The name is told, never a path: what comes to rest has a hash for a name."""
    (outcome,) = door.deliver(write_bytes(door.folder / name, CSV))
    assert (outcome.accepted, outcome.file) == (2, shown_name(name))
    assert door.ledger.entries()[-1].body["file"] == shown_name(name)
    assert (kept_name(door.home, outcome.sha256) or outcome.file) == name
    stems = {path.name.split(".")[0] for path in everything_below(door.home.raw)}
    assert stems == {outcome.sha256}
    assert len(door.rows()) == 2


@pytest.mark.parametrize(
    "name",
    [
        *ODD_NAMES, f"parcel_manifest{'x' * 400}.csv", "a/b/parcel_manifest.csv",
        "a\\b\\parcel_manifest.csv", "...parcel/parcel_manifest.csv", "CON/parcel_manifest.csv",
    ],
)  # fmt: skip
def test_a_member_may_have_any_harmless_name(door: Door, name: str) -> None:
    before = everything_below(door.folder)
    path = write_bytes(door.folder / "p.zip", zip_bytes([(name, CSV)]))
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.file) == (2, shown_name(f"p.zip/{name}"))
    assert (kept_name(door.home, outcome.sha256) or outcome.file) == f"p.zip/{name}"
    assert everything_below(door.folder) - before == {path}
    stored = {path.name for path in everything_below(door.home.inputs)}
    assert stored == {outcome.sha256, door.ledger.entries()[-1].body["container_sha256"]}


@pytest.mark.parametrize(
    "name",
    [
        "../parcel_manifest.csv", "a/../../parcel_manifest.csv", "..\\parcel_manifest.csv",
        "/etc/parcel_manifest.csv", "\\\\host\\share\\parcel_manifest.csv",
        "C:\\parcel_manifest.csv", "c:parcel_manifest.csv", f"{'d/' * 600}parcel_manifest.csv",
    ],
)  # fmt: skip
def test_a_member_that_points_elsewhere_refuses_the_archive(door: Door, name: str) -> None:
    content = zip_bytes([("parcel_manifest.csv", CSV), (name, CSV)])
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", content))
    assert reason_of(outcomes) == "archive_name_unsafe"
    assert not door.home.raw.exists()
    assert not (door.folder.parent / "parcel_manifest.csv").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_archives_are_refused(door: Door, kind: int) -> None:
    content = zip_of_kind("parcel_manifest.csv", b"/etc/passwd", kind)
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", content))
    assert reason_of(outcomes) == "archive_member_not_plain"


def test_two_members_of_one_name_are_refused(door: Door) -> None:
    """Which of them was meant cannot be known."""
    content = zip_bytes([("parcel_manifest.csv", CSV), ("parcel_manifest.csv", CSV + b"x")])
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", content))
    assert reason_of(outcomes) == "archive_duplicate_name"


def test_what_is_no_plain_file_is_refused(door: Door) -> None:
    target = write_bytes(door.folder / "parcel_manifest.csv", CSV)
    link = door.folder / "parcel_manifest_link.csv"
    link.symlink_to(target)
    pipe = door.folder / "parcel_manifest_pipe.csv"
    os.mkfifo(pipe)
    for path in (link, pipe, door.folder, Path("/dev/zero"), Path("/proc/self/mem")):
        outcomes = door.deliver(path)
        assert reason_of(outcomes) in ("not_a_plain_file", "file_not_readable"), path
    assert not everything_below(door.home.inputs)
    (outcome,) = deliver(door.home, [target], received_date=DAY, key=KEY)
    assert outcome.accepted == 2


def test_member_and_archive_names_may_state_the_source(door: Door) -> None:
    """The member's own name comes first; folders say nothing."""
    named_outside = zip_bytes([("rows.csv", CSV)])
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest_1.zip", named_outside))
    assert (outcome.source, outcome.accepted) == ("parcel_manifest", 2)
    in_a_folder = zip_bytes([("parcel_manifest/rows.csv", csv_bytes(parcel_rows(3)))])
    outcomes = door.deliver(write_bytes(door.folder / "x.zip", in_a_folder))
    assert reason_of(outcomes) == "source_not_stated"
