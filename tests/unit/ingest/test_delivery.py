"""Deliveries: every row accounted for, refusals with reasons, nothing accepted twice.

Row numbers are those of the fault matrix (reliability handbook, A1). NOT claimed: crash safety.
"""

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from ingest.store.landing import days_with_data, raw_files
from ledger.chain import Ledger

DAY = dt.date(2026, 11, 21)
KEY = PseudonymKey.demonstration()
HEADER = "house_waybill_number,arrived_at,consignee_name,consignee_phone,declared_value"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def send(home: Home, path: Path, content: bytes | str, **options: str) -> DeliveryOutcome:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (outcome,) = deliver(home, [path], received_date=DAY, key=KEY, **options)
    assert outcome.rows_in == outcome.accepted + outcome.quarantined + outcome.duplicates
    return outcome


def rows(home: Home, select: str, source: str = "parcel_manifest") -> list[tuple]:
    files = raw_files(home, source, dt.date.min, dt.date.max)
    listed = ", ".join(f"'{path}'" for path in files)
    return duckdb.sql(
        f"select {select} from read_parquet([{listed}], hive_partitioning=false) order by _src_line"
    ).fetchall()


def quarantined(home: Home) -> list[tuple]:
    return duckdb.sql(
        "select line, column_name, reason_code, raw_text from "
        f"read_parquet('{home.quarantine}/*/*.parquet') order by all"
    ).fetchall()


def test_every_fate_of_a_row_with_physical_lines(home: Home, tmp_path: Path) -> None:
    """Rows 28-30, 34: header is line 1; two-line records, a blank line and rejects shift lines."""
    content = (
        f"{HEADER}\n"
        'A,2026-11-20T23:30:00,"Nguyễn\nVăn A",0912345678,12.5\n'  # lines 2-3
        "B,2026-11-20T23:30:00Z,Lê B,,1\n"  # 4: 23:30 UTC is 06:30 of the 21st in Viet Nam
        "B,2026-11-20T23:30:00Z,Lê B,,1\n"  # 5: exact duplicate of line 4
        "\n"  # 6
        "C,2026-11-20\n"  # 7: too few fields
        "D,2026-02-31T00:00:00,,,1\n"  # 8: no such date
        'E,,"unclosed,0912345678,1\n'  # 9: broken quote
        'F,,,,"1,5"\n'  # 10: comma in a decimal-point layout
        "G,,,,2\n"  # 11
        ",,,,2\n"  # 12: required
    )
    outcome = send(home, tmp_path / "parcel_manifest_1.csv", content)
    assert (outcome.rows_in, outcome.accepted, outcome.quarantined, outcome.duplicates) == (
        9, 3, 5, 1,
    )  # fmt: skip
    assert rows(home, "house_waybill_number, arrived_date, day, _day_basis, _src_line") == [
        ("A", dt.date(2026, 11, 20), dt.date(2026, 11, 20), "stated", 2),
        ("B", dt.date(2026, 11, 21), dt.date(2026, 11, 21), "stated", 4),
        ("G", None, DAY, "received", 11),
    ]
    assert quarantined(home) == [
        (7, None, "too_few_fields", "x,9999-99-99"),
        (8, "arrived_at", "timestamp_format", "2026-02-31T00:00:00"),
        (9, None, "broken_quote", 'x,,"xxxxxxxx,9999999999,9'),
        (10, "declared_value", "decimal_format", "1,5"),
        (12, "house_waybill_number", "required", None),
    ]
    assert days_with_data(home) == [dt.date(2026, 11, 20), DAY]


def test_a_clean_file_has_no_quarantine(home: Home, tmp_path: Path) -> None:
    outcome = send(home, tmp_path / "parcel_manifest_1.csv", f"{HEADER}\nA,,,,1\nB,,,,2\n")
    assert (outcome.accepted, outcome.warnings) == (2, ())
    assert not home.quarantine.exists()


def test_all_violations_of_a_row_are_kept(home: Home, tmp_path: Path) -> None:
    send(home, tmp_path / "parcel_manifest_1.csv", f"{HEADER}\n,nonsense,,,-3\n")
    assert [(line, reason) for line, _, reason, _ in quarantined(home)] == [
        (2, "timestamp_format"), (2, "below_minimum"), (2, "required"),
    ]  # fmt: skip


def test_raw_columns_are_those_of_the_contract(home: Home, tmp_path: Path) -> None:
    send(home, tmp_path / "parcel_manifest_1.csv", f"{HEADER}\nA,,,,1\n")
    (path,) = raw_files(home, "parcel_manifest", DAY, DAY)
    described = duckdb.sql(
        f"describe select * from read_parquet('{path}', hive_partitioning=false)"
    ).fetchall()
    expected = CONTRACTS["parcel_manifest"].raw_columns()
    assert [(row[0], row[1]) for row in described] == list(expected)


