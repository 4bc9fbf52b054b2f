"""Faulty deliveries: the desk makes of every file and row just what the truth files say.

Not claimed: that these are all the faults there are (tests/faults has one module per promise).
"""

import csv
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from foundation.files import sha256_file
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from synthetic import generate as module
from synthetic.generate import DEFAULT_FIRST_DAY, GenerationReport, generate
from synthetic.mess import KINDS, breaks
from synthetic.mess_plan import MessParameters, day_mess

pytestmark = pytest.mark.slow

PARCELS = 1_000
BUSY_DAY = DEFAULT_FIRST_DAY  # of a run of one day: also that of the outage and of the late file
KEY = PseudonymKey.demonstration()


@dataclass(frozen=True)
class Delivered:
    """A set with faults, and what the desk made of its files, in the order of receipt."""

    report: GenerationReport
    home: Home
    outcomes: list[DeliveryOutcome]
    faults: list[dict[str, str]]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.report.out / name).open(newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    folder = tmp_path_factory.mktemp("mess")
    report = generate(folder / "set", days=1, parcels_per_day=PARCELS, mess=True)
    home = Home(folder / "home")
    outcomes = [
        outcome
        for told in report.deliveries
        for outcome in deliver(
            home, [report.out / told.file], received_date=told.received_date, key=KEY
        )
    ]
    with (report.out / "truth" / "delivery_faults.csv").open(
        newline="", encoding="utf-8"
    ) as stream:
        return Delivered(report, home, outcomes, list(csv.DictReader(stream)))


def test_the_desk_counts_what_the_truth_says(delivered: Delivered) -> None:
    expected = [
        (t.status, t.rows_in, t.accepted, t.quarantined, t.duplicates)
        for t in delivered.report.deliveries
    ]
    found = [
        (o.status, o.rows_in, o.accepted, o.quarantined, o.duplicates) for o in delivered.outcomes
    ]
    assert found == expected
    assert sum(told.quarantined for told in delivered.report.deliveries) > 20
    assert sum(told.duplicates for told in delivered.report.deliveries) > 20


def test_every_broken_row_is_quarantined_at_its_line_for_its_reason(delivered: Delivered) -> None:
    names = {
        outcome.sha256: told.file
        for outcome, told in zip(delivered.outcomes, delivered.report.deliveries, strict=True)
        if outcome.status == "accepted"
    }
    quarantine = delivered.home.root / "quarantine"
    rows = duckdb.execute(
        f"select sha256, line, reason_code from read_parquet('{quarantine}/**/*.parquet')"
    ).fetchall()
    found = {(names[sha256], str(line), reason) for sha256, line, reason in rows}
    broken = [fault for fault in delivered.faults if fault["kind"] == "broken_row"]
    assert found == {(fault["file"], fault["line"], fault["reason_code"]) for fault in broken}
    assert len(found) == len(rows) == len(broken)


def test_many_reasons_occur(delivered: Delivered) -> None:
    reasons = {f["reason_code"] for f in delivered.faults if f["kind"] == "broken_row"}
    every = {
        item.reason_code
        for source in ("parcel_manifest", "low_value_declaration")
        for item in breaks(module.CONTRACTS[source], "csv")
    }
    assert len(every) == 13
    assert len(reasons) > 8
    assert reasons <= every
    # The binary format has no record to cut: only fields can be wrong.
    binary = {item.reason_code for item in breaks(module.CONTRACTS["parcel_manifest"], "parquet")}
    assert every - binary == {
        "nul_byte", "broken_quote", "too_few_fields", "too_many_fields", "date_format",
    }  # fmt: skip


def test_labels_of_faults_lead_to_their_rows(delivered: Delivered) -> None:
    kinds = Counter(fault["kind"] for fault in delivered.faults)
    assert set(kinds) == set(KINDS) - {""}
    for fault in delivered.faults:
        if fault["kind"] == "broken_row":
            continue
        row = delivered.rows(fault["file"])[int(fault["line"]) - 2]
        for column in ("house_waybill_number", "declaration_number", "line_number"):
            assert fault[column] in ("", row.get(column))
        assert row["version_number"] == fault["version_number"]
        status = {"amendment": "amended", "cancellation": "cancelled"}.get(fault["kind"])
        assert status is None or row["record_status"] == status


def test_version_three_comes_before_version_two(delivered: Delivered) -> None:
    received: dict[tuple[str, str, str], dict[str, str]] = {}
    for fault in delivered.faults:
        if fault["kind"] == "out_of_order_version":
            key = (fault["source"], fault["house_waybill_number"], fault["declaration_number"])
            received.setdefault(key, {})[fault["version_number"]] = fault["file"].split("/")[0]
    assert received
    assert all(set(files) == {"2", "3"} for files in received.values())
    assert all(files["3"] < files["2"] for files in received.values())


def test_planted_rows_are_never_hurt(delivered: Delivered) -> None:
    planted = {
        row["house_waybill_number"] or row["declaration_number"] + "/" + row["line_number"]
        for row in delivered.rows("truth/planted_typologies.csv")
    }
    hurt = {
        fault["house_waybill_number"] or fault["declaration_number"] + "/" + fault["line_number"]
        for fault in delivered.faults
    }
    assert planted
    assert hurt
    assert planted & hurt == set()


def test_the_outage_day_comes_in_pieces_and_is_ten_days_large(delivered: Delivered) -> None:
    """Sixteen hours from 8:00 reach us by back-load, over three later days of receipt."""
    files = {
        told.file: told for told in delivered.report.deliveries if told.source == "parcel_manifest"
    }
    kinds = Counter(told.kind for told in files.values())
    assert kinds == {"outage_day": 1, "back_load": 3, "amendments": 1, "late_versions": 1}
    first_versions: set[str] = set()
    for name, told in files.items():
        if told.kind in ("outage_day", "back_load"):
            rows = delivered.rows(name)
            hours = {row["arrived_at"][11:13] for row in rows if row["arrived_at"][:3] == "202"}
            assert (max(hours) < "08") == (told.kind == "outage_day")
            assert told.received_date > BUSY_DAY + dt.timedelta(days=told.kind == "back_load")
            first_versions |= {row["house_waybill_number"] for row in rows}
    waits = sum(told.rows_in for told in files.values() if told.kind == "back_load")
    assert 0.6 < waits / (10 * PARCELS) < 0.73  # 16 of 24 hours
    unnamed = sum(
        fault["reason_code"] == "required" and fault["file"] in files for fault in delivered.faults
    )
    assert len(first_versions - {""}) + unnamed == 10 * PARCELS


def test_late_and_repeated_files_are_named(delivered: Delivered) -> None:
    late = [told for told in delivered.report.deliveries if told.kind == "late"]
    assert [told.source for told in late] == ["low_value_declaration"]
    assert late[0].received_date == DEFAULT_FIRST_DAY + dt.timedelta(days=4)
    [again] = [told for told in delivered.report.deliveries if told.kind == "sent_again"]
    [first] = [
        told
        for told in delivered.report.deliveries
        if Path(told.file).name == Path(again.file).name.replace("_sent_again", "")
    ]
    assert first.rows_in == again.duplicates
    assert sha256_file(delivered.report.out / first.file) == sha256_file(
        delivered.report.out / again.file
    )


def test_no_file_knows_more_than_its_day_of_receipt(delivered: Delivered) -> None:
    for told in delivered.report.deliveries:
        for row in delivered.rows(told.file):
            for column in ("known_at", "vintage_date", "event_date"):
                assert row.get(column, "")[:10] <= told.received_date.isoformat()


def test_a_long_run_has_one_outage_and_one_busy_day_and_late_files_every_week() -> None:
    days = [
        day_mess(MessParameters(), first_day=DEFAULT_FIRST_DAY, days=21, day_index=index)
        for index in range(21)
    ]
    assert [index for index, day in enumerate(days) if day.outage] == [2]
    assert [index for index, day in enumerate(days) if day.factor == 10] == [4]
    late = [i for i, day in enumerate(days) if day.kinds["low_value_declaration"] == "late"]
    assert late == [0, 7, 14]
    assert [index for index, day in enumerate(days) if day.sent_again] == [1, 8, 15]


def test_faulty_sets_have_equal_bytes_for_any_threads_and_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashes(name: str, threads: int) -> dict[str, str]:
        out = tmp_path / name
        generate(out, days=2, parcels_per_day=300, mess=True, threads=threads)
        return {
            path.relative_to(out).as_posix(): sha256_file(path)
            for path in out.rglob("*")
            if path.is_file()
        }

    whole = hashes("whole", 1)
    monkeypatch.setattr(module, "SLICE_ROWS", 130)
    assert hashes("one", 1) == whole
    assert hashes("two", 2) == whole


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_without_mess_every_row_is_accepted(tmp_path: Path, file_format: module.FileFormat) -> None:
    """The control of all of the above."""
    report = generate(tmp_path / "set", days=1, parcels_per_day=2_000, file_format=file_format)
    assert not (report.out / "truth" / "delivery_faults.csv").exists()
    outcomes = [
        outcome
        for told in report.deliveries
        for outcome in deliver(
            Home(tmp_path / "home"),
            [report.out / told.file],
            received_date=told.received_date,
            key=KEY,
        )
    ]
    assert {outcome.status for outcome in outcomes} == {"accepted"}
    assert [(o.rows_in, o.quarantined, o.duplicates) for o in outcomes] == [
        (o.accepted, 0, 0) for o in outcomes
    ]
    assert sum(outcome.accepted for outcome in outcomes) == report.rows


def test_both_formats_hold_the_same_rows(tmp_path: Path) -> None:
    sets = {
        name: generate(tmp_path / name, days=1, parcels_per_day=1_500, file_format=name)
        for name in ("csv", "parquet")
    }
    for told in sets["parquet"].deliveries:
        if told.kind == "state":
            continue
        binary = f"read_parquet('{sets['parquet'].out / told.file}')"
        text = f"'{sets['csv'].out / told.file.replace('.parquet', '.csv')}'"
        described = duckdb.execute(f"describe select * from {binary}").fetchall()
        columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind, *_ in described)
        assert {kind for _, kind, *_ in described} > {"VARCHAR"}
        same = duckdb.execute(
            f"select count(*) from (from {binary} except all select {columns} from "
            f"read_csv({text}, header = true, all_varchar = true))"
        ).fetchone()
        assert same == (0,)
        assert duckdb.execute(f"select count(*) from {binary}").fetchone() == (told.rows_in,)
