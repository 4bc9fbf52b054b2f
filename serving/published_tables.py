"""The shape of the treated tables: columns, types, comments, and the summary drawn from the cells.

Defines: `TABLES`, `SUMMARY_SQL`. Add here a column that readers of treated figures need; none may
speak of contributors, contributions or thresholds. Keep out: how cells come about (published.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from serving.plan import (
    PUBLISHED_CELLS,
    PUBLISHED_HIERARCHIES,
    PUBLISHED_IMPACT,
    PUBLISHED_MEASURES,
)


@dataclass(frozen=True)
class Described:
    """columns: name -> (SQL type, comment in Vietnamese | English). comment: of the table."""

    comment: str
    columns: Mapping[str, tuple[str, str]]

    @property
    def types(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) in file order."""
        return tuple((name, sql_type) for name, (sql_type, _) in self.columns.items())

    @property
    def comments(self) -> dict[str, str]:
        """Column -> comment."""
        return {name: comment for name, (_, comment) in self.columns.items()}


_TEXT, _MONEY = "VARCHAR", "DECIMAL(38, 2)"
_STATUS = (
    "Trống: công bố; c: bảo mật; d: che để không suy ra ô khác |"
    " Empty: published; c: confidential; d: hidden so that no other can be inferred"
)
_EDITION = (
    "Tháng đóng sau cùng khi ô được lập: số liệu giữ nguyên đến lần lập sau |"
    " Latest closed month when the cell was made: it stands until the next time"
)
_MEMBER = "{vi}; _T là tổng | {en}; _T is the total"


def _member(vi: str, en: str) -> tuple[str, str]:
    return _TEXT, _MEMBER.format(vi=vi, en=en)


