"""Tables of section 3: flows by the legal type of platform and by domestic industry.

Add here another way to sort the same flows by a register or a nomenclature. Keep out: dimensions
that flows are counted by (flows.py), what goods compete with (winners.py).
"""

from typing import Any

from contracts.facts import Words
from reports.impact.model import Column, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_TYPES = """
select *, legal_type as member_code
from impact.fct_platform_type_flows_monthly
where month = $month
order by legal_type in ('undetermined', 'unstated'), customs_value_vnd desc, legal_type
"""
_INDUSTRIES = """
select flows.*, flows.vsic_division as member_code, industries.name_vi, industries.name_en
from impact.fct_industry_flows_monthly as flows
left join core.dim_industry as industries using (vsic_division)
where flows.month = $month
order by flows.vsic_division = 'unknown', flows.customs_value_vnd desc, flows.vsic_division
"""
_VALUE = Words("Trị giá hải quan", "Customs value")
_SHARE = Words("Tỷ trọng", "Share")
_CONSIGNMENTS = Words("Số lô", "Consignments")
_TYPES_NOTE = Words(
    "Loại sàn như sổ đăng ký nêu vào ngày cuối đang giữ, cho mọi tháng. Không phải số của bản thân "
    "các sàn: chỉ là hàng từ nước ngoài mà dữ liệu nêu tên sàn.",
    "The type is the one that the registry states on the last day held, for every month. These are "
    "no accounts of the platforms: only goods from abroad whose data name one.",
)
_INDUSTRIES_NOTE = Words(
    "Hàng được xếp vào ngành VSIC có hoạt động chính làm ra hàng cùng loại, không chia theo tỷ lệ "
    "vì chưa có tỷ lệ nào được công bố. Cột mức U là phần mà một nhóm HS thuộc nhiều ngành.",
    "Goods go to the VSIC division whose main activity makes such goods, and are not parted, for "
    "no shares are published. The column of grade U is the part whose heading falls to several.",
)


def tables(source: Source) -> tuple[Table, ...]:
    """Both tables; unknown members stand last and are part of the whole."""
    return (_types(source), _industries(source))


def _types(source: Source) -> Table:
    columns = (
        Column("legal_type", Words("Loại sàn", "Type of platform")),
        Column("platforms", Words("Số sàn", "Platforms"), parts.NUMBER),
        Column("customs_value", _VALUE, parts.VND_BILLION),
        Column("consignments", _CONSIGNMENTS, parts.NUMBER),
        Column("share", _SHARE, parts.PERCENT),
    )
    rows = tuple(
        (
            parts.code(row["member_code"]),
            parts.count(row["platform_count"]),
            *_amounts(row),
            parts.percent(row["share_of_value_percent"]),
        )
        for row in source.rows(_TYPES)
    )
    return Table(
        "flows_legal_type",
        Words("Theo loại sàn của Luật 122/2025/QH15", "By type of platform, Law 122/2025/QH15"),
        columns, rows, "impact.fct_platform_type_flows_monthly",
        _denominator(), (Sentence(_TYPES_NOTE),),
    )  # fmt: skip


def _industries(source: Source) -> Table:
    columns = (
        Column("industry", Words("Ngành", "Industry")),
        Column("vsic_division", Words("Mã", "Code")),
        Column("customs_value", _VALUE, parts.VND_BILLION),
        Column("consignments", _CONSIGNMENTS, parts.NUMBER),
        Column("share", _SHARE, parts.PERCENT),
        Column("main_activity", Words("Trong đó mức U", "Of it grade U"), parts.VND_BILLION),
    )
    rows = tuple(
        (
            parts.named(row),
            row["vsic_division"] if row["vsic_division"] != "unknown" else "",
            *_amounts(row),
            parts.percent(row["share_of_value_percent"]),
            parts.billions(row["main_activity_value_vnd"]),
        )
        for row in source.rows(_INDUSTRIES)
    )
    return Table(
        "flows_industry",
        Words("Theo ngành làm ra hàng cùng loại", "By the industry that makes such goods"),
        columns, rows, "impact.fct_industry_flows_monthly",
        _denominator(), (Sentence(_INDUSTRIES_NOTE),),
    )  # fmt: skip


def _amounts(row: dict[str, Any]) -> tuple[Any, ...]:
    return (parts.billions(row["customs_value_vnd"]), parts.count(row["consignments"]))


def _denominator() -> Words:
    return Words(
        "Tỷ trọng trên tổng trị giá hải quan của cùng những ngày, kể cả phần chưa rõ.",
        "Share of the total customs value of the same days, what is not known included.",
    )
