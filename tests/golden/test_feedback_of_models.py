"""Predicted against found, by band of a model's scores.

Not claimed: that a model is calibrated (the public benchmark).
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.risk_case import warehouse
from tests.golden.test_risk_models import DAY, VERSION, built
from tests.golden.test_risk_models import outcomes as history
from tests.support.dbt_run import dbt_process, release, rows_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of what was selected on DAY: shirt as the model said, heavy nothing, unweighed
    another type than the model's; a second, empty result of the shirt takes nothing back."""
    root = built(tmp_path_factory.mktemp("calibration"), history())
    rows = [
        ("shirt", "finding", "undervaluation"), ("shirt", "no_finding", "none"),
        ("heavy", "no_finding", "none"), ("unweighed", "finding", "origin"),
        ("abroad", "finding", "undervaluation"),  # never selected
    ]  # fmt: skip
    with warehouse(root) as connection:
        for name, result, finding in rows:
            connection.execute(
                "insert into intermediate.int_risk__inspected_consignments by name select "
                f"date '{DAY}' + 1 as day, 'P-{name}' as consignment_id, date '{DAY}' as "
                f"consignment_day, 'targeted' as stratum, '{result}' as result, "
                f"'{finding}' as finding_type"
            )
    release(root)
    dbt_process(root, ("run", "--select", "fct_calibration_monthly"))
    return root


def test_bands_hold_what_was_promised_against_what_was_found(home: Path) -> None:
    """Scores: shirt -300, above -500: promised .45; heavy -710 and unweighed -910: .20 each. The
    other type is no hit of this model: 0 of 2, Wilson up to 65.76 %."""
    found = rows_of(
        home,
        "select month, model_version, band_no, low_points, high_points, inspected_count, "
        "finding_count, predicted_percent, found_percent, found_low_percent, found_high_percent, "
        "gap_percent from risk.fct_calibration_monthly order by band_no",
    )
    month = dt.date(2026, 11, 1)
    numbers = [
        tuple(map(Decimal, ("20", "0", "0", "65.7620", "20"))),
        tuple(map(Decimal, ("45", "100", "20.6549", "100", "-55"))),
    ]
    assert found == [
        (month, VERSION, 1, None, -500, 2, 0, *numbers[0]),
        (month, VERSION, 2, -500, None, 1, 1, *numbers[1]),
    ]