TABLES: Mapping[str, Described] = {
    PUBLISHED_CELLS: Described(
        "Số liệu hằng tháng đã qua kiểm soát tiết lộ, dùng chung cho Bộ và bản công khai; không có"
        " dòng là bằng 0. Một dòng cho mỗi kỳ, chỉ tiêu và ô | Monthly figures that passed"
        " disclosure control, the same for the ministry and the public edition; an absent row is"
        " zero. One row per period, measure and cell.",
        {
            "period": (_TEXT, "Kỳ, YYYY-MM | Period, YYYY-MM"),
            "measure": (_TEXT, "Chỉ tiêu, xem dim_published_measures | Measure, listed there"),
            "d_platform": _member("Sàn", "Platform"),
            "d_platform_status": _member("Trạng thái của sàn", "Status of the platform"),
            "d_channel": _member("Kênh", "Channel"),
            "d_origin": _member("Xuất xứ", "Origin"),
            "d_province": _member("Tỉnh", "Province"),
            "d_hs": _member("Chương hoặc nhóm HS", "HS chapter or heading"),
            "value": (_MONEY, "Giá trị; trống khi bị che | Value; null where it is hidden"),
            "status": (_TEXT, _STATUS),
            "rounding": ("BIGINT", "Bội số làm tròn, 0 là đúng | Base of rounding, 0 is exact"),
            "edition": (_TEXT, _EDITION),
        },
    ),
    PUBLISHED_HIERARCHIES: Described(
        "Thành viên nào nằm trong thành viên nào. Một dòng cho mỗi cặp | Which member lies in"
        " which. One row per pair.",
        {
            "dimension": (_TEXT, "Chiều, không có d_ | Dimension, without d_"),
            "parent": (_TEXT, "Thành viên chứa; _T là tổng | The member around; _T is the total"),
            "child": (_TEXT, "Thành viên nằm trong | The member inside"),
        },
    ),
    PUBLISHED_MEASURES: Described(
        "Các chỉ tiêu được công bố. Một dòng cho mỗi chỉ tiêu | The measures that are published."
        " One row per measure.",
        {
            "name": (_TEXT, "Tên chỉ tiêu | Name of the measure"),
            "kind": (_TEXT, "additive: cộng được | additive: adds up"),
            "of": (_TEXT, "Chỉ tiêu mà nó được tính từ | The measure that it is made of"),
            "over": (_TEXT, "Chiều hoặc số kỳ | Dimension or number of periods"),
        },
    ),
    PUBLISHED_IMPACT: Described(
        "Báo cáo tháng cho Bộ, chỉ rút từ các ô đã qua kiểm soát. Một dòng cho mỗi tháng, chiều và"
        " thành viên | The ministry's monthly summary, drawn from treated cells alone. One row per"
        " month, dimension and member.",
        {
            "month": ("DATE", "Ngày đầu tháng | First day of the month"),
            "dimension": (
                _TEXT,
                "total, platform, platform_status, channel, origin, province, hs2, hs4 |"
                " total, platform, platform_status, channel, origin, province, hs2, hs4",
            ),
            "member_code": (_TEXT, "Mã thành viên; all là tổng | Code; all is the total"),
            "member_name_vi": (_TEXT, "Tên tiếng Việt | Vietnamese name"),
            "member_name_en": (_TEXT, "Tên tiếng Anh | English name"),
            "customs_value_vnd": (
                _MONEY, "Trị giá hải quan (đồng); trống khi bị che | Customs value (VND); null"
                " where it is hidden",
            ),
            "parcel_count": (
                "BIGINT", "Số lô hàng, làm tròn nên có thể không cộng khớp; trống khi bị che, hoặc"
                " khi tháng được lập lúc chưa công bố số lô | Parcels, rounded, so that they need"
                " not add up; null where hidden, or in a month told before parcels were",
            ),
            "parcel_count_rounding": (
                "BIGINT", "Bội số làm tròn của số lô, 0 là đúng | Base to which parcels are"
                " rounded, 0 is exact",
            ),
            "status": (_TEXT, _STATUS),
            "days_covered": (
                "BIGINT", "Số ngày có dữ liệu; trống khi dữ liệu đến sau lúc lập ô | Days with"
                " data; null where data came after the cells were made",
            ),
            "days_in_month": ("BIGINT", "Số ngày của tháng | Days of the month"),
            "retail_sales_vnd": (
                _MONEY, "Bán lẻ cùng tháng, cùng nhóm hàng (đồng) | Retail sales of the same month"
                " and commodity (VND)",
            ),
            "retail_vintage_date": ("DATE", "Ngày công bố bán lẻ | When retail was published"),
            "customs_value_to_retail_percent": (
                "DECIMAL(18, 4)", "100 × trị giá hải quan / bán lẻ, tháng đủ ngày; không gồm thuế |"
                " 100 × customs value / retail sales, complete months; without taxes",
            ),
            "online_sales_vnd": (
                _MONEY, "Doanh số trực tuyến cùng tháng, cùng nhóm hàng (đồng) | Online sales of"
                " the same month and commodity (VND)",
            ),
            "online_vintage_date": ("DATE", "Ngày công bố doanh số | When it was published"),
            "customs_value_to_online_percent": (
                "DECIMAL(18, 4)", "100 × trị giá hải quan / doanh số trực tuyến, tháng đủ ngày |"
                " 100 × customs value / online sales, complete months",
            ),
            "edition": (_TEXT, _EDITION),
        },
    ),
}  # fmt: skip

