"""Row 21. CSV cut in the last line: "refuse unless manifest (rows, sha256, control totals) agrees;
no manifest -> final newline + row-count rule, warn". Cut 1..40 bytes, without and with a manifest.
"""

import hashlib
import zipfile
from pathlib import Path

import pytest

from foundation.errors import UsageError
from tests.faults.conftest import Door, csv_bytes, parcel_rows, reason_of, write_bytes
from tests.faults.profile_files import write_profile

WHOLE = csv_bytes(parcel_rows(3))
LAST_LINE = len(WHOLE) - WHOLE[:-1].rindex(b"\n") - 1
CONTROL = """[control]
suffix = ".manifest.csv"
required = {required}
[control.sums]
declared_value = "total"
"""


def with_control(door: Door, *, required: str = "true") -> None:
    write_profile(
        door.home, "post", 'decimal_separator = "."', tail=CONTROL.format(required=required)
    )


def manifest(
    name: str = "x.csv", *, content: bytes = WHOLE, sha256: str | None = None, rows: str = "3",
    total: str = "307.50",
) -> bytes:  # fmt: skip
    stated = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
    # 101.50 + 102.50 + 103.50 = 307.50
    return f"file,sha256,rows,total\n{name},{stated},{rows},{total}\n".encode()


def test_the_last_line_is_longer_than_every_cut() -> None:
    assert LAST_LINE > 41


@pytest.mark.parametrize("cut", [*range(1, 41), LAST_LINE])
def test_without_a_manifest_a_cut_is_warned_about_or_set_aside(door: Door, cut: int) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv", WHOLE[:-cut])
    (outcome,) = door.deliver(path)
    if cut == LAST_LINE:  # a whole line less: nothing in the bytes can tell
        assert (outcome.rows_in, outcome.accepted, outcome.warnings) == (2, 2, ())
        return
    if outcome.status == "refused":  # cut through a letter
        assert reason_of([outcome]) == "encoding_mismatch"
        return
    warned = any(text.startswith("no_final_newline") for text in outcome.warnings)
    assert outcome.rows_in == 3
    assert warned or outcome.quarantined == 1
    assert outcome.accepted == 3 - outcome.quarantined


def test_whole_files_are_accepted_without_a_word(door: Door) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv", WHOLE)
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.warnings) == (3, ())


@pytest.mark.parametrize("cut", [1, 2, 9, 40, LAST_LINE])
@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({}, "control_sha256_mismatch"),
        ({"sha256": "", "total": ""}, "control_rows_mismatch"),
        ({"sha256": "", "rows": ""}, "control_sum_mismatch"),
    ],
    ids=["sha256", "rows", "sum"],
)
def test_with_a_manifest_a_cut_file_is_refused(
    door: Door, cut: int, stated: dict[str, str], reason: str
) -> None:
    with_control(door)
    path = write_bytes(door.folder / "x.csv", WHOLE[:-cut])
    write_bytes(door.folder / "x.csv.manifest.csv", manifest(**stated))
    outcomes = door.deliver(path, sender="post")
    value_is_cut = cut >= len("103.50,CNY\n") - 2
    if (
        reason == "control_sha256_mismatch"
        or cut == LAST_LINE
        or (reason == "control_sum_mismatch" and value_is_cut)
    ):
        assert reason_of(outcomes) == reason
        assert door.rows() == []
    else:
        # The record is still there, only shorter: neither the number of rows nor the sum can
        # tell, which is why a manifest should state the sha256; it is noted or set aside.
        (outcome,) = outcomes
        assert outcome.rows_in == 3
        assert outcome.warnings or outcome.quarantined


