"""Reference files: every file gets an outcome, every value its type, the latest date wins.

Not claimed: that the values are right; their origin and licence are recorded as stated.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from foundation.errors import UsageError
from foundation.files import sha256_file
from foundation.home import Home
from ingest.reference.catalog import KINDS
from ingest.reference.editions import parquet_path, reference_in_force
from ingest.reference.load import ReferenceOutcome, load_reference
from ledger.chain import Ledger

TARIFF = """hs8,desc_vi,desc_en,mfn,acfta
01012100,"- - Mẫu, một","- - Sample, one",12.5,0
01012900,Mẫu hai,,40 (NHN: 80),0 (-KH)
9849170,Mã thiếu số,Short code,0,
01012100,Dòng trùng mã,Repeated code,99,1
"""
TARIFF_NAME = KINDS["vn_tariff"].file_name


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's home")


def load_text(
    home: Home, tmp_path: Path, text: str, name: str = TARIFF_NAME, **options: Any
) -> ReferenceOutcome:
    folder = tmp_path / "files [1]"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (outcome,) = load_reference(home, path, **options)
    return outcome


def rows(home: Home, outcome: ReferenceOutcome) -> list[tuple[Any, ...]]:
    assert outcome.kind is not None
    path = parquet_path(home, outcome.kind, outcome.sha256)
    with duckdb.connect() as connection:
        return connection.read_parquet(str(path)).order("_src_line").fetchall()


def test_cells_are_typed_and_text_is_kept_where_there_is_no_number(
    home: Home, tmp_path: Path
) -> None:
    outcome = load_text(home, tmp_path, TARIFF)
    loaded = [tuple(str(v) if v is not None else None for v in row) for row in rows(home, outcome)]
    assert loaded == [
        ("01012100", "- - Mẫu, một", "- - Sample, one", "12.500", None, "0.000", None, "2"),
        ("01012900", "Mẫu hai", None, None, "40 (NHN: 80)", None, "0 (-KH)", "3"),
        ("01012100", "Dòng trùng mã", "Repeated code", "99.000", None, "1.000", None, "5"),
    ]
    assert (outcome.status, outcome.rows, outcome.rejected) == ("loaded", 3, 1)
    assert outcome.reason == "1 records not usable, the first: 4 (header = 1)"


def test_the_ledger_says_what_was_loaded(home: Home, tmp_path: Path) -> None:
    outcome = load_text(home, tmp_path, TARIFF)
    (entry,) = Ledger(home.ledger).entries()
    assert entry.kind == "reference"
    assert entry.body == {
        "kind": "vn_tariff",
        "file": TARIFF_NAME,
        "sha256": outcome.sha256,
        "parquet_sha256": sha256_file(parquet_path(home, "vn_tariff", outcome.sha256)),
        "rows": 3,
        "rejected": 1,
        "as_of": "2026-01-01",
        "licence": "none stated",
        "provenance": KINDS["vn_tariff"].provenance,
    }


def test_loading_again_changes_nothing(home: Home, tmp_path: Path) -> None:
    load_text(home, tmp_path, TARIFF)
    assert load_text(home, tmp_path, TARIFF).status == "unchanged"
    assert len(Ledger(home.ledger).entries()) == 1


def test_the_latest_date_wins_not_the_latest_load(home: Home, tmp_path: Path) -> None:
    new = load_text(home, tmp_path, TARIFF, as_of=dt.date(2026, 7, 1))
    old = load_text(home, tmp_path, TARIFF.replace("12.5", "10"), as_of=dt.date(2025, 1, 1))
    assert (new.status, old.status) == ("loaded", "loaded")
    assert in_force(home, dt.date(2026, 12, 1)) == new.sha256
    same_day = load_text(home, tmp_path, TARIFF.replace("12.5", "11"), as_of=dt.date(2026, 7, 1))
    assert in_force(home, dt.date(2026, 12, 1)) == same_day.sha256
    # A new edition changes no day before its date; days before all editions take the earliest.
    assert in_force(home, dt.date(2026, 6, 30)) == old.sha256
    assert in_force(home, dt.date(2026, 7, 1)) == same_day.sha256
    assert in_force(home, dt.date(2020, 1, 1)) == old.sha256


def in_force(home: Home, day: dt.date) -> str:
    entry = reference_in_force(Ledger(home.ledger).entries(), day)["vn_tariff"]
    return str(entry.body["sha256"])


def test_an_own_file_needs_its_kind_and_date(home: Home, tmp_path: Path) -> None:
    assert load_text(home, tmp_path, TARIFF, "mine.csv").status == "unknown"
    undated = load_text(home, tmp_path, TARIFF, "mine.csv", kind="vn_tariff")
    assert (undated.status, undated.as_of) == ("refused", None)
    stated = load_text(
        home, tmp_path, TARIFF, "mine.csv", kind="vn_tariff", as_of=dt.date(2026, 2, 1)
    )
    assert (stated.status, stated.licence) == ("loaded", "none stated")
    assert stated.provenance == "file mine.csv"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hs8,desc_vi,desc_en,mfn\n1,2,3,4\n", "these columns must be there once: acfta"),
        ("", "these columns must be there once: hs8"),
        ("hs8,hs8,desc_vi,desc_en,mfn,acfta\n", "these columns must be there once: hs8"),
        (TARIFF.splitlines()[0] + "\n", "no usable row"),
        (TARIFF + "01012100,too,few\n", "Expected 5 columns, got 3"),
        (TARIFF.replace("01012", "0101x"), "no usable row"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    home: Home, tmp_path: Path, text: str, reason: str
) -> None:
    outcome = load_text(home, tmp_path, text)
    assert outcome.status == "refused"
    assert reason in (outcome.reason or "")
    assert Ledger(home.ledger).entries() == []


def test_bytes_that_are_not_utf8_are_refused(home: Home, tmp_path: Path) -> None:
    path = tmp_path / TARIFF_NAME
    path.write_bytes(TARIFF.encode("utf-16"))
    (outcome,) = load_reference(home, path)
    assert outcome.status == "refused"


def test_wrong_requests_are_usage_errors(home: Home, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown kind"):
        load_reference(home, tmp_path, kind="tariffs")
    with pytest.raises(UsageError, match="is a folder"):
        load_reference(home, tmp_path, as_of=dt.date(2026, 1, 1))
    with pytest.raises(UsageError, match="no file or folder"):
        load_reference(home, tmp_path / "missing.csv")


@pytest.mark.shared
def test_the_real_collection(home: Home, shared_data: Path) -> None:
    folder = shared_data / "reference"
    outcomes = load_reference(home, folder)
    assert len(outcomes) == sum(1 for path in folder.rglob("*") if path.is_file())
    loaded = {o.kind: (o.rows, o.rejected) for o in outcomes if o.status == "loaded"}
    # Counted in the files: four tariff codes have seven digits, the HS file ends with a total row,
    # 79 pairs and one subheading name no ISIC class.
    assert loaded == {
        "vn_tariff": (12_000, 4),
        "specialised_procedures": (7_932, 0),
        "customs_offices": (391, 0),
        "provinces": (63, 0),
        "hs_codes": (6_939, 1),
        "countries": (249, 0),
        "wards": (3_321, 0),
        "hs_isic3": (5_612, 1),
        "hs_isic4": (19_623, 79),
    }
    others = {o.file: o.status for o in outcomes if o.status != "loaded"}
    assert set(others.values()) == {"unknown"}
    assert "SOURCES.md" in others
    assert all(o.reason for o in outcomes if o.status != "loaded")


@pytest.mark.shared
def test_the_real_tariff_keeps_its_rates_that_are_no_numbers(home: Home, shared_data: Path) -> None:
    (outcome,) = load_reference(home, shared_data / "reference" / "vn_tariff" / TARIFF_NAME)
    path = parquet_path(home, "vn_tariff", outcome.sha256)
    with duckdb.connect() as connection:
        texts = connection.execute(
            "select count(mfn_text), count(*) filter (where mfn_rate_percent is null), "
            "count(*) filter (where (mfn_text is null) = (mfn_rate_percent is null)) "
            "from read_parquet(?)",
            [str(path)],
        ).fetchone()
    assert texts == (295, 295, 0)
