"""Section 6: import surges: which goods open all six gates, which come closest; what followed.

Add here a table of the early warning. Keep out: gates and their heights (dbt, rule parameters),
and what a surge does to anybody.
"""

from typing import Any

from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import backtest, increases, parts
from reports.impact.source import Source

_GATES = (
    "is_material", "is_volume_up", "is_price_down", "is_made_at_home", "is_unusual",
    "is_found_among_all",
)  # fmt: skip
_CLOSEST = f"""
select
    alerts.*, commodities.name_vi, commodities.name_en, alerts.hs_heading as member_code,
    {" + ".join(f"{gate}::int" for gate in _GATES)} as gates_open
from impact.fct_surge_alerts_monthly as alerts
left join core.dim_commodity as commodities on alerts.hs_heading = commodities.commodity_code
where alerts.month = $month
order by gates_open desc, alerts.volume_change_percent desc nulls last, alerts.hs_heading,
    alerts.channel
limit 12
"""
_COUNTED = """
select
    count(*) as strata, count(*) filter (where is_alert) as alerts,
    count(*) filter (where reason_code is not null) as untold,
    any_value(volume_percent) as volume_percent, any_value(price_percent) as price_percent,
    any_value(least_z) as least_z, any_value(min_value_vnd) as min_value_vnd,
    any_value(false_discovery_percent) as false_discovery_percent
from impact.fct_surge_alerts_monthly
where month = $month
"""
_TITLE = Words("Cảnh báo sớm", "Early warning")
_ALERT = Words("Cảnh báo", "Alert")
_GATES_TOLD = Words(
    "Sáu cửa: trị giá từ {value} tỷ đồng; lượng thay đổi từ {volume} % trở lên; giá thay đổi từ "
    "{price} % trở xuống; có sản xuất trong nước; mức tăng lệch từ {z} lần so với lịch sử; còn lại "
    "sau kiểm soát phát hiện sai {rate} % trên mọi nhóm. Mỗi cửa sổ được so với cửa sổ năm trước "
    "cùng vị trí với Tết.",
    "Six gates: a value of VND {value} bn or more; volume at {volume} % or higher; prices at "
    "{price} % or lower; made at home; a rise {z} deviations from earlier ones; left after a false "
    "discovery rate of {rate} % over all goods. A window is compared with the one of the year "
    "before that has the lunar new year in the same place.",
)
_COUNTS = Words(
    "{strata} nhóm hàng và kênh được xét, {alerts} cảnh báo; {untold} nhóm chưa đủ lịch sử nên "
    "không thể cảnh báo.",
    "{strata} goods and channels looked at, {alerts} alerts; {untold} have too little history for "
    "an alert.",
)


def section(source: Source) -> Section:
    """The section of early warning."""
    counted = source.row(_COUNTED)
    rows = source.rows(_CLOSEST)
    columns = (
        Column("goods", Words("Nhóm hàng", "Goods")),
        Column("channel", Words("Kênh", "Channel")),
        Column("value", Words("Trị giá cửa sổ", "Value of the window"), parts.VND_BILLION),
        Column("volume", Words("Lượng", "Volume"), parts.PERCENT),
        Column("price", Words("Giá", "Price"), parts.PERCENT),
        Column("z", Words("Độ lệch", "Deviation"), Words("lần", "times")),
        Column("gates", Words("Cửa mở", "Gates open"), Words("của 6", "of 6")),
        Column("alert", _ALERT),
    )
    table = Table(
        "surge_alerts",
        Words("Nhóm hàng gần mức cảnh báo nhất", "Goods closest to an alert"),
        columns,
        tuple(
            (
                parts.named(row),
                parts.code(row["channel"]),
                parts.billions(row["value_vnd"]),
                parts.percent(row["volume_change_percent"]),
                parts.percent(row["price_change_percent"]),
                parts.percent(row["robust_z"], 1),
                parts.count(row["gates_open"]),
                _ALERT if row["is_alert"] else "",
            )
            for row in rows
        ),
        "impact.fct_surge_alerts_monthly",
        missing=Words(
            "Chưa có cửa sổ nào đủ chỉ số giá.",
            "No window has a price index of each of its months.",
        ),
    )
    tables = (table, backtest.table(source), increases.table(source))
    return Section(6, _TITLE, (*_told(counted), *tables))


def _told(counted: dict[str, Any] | None) -> tuple[Sentence, ...]:
    """What was looked at, and the heights of the gates; nothing of a month without any window."""
    if counted is None or not counted["strata"]:
        return ()
    counts = {name: parts.count(counted[name]) for name in ("strata", "alerts", "untold")}
    heights = {
        "value": parts.billions(counted["min_value_vnd"]),
        "volume": parts.percent(counted["volume_percent"]),
        "price": parts.percent(counted["price_percent"]),
        "z": parts.percent(counted["least_z"]),
        "rate": parts.percent(counted["false_discovery_percent"]),
    }
    return (Sentence(_COUNTS, counts), Sentence(_GATES_TOLD, heights))
