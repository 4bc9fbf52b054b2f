"""Gate 1's volume band: a day's rows against its own weekday, else against the other days.

Add here another comparison of a day with its history. Keep out: numbers (thresholds.py).
"""

from expectations import history_thresholds as history
from expectations import thresholds as limits
from expectations.lists.holidays import Calendar
from expectations.rules import Measured, RowsThatFail, Rule

_SHOWN = "day, day_kind, day_rows, weekday_median, weekday_days, median_rows, other_days"

# With enough days of the same weekday they are the measure; until then all other days are.
_USUAL_BY_WEEKDAY = f"weekday_days >= {limits.VOLUME_WEEKDAY_DAYS}"
_USUAL_BY_ALL = f"not ({_USUAL_BY_WEEKDAY}) and other_days >= {limits.VOLUME_WARNING_DAYS}"
_FIRM_BY_WEEKDAY = f"weekday_days >= {limits.VOLUME_CRITICAL_WEEKDAYS}"
_FIRM_BY_ALL = f"not ({_FIRM_BY_WEEKDAY}) and other_days >= {limits.VOLUME_CRITICAL_DAYS}"
# On a day off few or no rows are ordinary; on the days after it, what was left lying arrives.
_NOT_OFF = "day_kind <> 'day_off'"


def _high(ordinary: limits.Threshold, after: limits.Threshold) -> str:
    return f"case when day_kind = 'after_day_off' then {after} else {ordinary} end"


_UNUSUAL = (
    f"({_USUAL_BY_WEEKDAY} and ("
    f"({_NOT_OFF} and day_rows * 100 < weekday_median * {limits.VOLUME_WEEKDAY_LOW}) "
    "or day_rows * 100 > weekday_median * "
    f"{_high(limits.VOLUME_WEEKDAY_HIGH, history.AFTER_HOLIDAY_HIGH)})) "
    f"or ({_USUAL_BY_ALL} and ("
    f"({_NOT_OFF} and day_rows * 100 < median_rows * {limits.VOLUME_LOW}) "
    "or day_rows * 100 > median_rows * "
    f"{_high(limits.VOLUME_HIGH, history.AFTER_HOLIDAY_HIGH)}))"
)
_IMPLAUSIBLE = (
    f"({_FIRM_BY_WEEKDAY} and (({_NOT_OFF} and weekday_median >= {limits.VOLUME_CRITICAL_MEDIAN} "
    f"and day_rows * 100 < weekday_median * {limits.VOLUME_CRITICAL_LOW}) "
    f"or (day_rows >= {limits.VOLUME_CRITICAL_ROWS} and day_rows * 100 > weekday_median * "
    f"{_high(limits.VOLUME_CRITICAL_HIGH, history.AFTER_HOLIDAY_CRITICAL_HIGH)}))) "
    f"or ({_FIRM_BY_ALL} and day_rows >= {limits.VOLUME_CRITICAL_ROWS} "
    f"and day_rows > median_rows * {limits.VOLUME_CRITICAL_FACTOR})"
)


def volume_rules(source: str, calendar: Calendar) -> tuple[Rule, ...]:
    """A warning outside the usual band, a refusal for an empty, a ten-fold, an absurd day.

    Days off and the days after them have wider bands and are no measure for other days.
    """
    days = _days_with_history(source, calendar)
    share = Measured(
        "select day_rows * 100 // nullif(case when "
        f"{_USUAL_BY_WEEKDAY} then weekday_median else median_rows end, 0) "
        f"from ({days}) as days order by day desc limit 1",
        "% trung vị (ngày cuối)",
        "% of the median (last day)",
        limits.VOLUME_WEEKDAY_LOW.value,
        limits.VOLUME_WEEKDAY_HIGH.value,
    )
    span = (
        "select coalesce(cast(min(day_rows) as varchar) || '..' || cast(max(day_rows) as varchar)"
        f" || ' dòng mỗi ngày | rows a day', 'không có ngày | no day') from ({days}) as days"
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
            measured=share,
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
            measured=share,
        ),
    )


def _days_with_history(source: str, calendar: Calendar) -> str:
    """Select (day, day_kind, day_rows, median_rows, other_days, weekday_median, weekday_days) for
    every day of the window. day_kind: ordinary | day_off | after_day_off.

    Rows inside the window are counted; outside it raw is not read, so the ledger stands in: a
    file's accepted rows spread evenly over its days. The medians leave out the day itself, days
    without rows, days off and the days after them.
    """
    return f"""
        with bounds as (
            select from_day, to_day from raw.run_window
        ),
        days_off as (
            {calendar.sql()}
        ),
        unlike as (
            select day, 'day_off' as day_kind from days_off
            union all
            select distinct after.day, 'after_day_off'
            from (
                select day + cast(unnest(range(1, {history.AFTER_HOLIDAY_DAYS} + 1)) as integer)
                    as day from days_off
            ) as after
            where after.day not in (select day from days_off)
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
            coalesce(any_value(unlike.day_kind), 'ordinary') as day_kind,
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
            and history.day not in (select day from unlike)
        left join unlike on counted.day = unlike.day
        group by counted.day, counted.day_rows
    """
