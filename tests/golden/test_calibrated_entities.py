"""Enough findings: a fit reads from outcomes whose goods they are, and the day is ranked by it.

Not claimed: that sellers tell findings apart in real flows; on the public set none does (ADR 0030).
"""

import datetime as dt
from pathlib import Path

from foundation.home import Home
from runs.calibration import calibrate
from runs.dbt_project import model_features
from runs.model_registry import promote
from runs.settings import Settings
from tests.golden.risk_case import MODELS, Row, consignment, prepare, run_risk
from tests.golden.test_calibrated_points import put_models
from tests.golden.test_risk_models import outcome
from tests.support.dbt_run import dbt_process, release, rows_of

DAY = dt.date(2026, 11, 10)
BEFORE = DAY - dt.timedelta(days=1)
TYPE = "undervaluation"
SELLERS, EACH = 16, 50
BAD = 4  # sellers of whose parcels 30 in 50 are findings; of the others 2 in 50


def sold(name: str, day: dt.date, seller: int, grams: int) -> Row:
    goods = {"origin_country_code": "CN", "hs_chapter": "61", "mass_kg": f"{grams / 1000:.3f}"}
    return consignment(name, day, seller_id_platform=f"s{seller}", **goods)


def home_of(root: Path) -> Settings:
    """Every parcel has a mass of its own: no two look alike, and mass says nothing."""
    came = [
        sold(f"{seller}-{n}", BEFORE, seller, 100 + n * SELLERS + seller)
        for seller in range(SELLERS)
        for n in range(EACH)
    ]
    today = [sold(f"today-{seller}", DAY, seller, 500) for seller in range(SELLERS)]
    results = [
        outcome(
            f"{seller}-{n}", BEFORE, TYPE if n * 7 % EACH < (30 if seller < BAD else 2) else None
        )
        for seller in range(SELLERS)
        for n in range(EACH)
    ]
    few = "update seeds.risk_parameters set value = '100' where parameter_id = '{}'"
    prepare(
        root, [*came, *today, sold("today-new", DAY, 99, 500)], (BEFORE, DAY),
        {"inspection_outcome": results}, [few.format("SCORECARD_MIN_FINDINGS")],
    )  # fmt: skip
    run_risk(root)
    release(root)
    return Settings(Home(root), 1000, 1, "1GB")


def test_a_fit_finds_the_sellers_and_the_day_ranks_by_them(tmp_path: Path) -> None:
    settings = home_of(tmp_path)
    done = calibrate(settings, TYPE, BEFORE)
    card = done.card
    assert card.kind == "scorecard"
    assert "profile_seller" in card.features
    assert card.evaluation["out_of_fold"]["auc"] > 0.75  # mass alone: .5
    signed = {"reason": "better", "signed_by": "an officer"}
    promote(settings.home, done.version, valid_from=DAY, computed=model_features(), **signed)
    put_models(settings)
    dbt_process(tmp_path, ("run", "--select", *MODELS))
    scores = dict(
        rows_of(
            tmp_path,
            "select substr(consignment_id, 9), score_points from risk.fct_risk_scores "
            f"where model_version = '{done.version}' and day = date '{DAY}'",
        )
    )
    assert len(scores) == SELLERS + 1
    bad, good = ([scores[str(s)] for s in of] for of in (range(BAD), range(BAD, SELLERS)))
    assert min(bad) > scores["new"] >= max(good)
