"""Section 5: what imports cost against the months before: a price index by heading and channel.

Add here a table of prices. Keep out: how the index is made (dbt, docs/price-index.md), gaps to
domestic prices (undercutting.py).
"""

from contracts.facts import Words
from reports.impact.model import Chart, Column, Figure, Section, Sentence, Table
from reports.impact.sections import parts, undercutting
from reports.impact.source import Source

_STRATA = """
select
    prices.*, commodities.name_vi, commodities.name_en, prices.hs_heading as member_code
from impact.fct_price_index_monthly as prices
left join core.dim_commodity as commodities on prices.hs_heading = commodities.commodity_code
where prices.month = $month
order by prices.value_vnd desc nulls last, prices.hs_heading, prices.channel
limit 12
"""
_SERIES = """
select month, price_index from impact.fct_price_index_monthly
where hs_heading = $heading and channel = $channel and month <= $month
order by month desc
limit 25
"""
_INDEX = Words("Chỉ số giá", "Price index")
_BASE = Words("tháng gốc = 100", "base month = 100")
_NOTE = Words(
    "Giá là trị giá khai chia số lượng của cùng mặt hàng; nơi khai thấp thì giá cũng thấp. Số đã "
    "công bố không bị sửa.",
    "A price is declared value over quantity of the same product; where values are declared "
    "low it is low, too. What was published is not revised.",
)


def section(source: Source) -> Section:
    """The section of prices."""
    found = source.rows(_STRATA)
    columns = (
        Column("heading", Words("Nhóm hàng", "Goods")),
        Column("channel", Words("Kênh", "Channel")),
        Column("price_index", _INDEX, _BASE),
        Column("change", Words("So tháng trước", "On the month"), parts.PERCENT),
        Column("products", Words("Mặt hàng", "Products"), parts.NUMBER),
        Column("matched", Words("Phần so được", "Matched"), parts.PERCENT),
        Column("check", Words("Kiểm tra", "Check")),
    )
    rows = tuple(
        (
            parts.named(row),
            parts.code(row["channel"]),
            parts.percent(row["price_index"], 2),
            parts.percent(row["change_percent"]),
            parts.count(row["matched_product_count"]),
            parts.percent(row["matched_share_percent"]),
            _SIGN_OFF if row["needs_sign_off"] else "",
        )
        for row in found
    )
    table = Table(
        "prices", Words("Chỉ số giá theo nhóm hàng", "Price index by goods"), columns, rows,
        "impact.fct_price_index_monthly", notes=(Sentence(_NOTE),),
        missing=Words(
            "Tháng này chưa có chỉ số giá: chỉ tính cho tháng đủ ngày.",
            "No index of this month: only complete months have one.",
        ),
    )  # fmt: skip
    return Section(
        5, Words("Giá", "Prices"), (*_largest(source, found), table, *undercutting.beside(source))
    )


_SIGN_OFF = Words("cần ký xác nhận", "needs sign-off")


def _largest(source: Source, found: list[dict[str, object]]) -> tuple[Chart, ...]:
    """The series of the stratum of most value, where it has one."""
    stated = [row for row in found if row["price_index"] is not None]
    if not stated:
        return ()
    first = stated[0]
    series = source.rows(_SERIES, heading=first["hs_heading"], channel=first["channel"])[::-1]
    name = parts.named(first)
    rows = tuple(
        (
            f"{row['month']:%Y-%m}",
            None if row["price_index"] is None else Figure(row["price_index"], 2),
        )
        for row in series
    )
    title = Words("Chỉ số giá của nhóm có trị giá lớn nhất", "Price index of the largest goods")
    table = Table(
        "price_series", title,
        (Column("month", Words("Tháng", "Month")), Column("price_index", _INDEX, _BASE)),
        rows, "impact.fct_price_index_monthly",
        notes=(Sentence(Words("{name}, {channel}.", "{name}, {channel}."),
                        {"name": name, "channel": parts.code(str(first["channel"]))}),),
    )  # fmt: skip
    alt = Sentence(
        Words(
            "Chỉ số giá {months} tháng; tháng cuối {last}.",
            "Price index of {months} months; the last one {last}.",
        ),
        {"months": parts.count(len(rows)), "last": rows[-1][1]},
    )
    return (Chart("price_series", "line", table, "month", "price_index", alt),)
