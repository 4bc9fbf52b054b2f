"""Section 4: three shares under three names that are never confused.

Add here a table of the same three. Keep out: flows (flows.py), prices (prices.py).
"""

from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_RETAIL = """
select
    shares.commodity_code as member_code, commodities.name_vi, commodities.name_en,
    shares.landed_value_vnd, shares.retail_sales_vnd, shares.share_of_retail_percent,
    shares.retail_evidence_grade, shares.is_above_whole, shares.reason_code
from impact.fct_retail_share_monthly as shares
left join core.dim_commodity as commodities on shares.commodity_code = commodities.commodity_code
where shares.month = $month
order by shares.commodity_code <> 'all', shares.landed_value_vnd desc nulls last, member_code
limit 12
"""
_ONLINE = """
select
    member_code as platform_code, platforms.platform_name, landed_value_vnd, online_sales_vnd,
    share_of_online_percent, online_evidence_grade, reason_code
from impact.fct_online_share_monthly as shares
left join core.dim_platform as platforms on shares.member_code = platforms.platform_code
where month = $month and dimension in ('total', 'platform')
order by dimension <> 'total', landed_value_vnd desc nulls last, member_code
limit 12
"""
_APPARENT = """
select
    shares.period_kind, shares.period_start,
    shares.commodity_code as member_code, commodities.name_vi, commodities.name_en,
    shares.apparent_consumption_vnd, shares.import_penetration_percent,
    shares.cross_border_penetration_percent, shares.self_sufficiency_percent,
    shares.is_above_whole, shares.is_consumption_not_positive, shares.evidence_grade,
    shares.reason_code
from impact.fct_apparent_consumption as shares
left join core.dim_commodity as commodities on shares.commodity_code = commodities.commodity_code
where shares.period_start <= $month
order by shares.period_start desc, shares.period_kind, member_code <> 'all', member_code
limit 12
"""
_NOT_MEANINGFUL = Words("không có ý nghĩa", "not meaningful")
_GRADE = Column("grade", Words("Mức kiểm chứng", "Evidence"))


def section(source: Source) -> Section:
    """The section of shares."""
    intro = Sentence(
        Words(
            "Ba mẫu số, ba tên gọi: tỷ lệ thâm nhập tính trên tiêu dùng biểu kiến (quý, năm); tỷ "
            "trọng trong bán lẻ; tỷ trọng trong bán hàng trực tuyến. Không số nào thay số nào.",
            "Three denominators, three names: penetration is measured on apparent consumption "
            "(quarter, year); the share of retail; the share of online sales. None stands for "
            "another.",
        )
    )
    return Section(
        4, Words("Thâm nhập thị trường", "Market penetration"),
        (intro, _apparent(source), _retail(source), _online(source)),
    )  # fmt: skip


def _retail(source: Source) -> Table:
    title = Words("Tỷ trọng trong bán lẻ", "Share of retail")
    found = source.rows(_RETAIL)
    reasons = sorted({row["reason_code"] for row in found if row["reason_code"]})
    columns = (
        Column("member", Words("Nhóm hàng", "Goods")),
        Column("landed_value", Words("Trị giá về đến nơi", "Landed value"), parts.VND_BILLION),
        Column("retail_sales", Words("Bán lẻ", "Retail sales"), parts.VND_BILLION),
        Column("share", Words("Tỷ trọng", "Share"), parts.PERCENT),
        _GRADE,
    )
    rows = tuple(
        (
            parts.named(row),
            parts.billions(row["landed_value_vnd"]),
            parts.billions(row["retail_sales_vnd"]),
            parts.percent(row["share_of_retail_percent"], 2),
            row["retail_evidence_grade"],
        )
        for row in found
    )
    return Table(
        "retail_share", title, columns, rows, "impact.fct_retail_share_monthly",
        Words(
            "Mẫu số: doanh thu bán lẻ cùng tháng. Tử số: trị giá hải quan cộng thuế phải nộp.",
            "Denominator: retail sales of the month. Numerator: customs value plus tax due.",
        ),
        notes=tuple(Sentence(parts.reason(one)) for one in reasons),
    )  # fmt: skip


def _online(source: Source) -> Table:
    title = Words("Tỷ trọng trong bán hàng trực tuyến", "Share of online sales")
    found = source.rows(_ONLINE)
    reasons = sorted({row["reason_code"] for row in found if row["reason_code"]})
    columns = (
        Column("member", Words("Sàn", "Platform")),
        Column("landed_value", Words("Trị giá về đến nơi", "Landed value"), parts.VND_BILLION),
        Column("online_sales", Words("Bán trực tuyến", "Online sales"), parts.VND_BILLION),
        Column("share", Words("Tỷ trọng", "Share"), parts.PERCENT),
        _GRADE,
    )
    rows = tuple(
        (
            parts.platform(row),
            parts.billions(row["landed_value_vnd"]),
            parts.billions(row["online_sales_vnd"]),
            parts.percent(row["share_of_online_percent"], 2),
            row["online_evidence_grade"],
        )
        for row in found
    )
    return Table(
        "online_share", title, columns, rows, "impact.fct_online_share_monthly",
        Words(
            "Mẫu số: tổng giá trị giao dịch trực tuyến cùng tháng.",
            "Denominator: gross merchandise value of online sales in the month.",
        ),
        notes=tuple(Sentence(parts.reason(one)) for one in reasons),
    )  # fmt: skip


def _apparent(source: Source) -> Table:
    title = Words(
        "Thâm nhập trên tiêu dùng biểu kiến", "Import penetration of apparent consumption"
    )
    found = source.rows(_APPARENT)
    reasons = sorted({row["reason_code"] for row in found if row["reason_code"]})
    columns = (
        Column("period", Words("Kỳ", "Period")),
        Column("member", Words("Nhóm hàng", "Goods")),
        Column(
            "apparent_consumption",
            Words("Tiêu dùng biểu kiến", "Apparent consumption"),
            parts.VND_BILLION,
        ),
        Column("penetration", Words("Thâm nhập chung", "Penetration"), parts.PERCENT),
        Column(
            "cross_border", Words("Trong đó xuyên biên giới", "Cross-border part"), parts.PERCENT
        ),
        Column("self_sufficiency", Words("Tự cung", "Self-sufficiency"), parts.PERCENT),
        Column("meaning", Words("Ý nghĩa", "Meaning")),
        _GRADE,
    )
    rows = tuple(
        (
            parts.period(row["period_kind"], row["period_start"]),
            parts.named(row),
            parts.billions(row["apparent_consumption_vnd"]),
            parts.percent(row["import_penetration_percent"], 2),
            parts.percent(row["cross_border_penetration_percent"], 2),
            parts.percent(row["self_sufficiency_percent"], 2),
            _NOT_MEANINGFUL if row["is_above_whole"] or row["is_consumption_not_positive"] else "",
            row["evidence_grade"],
        )
        for row in found
    )
    return Table(
        "apparent_consumption", title, columns, rows, "impact.fct_apparent_consumption",
        Words(
            "Mẫu số: sản lượng trừ xuất khẩu cộng nhập khẩu, chưa kể tồn kho.",
            "Denominator: output less exports plus imports, stocks not counted.",
        ),
        notes=tuple(Sentence(parts.reason(one)) for one in reasons),
    )  # fmt: skip
