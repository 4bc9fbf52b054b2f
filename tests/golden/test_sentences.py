"""What an officer reads is words: no sentence shows a code, in either language.

Not claimed: that the words are well chosen. Numbers in sentences: dbt's unit tests of reasons.
"""

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.golden.risk_case import facts, prepare, run_risk
from tests.golden.sellers_and_bills import SMALLER
from tests.golden.test_risk_rules import world
from tests.support.dbt_run import rows_of
from tests.support.seeds import seed

DAY = dt.date(2027, 1, 1)
CODE = re.compile(r"[a-z0-9]+_[a-z0-9_]+")
# Every consignment is selected, and every reason of it is told.
EVERYTHING = (
    "update seeds.lane_capacities set capacity_per_day = 10000, random_share_basis_points = 10000 "
    "where capacity_per_day is not null",
    "update seeds.risk_parameters set value = '100' where parameter_id = 'QUEUE_REASONS_MOST'",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sentences")
    suspended = {
        "platform_code": "p-suspended", "event_type": "suspended", "evidence_grade": "U",
        "event_date": DAY - dt.timedelta(days=50),
    }  # fmt: skip
    named = [{"item_description_folded": name} for name in ("giay the thao", "ba lo")]
    raw = {"platform_registry": [suspended], "parcel_manifest": named}
    window = (DAY - dt.timedelta(days=45), DAY)
    prepare(root, world(DAY), window, raw, [*SMALLER, *EVERYTHING])
    run_risk(root)
    return root


def test_no_sentence_of_any_indicator_shows_a_code(home: Path) -> None:
    told = rows_of(
        home,
        "select distinct reason_id, sentence_vi, sentence_en from risk.fct_risk_reasons "
        f"where day = date '{DAY}'",
    )
    assert {row[0] for row in told} == {
        f"indicator_{row['indicator_id']}" for row in seed("risk_indicators")
    }
    assert [text for row in told for text in row[1:] if CODE.search(text)] == []
    # The control: the evidence behind them does hold codes, and they would be seen.
    evidence = rows_of(home, "select distinct evidence from risk.fct_risk_indicators")
    values = {str(value) for (text,) in evidence for value in facts(text).values()}
    assert len([value for value in values if CODE.search(value)]) > 3


def test_a_code_is_told_in_the_words_of_the_language(home: Path) -> None:
    found = dict(
        rows_of(
            home,
            "select distinct sentence_vi, sentence_en from risk.fct_risk_reasons where day = "
            f"date '{DAY}' and reason_id in ('indicator_undervaluation', "
            "'indicator_value_not_stated', 'indicator_platform_not_registered')",
        )
    )
    # 30 peers at 100,000, bucket 11.50 of ln: exp(11.50) = 98,715.8; limit and price as in
    # test_risk_indicators
    assert found["Trị giá khai báo: bằng 0; yêu cầu bổ sung"] == "Declared value: 0; ask for data"
    assert found["Sàn p-unregistered trong ngày này: chưa đăng ký"] == (
        "Platform p-unregistered on this day: not registered"
    )
    low = (
        "Đơn giá 73.129 VND mỗi kg; trung vị của 30 lô cùng loại 98.716 "
        "(cùng nhóm HS, xuất xứ, kênh)"
    )
    assert found[low] == (
        "Unit value 73,129 VND per kg; median of 30 peers 98,716 (same heading, origin and channel)"
    )


def test_every_value_of_a_coded_fact_has_words(home: Path) -> None:
    """Of the facts that have any: a code that a model begins to write has its row."""
    labels: dict[tuple[str, str], set[str]] = {}
    for row in seed("risk_fact_labels"):
        assert " " not in row["code"]
        assert row["label_vi"] != row["label_en"]
        labels.setdefault((row["indicator_id"], row["fact_key"]), set()).add(row["code"])
    free = {("price_preference", "preferred_value")}  # a price, or one of the codes
    for indicator, text in rows_of(
        home, "select indicator_id, evidence from risk.fct_risk_indicators"
    ):
        for key, value in facts(text).items():
            codes = labels.get((indicator, key))
            if codes and (indicator, key) not in free:
                assert set(value if isinstance(value, list) else [value]) <= codes, key
