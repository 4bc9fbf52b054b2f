"""What a published table promises is held: columns and types, its key, the rows that it names.

A promise is broken by hand each time, after it was shown to hold.
Not claimed: that every table makes the right promises (tests/conventions/test_dbt_finals.py), nor
that a failed test stops a run (tests/faults/test_10_gate_failure.py).
"""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from tests.golden.risk_case import consignment, prepare, run_risk, warehouse
from tests.support.dbt_run import PROJECT_DIR, DbtFailed, rows_of, run_dbt

pytestmark = pytest.mark.dbt_itself

DAY = dt.date(2026, 11, 10)
SCORES = Path("models/risk/final/fct_risk_scores.sql")
INDICATOR_ROWS = "fct_risk_indicators_refers_to_rows_that_exist"
SCORE_ROWS = "fct_risk_scores_refers_to_rows_that_exist"
SCORE_KEY = "unique_combination_fct_risk_sc*"  # dbt shortens long names


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one consignment whose missing identifier fired, scored; its tests compiled."""
    home = tmp_path_factory.mktemp("scored")
    prepare(home, [consignment("A", DAY, consignee_id_status="missing")], (DAY, DAY))
    run_risk(home)
    run_dbt(home, "run", "--select", "dim_legal_instrument")
    run_dbt(home, "compile", "--select", INDICATOR_ROWS, "fct_risk_scores")
    assert rows_of(home, "select consignment_id from risk.fct_risk_scores") == [("P-A",)]
    return home


@pytest.mark.parametrize(
    ("broken_by", "test"),
    [
        ("update core.fct_consignments set day = day + 1", INDICATOR_ROWS),
        ("update risk.fct_risk_indicators set legal_instrument_id = 'no law'", INDICATOR_ROWS),
        ("update core.fct_consignments set day = day + 1", SCORE_ROWS),
        ("insert into risk.fct_risk_scores from risk.fct_risk_scores", SCORE_KEY),
        ("update risk.fct_risk_scores set risk_type = null", SCORE_KEY),
    ],
)
def test_a_missing_row_and_a_doubled_or_empty_key_are_found(
    scored: Path, broken_by: str, test: str
) -> None:
    [compiled] = (scored / "dbt" / "target" / "compiled").rglob(f"{test}.sql")
    sql = compiled.read_text(encoding="utf-8")
    with warehouse(scored) as connection:
        assert connection.execute(sql).fetchall() == []
        connection.begin()
        connection.execute(broken_by)
        assert len(connection.execute(sql).fetchall()) == 1
        connection.rollback()


def test_another_type_than_the_contract_states_stops_the_model(
    scored: Path, tmp_path: Path
) -> None:
    """Both ways in: rows added to the table that stands, and the table made for the first time."""
    ignored = shutil.ignore_patterns("target", "logs")
    project = Path(shutil.copytree(PROJECT_DIR, tmp_path / "dbt", ignore=ignored))
    model = project / SCORES
    text = model.read_text(encoding="utf-8")
    points = "cast(sum(indicator_points) as bigint)"
    assert points in text
    model.write_text(text.replace(points, points.replace("bigint", "integer"), 1), encoding="utf-8")
    home = Path(shutil.copytree(scored, tmp_path / "home"))
    for change in ("select 1", "drop table risk.fct_risk_scores"):
        with warehouse(home) as connection:
            connection.execute(change)
        with pytest.raises(DbtFailed, match="indicator_points") as failed:
            run_dbt(home, "run", "--select", "fct_risk_scores", project=project)
        assert "contract" in str(failed.value)
