"""Points of whom a consignment goes through, by hand: from a fitted model's bins to the sentence.

Not claimed: the rates themselves (test_entity_profiles.py), that a fit finds them (unit/scoring).
"""

from pathlib import Path

import pytest

from tests.golden.risk_case import MODELS, Row, prepare
from tests.golden.test_entity_profiles import CAME, CHOSEN, CONSIGNMENTS, DAY, OUTCOMES
from tests.golden.test_risk_models import MODEL, VERSION, outcome
from tests.support.dbt_run import dbt_process, rows_of

SCORES = "select * from risk.fct_risk_scores where day = date '{}' order by all"


def bins(feature: str, missing: int, *points_to: tuple[int, int | None]) -> list[Row]:
    """Bins of a feature: (points, upper bound in thousandths), from the lowest on."""
    rows = [MODEL | {"feature": feature, "bin_no": 0, "points": missing}]
    low = None
    for number, (points, high) in enumerate(points_to, start=1):
        rows.append(
            MODEL
            | {"feature": feature, "bin_no": number, "low_milli": low, "high_milli": high}
            | {"points": points}
        )
        low = high
    return [row | {"reason_id": feature} for row in rows]


SELLER = bins("profile_seller", 30, (0, -1099), (100, -939), (250, None))
DECLARANT = bins("profile_declarant", 7, (0, 0), (500, None))


def built(home: Path, model_bins: list[Row], outcomes: list[Row] = OUTCOMES) -> Path:
    counts = {"n": 10, "findings": 1, "band_no": 1, "probability_micro": 200_000}
    raw = {
        "inspection_outcome": outcomes,
        "selection_override": CHOSEN,
        "risk_model_version": [
            MODEL | {"kind": "scorecard", "valid_from": DAY, "intercept_points": -1000}
        ],
        "risk_model_bin": model_bins,
        "risk_model_calibration": [MODEL | counts],
    }
    prepare(home, CONSIGNMENTS, (CAME, DAY), raw)
    dbt_process(home, ("run", "--select", *MODELS))
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("entity-points"), SELLER + DECLARANT)


def points(home: Path) -> dict[str, int]:
    found = rows_of(
        home,
        "select substr(consignment_id, 3), feature_points from risk.fct_risk_scores "
        f"where model_version = '{VERSION}' and day = date '{DAY}'",
    )
    return dict(found)


def test_whom_it_goes_through_gives_points_and_who_is_new_has_those_of_the_cohort(
    home: Path,
) -> None:
    """One of six was undervalued: all of them (1 + 1) / (6 + 2) = 1/4, and so temu with 1 of 4 and
    its shirts. Seller 7 of temu: (1 + 5/4) / (3 + 5) = 9/32, log-odds -.938, whatever the chapter.
    A new seller of temu, and one of a platform that nobody inspected: 1/4, log-odds -1.099, which
    still lies in the lowest bin. Of the shop nothing was found: less. Nobody stated: missing. A
    declarant is stated by none: 7 more for each."""
    assert points(home) == {
        "bad-again": 257,
        "bad-elsewhere": 257,
        "new": 7,
        "nowhere": 7,
        "silent": 37,
        "declared": 7,
        "thrice": 7,
        "unreached": 7,
    }


def test_terms_of_whom_it_goes_through_add_up_once_and_name_no_item(home: Path) -> None:
    found = rows_of(
        home,
        "select substr(consignment_id, 3), feature, item_number, points, value_milli, bin_no, "
        f"inspected_count, finding_count from risk.fct_risk_terms where day = date '{DAY}' "
        "and consignment_id in ('P-bad-again', 'P-new') order by all",
    )
    assert found == [
        ("bad-again", "profile_declarant", None, 7, None, 0, None, None),
        ("bad-again", "profile_seller", None, 250, -938, 3, 3, 1),
        ("new", "profile_declarant", None, 7, None, 0, None, None),
    ]


def test_the_sentence_says_what_was_found_or_that_nobody_looked(tmp_path: Path, home: Path) -> None:
    """With points in the lowest bin as well, a new seller's points are said to be its cohort's."""
    low = built(tmp_path, bins("profile_seller", 0, (60, -1099), (100, -939), (250, None)))
    sentences = (
        "select sentence_en, sentence_vi from risk.fct_risk_reasons "
        f"where reason_id = 'profile_seller' and day = date '{DAY}' and consignment_id = '{{}}'"
    )
    assert rows_of(home, sentences.format("P-bad-again")) == [
        (
            "This seller: 1 findings in 3 earlier inspections",
            "Người bán này: 1 vi phạm trong 3 lần kiểm tra trước đây",
        )
    ]
    assert rows_of(low, sentences.format("P-new")) == [
        (
            "This seller was not inspected before; the points are those of its platform, origin "
            "and chapter",
            "Người bán này chưa được kiểm tra; điểm theo sàn, xuất xứ và chương",
        )
    ]


def test_results_known_on_the_day_change_no_point_of_it(home: Path, tmp_path: Path) -> None:
    """And its counterpart: one known the day before does."""
    late = [*OUTCOMES, outcome("bad-again", DAY, "undervaluation")]
    assert rows_of(built(tmp_path / "late", SELLER + DECLARANT, late), SCORES.format(DAY)) == (
        rows_of(home, SCORES.format(DAY))
    )
    fewer = [row for row in OUTCOMES if row["consignment_reference"] != "bad-1"]
    assert points(built(tmp_path / "fewer", SELLER + DECLARANT, fewer)) != points(home)
