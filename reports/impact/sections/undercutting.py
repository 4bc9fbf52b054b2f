"""Part of section 5: imports beside domestic goods, and goods that domestic ones can replace.

Add here a table or a sentence of the price gap. Keep out: which goods are a pair (dbt), the price
index (prices.py).
"""

from typing import Any

from contracts.facts import Words
from reports.impact.model import Column, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_MARGINS = "impact.fct_undercutting_monthly"
_GOODS = "impact.fct_substitutable_goods_monthly"
_TOTAL = f"""
select * from {_MARGINS}
where month = $month and dimension = 'total' and match_basis = $basis
"""
_HEADINGS = f"""
select margins.*, commodities.name_vi, commodities.name_en
from {_MARGINS} as margins
left join core.dim_commodity as commodities on margins.member_code = commodities.commodity_code
where margins.month = $month and margins.dimension = 'hs4' and margins.match_basis = 'any_match'
    and margins.comparisons > 0
order by margins.compared_value_vnd desc, margins.member_code
limit 12
"""
_COUNTRY = f"""
select
    goods.*, goods.hs_heading as member_code, commodities.name_vi, commodities.name_en,
    (select count(*) from {_GOODS} as places
     where places.month = goods.month and places.hs_heading = goods.hs_heading
        and places.province_code not in ('all', 'unknown')) as provinces,
    (select struct_pack(
        member_code := places.province_code, name_vi := provinces.name_vi,
        name_en := provinces.name_en)
     from {_GOODS} as places
     left join core.dim_province as provinces on places.province_code = provinces.province_code
     where places.month = goods.month and places.hs_heading = goods.hs_heading
        and places.province_code not in ('all', 'unknown')
     order by places.landed_value_vnd desc, places.province_code limit 1) as first_province,
    (select max(places.share_of_heading_percent) from {_GOODS} as places
     where places.month = goods.month and places.hs_heading = goods.hs_heading
        and places.province_code not in ('all', 'unknown')) as first_share_percent
from {_GOODS} as goods
left join core.dim_commodity as commodities on goods.hs_heading = commodities.commodity_code
where goods.month = $month and goods.province_code = 'all' and goods.is_undercut
order by goods.place
limit 12
"""
_BELOW = Words(
    "Giá hàng nhập khẩu thấp hơn giá hàng trong nước cùng loại ở {under}/{all} phép so sánh; chênh "
    "lệch bình quân gia quyền {margin} % giá trong nước ({low} đến {high}).",
    "Imports were priced below the matched domestic product in {under} of {all} comparisons; "
    "weighted average margin {margin} % of the domestic price ({low} to {high}).",
)
_ABOVE = Words(
    "Giá hàng nhập khẩu thấp hơn giá hàng trong nước cùng loại ở {under}/{all} phép so sánh; bình "
    "quân gia quyền thì cao hơn: {margin} % giá trong nước ({low} đến {high}).",
    "Imports were priced below the matched domestic product in {under} of {all} comparisons; the "
    "weighted average is above it: {margin} % of the domestic price ({low} to {high}).",
)
_UNCLEAR = Words(
    "Giá hàng nhập khẩu và hàng trong nước cùng loại không khác nhau rõ rệt về mặt thống kê "
    "({low} đến {high} % giá trong nước, {all} phép so sánh).",
    "Prices of imports and of matched domestic products show no statistically clear difference "
    "({low} to {high} % of the domestic price, {all} comparisons).",
)
_COVERED = Words(
    "So được {rate} % trị giá về đến của hàng người tiêu dùng; chỉ tên trùng nhau: {same_rate} %, "
    "{same} phép so sánh, chênh lệch {same_margin} %.",
    "{rate} % of the landed value of consumers' goods was compared; equal names alone: "
    "{same_rate} %, {same} comparisons, margin {same_margin} %.",
)
_NOTE = Words(
    "Giá nhập = trị giá khai + thuế, một cái, chưa gồm giao hàng trong nước; giá trong nước = giá "
    "đăng bán có thuế của hàng xuất xứ Việt Nam. Khớp theo tên hàng; không nói chất lượng. Nơi "
    "khai thấp thì chênh lệch lớn hơn thực tế. Khoảng 95 %: bootstrap theo mặt hàng.",
    "Import price = declared value + tax a piece, without delivery inside the country; domestic "
    "price = what listings of goods of Vietnamese origin show, tax included. Matched by name; "
    "says nothing of quality. Where values are declared low the gap looks larger than it is. "
    "95 % interval: bootstrap over products.",
)
_NO_LISTING = Words(
    "Tháng này không có tin bán hàng trong nước nào khớp với hàng nhập của người tiêu dùng.",
    "No listing of domestic goods matches what consumers imported this month.",
)


def headline(source: Source) -> Sentence | None:
    """The gap over all goods in one sentence; None without an interval. No clear difference where
    the interval holds 0 (impact handbook 3.3)."""
    found = source.row(_TOTAL, basis="any_match")
    return None if found is None else _gap(found)


