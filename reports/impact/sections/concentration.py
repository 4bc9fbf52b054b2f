"""Section 7: how concentrated the trade is, with bounds for what nobody is named for.

Add here a dimension's table. Keep out: how the index is computed (dbt).
"""

from contracts.facts import Words
from reports.impact.model import Column, Figure, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_ROWS = """
select * from impact.fct_concentration_monthly
where month = $month and hs_chapter = 'all'
order by dimension
"""
_UNITS = {
    "platform": Words("Sàn", "Platform"),
    "origin": Words("Nước xuất xứ", "Origin"),
    "seller": Words("Người bán", "Seller"),
    "declarant": Words("Người khai", "Declarant"),
    "warehouse": Words("Kho", "Warehouse"),
}


def section(source: Source) -> Section:
    """The section of concentration."""
    note = Sentence(
        Words(
            "HHI từ 0 đến 10.000. Cận dưới coi phần không rõ là rất nhiều đơn vị nhỏ, cận trên "
            "coi là một đơn vị. Trên 1.800 là tập trung cao theo hướng dẫn của Hoa Kỳ năm 2023; "
            "luật Việt Nam không đặt ngưỡng này.",
            "HHI from 0 to 10,000. The lower bound takes the unknown for very many small units, "
            "the upper for one. Above 1,800 is highly concentrated by the United States' 2023 "
            "guidelines; Vietnamese law sets no such threshold.",
        )
    )
    return Section(7, Words("Mức độ tập trung", "Concentration"), (note, _table(source)))


def _table(source: Source) -> Table:
    columns = (
        Column("dimension", Words("Theo", "By")),
        Column("units", Words("Đơn vị", "Units"), parts.NUMBER),
        Column("unknown", Words("Không rõ", "Unknown"), parts.PERCENT),
        Column("hhi_low", Words("HHI cận dưới", "HHI low"), Words("điểm", "points")),
        Column("hhi_high", Words("HHI cận trên", "HHI high"), Words("điểm", "points")),
        Column("largest_4", Words("Bốn lớn nhất", "Four largest"), parts.PERCENT),
    )
    rows = tuple(
        (
            _UNITS[row["dimension"]],
            parts.count(row["unit_count"]),
            parts.percent(row["unknown_share_percent"]),
            None if row["hhi_low"] is None else Figure(row["hhi_low"]),
            None if row["hhi_high"] is None else Figure(row["hhi_high"]),
            parts.percent(row["largest_4_low_percent"]),
        )
        for row in source.rows(_ROWS)
    )
    return Table(
        "concentration",
        Words("Chỉ số tập trung của tháng", "Concentration of the month"),
        columns, rows, "impact.fct_concentration_monthly",
        Words(
            "Mẫu số: trị giá hải quan của tháng, kể cả phần không rõ.",
            "Denominator: customs value of the month, the unknown included.",
        ),
    )  # fmt: skip
