"""Planted persons are found nowhere outside the input store: not after a run, not in its messages.

The delivery's own faults are searched in tests/faults/test_71_canaries.py; here it is everything
that a run, a release, Dagster, a query and a change of key leave behind.
"""

import csv
import io
import shutil
from pathlib import Path

import pytest

from tests.integration.conftest import LAST_DAY
from tests.support.canaries import (
    ADDRESS,
    NAME,
    PERSONAL_ID,
    PHONE,
    TAX_CODE,
    found_in,
    leaks,
)  # fmt: skip
from tests.support.cli import Done, ImportRisk

pytestmark = pytest.mark.slow

NEW_KEY = {"IMPORT_RISK_PII_KEY": "n" * 40, "IMPORT_RISK_PII_KEY_ID": "k2"}
PERSON = {
    "consignor_name": NAME, "consignor_phone": "+84 912 777 333", "consignor_address": ADDRESS,
    "consignee_name": NAME.upper(), "consignee_id_number": PERSONAL_ID, "consignee_phone": PHONE,
    "consignee_address": ADDRESS,
}  # fmt: skip
FIRM = {**PERSON, "consignee_id_number": TAX_CODE, "consignee_name": f"Công ty {NAME}"}


def planted(source: Path) -> str:
    """The day's manifest with canaries in good rows, broken rows and an unknown column."""
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    valid, broken = rows[:6], rows[6:10]
    for number, row in enumerate(valid):
        row.update(PERSON if number % 2 else FIRM)
    for row, changes in zip(
        broken,
        (
            {"declared_value": NAME}, {"currency_code": f"{NAME} {PHONE}"},
            {"channel": PERSONAL_ID}, {"arrived_at": ADDRESS},
        ),
        strict=True,
    ):  # fmt: skip
        row.update(PERSON | changes)
    for row in rows:
        row["Ghi chú của người gửi"] = f"gọi {NAME} {PHONE}" if row in valid else ""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="module")
def canaried(
    synthetic_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ImportRisk, list[Done]]:
    """A home in which one day with planted persons was run and published; all that was printed."""
    folder = tmp_path_factory.mktemp("canaries")
    command = ImportRisk(folder / "home")
    manifest = folder / f"parcel_manifest {NAME} {PHONE} {LAST_DAY}.csv"
    manifest.write_text(
        planted(synthetic_files / f"parcel_manifest_{LAST_DAY}.csv"), encoding="utf-8"
    )
    others = [
        synthetic_files / name
        for name in (
            "platform_registry.csv", "market_reference.csv", f"customs_declaration_{LAST_DAY}.csv",
            f"low_value_declaration_{LAST_DAY}.csv", f"inspection_outcome_{LAST_DAY}.csv",
        )
    ]  # fmt: skip
    printed = [
        command("deliver", *others, "--json"),
        command("deliver", manifest),  # the table for people
        command("deliver", manifest, "--json"),
        command("run", "--day", LAST_DAY, "--json"),
    ]
    return command, printed


def test_nothing_that_a_run_leaves_or_says_names_a_planted_person(
    canaried: tuple[ImportRisk, list[Done]], tmp_path: Path
) -> None:
    command, printed = canaried
    [refused] = printed[2].json
    assert (refused["status"], refused["rows_in"]) == ("duplicate", 2_100)
    [first] = command.rows(
        "select consignment_id from core.fct_consignments "
        "where consignor_party_id = md5('phone|' || consignee_phone_token) order by 1 limit 1"
    )
    said = [
        *printed,
        command("status", "--json"),
        command("ledger", "verify", "--json"),
        command("quarantine", "list", "--json"),
        command("quarantine", "export", "--out", tmp_path / "back.csv"),
        command("explain", first["consignment_id"]),
        command("retention", "list", "--json"),
        command("keys", "show", "--json"),
    ]
    assert {item for done in said for item in found_in(done.out + done.err)} == set()
    assert leaks(command.home) == []
    exported = list(tmp_path.glob("back*"))
    assert [item for path in exported for item in found_in(path.read_text("utf-8"))] == []


def test_the_planted_rows_are_there(canaried: tuple[ImportRisk, list[Done]]) -> None:
    """Negative control: they were loaded and set aside, and the search can see databases."""
    command, _ = canaried
    (row,) = command.rows(
        "select rows_quarantined from quality.fct_delivery_outcomes "
        "where source_name = 'parcel_manifest' and status = 'accepted'"
    )
    assert row["rows_quarantined"] == 4
    (people,) = command.rows(
        "select count(*) as n, count(distinct consignee_phone_token) as phones "
        "from core.fct_consignments "
        "where consignor_party_id = md5('phone|' || consignee_phone_token)"
    )
    assert people == {"n": 6, "phones": 1}
    released = next((command.home / "releases").glob("*/customs/*.duckdb"))
    copy = command.home.parent / "copy" / "x.duckdb"
    copy.parent.mkdir()
    shutil.copyfile(released, copy)
    copy.chmod(0o600)
    import duckdb

    with duckdb.connect(str(copy)) as connection:
        connection.execute("create table core.planted as select ? as x", [NAME])
    assert leaks(copy.parent) == ["x.duckdb: zanari"]


def test_another_key_gives_the_same_marts(canaried: tuple[ImportRisk, list[Done]]) -> None:
    """Joins stay right: every count by person is what it was, no token is."""
    command, _ = canaried
    by_person = (
        "select consignee_party_key, count(*) as consignments, sum(parties) as parties from ("
        "select consignee_party_key, consignee_party_id, count(*) as parties "
        "from core.fct_consignments group by all) group by all order by 1"
    )
    scores = (
        "select risk_type, count(*) as n, sum(score_points) as points "
        "from risk.fct_risk_scores group by all order by 1"
    )
    before = [command.rows(by_person), command.rows(scores)]
    rotated = command(
        "keys", "rotate", "--reason", "test", "--signed-by", "test", "--json", **NEW_KEY
    )
    assert (rotated.json["old_key_id"], rotated.json["new_key_id"]) == ("demo", "k2")
    command("run", "--json", **NEW_KEY)
    assert [command.rows(by_person), command.rows(scores)] == before
    (kinds,) = command.rows(
        "select count(distinct split_part(consignee_phone_token, ':', 1)) as n, "
        "min(consignee_phone_token) as first from core.fct_consignments"
    )
    assert kinds["n"] == 1
    assert str(kinds["first"]).startswith("k2:")
    assert found_in(rotated.out + rotated.err) == []
    assert leaks(command.home) == []
    assert NEW_KEY["IMPORT_RISK_PII_KEY"] not in "".join(
        path.read_text(errors="replace") for path in command.home.rglob("*.log")
    )
