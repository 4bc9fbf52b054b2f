"""What a waiver covers: its days, its sender, its window; fault row 55 shows the gate around it."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from expectations.waivers import load_waivers, uncovered, waiver_hashes

TEXT = """
gate = "gate1"
source = "parcel_manifest"
rule = "no_refused_delivery"
{sender}
from_day = 2026-11-03
to_day = 2026-11-04
reason = "announced change of the layout, see letter"
signed_by = "Somebody"
signed_on = 2026-11-05
"""
FINDINGS = (
    "(select * from (values (date '2026-11-02', 'a'), (date '2026-11-03', 'a'), "
    "(date '2026-11-04', 'b'), (date '2026-11-05', 'b')) as findings (day, sender))"
)


def left(folder: Path, sender: str, columns: list[str], window: tuple[str, str]) -> list[object]:
    """Findings that the one waiver in the folder does not cover, seen with these columns."""
    stated = f'sender = "{sender}"' if sender else ""
    (folder / "w.toml").write_text(TEXT.format(sender=stated), encoding="utf-8")
    waivers = load_waivers(folder)
    assert waivers.unusable == ()
    sql = uncovered(f"select {', '.join(columns)} from {FINDINGS}", waivers.usable, columns)
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.run_window as select cast(? as date) as from_day, "
            "cast(? as date) as to_day",
            window,
        )
        return [row[0] for row in connection.execute(sql.failing_sql()).fetchall()]


WEEK = ("2026-11-02", "2026-11-08")


@pytest.mark.parametrize(
    ("sender", "expected"),
    [("", [2, 5]), ("a", [2, 4, 5]), ("c'; drop table x", [2, 3, 4, 5])],
    ids=["any sender", "one sender", "hostile name"],
)
def test_a_finding_with_a_day_is_covered_on_the_days_stated(
    tmp_path: Path, sender: str, expected: list[int]
) -> None:
    found = left(tmp_path, sender, ["day", "sender"], WEEK)
    assert found == [dt.date(2026, 11, number) for number in expected]


def test_a_finding_without_a_day_is_covered_when_the_whole_window_is(tmp_path: Path) -> None:
    assert left(tmp_path, "", ["sender"], ("2026-11-03", "2026-11-04")) == []
    assert len(left(tmp_path, "", ["sender"], ("2026-11-03", "2026-11-05"))) == 4
    assert len(left(tmp_path, "", ["sender"], ("2026-11-02", "2026-11-04"))) == 4


def test_a_waiver_for_a_sender_covers_no_finding_that_names_none(tmp_path: Path) -> None:
    assert len(left(tmp_path, "a", ["day"], WEEK)) == 4


def test_only_files_as_recorded_are_used(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(TEXT.format(sender=""), encoding="utf-8")
    recorded = waiver_hashes(tmp_path)
    assert [w.file for w in load_waivers(tmp_path, recorded).usable] == ["w.toml"]
    (tmp_path / "late.toml").write_text(TEXT.format(sender=""), encoding="utf-8")
    later = load_waivers(tmp_path, recorded)
    assert [w.file for w in later.usable] == ["w.toml"]
    assert later.unusable == ("late.toml: was added or changed after the run began",)


def test_no_folder_holds_no_waivers(tmp_path: Path) -> None:
    assert waiver_hashes(tmp_path / "none") == {}
    assert load_waivers(tmp_path / "none").usable == ()
