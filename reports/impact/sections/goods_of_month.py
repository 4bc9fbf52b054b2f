"""Section 12: one HS chapter a month: its headings, their prices, where they came from.

Add here a table of the chapter. Keep out: another choice of the chapter than the rule below, and
what the other sections say of all goods.
"""

from typing import Any

from contracts.facts import Words
from reports.impact.model import Cell, Column, Section, Sentence, Table
from reports.impact.sections import flows, parts
from reports.impact.source import Source

# The chapter whose value changed most on the month before, up or down; where nothing is compared,
# the one of most value.
_CHOSEN = """
select
    flows.member_code, commodities.name_vi, commodities.name_en, flows.customs_value_vnd,
    flows.share_of_value_percent, growth.change, growth.growth_bp
from impact.fct_flows_monthly as flows
left join impact.fct_flow_growth_monthly as growth
    on growth.month = flows.month and growth.dimension = 'hs2'
    and growth.member_code = flows.member_code and growth.comparison = 'month'
    and growth.measure = 'customs_value_vnd'
left join core.dim_commodity as commodities on flows.member_code = commodities.commodity_code
where flows.month = $month and flows.dimension = 'hs2' and flows.member_code <> 'unknown'
order by abs(growth.change) desc nulls last, flows.customs_value_vnd desc nulls last,
    flows.member_code
limit 1
"""
_HEADINGS = """
with prices as (
    select hs_heading, channel, change_percent
    from impact.fct_price_index_monthly
    where month = $month and price_index is not null
    qualify row_number() over (partition by hs_heading order by value_vnd desc, channel) = 1
),
alerts as (
    select hs_heading, bool_or(is_alert) as is_alert
    from impact.fct_surge_alerts_monthly
    where month = $month
    group by hs_heading
)
select
    flows.member_code, commodities.name_vi, commodities.name_en, flows.customs_value_vnd,
    flows.consignments, growth.growth_bp, prices.channel, prices.change_percent,
    margins.margin_weighted_percent, margins.margin_low_percent, margins.margin_high_percent,
    alerts.is_alert
from impact.fct_flows_monthly as flows
left join impact.fct_flow_growth_monthly as growth
    on growth.month = flows.month and growth.dimension = 'hs4'
    and growth.member_code = flows.member_code and growth.comparison = 'month'
    and growth.measure = 'customs_value_vnd'
left join prices on prices.hs_heading = flows.member_code
left join impact.fct_undercutting_monthly as margins
    on margins.month = flows.month and margins.dimension = 'hs4'
    and margins.match_basis = 'any_match' and margins.member_code = flows.member_code
left join alerts on alerts.hs_heading = flows.member_code
left join core.dim_commodity as commodities on flows.member_code = commodities.commodity_code
where flows.month = $month and flows.dimension = 'hs4'
    and substr(flows.member_code, 1, 2) = $chapter
order by flows.customs_value_vnd desc nulls last, flows.member_code
limit 12
"""
_SOURCES = """
select
    origin_country_code as origin, platform_code, platforms.platform_name,
    sum(customs_value_vnd) as customs_value_vnd, sum(consignments)::bigint as consignments
from impact.fct_import_flows_monthly as flows
left join core.dim_platform as platforms using (platform_code)
where month = $month and hs_chapter = $chapter
group by origin_country_code, platform_code, platforms.platform_name
order by customs_value_vnd desc nulls last, origin, platform_code
limit 10
"""
_TITLE = Words("Chuyên đề mặt hàng", "Goods of the month")
_VALUE = Column("customs_value", Words("Trị giá hải quan", "Customs value"), parts.VND_BILLION)
_CONSIGNMENTS = Column("consignments", Words("Số lô", "Consignments"), parts.NUMBER)
_CHANGED = Words(
    "Chương {code}, {name}: trị giá thay đổi nhiều nhất so với tháng trước, {change} tỷ đồng "
    "({growth} %), còn {value} tỷ đồng, {share} % của tháng.",
    "Chapter {code}, {name}: the value that changed most on the month before, by VND {change} bn "
    "({growth} %), to {value} bn, {share} % of the month.",
)
_LARGEST = Words(
    "Chương {code}, {name}: trị giá lớn nhất, {value} tỷ đồng, {share} % của tháng. Chưa so được "
    "với tháng trước.",
    "Chapter {code}, {name}: the most value, VND {value} bn, {share} % of the month. Nothing is "
    "compared with the month before.",
)
_NONE = Words(
    "Không chương nào của tháng rõ mã hàng.", "No goods of the month have a known HS chapter."
)
_MOST = Words(
    "Mười cặp có trị giá lớn nhất, của những lô đã nhận.",
    "The ten pairs of most value, of the consignments received.",
)
_ALERT = Words("Cảnh báo", "Alert")