def _gap(found: dict[str, Any]) -> Sentence | None:
    if found["margin_low_percent"] is None:
        return None
    told = {
        "all": parts.count(found["comparisons"]),
        "low": parts.percent(found["margin_low_percent"]),
        "high": parts.percent(found["margin_high_percent"]),
    }
    if found["margin_low_percent"] <= 0 <= found["margin_high_percent"]:
        return Sentence(_UNCLEAR, told)
    told |= {
        "under": parts.count(found["comparisons_under"]),
        "margin": parts.percent(found["margin_weighted_percent"]),
    }
    return Sentence(_BELOW if found["margin_low_percent"] > 0 else _ABOVE, told)


def beside(source: Source) -> tuple[Sentence | Table, ...]:
    """What stands behind the price index: sentences, margins by heading, goods to replace."""
    total = source.row(_TOTAL, basis="any_match")
    same = source.row(_TOTAL, basis="same_name")
    told: list[Sentence] = []
    if total is not None and same is not None and total["comparisons"]:
        words = {
            "rate": parts.percent(total["match_rate_percent"]),
            "same_rate": parts.percent(same["match_rate_percent"]),
            "same": parts.count(same["comparisons"]),
            "same_margin": parts.percent(same["margin_weighted_percent"]),
        }
        gap = _gap(total)
        told = [*([gap] if gap else []), Sentence(_COVERED, words)]
    return (*told, _headings(source), _goods(source))


def _headings(source: Source) -> Table:
    columns = (
        Column("goods", Words("Nhóm hàng", "Goods")),
        Column("comparisons", Words("Phép so", "Comparisons"), parts.NUMBER),
        Column("under", Words("Rẻ hơn", "Undersold"), parts.NUMBER),
        Column("margin", Words("Gia quyền", "Weighted"), parts.PERCENT),
        Column("low", Words("Từ", "Low"), parts.PERCENT),
        Column("high", Words("Đến", "High"), parts.PERCENT),
        Column("simple", Words("Không quyền số", "Simple"), parts.PERCENT),
        Column("least", Words("Rẻ hơn ít nhất", "Least under"), parts.PERCENT),
        Column("most", Words("Rẻ hơn nhiều nhất", "Most under"), parts.PERCENT),
        Column("rate", Words("Phần so được", "Compared"), parts.PERCENT),
    )
    rows = tuple(
        (
            parts.named(row),
            parts.count(row["comparisons"]),
            parts.count(row["comparisons_under"]),
            parts.percent(row["margin_weighted_percent"]),
            parts.percent(row["margin_low_percent"]),
            parts.percent(row["margin_high_percent"]),
            parts.percent(row["margin_simple_percent"]),
            parts.percent(row["under_min_percent"]),
            parts.percent(row["under_max_percent"]),
            parts.percent(row["match_rate_percent"]),
        )
        for row in source.rows(_HEADINGS)
    )
    title = Words("Hàng nhập so với hàng trong nước cùng loại", "Imports against domestic goods")
    return Table(
        "undercutting",
        title,
        columns,
        rows,
        _MARGINS,
        notes=(Sentence(_NOTE),),
        missing=_NO_LISTING,
    )


def _goods(source: Source) -> Table:
    columns = (
        Column("goods", Words("Nhóm hàng", "Goods")),
        Column("value", Words("Trị giá về đến", "Landed value"), parts.VND_BILLION),
        Column(
            "share",
            Words("Phần trong hàng xuyên biên giới", "Of all over the border"),
            parts.PERCENT,
        ),
        Column("margin", Words("Chênh lệch giá", "Price gap"), parts.PERCENT),
        Column("provinces", Words("Số tỉnh", "Provinces"), parts.NUMBER),
        Column("first", Words("Tỉnh nhận nhiều nhất", "Largest province")),
        Column("first_share", Words("Phần của tỉnh ấy", "Its share"), parts.PERCENT),
    )
    rows = tuple(
        (
            parts.named(row),
            parts.billions(row["landed_value_vnd"]),
            parts.percent(row["share_of_province_percent"]),
            parts.percent(row["margin_weighted_percent"]),
            parts.count(row["provinces"]),
            parts.named(row["first_province"]) if row["first_province"] else None,
            parts.percent(row["first_share_percent"]),
        )
        for row in source.rows(_COUNTRY)
    )
    return Table(
        "substitutable",
        Words("Hàng Việt Nam thay thế được", "Goods that domestic ones can replace"),
        columns, rows, _GOODS,
        notes=(Sentence(Words(
            "Trong nước có sản xuất (số liệu đã công bố) và hàng nhập được so thì rẻ hơn. Theo "
            "tỉnh: bảng nêu dưới.",
            "Made at home by the figures that are out, and imports that were compared cost less. "
            "By province: the table named below.",
        )),),
        missing=Words(
            "Không nhóm hàng nào vừa có sản xuất trong nước vừa có hàng nhập rẻ hơn.",
            "No goods are both made at home and undersold by imports.",
        ),
    )  # fmt: skip
