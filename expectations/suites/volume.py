"""Gate 1's volume band: a day's rows against the other days of the same source.

Add here another comparison of a day with its history. Keep out: numbers (thresholds.py).
"""

from expectations import thresholds as limits
from expectations.rules import RowsThatFail, Rule


def volume_rules(source: str) -> tuple[Rule, ...]:
    """A warning outside the usual band, a refusal only for the implausible."""
    days = _days_with_history(source)
    usual = f"other_days >= {limits.VOLUME_WARNING_DAYS}"
    firm = f"other_days >= {limits.VOLUME_CRITICAL_DAYS}"
    span = (
        "select coalesce(cast(min(day_rows) as varchar) || '..' || cast(max(day_rows) as varchar)"
        f" || ' rows a day', 'no day') from ({days}) as days"
    )
    return (
        Rule(
            "volume_usual",
            f"Số dòng mỗi ngày trong khoảng {limits.VOLUME_LOW}-{limits.VOLUME_HIGH} % trung vị",
            f"Rows a day within {limits.VOLUME_LOW}-{limits.VOLUME_HIGH} % of the median day",
            "warning",
            "ingest_operations",
            "Hỏi bên gửi: thiếu tệp, gửi trùng, nghỉ lễ, sự cố hệ thống hay đợt bán hàng lớn?",
            "Ask the sender: missing file, double delivery, holiday, outage or sale?",
            RowsThatFail(
                f"select day, day_rows, median_rows, other_days from ({days}) as days "
                f"where {usual} and (day_rows * 100 < median_rows * {limits.VOLUME_LOW} "
                f"or day_rows * 100 > median_rows * {limits.VOLUME_HIGH})"
            ),
            examined_sql=f"select count(*) from ({days}) as days where {usual}",
            measure_sql=span,
        ),
        Rule(
            "volume_plausible",
            f"Số dòng mỗi ngày không quá {limits.VOLUME_CRITICAL_FACTOR} lần trung vị",
            f"Rows a day at most {limits.VOLUME_CRITICAL_FACTOR} times the median day",
            "critical",
            "ingest_operations",
            "Xác minh với bên gửi trước khi nạp; loại bỏ lần gửi lỗi bằng lệnh discard.",
            "Verify with the sender before loading; discard the faulty delivery.",
            RowsThatFail(
                f"select day, day_rows, median_rows, other_days from ({days}) as days "
                f"where {firm} and day_rows >= {limits.VOLUME_CRITICAL_ROWS} "
                f"and day_rows > median_rows * {limits.VOLUME_CRITICAL_FACTOR}"
            ),
            examined_sql=f"select count(*) from ({days}) as days where {firm}",
            measure_sql=span,
        ),
    )


def _days_with_history(source: str) -> str:
    """Select (day, day_rows, median_rows, other_days) for every day of the window.

    Rows inside the window are counted; outside it raw is not read, so the ledger stands in: a
    file's accepted rows spread evenly over its days. The median leaves out the day itself and
    days without rows.
    """
    return f"""
        with bounds as (
            select from_day, to_day from raw.run_window
        ),
        window_days as (
            select cast(unnest(generate_series(
                cast(from_day as timestamp), cast(to_day as timestamp), interval 1 day
            )) as date) as day from bounds
        ),
        counted as (
            select window_days.day, coalesce(actual.day_rows, 0) as day_rows
            from window_days left join (
                select day, count(*) as day_rows from subject group by day
            ) as actual on window_days.day = actual.day
        ),
        spread as (
            select
                cast(unnest(generate_series(
                    cast(greatest(day_min, from_day - {limits.VOLUME_HISTORY_DAYS}) as timestamp),
                    cast(least(day_max, to_day + {limits.VOLUME_HISTORY_DAYS}) as timestamp),
                    interval 1 day
                )) as date) as day,
                accepted // (day_max - day_min + 1) as day_rows
            from raw.delivery_outcome cross join bounds
            where source = '{source}' and status = 'accepted' and day_min <= day_max
        ),
        history as (
            select spread.day, sum(day_rows) as day_rows
            from spread cross join bounds
            where spread.day < from_day or spread.day > to_day
            group by spread.day
            union all
            select day, day_rows from counted
        )
        select
            counted.day,
            counted.day_rows,
            quantile_disc(history.day_rows, 0.5) as median_rows,
            count(*) as other_days
        from counted inner join history
            on counted.day <> history.day and history.day_rows > 0
        group by counted.day, counted.day_rows
    """