def test_no_personal_value_comes_to_rest_outside_inputs(home: Home, tmp_path: Path) -> None:
    """Row 71: canaries in good and in broken rows; the kept input is the only place."""
    content = (
        f"{HEADER}\nA,,Canaryname,0977000111,1\nB,bad,Canaryname,0977000111,1\n"
        f"C,,Canaryname,0977000111,{'9' * 30}\nD,Canaryname,0977000111\n"
    )
    send(home, tmp_path / "parcel_manifest_1.csv", content)
    for path in home.root.rglob("*"):
        if path.is_file() and home.inputs not in path.parents:
            data = path.read_bytes()
            if path.suffix == ".parquet":
                data = str(duckdb.sql(f"select * from '{path}'").fetchall()).encode()
            assert b"Canaryname" not in data, path
            assert b"977000111" not in data, path
    assert any(b"Canaryname" in path.read_bytes() for path in home.inputs.rglob("*/*"))
    assert not list((home.work / "ingest").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("parcel_manifest.csv", b"", "empty_file"),
        ("parcel_manifest.csv", b"house_waybill_number\nA\xff\n", "encoding_mismatch"),
        (
            "parcel_manifest.csv",
            "house_waybill_number\nA\n".encode("utf-16-le"),
            "encoding_mismatch",
        ),
        ("parcel_manifest.csv", b"a,a,house_waybill_number\n1,2,3\n", "duplicate_column"),
        ("parcel_manifest.csv", b"House_Waybill_Number\nA\n", "missing_column"),
        ("goods.csv", b"house_waybill_number\nA\n", "source_not_stated"),
        ("parcel_manifest.dat", b"x", "format_not_stated"),
        ("parcel_manifest.parquet", b"PAR1 nonsense", "corrupt_parquet"),
    ],
)
def test_refusals_name_their_reason(
    home: Home, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """Rows 22, 23, 31, 32: refused whole, kept, recorded, loads nothing."""
    outcome = send(home, tmp_path / name, content)
    assert outcome.status == "refused"
    assert str(outcome.reason).startswith(f"{reason}: ")
    assert len(list(home.inputs.rglob(outcome.sha256))) == 1
    assert Ledger(home.ledger).entries()[-1].body["status"] == "refused"
    assert not home.raw.exists()


def test_encoding_refusal_names_the_byte(home: Home, tmp_path: Path) -> None:
    content = b"house_waybill_number\n" + b"A\n" * 5 + b"B\xff\n"  # 21 + 10 + 1
    outcome = send(home, tmp_path / "parcel_manifest.csv", content)
    assert "byte 32 " in str(outcome.reason)


def test_paths_that_are_no_plain_files_are_refused(home: Home, tmp_path: Path) -> None:
    """Row 39."""
    target = tmp_path / "parcel_manifest.csv"
    target.write_text("house_waybill_number\nA\n")
    link = tmp_path / "parcel_manifest_link.csv"
    link.symlink_to(target)
    paths = [link, tmp_path, Path("/dev/null"), tmp_path / "none.csv"]
    outcomes = deliver(home, paths, received_date=DAY, key=KEY)
    reasons = [str(outcome.reason).split(":")[0] for outcome in outcomes]
    assert reasons == ["not_a_plain_file"] * 3 + ["file_not_found"]


def test_the_same_bytes_count_once_whatever_the_name(home: Home, tmp_path: Path) -> None:
    """Row 50, and after a discard they count again."""
    content = f"{HEADER}\nA,,,,1\nB,,,,2\n"
    first = send(home, tmp_path / "parcel_manifest_1.csv", content)
    again = send(home, tmp_path / "parcel_manifest_2.csv", content)
    assert (again.status, again.rows_in, again.duplicates, again.accepted) == ("duplicate", 2, 2, 0)
    assert len(rows(home, "1")) == 2
    ledger = Ledger(home.ledger)
    ledger.discard(first.sha256, "wrong day", "a person")
    assert ledger.deliveries() == []
    assert raw_files(home, "parcel_manifest", dt.date.min, dt.date.max) == []
    assert send(home, tmp_path / "parcel_manifest_3.csv", content).status == "accepted"
    assert ledger.verify() == 4


def test_header_only_is_an_empty_delivery(home: Home, tmp_path: Path) -> None:
    """Row 32."""
    outcome = send(home, tmp_path / "parcel_manifest.csv", HEADER)
    assert (outcome.status, outcome.rows_in, outcome.day_min) == ("accepted", 0, None)
    assert days_with_data(home) == []


def test_a_flipped_bit_in_raw_is_found(home: Home, tmp_path: Path) -> None:
    """Row 5."""
    send(home, tmp_path / "parcel_manifest.csv", f"{HEADER}\nA,,,,1\n")
    (path,) = raw_files(home, "parcel_manifest", DAY, DAY)
    path.chmod(0o640)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(WarehouseError, match="not what was written"):
        raw_files(home, "parcel_manifest", DAY, DAY)


def test_windowed_sources_give_overlapping_files_only(home: Home, tmp_path: Path) -> None:
    send(home, tmp_path / "parcel_manifest.csv", f"{HEADER}\nA,2026-11-20T10:00:00,,,1\n")
    day = dt.date(2026, 11, 20)
    after = day + dt.timedelta(days=1)
    assert len(raw_files(home, "parcel_manifest", day, day)) == 1
    assert raw_files(home, "parcel_manifest", after, after) == []


def test_a_home_keeps_its_key(home: Home, tmp_path: Path) -> None:
    send(home, tmp_path / "parcel_manifest.csv", f"{HEADER}\nA,,,,1\n")
    with pytest.raises(WarehouseError, match="'demo'"):
        deliver(home, [], received_date=DAY, key=PseudonymKey("k2", b"x" * 32))


def test_unknown_source_and_sender_are_usage_errors(home: Home) -> None:
    with pytest.raises(UsageError, match="unknown source"):
        deliver(home, [], source="parcels", received_date=DAY, key=KEY)
    with pytest.raises(UsageError, match="unknown sender"):
        deliver(home, [], sender="nobody", received_date=DAY, key=KEY)


def test_unknown_columns_are_named_and_measured(home: Home, tmp_path: Path) -> None:
    """Rows 31, 56; nobody vouches that an unknown column is not personal."""
    content = 'house_waybill_number,colour "x"\nA,red\nB,\n'.replace('colour "x"', '"colour ""x"""')
    outcome = send(home, tmp_path / "parcel_manifest.csv", content)
    assert outcome.warnings[0].startswith('unknown_columns: colour "x"')
    assert [extra and json.loads(extra) for (extra,) in rows(home, "_extra")] == [
        {'colour "x"': len("red")}, None,
    ]  # fmt: skip


def test_korean_declarations_yield_two_sources(home: Home, shared_data: Path) -> None:
    """All 37,385 rows, no label in the declarations; counts as the handbook states them."""
    path = shared_data / "kcs" / "train.parquet"
    outcomes = deliver(home, [path], sender="kcs", received_date=DAY, key=KEY)
    assert [(item.source, item.accepted, item.quarantined) for item in outcomes] == [
        ("customs_declaration", 37_385, 0), ("inspection_outcome", 37_385, 0),
    ]  # fmt: skip
    assert {item.day_min for item in outcomes} == {dt.date(2020, 1, 1)}
    found = rows(home, "result, finding_severity", "inspection_outcome")
    assert sum(result == "finding" for result, _ in found) == 8_114  # 21.70 % of 37,385
    assert sum(severity == "critical" for _, severity in found) == 394
    (check,) = duckdb.sql(
        "select count(*) filter (where d.registered_date <> s.Date "
        'or d.hs_code <> s."HS6 Code" or abs(d.declared_value - s."Item Price") > 0.005 '
        "or d._extra is not null) from "
        f"read_parquet('{home.raw}/customs_declaration/*/*.parquet') d "
        f"join '{path}' s on s.\"Declaration ID\" = d.declaration_number"
    ).fetchall()
    assert check == (0,)


def test_one_odd_text_is_cleaned_and_the_rows_beside_it_are_what_they_are_without_it(
    tmp_path: Path,
) -> None:
    """Row 26: whether all, a few or most rows have something to clean, each gets the same value."""
    odd, plain = "15\u00a0BB ", "15BB"  # a wide blank within, a blank behind

    def offices(name: str, given: list[str]) -> list[str]:
        home = Home(tmp_path / name)
        lines = [f"W{n},2026-11-20T09:00:00,{office}" for n, office in enumerate(given)]
        header = "house_waybill_number,arrived_at,customs_office_code"
        sent = send(home, tmp_path / "parcel_manifest.csv", "\n".join([header, *lines, ""]))
        assert sent.accepted == len(given)
        return [office for (office,) in rows(home, "customs_office_code")]

    for share in (0, 1, 2, 8):  # none, few enough to name their lines, too many for that, all
        given = [odd if n < share else plain for n in range(8)]
        assert offices(f"home {share}", given) == ["15 BB" if g == odd else g for g in given]
