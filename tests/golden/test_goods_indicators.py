"""Indicators that read goods, routes and platforms: each fires above its threshold and not at it.

Like test_risk_indicators.py; not claimed: that the thresholds are well chosen (grade U).
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, prepare, run_risk
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)


def preference_rows() -> list[Row]:
    """B05 is ACFTA (China, ASEAN), B06 AKFTA (Korea, ASEAN), B01 no preference, B99 not known."""

    def claim(name: str, schedule: str, origin: str, start: str | None, **columns: object) -> Row:
        stated = {"tariff_schedule_code": schedule, "origin_country_code": origin}
        rest = {"departure_country_code": start, "declared_duty_rate_percent": 5}
        return consignment(f"claim-{name}", DAY, **stated, **rest, **columns)

    return [
        claim("own", "B05", "CN", "CN"),
        claim("wrong", "B06", "CN", "CN"),
        claim("wrong-silent", "B06", "CN", None) | {"declared_duty_rate_percent": None},
        claim("shared", "B05", "TH", "TH"),  # Thailand is a party of ACFTA too
        claim("none", "B01", "CN", "CN"),
        claim("unlisted", "B99", "CN", "HK"),
        claim("no-origin", "B06", "unknown", "CN"),
        claim("abroad", "B06", "CN", "CN", importing_country_code="LA"),
        claim("party", "B05", "CN", "SG"),  # by way of another party
        claim("hub", "B05", "CN", "HK"),
        claim("start-unknown", "B05", "CN", None),
        claim("both", "B06", "CN", "HK"),  # wrong is enough: no second reason
    ]


def all_rows() -> list[Row]:
    return [*preference_rows()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("goods")
    prepare(root, all_rows(), (DAY - dt.timedelta(days=31), DAY))
    run_risk(root)
    return root


def fired(home: Path, indicator: str) -> dict[str, str]:
    """Evidence by consignment name, for those of DAY on which `indicator` fired."""
    found = rows_of(
        home,
        "select substr(consignment_id, 3), evidence from risk.fct_risk_indicators "
        f"where indicator_id = '{indicator}' and day = date '{DAY}'",
    )
    return dict(found)


def test_a_preference_fires_for_an_origin_or_a_route_outside_its_agreement(home: Path) -> None:
    wrong = "schedule=B06; agreement=AKFTA; origin=CN"
    assert fired(home, "wrong_tariff_preference") == {
        "claim-wrong": f"{wrong}; rate_percent=5.000",
        "claim-wrong-silent": wrong,
        "claim-both": f"{wrong}; rate_percent=5.000",
    }
    assert fired(home, "preference_indirect_route") == {
        "claim-hub": "schedule=B05; agreement=ACFTA; origin=CN; departure=HK"
    }
