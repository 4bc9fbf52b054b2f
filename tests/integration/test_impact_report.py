"""The impact report of a published week, by its command: what it says is what the release holds.

NOT claimed: that the pages look well: they are looked at.
"""

import csv
import json
from pathlib import Path

import pytest

from tests.support.cli import ImportRisk

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
    assert names == {"manifest.json"} | {
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


def test_a_month_of_seven_days_has_grade_d_and_no_headline(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["confidence_grade"] == "D"
    assert manifest["is_synthetic"] is True
    page = next(folder.glob("*-en.html")).read_text()
    assert "No headline: confidence D" in page


def test_a_month_that_nobody_delivered_is_refused(published: ImportRisk) -> None:
    done = published("report", "impact", "--month", "1999-01", code=2)
    assert "holds no flows of 1999-01" in done.err