def section(source: Source) -> Section:
    """The section of the chapter that the month's figures point to."""
    chosen = source.row(_CHOSEN)
    if chosen is None:
        return Section(12, _TITLE, (Sentence(_NONE),))
    chapter = chosen["member_code"]
    series = flows.series(
        source, "goods_series", Words("Trị giá của chương", "Value of the chapter"), "hs2", chapter
    )
    return Section(
        12,
        _TITLE,
        (_told(chosen), series, _headings(source, chapter), _sources(source, chapter)),
    )


def _told(chosen: dict[str, Any]) -> Sentence:
    values: dict[str, Cell] = {
        "code": chosen["member_code"],
        "name": parts.named(chosen),
        "value": parts.billions(chosen["customs_value_vnd"]),
        "share": parts.percent(chosen["share_of_value_percent"]),
    }
    if chosen["change"] is None:
        return Sentence(_LARGEST, values)
    values["change"] = parts.billions(chosen["change"])
    values["growth"] = parts.basis_points(chosen["growth_bp"])
    return Sentence(_CHANGED, values)


def _headings(source: Source, chapter: str) -> Table:
    columns = (
        Column("heading", Words("Nhóm hàng", "Goods")),
        _VALUE,
        _CONSIGNMENTS,
        Column("growth", Words("So tháng trước", "On the month"), parts.PERCENT),
        Column("channel", Words("Kênh", "Channel")),
        Column("price_change", Words("Giá so tháng trước", "Price on the month"), parts.PERCENT),
        Column("margin", Words("Thấp hơn giá trong nước", "Below domestic prices"), parts.PERCENT),
        Column("margin_low", Words("từ", "from"), parts.PERCENT),
        Column("margin_high", Words("đến", "to"), parts.PERCENT),
        Column("alert", _ALERT),
    )
    rows = tuple(
        (
            parts.named(row),
            parts.billions(row["customs_value_vnd"]),
            parts.count(row["consignments"]),
            parts.basis_points(row["growth_bp"]),
            parts.code(row["channel"]),
            parts.percent(row["change_percent"]),
            parts.percent(row["margin_weighted_percent"]),
            parts.percent(row["margin_low_percent"]),
            parts.percent(row["margin_high_percent"]),
            _ALERT if row["is_alert"] else "",
        )
        for row in source.rows(_HEADINGS, chapter=chapter)
    )
    return Table(
        "goods_headings",
        Words("Các nhóm hàng của chương", "Headings of the chapter"),
        columns,
        rows,
        "impact.fct_flows_monthly",
        Words(
            "Giá: kênh có trị giá lớn nhất. Chênh lệch trên giá trong nước của phần so được.",
            "Prices: the channel of most value. Gaps over the domestic price of what was compared.",
        ),
    )


def _sources(source: Source, chapter: str) -> Table:
    columns = (
        Column("origin", Words("Nước xuất xứ", "Origin")),
        Column("platform", Words("Sàn", "Platform")),
        _VALUE,
        _CONSIGNMENTS,
    )
    rows = tuple(
        (
            parts.code(row["origin"]),
            parts.platform(row),
            parts.billions(row["customs_value_vnd"]),
            parts.count(row["consignments"]),
        )
        for row in source.rows(_SOURCES, chapter=chapter)
    )
    return Table(
        "goods_sources",
        Words("Từ nước nào, qua sàn nào", "From which country, by which platform"),
        columns,
        rows,
        "impact.fct_import_flows_monthly",
        notes=(Sentence(_MOST),) if rows else (),
        missing=Words(
            "Chưa nhận lô hàng nào của tháng.", "No consignments of the month were received."
        ),
    )
