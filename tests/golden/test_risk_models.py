"""A fitted model in SQL: profiles worked out by hand, points added up, and nothing known too early.

Not claimed: that a model ranks well (the public benchmark) or is fitted well (tests/unit/scoring).
"""

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest

from tests.golden.risk_case import MODELS, Row, consignment, prepare, warehouse
from tests.support import dbt_statements
from tests.support.dbt_run import dbt_process, release, rows_of

DAY = dt.date(2026, 11, 10)
BEFORE = DAY - dt.timedelta(days=1)
VERSION = "undervaluation-2026-11-09-0a1b2c3d"
# Parameters that only a model reads -> another value and what it changes on DAY.
OF_MODELS = {
    "PROFILE_SHRINKAGE": ("21", "select profile_hs4 from intermediate.int_risk__goods_profiles"),
    "PROFILE_SHRINKAGE_FINEST": (
        "6", "select profile_hs6_regime from intermediate.int_risk__goods_profiles"
    ),
    "PROFILE_LOOKBACK_DAYS": ("0", "select found_hs4 from intermediate.int_risk__goods_profiles"),
    "GOODS_LOOKBACK_DAYS": (
        "0", "select departure_share_milli from intermediate.int_risk__goods_measures"
    ),
    "SELECTION_MIN_LIFT": ("91", "select consignment_id, score_points from risk.fct_selections"),
}  # fmt: skip
# Profiles of entities are there without a model, those of goods are not.
OF_ENTITIES = {"all", "office", "platform", "platform_origin_chapter", "origin", "province"}
MODEL = {"model_version": VERSION, "risk_type": "undervaluation"}


def goods(name: str, day: dt.date, code: str, **columns: Any) -> Row:
    """Goods with a declared code, 2 kg each, from CN over CN under B01 at 5 %."""
    own = {
        "hs_code": code, "hs_basis": "declared", "hs_chapter": code[:2], "hs_heading": code[:4],
        "origin_country_code": "CN", "departure_country_code": "CN", "mass_kg": 2,
        "tariff_schedule_code": "B01", "declared_duty_rate_percent": 5, "value_vnd": 100_000,
    }  # fmt: skip
    return consignment(name, day, **(own | columns))


def outcome(name: str, known: dt.date, finding: str | None) -> Row:
    return {
        "inspection_id": f"i-{name}-{known}",
        "consignment_reference": name,
        "selection_method": "random",
        "result": "no_finding" if finding is None else "finding",
        "finding_type": finding or "none",
        "known_at": dt.datetime.combine(known, dt.time(9)),
        "known_date": known,
        "_received_date": known,
        "_src_sha": "a" * 64,
        "_src_line": 1,
    }


def consignments() -> list[Row]:
    rows = [goods(f"shirt-{n}", BEFORE, "61091010") for n in (1, 2)]
    rows += [goods(f"phone-{n}", BEFORE, "85171300") for n in (1, 2)]
    rows += [goods("toy", BEFORE, "95030099")]
    return [
        *rows,
        goods("shirt", DAY, "61091010"),
        goods("phone", DAY, "85171300"),
        goods("new", DAY, "95030099"),
        goods("heavy", DAY, "95030099", departure_country_code="SG") | {"mass_kg": 100},
        goods("unweighed", DAY, "95030099") | {"mass_kg": None},
        goods("abroad", DAY, "61091010", importing_country_code="LA"),
    ]


def outcomes() -> list[Row]:
    """Two shirts with a finding, two phones without, all known the day before; the toy's and one of
    another type only on the day itself."""
    rows = [outcome(f"shirt-{n}", BEFORE, "undervaluation") for n in (1, 2)]
    rows += [outcome(f"phone-{n}", BEFORE, None) for n in (1, 2)]
    return [*rows, outcome("toy", DAY, "undervaluation"), outcome("phone-1", DAY, "origin")]


