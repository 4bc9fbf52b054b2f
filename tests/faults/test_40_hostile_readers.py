"""Row 40: hostile parquet or duckdb file.

Promise: "parse in child process (RLIMIT_AS, CPU, no network env, enable_external_access=false +
lock_configuration); never ATTACH a delivered .duckdb. SIGSEGV stub child: run reports 'reader
crashed', file refused."
"""

import os
import time
from pathlib import Path

import duckdb
import pytest

from foundation.errors import UsageError
from ingest.conforming.pseudonymise import KEY_VARIABLE
from ingest.delivery import deliver
from ingest.readers import registry
from ingest.sandbox import child
from tests.faults.conftest import DAY, KEY, Door, parcel_rows, reason_of, write_bytes, write_csv


@pytest.fixture
def deliver_with(door: Door, monkeypatch: pytest.MonkeyPatch):
    """Deliver one flawless file while a function of bad_readers.py reads delimited text."""

    def run(reader: str, **settings: str):
        formats = {**registry.FORMATS, "delimited": f"tests.faults.bad_readers:{reader}"}
        monkeypatch.setattr(registry, "FORMATS", formats)
        for name, value in settings.items():
            monkeypatch.setenv(f"IMPORT_RISK_READER_{name}", value)
        return door.deliver(write_csv(door.folder / "parcel_manifest.csv", parcel_rows(3)))

    return run


@pytest.mark.parametrize(
    ("reader", "settings", "reason", "told"),
    [
        ("segmentation_fault", {}, "reader_crashed", "SIGSEGV"),
        ("abort", {}, "reader_crashed", "SIGABRT"),
        ("killed", {}, "reader_crashed", "SIGKILL"),
        ("leaves_quietly", {}, "reader_crashed", "without a result"),
        ("raises_with_a_secret", {}, "reader_crashed", "ValueError"),
        ("forged_counts", {}, "reader_crashed", "no sense"),
        ("link_instead_of_rows", {}, "reader_crashed", "the reader left"),
        ("memory_hog", {"MEMORY": "1GiB"}, "reader_out_of_memory", "1073741824 bytes"),
        ("database_memory_hog", {"MEMORY": "600MiB"}, "reader_out_of_memory", ""),
        ("endless_loop", {"CPU_SECONDS": "2"}, "reader_timed_out", "processor time"),
        ("endless_wait", {"WALL_SECONDS": "2"}, "reader_timed_out", "2 seconds"),
        ("output_bomb", {"OUTPUT": "20MB"}, "output_too_large", "20000000 bytes"),
    ],
)
def test_a_reader_that_dies_refuses_its_file(
    door: Door, deliver_with, reader: str, settings: dict[str, str], reason: str, told: str
) -> None:
    started = time.monotonic()
    outcomes = deliver_with(reader, **settings)
    assert time.monotonic() - started < 30
    assert reason_of(outcomes) == reason
    assert told in str(outcomes[0].reason)
    assert "Canaryname" not in str(outcomes[0].reason)
    assert len(list(door.home.inputs.rglob(outcomes[0].sha256))) == 1, "the input must be kept"
    assert door.ledger.entries()[-1].body["reason"] == outcomes[0].reason
    assert not door.home.raw.exists(), "nothing may load"
    assert not list((door.home.work / "ingest").iterdir()), "the scratch folder must be gone"


@pytest.mark.parametrize("reader", ["good", "network", "other_files", "other_programs"])
def test_what_a_reader_may_not_do_fails_and_its_own_work_goes_on(
    door: Door, deliver_with, reader: str
) -> None:
    """Each of these readers tries, and returns the rows only when every attempt failed."""
    (outcome,) = deliver_with(reader)
    assert (outcome.status, outcome.accepted) == ("accepted", 3), outcome.reason
    assert not Path("/tmp/stolen.csv").exists()


def test_the_next_file_is_read_after_a_crash(
    door: Door, deliver_with, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reason_of(deliver_with("segmentation_fault")) == "reader_crashed"
    (outcome,) = deliver_with("good")
    assert outcome.accepted == 3


def test_the_child_gets_no_secret_from_the_environment(
    deliver_with, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "c" * 64)
    child.stop()  # the next forking process starts under this environment
    (outcome,) = deliver_with("environment")
    assert outcome.accepted == 3, outcome.reason


def test_without_the_sandbox_the_same_readers_get_through(tmp_path: Path) -> None:
    """Control: it is the sandbox that stops them, not the machine."""
    assert Path("/etc/passwd").read_bytes()
    assert os.fork is not None
    stolen = duckdb.connect().execute("select count(*) from read_text('/etc/passwd')").fetchone()
    assert stolen == (1,)


def test_this_machine_confines_readers() -> None:
    """What `import-risk doctor` prints; on a kernel without these the tests above would fail."""
    assert "system call filter" in child.network_isolation()
    assert child.file_isolation().startswith("Landlock")


def test_a_delivered_database_is_never_attached(door: Door) -> None:
    path = door.folder / "parcel_manifest.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table parcel_manifest as select 'A' as house_waybill_number")
    assert reason_of(door.deliver(path)) == "format_not_stated"
    renamed = path.rename(door.folder / "parcel_manifest.parquet")
    assert reason_of(door.deliver(renamed)) == "corrupt_parquet"


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_parquet_file_never_brings_the_warehouse_down(door: Door, seed: int) -> None:
    """Flipped bytes in the footer reach deep into the parser: refused or read, never a failure."""
    path = door.folder / "parcel_manifest.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'HW' || i as house_waybill_number, i::decimal(9, 2) as declared_value "
            f"from range(500) t(i)) to '{path}' (format parquet)"
        )
    content = bytearray(path.read_bytes())
    footer = int.from_bytes(content[-8:-4], "little")
    place = len(content) - 8 - footer + (seed * 7919) % footer
    content[place] ^= 1 << (seed % 8)
    write_bytes(path, bytes(content))
    (outcome,) = door.deliver(path)
    assert outcome.status in ("accepted", "refused")


def test_limits_that_make_no_sense_are_usage_errors(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(door.folder / "parcel_manifest.csv", parcel_rows(1))
    for name, value in (("MEMORY", "much"), ("MEMORY", "0"), ("CPU_SECONDS", "10GB")):
        monkeypatch.setenv(f"IMPORT_RISK_READER_{name}", value)
        with pytest.raises(UsageError, match=f"IMPORT_RISK_READER_{name}"):
            deliver(door.home, [path], received_date=DAY, key=KEY)
        monkeypatch.delenv(f"IMPORT_RISK_READER_{name}")
    assert door.deliver(path)[0].accepted == 1
