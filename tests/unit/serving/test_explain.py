"""An explanation repeats stored rows, adds them up, and refuses to explain a wrong sum."""

import json
from dataclasses import replace

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.current import require_current
from serving.explain import explain
from serving.plan import TablePlan
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, PLAN, without

pytestmark = pytest.mark.slow


def test_it_shows_rows_arithmetic_and_source(published: Home) -> None:
    found = explain(published, "P-1")
    # 5 (undervaluation) + 3 (shared_contact) = 8; splitting has one indicator of 4.
    assert [(each.risk_type, each.score_points, each.arithmetic) for each in found.scores] == [
        ("splitting", 4, "4 = 4"),
        ("undervaluation", 8, "5 + 3 = 8"),
    ]
    assert [row["indicator_id"] for row in found.indicators] == [
        "split_under_relief",
        "undervaluation",
        "shared_contact",
    ]
    assert found.indicators[1]["evidence"] == "ratio=0.31; peers=40"
    assert found.indicators[1]["legal_basis"] == "art. 7"
    assert (found.source_file, found.source_line) == ("goi-0310.csv", 2)
    assert (found.selection or {})["lane"] == "red"
    assert found.release_id == require_current(published).release_id


def test_json_is_exact_and_has_no_token(published: Home) -> None:
    document = explain(published, "P-1").to_json()
    text = json.dumps(document)
    assert "_token" not in text
    assert document["consignment"]["value_vnd"] == "990000.50"
    assert document["consignment"]["day"] == "2026-03-10"
    assert document["tax"]["vat_due_vnd"] == "99000.05"
    assert document["scores"][1]["arithmetic"] == "5 + 3 = 8"


def test_lines_name_every_stored_fact(published: Home) -> None:
    text = "\n".join(explain(published, "P-1").lines())
    for part in ("goi-0310.csv", "5 + 3 = 8", "ratio=0.31", "VN-2", "art. 7", "w1", "red", "+5"):
        assert part in text
    assert "k1:aa" not in text


def test_nothing_fired_is_said(published: Home) -> None:
    found = explain(published, "P-2")
    assert (found.indicators, found.scores, found.selection, found.tax) == ((), (), None, None)
    assert any("No risk indicator fired" in line for line in found.lines())


@pytest.mark.parametrize(
    "change",
    [
        "update risk.fct_risk_scores set score_points = 7 where risk_type = 'undervaluation'",
        "delete from risk.fct_risk_scores where risk_type = 'splitting'",
        "delete from risk.fct_risk_indicators where risk_type = 'splitting'",
        "insert into risk.fct_risk_scores values ('P-1', 'origin', 1, 1, '2026-03-10', 'w1')",
        "insert into risk.fct_risk_scores select * from risk.fct_risk_scores",
    ],
)
def test_a_score_that_is_not_the_sum_is_an_error(
    home: Home, publish_once: Publish, change: str
) -> None:
    publish_once([change])
    with pytest.raises(WarehouseError, match="do not use this score"):
        explain(home, "P-1")
    assert explain(home, "P-2").scores == ()


def test_negative_points_are_subtracted(home: Home, publish_once: Publish) -> None:
    publish_once(
        [
            "update risk.fct_risk_indicators set points = -2 where indicator_id = 'shared_contact'",
            "update risk.fct_risk_scores set score_points = 3 where risk_type = 'undervaluation'",
        ]
    )
    assert explain(home, "P-1").scores[1].arithmetic == "5 - 2 = 3"


def test_points_that_a_model_learned_show_what_they_rest_on(
    home: Home, publish_once: Publish
) -> None:
    """The bin of an indicator that fired (1,000 thousandths), of the row's own version and type."""
    bins = TablePlan(
        "risk", "dim_risk_model_bin", ("customs",), ("model_version", "feature", "bin_no")
    )
    learned = """
        create table risk.dim_risk_model_bin as select * from (values
            ('m1', 'undervaluation', 'indicator_undervaluation', 1, null, 0, 0, 900, 30),
            ('m1', 'undervaluation', 'indicator_undervaluation', 2, 0, null, 5, 40, 12),
            ('m1', 'undervaluation', 'indicator_undervaluation', 0, null, null, 0, 7, 7),
            ('m1', 'splitting', 'indicator_undervaluation', 2, 0, null, 5, 7, 7),
            ('m2', 'undervaluation', 'indicator_undervaluation', 2, 0, null, 5, 7, 7)
        ) as t(model_version, risk_type, feature, bin_no, low_milli, high_milli, points, n_train,
            findings_train)
    """
    versioned = (
        "update risk.fct_risk_indicators set weight_version = 'm1' "
        "where indicator_id = 'undervaluation'"
    )
    publish_once([learned, versioned], plan=replace(PLAN, tables=(*PLAN.tables, bins)))
    found = explain(home, "P-1")
    counts = {
        row["indicator_id"]: (row["finding_count"], row["inspected_count"])
        for row in found.indicators
    }
    assert counts["undervaluation"] == (12, 40)
    assert counts["shared_contact"] == (None, None)
    assert any(line.endswith("findings/inspected 12/40") for line in found.lines())


def test_what_cannot_be_explained_has_a_remedy(home: Home, publish_once: Publish) -> None:
    with pytest.raises(WarehouseError, match="import-risk run"):
        explain(home, "P-1")
    publish_once()
    for unknown in ("P-9", "' or 1=1 --"):
        with pytest.raises(UsageError, match="not in the current release"):
            explain(home, unknown)
    twice = ["insert into core.fct_consignments select * from core.fct_consignments"]
    publish_once(twice, days=[OLD_DAY, DAY, NEXT_DAY])
    with pytest.raises(WarehouseError, match="2 rows have the id"):
        explain(home, "P-1")


def test_a_release_without_optional_tables_still_explains(
    home: Home, publish_once: Publish
) -> None:
    plan = without(PLAN, "risk.fct_selections")
    publish_once(plan=without(plan, "quality.fct_delivery_outcomes"))
    found = explain(home, "P-1")
    assert (found.selection, found.source_file) == (None, None)
    publish_once(plan=without(PLAN, "risk.fct_risk_scores"))
    with pytest.raises(WarehouseError, match=r"has no risk\.fct_risk_scores"):
        explain(home, "P-1")
