"""Section 3: what came in, by whom, of what, from and to where; growth and contributions.

Add here a table of flows. Keep out: shares of a market (penetration.py).
"""

from dataclasses import replace

from contracts.facts import Words
from reports.impact.model import Chart, Column, Section, Sentence, Table
from reports.impact.sections import kinds, parts, provinces
from reports.impact.source import Source

_MOST_ROWS, _ALL_ROWS = 10, 1000
# Dimensions with every member in their table: a map needs all provinces.
_WHOLE = ("province",)
_MONTHS = 25

DIMENSIONS = (
    (
        "platform_status",
        Words("Theo tình trạng đăng ký của sàn", "By status of the platform"),
    ),
    ("platform", Words("Theo sàn", "By platform")),
    ("channel", Words("Theo kênh vận chuyển", "By channel")),
    ("origin", Words("Theo nước xuất xứ", "By country of origin")),
    ("hs2", Words("Theo chương HS", "By HS chapter")),
    ("hs4", Words("Theo nhóm HS", "By HS heading")),
    ("province", Words("Theo tỉnh, thành phố nhận hàng", "By province of destination")),
)
_MEMBERS = """
with grown as (
    select
        dimension, member_code,
        max(growth_bp) filter (where comparison = 'month') as growth_month_bp,
        max(growth_bp) filter (where comparison = 'year') as growth_year_bp,
        max(contribution_bp) filter (where comparison = 'month') as contribution_bp
    from impact.fct_flow_growth_monthly
    where month = $month and measure = 'customs_value_vnd' and dimension = $dimension
    group by dimension, member_code
)
select
    flows.member_code,
    coalesce(commodities.name_vi, provinces.name_vi, platforms.platform_name) as name_vi,
    coalesce(commodities.name_en, provinces.name_en, platforms.platform_name) as name_en,
    flows.customs_value_vnd, flows.consignments, flows.share_of_value_percent,
    grown.growth_month_bp, grown.growth_year_bp, grown.contribution_bp
from impact.fct_flows_monthly as flows
left join grown on flows.dimension = grown.dimension and flows.member_code = grown.member_code
left join core.dim_commodity as commodities
    on flows.dimension in ('hs2', 'hs4') and flows.member_code = commodities.commodity_code
left join core.dim_province as provinces
    on flows.dimension = 'province' and flows.member_code = provinces.province_code
left join core.dim_platform as platforms
    on flows.dimension = 'platform' and flows.member_code = platforms.platform_code
    and flows.member_code <> 'unstated'
where flows.month = $month and flows.dimension = $dimension
order by flows.customs_value_vnd desc nulls last, flows.member_code
limit $rows
"""
_SERIES = f"""
select month, is_complete_month, customs_value_vnd, consignments
from impact.fct_flows_monthly
where dimension = $dimension and member_code = $member and month <= $month
order by month desc
limit {_MONTHS}
"""
_SERIES_TITLE = Words("Trị giá theo tháng", "Value by month")
_VALUE = Words("Trị giá hải quan", "Customs value")
_DENOMINATOR = Words(
    "Tỷ trọng trên tổng trị giá hải quan của cùng những ngày.",
    "Share of the total customs value of the same days.",
)
_LARGEST = Words("Mười thành viên lớn nhất.", "The ten largest members.")


def section(source: Source) -> Section:
    """The section of flows."""
    tables = tuple(_of(source, dimension, title) for dimension, title in DIMENSIONS)
    return Section(
        3,
        Words("Quy mô và tăng trưởng", "Volumes and growth"),
        (series(source, "flows_series", _SERIES_TITLE), *tables, *kinds.tables(source)),
    )


def _of(source: Source, dimension: str, title: Words) -> Table | Chart:
    columns = (
        Column("member", Words("Thành viên", "Member")),
        Column("customs_value", _VALUE, parts.VND_BILLION),
        Column("consignments", Words("Số lô", "Consignments"), parts.NUMBER),
        Column("share", Words("Tỷ trọng", "Share"), parts.PERCENT),
        Column("growth_month", Words("So tháng trước", "On the month"), parts.PERCENT),
        Column("growth_year", Words("So cùng kỳ", "On the year"), parts.PERCENT),
        Column("contribution", Words("Đóng góp", "Contribution"), parts.POINTS),
    )
    is_whole = dimension in _WHOLE
    found = source.rows(_MEMBERS, dimension=dimension, rows=_ALL_ROWS if is_whole else _MOST_ROWS)
    rows = tuple(
        (
            parts.named(row),
            parts.billions(row["customs_value_vnd"]),
            parts.count(row["consignments"]),
            parts.percent(row["share_of_value_percent"]),
            parts.basis_points(row["growth_month_bp"]),
            parts.basis_points(row["growth_year_bp"]),
            parts.basis_points(row["contribution_bp"]),
        )
        for row in found
    )
    notes = () if is_whole else (Sentence(_LARGEST),)
    table = Table(
        f"flows_{dimension}", title, columns, rows, "impact.fct_flows_monthly", _DENOMINATOR, notes
    )
    if not is_whole:
        return table
    codes = [row["member_code"] for row in found]
    return provinces.map_of(source, table, codes, "customs_value")


def series(
    source: Source, name: str, title: Words, dimension: str = "total", member: str = "all"
) -> Chart | Table:
    """Up to 25 months of a member; a chart of the complete ones, a table where there are none."""
    found = source.rows(_SERIES, dimension=dimension, member=member)[::-1]
    columns = (
        Column("month", Words("Tháng", "Month")),
        Column("customs_value", _VALUE, parts.VND_BILLION),
        Column("consignments", Words("Số lô", "Consignments"), parts.NUMBER),
        Column("completeness", Words("Đủ ngày", "Complete")),
    )
    rows = tuple(
        (
            f"{row['month']:%Y-%m}",
            parts.billions(row["customs_value_vnd"]),
            parts.count(row["consignments"]),
            Words("đủ", "yes") if row["is_complete_month"] else Words("chưa đủ", "no"),
        )
        for row in found
    )
    table = Table(
        name, title, columns, rows, "impact.fct_flows_monthly",
        notes=(
            Sentence(
                Words(
                    "Tháng chưa đủ ngày không so được với tháng khác.",
                    "A month that is not complete is not compared with others.",
                )
            ),
        ),
    )  # fmt: skip
    # A month that is not complete would look like a fall.
    whole = tuple(row for row, fact in zip(rows, found, strict=True) if fact["is_complete_month"])
    if not whole:
        return table
    alt = Sentence(
        Words(
            "Trị giá hải quan của {months} tháng đủ ngày; tháng cuối {last} tỷ đồng.",
            "Customs value of {months} complete months; the last one VND {last} bn.",
        ),
        {"months": parts.count(len(whole)), "last": whole[-1][1]},
    )
    return Chart(name, "line", table, "month", "customs_value", alt, replace(table, rows=whole))
