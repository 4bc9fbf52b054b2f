"""Gate 1's look at each sender against its own last deliveries: mix of codes and bands, medians.

Add here another comparison of a sender with itself. Keep out: what is remembered
(delivery_history.py), numbers (history_thresholds.py), comparisons between senders (records.py).
"""

from expectations import history_thresholds as limits
from expectations.delivery_history import MEDIAN, compared_sql
from expectations.rules import Measured, RowsThatFail, Rule, Suite

_ASK_VI = (
    "Hỏi bên gửi: đổi hệ thống, danh mục mã, đơn vị đo hay đợt bán hàng? Nếu là lỗi, loại bỏ lần "
    "gửi (discard) và yêu cầu gửi lại."
)
_ASK_EN = (
    "Ask the sender: another system, code list, unit, or a sales campaign? If it is an error, "
    "discard the delivery and have it sent again."
)
_UNIT = "source, sender, sha256, received_date"

# Deliveries of this run, each with the last few of the same sender before it. Bounded: a sender's
# newest profiles inside DRIFT_HISTORY_DAYS before the oldest delivery judged. What was discarded
# since is nobody's past.
_PAIRS = f"""
    select judged.source, judged.sender, judged.sha256, judged.received_date,
        earlier.sha256 as past_sha
    from (
        select distinct {_UNIT}, delivery_sequence from subject
        where sha256 in (
            select sha256 from raw.delivery_outcome as delivery where status = 'accepted'
                and exists (select 1 from raw.run_day as computed
                    where computed.day between delivery.day_min and delivery.day_max)
        )
    ) as judged
    inner join (select distinct {_UNIT}, delivery_sequence from subject) as earlier
        on judged.source = earlier.source and judged.sender = earlier.sender
        and (earlier.received_date, earlier.delivery_sequence)
            < (judged.received_date, judged.delivery_sequence)
        and earlier.received_date >= judged.received_date - {limits.DRIFT_HISTORY_DAYS}
        and earlier.sha256 in (
            select sha256 from raw.delivery_outcome where status = 'accepted'
        )
    qualify row_number() over (
        partition by judged.source, judged.sha256
        order by earlier.received_date desc, earlier.delivery_sequence desc
    ) <= {limits.DRIFT_DELIVERIES}
        and count(*) over (partition by judged.source, judged.sha256)
            >= {limits.DRIFT_MINIMUM_DELIVERIES}
"""
_OWN = (
    f"select {_UNIT}, field, category, amount from subject where category <> '{MEDIAN}' "
    f"and (source, sha256) in (select (source, sha256) from ({_PAIRS}) as pairs)"
)
_BEFORE = f"""
    select pairs.source, pairs.sender, pairs.sha256, pairs.received_date, past.field,
        past.category, sum(past.amount) as amount
    from ({_PAIRS}) as pairs inner join subject as past
        on pairs.source = past.source and pairs.past_sha = past.sha256
    where past.category <> '{MEDIAN}'
    group by all
"""
_MIX = compared_sql(_UNIT, _OWN, _BEFORE)
_MEDIANS = f"""
    select pairs.source, pairs.sender, pairs.sha256, pairs.received_date, own.field,
        own.amount as median_thousandths,
        cast(quantile_disc(past.amount, 0.5) as bigint) as past_median_thousandths,
        cast(own.amount * 100 // nullif(quantile_disc(past.amount, 0.5), 0) as bigint) as percent
    from ({_PAIRS}) as pairs
    inner join subject as own on pairs.source = own.source and pairs.sha256 = own.sha256
    inner join subject as past on pairs.source = past.source and pairs.past_sha = past.sha256
        and past.field = own.field
    where own.category = '{MEDIAN}' and past.category = '{MEDIAN}'
    group by pairs.source, pairs.sender, pairs.sha256, pairs.received_date, own.field, own.amount
"""


def sender_suite() -> Suite:
    """One comparison per delivery and field; deliveries without a past are not judged."""
    low, high = limits.DRIFT_MEDIAN_LOW, limits.DRIFT_MEDIAN_HIGH
    return Suite(
        "senders",
        "select * from pipeline.delivery_profile where received_date >= (select "
        "min(coalesce(received_date, from_day)) from raw.delivery_outcome cross join "
        "raw.run_window where day_max >= from_day and day_min <= to_day) "
        f"- {limits.DRIFT_HISTORY_DAYS}",
        (
            Rule(
                "sender_mix_steady",
                f"So với {limits.DRIFT_DELIVERIES} lần gửi trước của cùng bên gửi: không quá "
                f"{limits.DRIFT_MIX} % số dòng chuyển sang mã hoặc nhóm khác",
                f"Against the sender's last {limits.DRIFT_DELIVERIES} deliveries: at most "
                f"{limits.DRIFT_MIX} % of rows moved to another code or band",
                "warning",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    f"select {_UNIT}, field, moved_percent, row_count from ({_MIX}) as compared "
                    f"where moved_percent > {limits.DRIFT_MIX}"
                ),
                examined_sql=f"select count(*) from ({_MIX}) as compared",
                measured=Measured(
                    f"select max(moved_percent) from ({_MIX}) as compared",
                    "% số dòng đã chuyển nhóm",
                    "% of rows that moved",
                    high=limits.DRIFT_MIX.value,
                ),
            ),
            Rule(
                "sender_medians_steady",
                f"Trung vị trị giá, trọng lượng trong khoảng {low}-{high} % của các lần gửi trước",
                f"Medians of value and weight within {low}-{high} % of the deliveries before",
                "warning",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    f"select * from ({_MEDIANS}) as medians "
                    f"where percent < {low} or percent > {high}"
                ),
                examined_sql=f"select count(*) from ({_MEDIANS}) as medians",
                measured=Measured(
                    f"select percent from ({_MEDIANS}) as medians "
                    "order by abs(percent - 100) desc, field limit 1",
                    "% trung vị trước đây",
                    "% of the earlier median",
                    low.value,
                    high.value,
                ),
            ),
        ),
    )
