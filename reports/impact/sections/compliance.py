"""Section 9: what inspections found, at random and targeted, and who is not registered.

Add here an aggregate of compliance. Keep out: single consignments and persons: never in a report.
"""

from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.sections.words import ALL
from reports.impact.source import Source

_RANDOM = """
select * from risk.fct_prevalence_monthly
where month = $month and customs_office_code = 'all'
"""
_TARGETED = """
select * from risk.fct_selection_performance
where month = $month and dimension in ('all', 'method', 'risk_type')
order by dimension, member
"""
_POINTS = """
select
    province_code as member_code, provinces.name_vi, provinces.name_en,
    count(distinct points.point_kind || points.point_key) as places,
    count(distinct case when points.known_place_type is null
        then points.point_kind || points.point_key end) as unknown_places
from compliance.fct_suspected_gathering_points as points
left join core.dim_province as provinces using (province_code)
where points.day between $month and last_day($month::date)
group by all
order by places desc, member_code
limit 10
"""


def section(source: Source) -> Section:
    """The section of compliance."""
    note = Sentence(
        Words(
            "Chỉ mẫu ngẫu nhiên nói về cả luồng hàng; kiểm tra có trọng điểm thì không.",
            "Only the random sample speaks for the whole flow; targeted inspections do not.",
        )
    )
    return Section(
        9, Words("Tuân thủ và rủi ro", "Compliance and risk"),
        (note, _random(source), _targeted(source), _places(source)),
    )  # fmt: skip


def _random(source: Source) -> Table:
    columns = (
        Column("drawn", Words("Lô đã kiểm tra", "Inspected"), parts.NUMBER),
        Column("findings", Words("Có phát hiện", "With a finding"), parts.NUMBER),
        Column("stands_for", Words("Đại diện cho", "Stands for"), parts.NUMBER),
        Column("rate", Words("Tỷ lệ vi phạm", "Rate"), parts.PERCENT),
        Column("low", Words("Cận dưới 95 %", "95 % low"), parts.PERCENT),
        Column("high", Words("Cận trên 95 %", "95 % high"), parts.PERCENT),
    )
    rows = tuple(
        (
            parts.count(row["prevalence_drawn_count"]),
            parts.count(row["prevalence_finding_count"]),
            parts.count(row["prevalence_stands_for_count"]),
            parts.percent(row["prevalence_percent"]),
            parts.percent(row["prevalence_low_percent"]),
            parts.percent(row["prevalence_high_percent"]),
        )
        for row in source.rows(_RANDOM)
    )
    return Table(
        "prevalence",
        Words("Tỷ lệ vi phạm, mẫu ngẫu nhiên", "Rate of violations, random sample"),
        columns, rows, "risk.fct_prevalence_monthly",
        Words(
            "Ước lượng Hájek, khoảng 95 % Wilson với cỡ mẫu hiệu dụng.",
            "Hájek estimate, 95 % Wilson interval at the effective sample size.",
        ),
        missing=Words("Chưa có mẫu ngẫu nhiên trong tháng.", "No random sample in the month."),
    )  # fmt: skip


def _targeted(source: Source) -> Table:
    columns = (
        Column("dimension", Words("Chiều", "Dimension")),
        Column("member", Words("Thành viên", "Member")),
        Column("inspected", Words("Đã kiểm tra", "Inspected"), parts.NUMBER),
        Column("findings", Words("Có phát hiện", "With a finding"), parts.NUMBER),
        Column("hit_rate", Words("Tỷ lệ phát hiện", "Hit rate"), parts.PERCENT),
        Column("low", Words("Cận dưới 95 %", "95 % low"), parts.PERCENT),
        Column("high", Words("Cận trên 95 %", "95 % high"), parts.PERCENT),
    )
    rows = tuple(
        (
            _DIMENSIONS[row["dimension"]],
            parts.code(row["member"]),
            parts.count(row["inspected_count"]),
            parts.count(row["finding_count"]),
            parts.percent(row["hit_rate_percent"]),
            parts.percent(row["hit_rate_low_percent"]),
            parts.percent(row["hit_rate_high_percent"]),
        )
        for row in source.rows(_TARGETED)
    )
    return Table(
        "hit_rates", Words("Tỷ lệ phát hiện của lô được chọn", "Hit rate of what was selected"),
        columns, rows, "risk.fct_selection_performance",
    )  # fmt: skip


_DIMENSIONS = {
    "all": ALL,
    "method": Words("Cách chọn", "Method"),
    "risk_type": Words("Loại rủi ro", "Risk type"),
}


def _places(source: Source) -> Table:
    columns = (
        Column("province", Words("Tỉnh, thành phố", "Province")),
        Column("places", Words("Điểm tập kết nghi vấn", "Suspected places"), parts.NUMBER),
        Column("unknown_places", Words("Trong đó chưa biết", "Of these unknown"), parts.NUMBER),
    )
    rows = tuple(
        (parts.named(row), parts.count(row["places"]), parts.count(row["unknown_places"]))
        for row in source.rows(_POINTS)
    )
    return Table(
        "gathering_points",
        Words("Điểm tập kết nghi vấn theo tỉnh", "Suspected gathering points by province"),
        columns, rows, "compliance.fct_suspected_gathering_points",
    )  # fmt: skip
