"""Row 71: pseudonyms.

Promise: "HMAC-SHA256, per-domain key, key id stored in the token ...; no raw PII in any
mart/log/report/Dagster metadata (grep planted canaries)". Here: raw, quarantine and its exports,
ledger, outcomes and messages; the run and the release are searched in tests/integration.

Not claimed: a given name alone, or a name of another language, in a file or column name
(ingest/text/labels.py says what is recognised there); a person named in a goods description.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.onboarding import sender_check
from ingest.store import quarantine
from tests.faults.conftest import DAY, Door, csv_bytes, parcel_rows, write_bytes, write_csv
from tests.faults.workbooks import table, write_workbook
from tests.support.canaries import (
    ADDRESS,
    NAME,
    PERSONAL_ID,
    PHONE,
    TAX_CODE,
    found_in,
    leaks,
)  # fmt: skip
from tests.unit.ingest.test_cargo_xml import DEFAULTS, HOUSE

PERSONAL = {
    "consignor_name": NAME,
    "consignor_phone": "+84 912 777 333",
    "consignor_address": ADDRESS,
    "consignee_name": NAME.upper(),
    "consignee_id_number": PERSONAL_ID,
    "consignee_phone": PHONE,
    "consignee_address": ADDRESS,
}


def check(door: Door, *paths: Path, accepted: int, quarantined: int, **options: object) -> None:
    """Deliver, then search everything that the delivery left and said."""
    outcomes = [outcome for path in paths for outcome in door.deliver(path, **options)]
    assert sum(outcome.accepted for outcome in outcomes) == accepted, outcomes
    assert sum(outcome.quarantined for outcome in outcomes) == quarantined, outcomes
    said = json.dumps([outcome.to_json() for outcome in outcomes], ensure_ascii=False)
    assert found_in(said) == []
    assert leaks(door.home.root) == []
    # Negative control: the bytes themselves are kept, so the search had something to miss.
    stored = [path.read_bytes() for path in door.home.inputs.rglob("*") if path.is_file()]
    assert stored


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "kept").write_text(NAME)
    assert leaks(tmp_path) == []
    pq.write_table(pa.table({"x": [PHONE]}), tmp_path / "a.parquet", compression="zstd")
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        connection.execute("create table t as select ? as x", [ADDRESS])
    (tmp_path / "c.log").write_text("call +84 (912) 777-333", encoding="utf-8")
    (tmp_path / f"{NAME}.txt").write_text("", encoding="utf-8")
    (tmp_path / "inputs" / "ledger.jsonl").write_text(PERSONAL_ID)
    files = {offender.split(":")[0] for offender in leaks(tmp_path)}
    assert files == {"a.parquet", "b.duckdb", "c.log", f"{NAME}.txt", "inputs/ledger.jsonl"}


def test_personal_values_become_tokens(door: Door) -> None:
    path = write_csv(door.folder / "parcel_manifest.csv", parcel_rows(3, **PERSONAL))
    check(door, path, accepted=3, quarantined=0)
    tokens = {row["consignee_name_token"] for row in door.rows()}
    assert len(tokens) == 1
    assert all(str(token).startswith("demo:") for token in tokens)


@pytest.mark.parametrize(
    "changes",
    [
        {"declared_value": "not a number"},
        {"declared_value": NAME},
        {"currency_code": PHONE},
        {"currency_code": NAME},
        {"arrived_at": ADDRESS},
        {"channel": PERSONAL_ID},
        {"package_count": "+84 912 777 333"},
        {"gross_weight_kg": "0912-777-333 kg"},
        {"house_waybill_number": NAME + " x" * 100},
        {"consignee_phone": f"{NAME} {PHONE} " * 10},
        {"consignee_name": NAME * 100, "declared_value": "-"},
        {"consignee_address": ADDRESS * 100},
    ],
)
def test_broken_rows_show_no_person(door: Door, changes: dict[str, str]) -> None:
    """A wrong, shifted or oversized value: the row is set aside, masked."""
    rows = [*parcel_rows(1, **(PERSONAL | changes)), *parcel_rows(2, **PERSONAL)[1:]]
    path = write_csv(door.folder / "parcel_manifest.csv", rows)
    check(door, path, accepted=1, quarantined=1)
    listed = [
        quarantine.counts(door.home, quarantine.Selection()),
        quarantine.violations(door.home, quarantine.Selection()).shown,
    ]
    assert found_in(json.dumps(listed, default=str, ensure_ascii=False)) == []
    for suffix in (".csv", ".xlsx"):
        target = door.home.root / "work" / f"export{suffix}"
        target.parent.mkdir(exist_ok=True)
        assert quarantine.export(door.home, quarantine.Selection(), target) >= 1
    assert leaks(door.home.root) == []


@pytest.mark.parametrize(
    "break_line",
    [
        lambda line: line + f",{NAME},{PHONE}",  # too many fields
        lambda line: f"{NAME},{PHONE},{ADDRESS}",  # too few
        lambda line: line.replace(NAME.upper(), f'"{NAME} ""{PHONE}'),  # an open quote
        lambda line: line + "\0" + NAME,
    ],
)
def test_records_that_cannot_be_split_show_no_person(
    door: Door, break_line: Callable[[str], str]
) -> None:
    lines = csv_bytes(parcel_rows(3, **PERSONAL)).decode().splitlines()
    lines[2] = break_line(lines[2])
    path = write_bytes(door.folder / "parcel_manifest.csv", ("\n".join(lines) + "\n").encode())
    outcomes = door.deliver(path)
    assert outcomes[0].quarantined or outcomes[0].status == "refused"
    assert leaks(door.home.root) == []
    assert found_in(json.dumps([o.to_json() for o in outcomes], ensure_ascii=False)) == []


def unknown_columns(width: int) -> dict[str, str]:
    return {
        "Ghi chú": f"gọi {NAME} {PHONE}",
        "receiver": NAME,
        "cmnd": PERSONAL_ID,
        f"Của {NAME}": "x",
        PHONE: "y" * width,
    }


def test_unknown_columns_leave_names_and_lengths(door: Door) -> None:
    rows = parcel_rows(2, **(PERSONAL | unknown_columns(3)))
    check(door, write_csv(door.folder / "parcel_manifest.csv", rows), accepted=2, quarantined=0)
    (extra,) = {row["_extra"] for row in door.rows()}
    assert json.loads(str(extra)) == {
        "Ghi chú": len(f"gọi {NAME} {PHONE}"), "receiver": len(NAME), "cmnd": 12,
        "Của xxxxxx xxx xxxxxxx": 1, "9999999999": 3,
    }  # fmt: skip


def test_a_profile_may_keep_a_column_and_only_that_one(door: Door) -> None:
    profile = door.home.profiles / "keeper.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text(
        'sender = "keeper"\ntitle = "t"\nprovenance = "p"\nvalid_from = 2026-01-01\n'
        '[[outputs]]\nsource = "parcel_manifest"\nformat = "delimited"\nkeep = ["colour"]\n'
        'decimal_separator = "."\n',
        encoding="utf-8",
    )
    rows = parcel_rows(1, **PERSONAL, colour="red", receiver=NAME)
    path = write_csv(door.folder / "list.csv", rows)
    check(door, path, accepted=1, quarantined=0, sender="keeper")
    (row,) = door.rows()
    assert json.loads(str(row["_extra"])) == {"colour": "red", "receiver": len(NAME)}


@pytest.mark.parametrize(
    "header",
    [
        f"{NAME},{PHONE},{ADDRESS.replace(',', ' ')}",
        f"house_waybill_number,{NAME},{NAME}",
    ],
)
def test_a_header_that_is_no_header_is_refused_without_its_text(door: Door, header: str) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv", f"{header}\nA,B,C\n".encode())
    outcomes = door.deliver(path)
    assert [outcome.status for outcome in outcomes] == ["refused"]
    assert found_in(str(outcomes[0].reason)) == []
    assert leaks(door.home.root) == []


@pytest.mark.parametrize(
    "name",
    [
        f"parcel_manifest {NAME} {PHONE}.csv",
        f"parcel_manifest_{PERSONAL_ID}.csv",
        "parcel_manifest_NguyenThiZanarix.csv",
        f"parcel_manifest {TAX_CODE}.csv",
    ],
)
def test_file_names_lose_what_is_personal(door: Door, name: str) -> None:
    path = write_csv(door.folder / name, parcel_rows(1, **PERSONAL))
    check(door, path, accepted=1, quarantined=0)
    (again,) = door.deliver(path)
    assert again.status == "duplicate"
    (refused,) = door.deliver(write_bytes(door.folder / f"{NAME} {PHONE}.csv", b"x"))
    (missing,) = door.deliver(door.folder / f"no {NAME}.csv")
    assert [refused.status, missing.status] == ["refused", "refused"]
    said = [again.to_json(), refused.to_json(), missing.to_json()]
    assert found_in(json.dumps(said, ensure_ascii=False)) == []
    assert leaks(door.home.root) == []


def test_archives_and_their_members(door: Door) -> None:
    from tests.faults.archives import zip_bytes

    content = zip_bytes([(f"parcel_manifest {NAME}.csv", csv_bytes(parcel_rows(1, **PERSONAL)))])
    path = write_bytes(door.folder / f"{NAME} {PHONE}.zip", content)
    check(door, path, accepted=1, quarantined=0)


def cargo_xml(**changes: str) -> bytes:
    text = HOUSE.format(**DEFAULTS)
    for old, new in {
        "Example Receiver": NAME, "Lotus Example Trading": NAME, "2 Sample Street": ADDRESS,
        "84900000001": PHONE, "PERSON SECRET": NAME, "OFFICER SECRET": f"{NAME} {PHONE}",
        "UNKNOWN SECRET": ADDRESS, "0100000001": TAX_CODE, **changes,
    }.items():  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("changes", "accepted", "quarantined"),
    [
        ({}, 1, 0),
        ({"55.20": NAME}, 0, 1),
        ({"<CountryID>VN": f"<CountryID>{PHONE}"}, 0, 1),
    ],
)
def test_waybills(door: Door, changes: dict[str, str], accepted: int, quarantined: int) -> None:
    path = write_bytes(door.folder / "waybill.xml", cargo_xml(**changes))
    check(door, path, accepted=accepted, quarantined=quarantined)


@pytest.mark.parametrize(
    "content",
    [
        cargo_xml()[:-40],  # cut off
        cargo_xml().replace(b"<h:MasterConsignment>", f"<h:{PHONE}x>".encode(), 1),
        f"<a>{NAME} {PHONE}</a>".encode(),
        f"<!DOCTYPE a [<!ENTITY b '{NAME}'>]><a>&b;</a>".encode(),
    ],
)
def test_broken_documents_are_refused_without_their_text(door: Door, content: bytes) -> None:
    check(door, write_bytes(door.folder / "waybill.xml", content), accepted=0, quarantined=0)


def test_json_lines_and_workbooks(door: Door) -> None:
    profile = door.home.profiles / "office.toml"
    profile.parent.mkdir(parents=True)
    head = 'sender = "office"\ntitle = "t"\nprovenance = "p"\nvalid_from = 2026-01-01\n'
    outputs = "".join(
        f'[[outputs]]\nsource = "parcel_manifest"\nsuffix = "{suffix}"\nformat = "{kind}"\n'
        for suffix, kind in ((".jsonl", "json_lines"), (".xlsx", "xlsx"))
    )
    profile.write_text(head + outputs, encoding="utf-8")
    good = parcel_rows(1, **(PERSONAL | unknown_columns(3)))
    bad = parcel_rows(2, **(PERSONAL | unknown_columns(3) | {"declared_value": NAME}))[1:]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in [*good, *bad])
    lines += f'{{"house_waybill_number": "{NAME}", "cut\n'
    document = write_bytes(door.folder / "a.jsonl", lines.encode())
    book = write_workbook(door.folder / "a.xlsx", table([*good, *bad]))
    check(door, document, accepted=1, quarantined=2, sender="office")
    check(door, book, accepted=1, quarantined=1, sender="office")


def test_checking_a_profile_shows_shapes_only(door: Door) -> None:
    rows = [
        *parcel_rows(1, **(PERSONAL | unknown_columns(3))),
        *parcel_rows(2, **(PERSONAL | unknown_columns(3) | {"currency_code": NAME}))[1:],
    ]
    path = write_csv(door.folder / "parcel_manifest.csv", rows)
    shown = sender_check.check(
        door.home, sender_check.find_profile(door.home, "standard", DAY), path, received_date=DAY
    )
    assert found_in(str(shown)) == []
    assert leaks(door.home.root) == []