def test_an_agreeing_manifest_speaks_for_a_file_without_final_newline(door: Door) -> None:
    with_control(door)
    content = WHOLE[:-1]
    path = write_bytes(door.folder / "x.csv", content)
    write_bytes(door.folder / "x.manifest.csv", manifest(content=content))
    (outcome,) = door.deliver(path, sender="post")
    assert (outcome.accepted, outcome.warnings) == (3, ())
    body = door.ledger.deliveries()[-1].body
    stored = door.home.inputs / body["manifest_sha256"][:2] / body["manifest_sha256"]
    assert stored.read_bytes() == manifest(content=content)


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"sha256": "0" * 64}, "control_sha256_mismatch"),
        ({"rows": "4"}, "control_rows_mismatch"),
        ({"total": "307.51"}, "control_sum_mismatch"),
        ({"total": "a lot"}, "manifest_unreadable"),
        ({"rows": "three"}, "manifest_unreadable"),
        ({"sha256": "abc"}, "manifest_unreadable"),
        ({"name": "y.csv"}, "not_in_manifest"),
    ],
)
def test_every_contradiction_refuses_the_file(
    door: Door, stated: dict[str, str], reason: str
) -> None:
    with_control(door)
    path = write_bytes(door.folder / "x.csv", WHOLE)
    write_bytes(door.folder / "x.csv.manifest.csv", manifest(**stated))
    assert reason_of(door.deliver(path, sender="post")) == reason
    assert door.rows() == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"file,rows\nx.csv,3\n",
        manifest() + b"x.csv,,,\n",
        b"file," + b"x" * 2**20,
    ],
    ids=["empty", "not-utf8", "no-columns", "named-twice", "too-large"],
)
def test_an_unreadable_manifest_refuses_the_file(door: Door, content: bytes) -> None:
    with_control(door)
    path = write_bytes(door.folder / "x.csv", WHOLE)
    write_bytes(door.folder / "x.csv.manifest.csv", content)
    assert reason_of(door.deliver(path, sender="post")) == "manifest_unreadable"


def test_a_missing_manifest_counts_only_when_it_is_required(door: Door) -> None:
    path = write_bytes(door.folder / "x.csv", WHOLE)
    with_control(door)
    assert reason_of(door.deliver(path, sender="post")) == "manifest_missing"
    with_control(door, required="false")
    assert door.deliver(path, sender="post")[0].accepted == 3


def test_a_manifest_of_several_files_may_lie_anywhere_when_it_is_named(door: Door) -> None:
    with_control(door)
    path = write_bytes(door.folder / "x.csv", WHOLE)
    elsewhere = door.folder / "lists"
    elsewhere.mkdir()
    other = manifest("other.csv", sha256="0" * 64).split(b"\n", 1)[1]
    listed = write_bytes(elsewhere / "all.csv", manifest() + other)
    assert door.deliver(path, sender="post", manifest=listed)[0].accepted == 3
    with pytest.raises(UsageError, match="describes no manifest"):
        door.deliver(path, manifest=listed)


def test_a_manifest_among_the_delivered_files_is_no_delivery(door: Door) -> None:
    from ingest.delivery import deliver
    from tests.faults.conftest import DAY, KEY

    with_control(door)
    paths = [
        write_bytes(door.folder / "x.csv", WHOLE),
        write_bytes(door.folder / "x.csv.manifest.csv", manifest()),
    ]
    outcomes = deliver(door.home, paths, sender="post", received_date=DAY, key=KEY)
    assert [(item.file, item.accepted) for item in outcomes] == [("x.csv", 3)]


def test_a_manifest_inside_the_archive_or_beside_it(door: Door) -> None:
    write_profile(door.home, "post", suffix=".csv", tail=CONTROL.format(required="true"))

    def zipped(name: str, members: dict[str, bytes]) -> Path:
        path = door.folder / name
        with zipfile.ZipFile(path, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    cut = zipped("a.zip", {"x.csv": WHOLE[:-9], "x.manifest.csv": manifest()})
    assert reason_of(door.deliver(cut, sender="post")) == "control_sha256_mismatch"
    inside = zipped("b.zip", {"x.csv": WHOLE, "x.manifest.csv": manifest()})
    (outcome,) = door.deliver(inside, sender="post")
    assert (outcome.file, outcome.accepted) == ("b.zip/x.csv", 3)
    beside = zipped("c.zip", {"y.csv": csv_bytes(parcel_rows(2))})
    stated = hashlib.sha256(beside.read_bytes()).hexdigest()
    write_bytes(
        door.folder / "c.zip.manifest.csv",
        f"file,sha256,rows,total\nc.zip,{stated},2,204.00\n".encode(),
    )
    assert door.deliver(beside, sender="post")[0].accepted == 2


def test_sums_count_every_row_and_know_what_they_miss(door: Door) -> None:
    """A value that nobody can read is missing in our sum: with the sha256 that is only noted."""
    with_control(door)
    rows = parcel_rows(2) + parcel_rows(3, declared_value="ten")[2:]
    content = csv_bytes(rows)
    path = write_bytes(door.folder / "x.csv", content)
    beside = door.folder / "x.csv.manifest.csv"
    write_bytes(beside, manifest(content=content, sha256=""))
    assert reason_of(door.deliver(path, sender="post")) == "control_sum_mismatch"
    write_bytes(beside, manifest(content=content))
    (outcome,) = door.deliver(path, sender="post")
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    assert [text.split(":")[0] for text in outcome.warnings] == ["control_sum_not_comparable"]
