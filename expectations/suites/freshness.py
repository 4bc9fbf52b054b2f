"""Gate 1's look at age: how far behind is each source on the last day that is computed?

No clock is read: an old day judged again gives the same answer. Sources that never delivered are
not judged (a site may not have them); a sender's own calendar is rule expected_delivery_arrived.
Add here another kind of age. Keep out: numbers (history_thresholds.py), editions of reference data
(suites/references.py).
"""

from collections.abc import Sequence

from expectations import history_thresholds as limits
from expectations.lists.holidays import Calendar
from expectations.rules import Measured, RowsThatFail, Rule, Suite

_ASK_VI = "Hỏi bên gửi vì sao dừng; ghi chú trên mọi số liệu rằng nguồn này đã cũ."
_ASK_EN = "Ask the sender why it stopped; say beside every figure that this source is old."


def freshness_suite(daily: Sequence[str], states: Sequence[str], calendar: Calendar) -> Suite:
    """daily: sources with rows of every business day. states: sources that speak now and then."""
    behind = _days_behind(daily, calendar)
    since = _days_since(states)
    return Suite(
        "freshness",
        # What had been received when the last day was computed for the first time is not known to
        # the ledger; what is known is which days each file speaks of.
        "select source, sender, received_date, day_min, day_max, to_day from raw.delivery_outcome "
        "cross join raw.run_window where status = 'accepted' and accepted > 0",
        (
            Rule(
                "daily_sources_fresh",
                f"Nguồn hằng ngày không chậm quá {limits.FRESH_WORKING_DAYS} ngày làm việc",
                f"Daily sources are at most {limits.FRESH_WORKING_DAYS} working days behind",
                "warning",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    f"select * from ({behind}) as ages "
                    f"where working_days_behind > {limits.FRESH_WORKING_DAYS}"
                ),
                examined_sql=f"select count(*) from ({behind}) as ages",
                measured=Measured(
                    f"select max(working_days_behind) from ({behind}) as ages",
                    "ngày làm việc chậm nhất",
                    "working days, the oldest source",
                    high=limits.FRESH_WORKING_DAYS.value,
                ),
            ),
            Rule(
                "states_fresh",
                f"Nguồn không hằng ngày có dữ liệu trong {limits.FRESH_STATE_DAYS} ngày gần nhất",
                f"Other sources delivered within the last {limits.FRESH_STATE_DAYS} days",
                "warning",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    f"select * from ({since}) as ages where days_since > {limits.FRESH_STATE_DAYS}"
                ),
                examined_sql=f"select count(*) from ({since}) as ages",
                measured=Measured(
                    f"select max(days_since) from ({since}) as ages",
                    "ngày, nguồn cũ nhất",
                    "days, the oldest source",
                    high=limits.FRESH_STATE_DAYS.value,
                ),
            ),
        ),
    )


def _named(sources: Sequence[str]) -> str:
    return ", ".join(f"'{source}'" for source in sources)


def _days_behind(sources: Sequence[str], calendar: Calendar) -> str:
    """Select (source, newest_day, to_day, working_days_behind): days off and Sundays not counted,
    at most a year of them (older is simply old)."""
    return f"""
        select source, newest_day, to_day, (
            select count(*) from (
                select cast(unnest(generate_series(
                    cast(greatest(newest_day, to_day - 366) + 1 as timestamp),
                    cast(to_day as timestamp), interval 1 day
                )) as date) as day
            ) as days
            where dayofweek(day) <> 0
                and day not in (select off.day from ({calendar.sql()}) as off)
        ) as working_days_behind
        from (
            select source, max(least(day_max, to_day)) as newest_day, max(to_day) as to_day
            from subject where source in ({_named(sources)}) and day_min <= to_day
            group by source
        ) as newest
    """


def _days_since(sources: Sequence[str]) -> str:
    """Select (source, last_received, to_day, days_since); received after the day counts as 0."""
    return f"""
        select source, max(received_date) as last_received, max(to_day) as to_day,
            greatest(max(to_day) - max(received_date), 0) as days_since
        from subject where source in ({_named(sources)}) group by source
    """
