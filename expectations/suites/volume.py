"""Gate 1's volume band: a day's rows against its own weekday, else against the other days.

Add here another comparison of a day with its history. Keep out: numbers (thresholds.py).
"""

from expectations import thresholds as limits
from expectations.rules import RowsThatFail, Rule

_SHOWN = "day, day_rows, weekday_median, weekday_days, median_rows, other_days"

# With enough days of the same weekday they are the measure; until then all other days are.
_USUAL_BY_WEEKDAY = f"weekday_days >= {limits.VOLUME_WEEKDAY_DAYS}"
_USUAL_BY_ALL = f"not ({_USUAL_BY_WEEKDAY}) and other_days >= {limits.VOLUME_WARNING_DAYS}"
_UNUSUAL = (
    f"({_USUAL_BY_WEEKDAY} and (day_rows * 100 < weekday_median * {limits.VOLUME_WEEKDAY_LOW} "
    f"or day_rows * 100 > weekday_median * {limits.VOLUME_WEEKDAY_HIGH})) "
    f"or ({_USUAL_BY_ALL} and (day_rows * 100 < median_rows * {limits.VOLUME_LOW} "
    f"or day_rows * 100 > median_rows * {limits.VOLUME_HIGH}))"
)
_FIRM_BY_WEEKDAY = f"weekday_days >= {limits.VOLUME_CRITICAL_WEEKDAYS}"
_FIRM_BY_ALL = f"not ({_FIRM_BY_WEEKDAY}) and other_days >= {limits.VOLUME_CRITICAL_DAYS}"
_IMPLAUSIBLE = (
    f"({_FIRM_BY_WEEKDAY} and ((weekday_median >= {limits.VOLUME_CRITICAL_MEDIAN} "
    f"and day_rows * 100 < weekday_median * {limits.VOLUME_CRITICAL_LOW}) "
    f"or (day_rows >= {limits.VOLUME_CRITICAL_ROWS} "
    f"and day_rows * 100 > weekday_median * {limits.VOLUME_CRITICAL_HIGH}))) "
    f"or ({_FIRM_BY_ALL} and day_rows >= {limits.VOLUME_CRITICAL_ROWS} "
    f"and day_rows > median_rows * {limits.VOLUME_CRITICAL_FACTOR})"
)


def volume_rules(source: str) -> tuple[Rule, ...]:
    """A warning outside the usual band, a refusal for an empty, a ten-fold, an absurd day."""
    days = _days_with_history(source)
    span = (
        "select coalesce(cast(min(day_rows) as varchar) || '..' || cast(max(day_rows) as varchar)"
        f" || ' rows a day', 'no day') from ({days}) as days"
    )
    low, high = limits.VOLUME_WEEKDAY_LOW, limits.VOLUME_WEEKDAY_HIGH
    least, most = limits.VOLUME_CRITICAL_LOW, limits.VOLUME_CRITICAL_HIGH
    return (
        Rule(
            "volume_usual",
            f"Số dòng mỗi ngày trong khoảng {low}-{high} % trung vị của cùng thứ trong tuần",
            f"Rows a day within {low}-{high} % of the median of the same weekday",
            "warning",
            "ingest_operations",
            "Hỏi bên gửi: thiếu tệp, gửi trùng, nghỉ lễ, sự cố hệ thống hay đợt bán hàng lớn?",
            "Ask the sender: missing file, double delivery, holiday, outage or sale?",
            RowsThatFail(f"select {_SHOWN} from ({days}) as days where {_UNUSUAL}"),
            examined_sql=f"select count(*) from ({days}) as days "
            f"where {_USUAL_BY_WEEKDAY} or ({_USUAL_BY_ALL})",
            measure_sql=span,
        ),
        Rule(
            "volume_plausible",
            f"Số dòng mỗi ngày trong khoảng {least}-{most} % trung vị của cùng thứ trong tuần",
            f"Rows a day within {least}-{most} % of the median of the same weekday",
            "critical",
            "ingest_operations",
            "Xác minh với bên gửi trước khi nạp: loại bỏ lần gửi lỗi (discard), hoặc ký miễn trừ "
            "có lý do cho ngày đó (waivers/).",
            "Verify with the sender before loading: discard the faulty delivery, or sign a waiver "
            "with its reason for that day (waivers/).",
            RowsThatFail(f"select {_SHOWN} from ({days}) as days where {_IMPLAUSIBLE}"),
            examined_sql=f"select count(*) from ({days}) as days "
            f"where {_FIRM_BY_WEEKDAY} or ({_FIRM_BY_ALL})",
            measure_sql=span,
        ),
    )


def _days_with_history(source: str) -> str:
    """Select (day, day_rows, median_rows, other_days, weekday_median, weekday_days) for every day
    of the window.

    Rows inside the window are counted; outside it raw is not read, so the ledger stands in: a
    file's accepted rows spread evenly over its days. The medians leave out the day itself and
    days without rows.
    """
    return f"""
        with bounds as (
            select from_day, to_day from raw.run_window
        ),
        window_days as (
            select day from raw.run_day
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
            where spread.day not in (select day from window_days)
            group by spread.day
            union all
            select day, day_rows from counted
        )
        select
            counted.day,
            counted.day_rows,
            quantile_disc(history.day_rows, 0.5) as median_rows,
            count(*) as other_days,
            quantile_disc(history.day_rows, 0.5) filter (
                where dayofweek(history.day) = dayofweek(counted.day)
            ) as weekday_median,
            count(*) filter (
                where dayofweek(history.day) = dayofweek(counted.day)
            ) as weekday_days
        from counted inner join history
            on counted.day <> history.day and history.day_rows > 0
        group by counted.day, counted.day_rows
    """
