"""Section 13: figures that changed since they were first published.

Add here another view of revisions. Keep out: how revisions are found (serving/revisions.py).
"""

from contracts.facts import Words
from reports.impact.model import Column, Figure, Section, Sentence, Table
from reports.impact.source import Source

_TABLE = "quality.fct_revisions"
_ROWS = """
select * from quality.fct_revisions
where day between $month and last_day($month::date)
order by abs(current_value - first_value) desc nulls last, day, measure
limit 15
"""
_UNIT = Words("đơn vị của chỉ tiêu", "its unit")
_NONE = Words("Không có sửa đổi nào trong tháng.", "Nothing was revised in the month.")


def section(source: Source) -> Section:
    """The section of revisions."""
    note = Sentence(
        Words(
            "Sửa đổi là số thay đổi vì dữ liệu đến sau; đính chính là sửa lỗi, có thông báo riêng.",
            "A revision follows from data that came later; a correction mends an error and has "
            "its own notice.",
        )
    )
    return Section(13, Words("Sửa đổi số liệu", "Revisions"), (note, _table(source)))


def _table(source: Source) -> Table:
    columns = (
        Column("day", Words("Ngày", "Day")),
        Column("measure", Words("Chỉ tiêu", "Measure")),
        Column("first", Words("Số đầu tiên", "First"), _UNIT),
        Column("current", Words("Số hiện tại", "Current"), _UNIT),
    )
    found = source.rows(_ROWS) if source.has(_TABLE) else []
    rows = tuple(
        (
            row["day"],
            row["measure"],
            None if row["first_value"] is None else Figure(row["first_value"]),
            None if row["current_value"] is None else Figure(row["current_value"]),
        )
        for row in found
    )
    return Table(
        "revisions", Words("Số đã sửa đổi", "Revised figures"), columns, rows, _TABLE, missing=_NONE
    )
