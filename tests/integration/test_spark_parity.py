"""Spark gives the same marts as DuckDB: every row, column and type, after late corrections too.

A small volume in one process of its own, one JVM; the same comparison at any volume, with the new
day and every dbt test, is `make parity`. Not claimed: a cluster (benchmarks/spark_cluster.sh).
"""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

_OLDEST_JAVA = 17
_INSTALL = (
    "the second engine was NOT tested: install Java 17 and `pip install --require-hashes -r "
    "requirements/spark.txt` (make test does the latter when `java -version` says 17)"
)
_PARCELS = "120"
_MOST_MEGABYTES = 2_000
# Marts that this volume fills; the others are compared too, if only their columns and types.
_FILLED = {
    "core.fct_consignments",
    "core.fct_item_names",
    "core.fct_tax_assessments",
    "risk.fct_risk_scores",
    "risk.fct_selections",
    "impact.fct_import_flows_daily",
    "impact.fct_flows_monthly",
    "impact.fct_flow_growth_monthly",
    "impact.fct_flow_contributors_monthly",
    "impact.fct_concentration_monthly",
    "impact.fct_apparent_consumption",
    "impact.fct_import_increases",
    "impact.fct_triangulation_monthly",
    "impact.fct_price_index_monthly",
    "impact.fct_platform_type_flows_monthly",
    "impact.fct_industry_flows_monthly",
    "impact.fct_industry_exposure_yearly",
    "impact.fct_tax_burden_monthly",
    "impact.fct_undercutting_monthly",
    "impact.fct_consumer_savings_monthly",
    "impact.fct_mirror_gap_yearly",
    "reporting.rpt_risk_queue",
}
_FILLED_BY_CORRECTIONS = {
    "quality.fct_quarantine_reasons",
    "quality.fct_record_conflicts",
    "quality.fct_record_versions",
}


def java_version() -> int | None:
    """The major version of `java`, or None without one."""
    if (java := shutil.which("java")) is None:
        return None
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else None


@pytest.fixture(scope="module")
def parity(tmp_path_factory: pytest.TempPathFactory, project: Path) -> dict[str, Any]:
    if (java_version() or 0) < _OLDEST_JAVA or importlib.util.find_spec("pyspark") is None:
        pytest.skip(_INSTALL)
    work = tmp_path_factory.mktemp("parity")
    record = work / "result.json"
    command = [
        *(sys.executable, "-m", "benchmarks.parity", "--parcels", _PARCELS, "--work", str(work)),
        *("--steps", "full", "corrections", "--record", str(record)),
        *("--", "--exclude-resource-type", "test"),
    ]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    # 1 without a record: a build failed; 1 with one: the tests below name what differs
    assert record.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    result: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    return result


def test_every_mart_is_equal_after_a_full_build_and_after_late_corrections(
    parity: dict[str, Any],
) -> None:
    different = {
        (step["step"], mart["mart"]): mart["examples"]
        for step in parity["steps"]
        for mart in step["marts"]
        if mart["differences"]
    }
    assert different == {}
    for step in parity["steps"]:
        filled = {mart["mart"] for mart in step["marts"] if mart["rows"]}
        expected = _FILLED | _FILLED_BY_CORRECTIONS if step["step"] == "corrections" else _FILLED
        assert filled >= expected, step["step"]


def test_a_day_whose_parcels_all_moved_is_emptied_on_both_engines(parity: dict[str, Any]) -> None:
    before, after = parity["emptied_rows"]
    assert before > 0
    assert after == 0  # on DuckDB; that Spark agrees is the comparison of fct_consignments


def test_one_changed_score_is_found_with_table_key_and_column(parity: dict[str, Any]) -> None:
    control = parity["control"]
    assert (control["mart"], control["differences"]) == ("risk.fct_risk_scores", 1)
    (example,) = control["examples"]
    assert re.fullmatch(
        r"consignment_id=\S+, day=\S+, risk_type=\S+, score_points: (-?\d+) \| (-?\d+)", example
    )


def test_the_driver_stays_small(parity: dict[str, Any]) -> None:
    assert parity["jvm_peak_megabytes"] < _MOST_MEGABYTES