def bins() -> list[Row]:
    """Points: profile of the heading above 0.2 log-odds 700; mass above 20 kg 250, missing 90;
    goods that come from elsewhere 40."""

    def rows(feature: str, missing: int, edge: int, low: int, high: int) -> list[Row]:
        reason = {"reason_id": "profile_goods"}
        return [
            MODEL | {"feature": feature, "bin_no": number, "low_milli": at_least,
                     "high_milli": at_most, "points": points} | reason
            for number, at_least, at_most, points in (
                (0, None, None, missing), (1, None, edge, low), (2, edge, None, high),
            )
        ]  # fmt: skip

    return [
        *rows("profile_hs4", 0, 200, 0, 700),
        *rows("log_mass", 90, 2996, 0, 250),
        *rows("departure_differs", 0, 0, 0, 40),
    ]


def model_rows() -> dict[str, list[Row]]:
    counts = {"n": 10, "findings": 1}
    return {
        "risk_model_version": [
            MODEL | {"kind": "scorecard", "valid_from": DAY, "intercept_points": -1000}
        ],
        "risk_model_bin": bins(),
        "risk_model_calibration": [
            MODEL | {"band_no": 1, "high_points": -500, "probability_micro": 200_000} | counts,
            MODEL | {"band_no": 2, "low_points": -500, "probability_micro": 450_000} | counts,
        ],
    }


def built(home: Path, results: list[Row], *seed_changes: str) -> Path:
    raw = {"inspection_outcome": results, **model_rows()}
    prepare(home, consignments(), (BEFORE, DAY), raw, seed_changes)
    dbt_process(home, ("run", "--select", *MODELS))
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("models"), outcomes())


def profiles(home: Path) -> dict[str, tuple[int, int, int]]:
    """First four digits of the goods -> profile of the heading, inspected, found; on DAY."""
    found = rows_of(
        home,
        "select distinct substr(goods_code, 1, 4), profile_hs4, inspected_hs4, found_hs4 "
        f"from intermediate.int_risk__goods_profiles where day = date '{DAY}'",
    )
    return {code: (profile, inspected, of) for code, profile, inspected, of in found}


def scores(home: Path) -> dict[str, tuple[int, int, int]]:
    found = rows_of(
        home,
        "select substr(consignment_id, 3), score_points, feature_points, probability_micro "
        f"from risk.fct_risk_scores where risk_type = 'undervaluation' and day = date '{DAY}'",
    )
    return {name: rest for name, *rest in map(tuple, found) for rest in [tuple(rest)]}


def test_a_profile_starts_from_its_parent_and_knows_what_was_known_before(home: Path) -> None:
    """base (2 + 1) / (4 + 2) = .5; chapter 61 (2 + 20 x .5) / (2 + 20) = 12 / 22; heading
    (2 + 20 x 12 / 22) / 22; chapter 85 10 / 22, heading (20 x 10 / 22) / 22; nothing is known of
    95, so the heading says what the base says. The toy's finding of the day is in none."""
    shirt = (2 + 20 * 12 / 22) / 22
    phone = (20 * 10 / 22) / 22
    assert profiles(home) == {
        "6109": (round(1000 * math.log(shirt / (1 - shirt))), 2, 2),
        "8517": (round(1000 * math.log(phone / (1 - phone))), 2, 0),
        "9503": (0, 0, 0),
    }
    assert profiles(home)["6109"][0] == 351


def test_a_score_is_the_intercept_plus_the_points_of_its_bins(home: Path) -> None:
    assert scores(home) == {
        "shirt": (-300, 700, 450_000),
        "phone": (-1000, 0, 200_000),
        "new": (-1000, 0, 200_000),
        "heavy": (-1000 + 250 + 40, 290, 200_000),
        "unweighed": (-910, 90, 200_000),
        "abroad": (
            -300,
            700,
            450_000,
        ),  # scored like any other; only home's offices do not select it
    }


