"""A golden module that looks at the last day of a rule only: what tests.mutants must find out.

Not collected by the suite: test_mutants.py hands it to the tool. Add here nothing.
"""

import datetime as dt
from pathlib import Path

import duckdb

from tests.support.dbt_run import rows_of, run_dbt
from tests.support.raw_fixture import build_raw

# VAT_RELIEF_EXPRESS: in force from 30 November 2010 to 17 February 2025.
LAST_DAY = dt.date(2025, 2, 17)


def test_the_relief_from_vat_is_in_force_on_its_last_day_and_not_after(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with duckdb.connect(str(tmp_path / "work" / "warehouse.duckdb")) as connection:
        build_raw(connection, {}, (LAST_DAY, LAST_DAY + dt.timedelta(days=1)))
    models = (
        "rule_parameters",
        "risk_parameters",
        "int_calendar__days",
        "stg_ingest__site_parameters",
        "int_rules__in_force",
    )
    run_dbt(tmp_path, "build", "--exclude-resource-type", "unit_test", "test", "--select", *models)
    found = rows_of(
        tmp_path,
        "select day, value from intermediate.int_rules__in_force "
        "where parameter_id = 'VAT_RELIEF_EXPRESS'",
    )
    assert found == [(LAST_DAY, 1_000_000)]
