"""Gate 2's look at shapes: values, weights, scores, lanes and indicators of a day against the days
before.

Add here another distribution (and its field in delivery_history.py). Keep out: what is remembered
(delivery_history.py), numbers (history_thresholds.py), volumes (suites/volume.py).
"""

from expectations import history_thresholds as limits
from expectations.delivery_history import INDICATOR, compared_sql
from expectations.rules import Measured, Owner, RowsThatFail, Rule, Suite
from expectations.thresholds import Threshold

# Each day of the run with the days before it that had consignments enough to say something.
_PAIRS = f"""
    select judged.day, earlier.day as past_day
    from (
        select distinct day from subject where row_count >= {limits.DISTRIBUTION_MINIMUM_ROWS}
            and day in (select day from raw.run_day)
    ) as judged
    inner join (select distinct day from subject) as earlier
        on earlier.day < judged.day and earlier.day >= judged.day - {limits.DISTRIBUTION_DAYS}
    qualify count(*) over (partition by judged.day) >= {limits.DISTRIBUTION_MINIMUM_DAYS}
"""


def distribution_suite() -> Suite:
    """One rule per distribution; a failing row is a day."""
    return Suite(
        "distributions",
        "select * from pipeline.day_profile where day between (select from_day from "
        f"raw.run_window) - {limits.DISTRIBUTION_DAYS} and (select to_day from raw.run_window)",
        (
            _rule("value", "trị giá", "value", limits.DISTRIBUTION_MOVED, "customs_valuation"),
            _rule("weight", "trọng lượng", "weight", limits.DISTRIBUTION_MOVED, "risk_management"),
            _rule("score", "điểm rủi ro", "risk score", limits.DISTRIBUTION_MOVED,
                  "risk_management"),
            _rule("lane", "luồng kiểm tra", "lane", limits.LANES_MOVED, "risk_management"),
            _indicators_present(),
        ),
    )  # fmt: skip


def _indicators_present() -> Rule:
    """A failing row is a day and an indicator that fired on each of the days before."""
    expected = f"""
        select past.day, past.indicator_id, own.row_count * past.fired // days.past_rows as expected
        from (
            select pairs.day, earlier.category as indicator_id, count(*) as fired_days,
                cast(sum(earlier.amount) as hugeint) as fired
            from ({_PAIRS}) as pairs inner join subject as earlier on pairs.past_day = earlier.day
            where earlier.field = '{INDICATOR}' group by all
        ) as past
        inner join (
            select pairs.day, count(*) as past_days, sum(earlier.row_count) as past_rows
            from ({_PAIRS}) as pairs
            inner join (select distinct day, row_count from subject) as earlier
                on pairs.past_day = earlier.day
            group by pairs.day having count(*) >= {limits.INDICATOR_DAYS}
        ) as days on past.day = days.day and past.fired_days = days.past_days
        inner join (select distinct day, row_count from subject) as own on past.day = own.day
    """
    judged = f"select * from ({expected}) as expected where expected >= {limits.INDICATOR_EXPECTED}"
    return Rule(
        "indicators_present",
        "Chỉ số rủi ro có ở mọi ngày trước thì không mất hẳn trong ngày (từ "
        f"{limits.INDICATOR_EXPECTED} lô hàng dự kiến)",
        "A risk indicator that fired on each of the days before does not fall silent (where "
        f"{limits.INDICATOR_EXPECTED} consignments or more were to be expected)",
        "critical",
        "risk_management",
        "Chạy lại ngày này; nếu quy tắc hay danh mục của chỉ số đã hết hiệu lực thì ký miễn trừ có "
        "lý do (waivers/).",
        "Run the day again; if the rule or the list of the indicator ended by law, sign a waiver "
        "with its reason (waivers/).",
        RowsThatFail(
            f"select day, indicator_id, expected from ({judged}) as judged where not exists ("
            f"select 1 from subject as own where own.field = '{INDICATOR}' "
            "and own.day = judged.day and own.category = judged.indicator_id)"
        ),
        examined_sql=f"select count(*) from ({judged}) as judged",
    )


def _rule(field: str, named_vi: str, named_en: str, limit: Threshold, owner: Owner) -> Rule:
    own = (
        f"select day, field, category, amount from subject where field = '{field}' "
        f"and day in (select pairs.day from ({_PAIRS}) as pairs)"
    )
    before = (
        "select pairs.day, past.field, past.category, sum(past.amount) as amount "
        f"from ({_PAIRS}) as pairs inner join subject as past on pairs.past_day = past.day "
        f"where past.field = '{field}' group by all"
    )
    compared = compared_sql("day", own, before)
    return Rule(
        f"{field}_distribution_steady",
        f"Phân bố {named_vi} trong ngày: không quá {limit} % lô hàng chuyển nhóm so với "
        f"{limits.DISTRIBUTION_DAYS} ngày trước",
        f"Distribution of {named_en} in a day: at most {limit} % of consignments in another band "
        f"than in the {limits.DISTRIBUTION_DAYS} days before",
        "warning",
        owner,
        "So sánh ngày này với tuần trước: nguồn mới, đợt bán hàng, đổi quy tắc, hay lỗi mô hình?",
        "Compare the day with the week before: a new source, a sale, other rules, or a defect?",
        RowsThatFail(
            f"select day, field, moved_percent, row_count, past_rows from ({compared}) as compared "
            f"where moved_percent > {limit}"
        ),
        examined_sql=f"select count(*) from ({compared}) as compared",
        measured=Measured(
            f"select max(moved_percent) from ({compared}) as compared",
            "% lô hàng đã chuyển nhóm",
            "% of consignments that moved",
            high=limit.value,
        ),
    )