def test_terms_of_what_was_selected_add_up_and_name_bin_and_counts(home: Path) -> None:
    found = rows_of(
        home,
        "select substr(consignment_id, 3), feature, points, value_milli, bin_no, inspected_count, "
        f"finding_count from risk.fct_risk_terms where day = date '{DAY}' order by all",
    )
    assert found == [
        ("heavy", "departure_differs", 40, 1000, 2, None, None),
        ("heavy", "log_mass", 250, 4605, 2, None, None),
        ("shirt", "profile_hs4", 700, 351, 2, 2, 2),
        ("unweighed", "log_mass", 90, None, 0, None, None),
    ]


def test_only_what_lies_above_the_base_is_selected_by_score(home: Path) -> None:
    found = rows_of(
        home,
        "select substr(consignment_id, 3) from risk.fct_selections "
        f"where day = date '{DAY}' and selection_method = 'score' order by rank_in_office_day",
    )
    assert [name for (name,) in found] == ["shirt", "heavy", "unweighed"]


def test_labels_known_on_the_day_or_later_leave_its_scores_bit_by_bit(
    home: Path, tmp_path: Path
) -> None:
    """The leakage property, and its counterpart: a label known the day before does change them."""
    late = [row for row in outcomes() if row["known_date"] >= DAY]
    turned = [
        row
        | ({"result": "no_finding", "finding_type": "none"} if row["result"] == "finding" else {})
        for row in late
    ]
    early = [row for row in outcomes() if row["known_date"] < DAY]
    turned += [outcome("shirt-1", DAY, None), outcome("new", DAY, "undervaluation")]
    table = f"select * from risk.fct_risk_scores where day = date '{DAY}' order by all"
    assert rows_of(built(tmp_path / "late", early + turned), table) == rows_of(home, table)
    fewer = [row for row in outcomes() if not row["consignment_reference"].startswith("shirt-2")]
    assert rows_of(built(tmp_path / "early", fewer), table) != rows_of(home, table)


def test_without_a_model_the_expert_counts_and_no_profile_is_worked_out(
    home: Path, tmp_path: Path
) -> None:
    prepare(tmp_path, consignments(), (BEFORE, DAY), {"inspection_outcome": outcomes()})
    dbt_process(tmp_path, ("run", "--select", *MODELS))
    assert scores(tmp_path) == {}
    states = "select distinct profile_id from intermediate.int_risk__profile_states"
    assert {profile for (profile,) in rows_of(tmp_path, states)} <= OF_ENTITIES
    assert {profile for (profile,) in rows_of(home, states)} > OF_ENTITIES
    assert rows_of(tmp_path, "from risk.fct_risk_terms") == []


def test_a_feature_that_nothing_computes_stops_the_run(tmp_path: Path) -> None:
    prepare(tmp_path, consignments(), (BEFORE, DAY), model_rows())
    with warehouse(tmp_path) as connection:
        connection.execute(
            "update raw.risk_model_bin set feature = 'moon_phase' where feature = 'log_mass'"
        )
    with pytest.raises(AssertionError, match="reads moon_phase, which no row of the seed"):
        dbt_process(tmp_path, ("run", "--select", *MODELS))


def test_what_stands_in_for_dbt_refuses_a_home_with_a_model(home: Path) -> None:
    release(home)
    with pytest.raises(AssertionError, match="a risk model counts here"):
        dbt_statements.run(
            home / "work" / "warehouse.duckdb", ("run", "--select", "path:models/risk")
        )


@pytest.mark.parametrize("parameter", OF_MODELS)
def test_a_parameter_of_models_changes_what_it_names(
    home: Path, tmp_path: Path, parameter: str
) -> None:
    value, query = OF_MODELS[parameter]
    rows = f"{query} where day = date '{DAY}' order by all"
    change = (
        f"update seeds.risk_parameters set value = '{value}' where parameter_id = '{parameter}'"
    )
    assert rows_of(built(tmp_path, outcomes(), change), rows) != rows_of(home, rows)
