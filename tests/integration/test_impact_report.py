"""The impact report of a published week, by its command: what it says is what the release holds.

NOT claimed: that the pages look well: they are looked at.
"""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.support.cli import ImportRisk
from tests.support.disclosure_attack import Attack, known_within

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def month(published: ImportRisk) -> str:
    [row] = published.rows("select max(month) as month from impact.fct_flows_monthly")
    return str(row["month"])[:7]


@pytest.fixture(scope="module")
def folder(published: ImportRisk, month: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    published("report", "impact", "--month", month, "--out", str(out))
    return out


def tidy(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tidy" / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_format_is_there_in_both_languages(folder: Path, month: str) -> None:
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert names == {"manifest.json"} | {  # a draft: nothing is compared with it
        f"impact-{month}-internal-{language}.{kind}"
        for language in ("vi", "en")
        for kind in ("pdf", "html", "xlsx")
    }


def test_its_figures_are_those_of_the_release(
    published: ImportRisk, folder: Path, month: str
) -> None:
    kept = published.rows(
        "select customs_value_vnd / 1e9 as value, consignments from impact.fct_flows_monthly"
        f" where month = '{month}-01' and dimension = 'channel'"
    )
    told = tidy(folder, "flows_channel")
    assert sorted(int(row["consignments"]) for row in told) == sorted(
        row["consignments"] for row in kept
    )
    values = zip(
        sorted(float(row["customs_value"]) for row in told),
        sorted(float(row["value"]) for row in kept),
        strict=True,
    )
    assert all(abs(shown - stored) <= 0.05 for shown, stored in values)  # one decimal


@pytest.mark.parametrize("table", ["flows_legal_type", "flows_industry", "tax_burden"])
def test_what_is_sorted_anew_adds_up_to_the_month(
    published: ImportRisk, folder: Path, month: str, table: str
) -> None:
    """By type of platform, industry and income: the unknown is a row, and nothing is lost."""
    [total] = published.rows(
        f"select consignments from impact.fct_flows_monthly where month = '{month}-01' "
        "and dimension = 'total'"
    )
    rows = tidy(folder, table)
    assert len(rows) > 2
    assert sum(int(row["consignments"]) for row in rows) == total["consignments"]


def test_a_month_of_seven_days_has_grade_d_and_no_headline(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["confidence_grade"] == "D"
    assert manifest["is_synthetic"] is True
    page = next(folder.glob("*-en.html")).read_text()
    assert "No headline: confidence D" in page


@pytest.fixture(scope="module")
def public(published: ImportRisk, month: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("public")
    published(
        "report", "impact", "--month", month, "--edition", "public", "--lang", "en", "--out", out
    )
    return out


def test_the_public_edition_names_no_contributor(public: Path, month: str) -> None:
    names = {path.name for path in (public / "tidy").iterdir()}
    assert names == {"cells.csv", "hierarchies.csv", "measures.json"}
    with (public / "tidy" / "cells.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert set(rows[0]) == {
        "period", "measure", "value", "status", "rounding", "d_platform", "d_platform_status",
        "d_channel", "d_origin", "d_province", "d_hs",
    }  # fmt: skip
    assert {row["period"] for row in rows} == {month}
    # A small week: it may have no cell that is safe in both measures.
    assert {"c"} <= {row["status"] for row in rows} <= {"", "c", "d"}
    # What is hidden of the value is hidden of the parcels.
    hidden = Counter(
        tuple(row[name] for name in row if name.startswith("d_") or name == "status")
        for row in rows
        if row["status"]
    )
    assert set(hidden.values()) == {2}
    page = next(public.glob("*.html")).read_text()
    assert page.count("[c]") > 40
    assert "Consignments are rounded to a multiple of 5" in page
    assert "operator" not in page.lower()


def test_an_attacker_learns_no_confidential_cell_of_it(
    published: ImportRisk, public: Path, month: str
) -> None:
    """From the published files alone, against the values that only the internal table holds."""
    found = Attack([public / "tidy"])
    axes = {
        "platform": 0, "platform_status": 1, "channel": 2, "origin": 3, "province": 4,
        "hs2": 5, "hs4": 5,
    }  # fmt: skip
    truth: dict[tuple[str, ...], float] = {}
    for row in published.rows(
        "select distinct dimension, member_code, total_vnd, total_parcel_count from"
        f" impact.fct_flow_contributors_monthly where month = '{month}-01'"
    ):
        codes = ["_T"] * 6
        if row["dimension"] in axes:
            unknown = row["dimension"].startswith("hs") and row["member_code"] == "unknown"
            codes[axes[row["dimension"]]] = (
                f"unknown-{row['dimension']}" if unknown else row["member_code"]
            )
        if row["dimension"] != "hs6":
            truth[(month, "customs_value_vnd", *codes)] = float(row["total_vnd"])
            truth[(month, "parcel_count", *codes)] = float(row["total_parcel_count"])
    confidential = [(0, key) for key, status in found.hidden[0].items() if status == "c"]
    for measure in ("customs_value_vnd", "parcel_count"):
        assert sum(key[1] == measure for _, key in confidential) > 20
    intervals = found.intervals(confidential)
    assert known_within(intervals, lambda name: truth[name[1]], 10) == []


def test_the_same_public_edition_twice_is_the_same(
    published: ImportRisk, public: Path, month: str, tmp_path: Path
) -> None:
    published(
        "report", "impact", "--month", month, "--edition", "public", "--lang", "en",
        "--out", tmp_path,
    )  # fmt: skip
    first = json.loads((public / "manifest.json").read_text())["sha256"]
    assert json.loads((tmp_path / "manifest.json").read_text())["sha256"] == first


def test_a_month_that_nobody_delivered_is_refused(published: ImportRisk) -> None:
    done = published("report", "impact", "--month", "1999-01", code=2)
    assert "holds no flows of 1999-01" in done.err


def test_the_report_for_389_counts_what_inspections_found(
    published: ImportRisk, month: str, tmp_path: Path
) -> None:
    """Against the results themselves; every unit together is the country."""
    published("report", "389", "--month", month, "--out", tmp_path)
    kept = {
        row["finding_type"]: row["n"]
        for row in published.rows(
            "select finding_type, count(distinct consignment_id) as n"
            " from core.fct_inspection_outcomes where result = 'finding'"
            f" and strftime(inspected_date, '%Y-%m') = '{month}' group by all"
        )
    }
    told = sorted(int(row["violating"]) for row in tidy(tmp_path, "violations_kind"))
    assert told == sorted(kept.values())
    assert told
    [total] = [row for row in tidy(tmp_path, "violations_month") if row["month"] == month]
    units = tidy(tmp_path, "violations_unit")
    assert sum(int(row["violating"]) for row in units) == int(total["violating"])
    assert sum(int(row["inspected"]) for row in units) == int(total["inspected"])


def test_the_quality_report_counts_the_files_of_the_month(
    published: ImportRisk, month: str, tmp_path: Path
) -> None:
    published("report", "quality", "--month", month, "--out", tmp_path)
    kept = published.rows(
        "select sum(rows_in) as rows_in, sum(rows_quarantined) as set_aside"
        " from quality.fct_delivery_outcomes where status <> 'duplicate'"
        f" and strftime(received_date, '%Y-%m') = '{month}'"
    )[0]
    told = tidy(tmp_path, "senders")
    assert sum(int(row["rows_in"]) for row in told) == int(kept["rows_in"] or 0)
    assert sum(int(row["set_aside"]) for row in told) == int(kept["set_aside"] or 0)
    assert int(tidy(tmp_path, "runs")[0]["runs"]) >= 1
    assert tidy(tmp_path, "gates")[0]["judged"] != "0"