# Formatted with the name of the working database, from which names and denominators come. The
# denominators are figures from outside: they name their day of publication.
SUMMARY_SQL = f"""
with counted as (
    select distinct period from {PUBLISHED_CELLS} where measure = 'parcel_count'
),
cells as (
    select
        cast(period || '-01' as date) as month,
        case
            when d_platform <> '_T' then 'platform'
            when d_platform_status <> '_T' then 'platform_status'
            when d_channel <> '_T' then 'channel'
            when d_origin <> '_T' then 'origin'
            when d_province <> '_T' then 'province'
            when d_hs = '_T' then 'total'
            when length(d_hs) = length('00') or d_hs = 'unknown-hs2' then 'hs2'
            else 'hs4'
        end as dimension,
        case
            when d_hs like 'unknown-%' then 'unknown'
            else coalesce(
                nullif(d_platform, '_T'), nullif(d_platform_status, '_T'), nullif(d_channel, '_T'),
                nullif(d_origin, '_T'), nullif(d_province, '_T'), nullif(d_hs, '_T'), 'all'
            )
        end as member_code,
        -- hidden of one measure is hidden of both; no row is zero, but for a month without counts
        max(status) as status,
        case
            when max(status) = ''
                then coalesce(max(value) filter (measure = 'customs_value_vnd'), 0)
        end as customs_value_vnd,
        case
            when max(status) = '' and period in (select period from counted)
                then cast(coalesce(max(value) filter (measure = 'parcel_count'), 0) as bigint)
        end as parcel_count,
        max(rounding) filter (measure = 'parcel_count') as parcel_count_rounding,
        edition
    from {PUBLISHED_CELLS}
    group by
        period, d_platform, d_platform_status, d_channel, d_origin, d_province, d_hs, edition
),
names as (
    select 'hs' as axis, commodity_code as code, name_vi, name_en
    from {{source}}.core.dim_commodity
    union all
    select 'province', province_code, name_vi, name_en from {{source}}.core.dim_province
    union all
    select 'platform', platform_code, platform_name, platform_name
    from {{source}}.core.dim_platform
),
-- Days that came after the cells were made say nothing of them: then no number of days is told.
held as (
    select cast(date_trunc('month', day) as date) as month, count(distinct day) as days_held
    from {{source}}.impact.fct_import_flows_daily
    group by cast(date_trunc('month', day) as date)
),
totals as (
    select month, max(total_vnd) as total_vnd
    from {{source}}.impact.fct_flow_contributors_monthly
    where dimension = 'total'
    group by month
),
days as (
    select
        held.month,
        case
            when coalesce(whole.customs_value_vnd = totals.total_vnd, true) then held.days_held
        end as days_covered
    from held
    left join totals on held.month = totals.month
    left join cells as whole on held.month = whole.month and whole.dimension = 'total'
),
told as (
    select
        cells.*,
        coalesce(names.name_vi, if(cells.member_code = 'all', 'Tất cả', cells.member_code))
            as member_name_vi,
        coalesce(names.name_en, if(cells.member_code = 'all', 'All', cells.member_code))
            as member_name_en,
        days.days_covered,
        day(last_day(cells.month)) as days_in_month,
        retail.retail_sales_vnd,
        retail.retail_vintage_date,
        online.online_sales_vnd,
        online.online_vintage_date,
        case when days.days_covered = day(last_day(cells.month)) then cells.customs_value_vnd end
            as whole_month_vnd
    from cells
    inner join days on cells.month = days.month
    left join names
        on names.axis = if(cells.dimension in ('hs2', 'hs4'), 'hs', cells.dimension)
        and names.code = cells.member_code
    left join {{source}}.impact.fct_retail_share_monthly as retail
        on retail.month = cells.month
        and retail.commodity_code = cells.member_code
        and cells.dimension in ('total', 'hs2')
        and retail.retail_vintage_date is not null
    left join {{source}}.impact.fct_online_share_monthly as online
        on online.month = cells.month
        and online.dimension = cells.dimension
        and online.member_code = cells.member_code
        and cells.dimension in ('total', 'hs2')
        and online.online_vintage_date is not null
)
select
    month,
    dimension,
    member_code,
    member_name_vi,
    member_name_en,
    customs_value_vnd,
    parcel_count,
    parcel_count_rounding,
    status,
    days_covered,
    days_in_month,
    retail_sales_vnd,
    retail_vintage_date,
    try_cast(100 * whole_month_vnd / nullif(retail_sales_vnd, 0) as decimal(18, 4))
        as customs_value_to_retail_percent,
    online_sales_vnd,
    online_vintage_date,
    try_cast(100 * whole_month_vnd / nullif(online_sales_vnd, 0) as decimal(18, 4))
        as customs_value_to_online_percent,
    edition
from told
order by month, dimension, member_code
"""
