"""Gate 1's look at the run itself: its window, and whether the calendar knows its years.

Add here a question about the run as a whole. Keep out: sources (gate1.py).
"""

from expectations.lists.holidays import Calendar, load_calendar
from expectations.rules import RowsThatFail, Rule, Suite

_DEFECT_VI = "Lỗi của kho dữ liệu: không công bố, báo bộ phận kỹ thuật dữ liệu."
_DEFECT_EN = "A defect of the warehouse: do not publish, call data engineering."


def run_suite(calendar: Calendar | None = None) -> Suite:
    """The row-count rule that keeps an empty database from passing as a good one."""
    listed = calendar or load_calendar()
    days_off = listed.sql()
    years = (
        "select unnest(range(cast(year(min(from_day)) as bigint), year(max(to_day)) + 1)) as year "
        "from subject"
    )
    return Suite(
        "run",
        "select from_day, to_day from raw.run_window",
        (
            Rule(
                "one_valid_window",
                "Khoảng ngày của lần chạy: đúng một dòng, ngày đầu không sau ngày cuối",
                "Window of the run: exactly one row, first day not after last day",
                "critical",
                "data_engineering",
                _DEFECT_VI,
                _DEFECT_EN,
                RowsThatFail(
                    "select count(*) as window_rows, min(from_day) as from_day, "
                    "max(to_day) as to_day from subject "
                    "having count(*) <> 1 or not coalesce(min(from_day) <= max(to_day), false)"
                ),
                examined_sql="select 1",
            ),
            Rule(
                "holidays_known",
                "Lịch nghỉ có ngày Tết của mọi năm được tính",
                "The calendar of days off has the Tết of every year that is computed",
                "info",
                "ingest_operations",
                "Thêm các ngày nghỉ của năm đó vào calendar.csv của kho, kèm số văn bản.",
                "Add that year's days off to calendar.csv of the home, with the announcement.",
                RowsThatFail(
                    f"select year from ({years}) as years where year not in "
                    f"(select year(day) from ({days_off}) as off where kind = 'tet')"
                ),
                examined_sql=f"select count(*) from ({years}) as years",
                measure_sql=f"select '{len(listed.holidays)} ngày nghỉ | days off' || "
                f"' ({listed.origin})'",
            ),
        ),
    )
