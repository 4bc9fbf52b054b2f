"""Gate 2's look at statistical disclosure: what the ministry must not find, what control needs.

No private column, and no column of contributors, is a condition of every release; so is that each
cell of the monthly flows has its contributors in the internal table, by which disclosure control
decides. How many cells are small is told as a note, without the limit: the ministry reads the
rules' titles. Suppression itself is no gate's business.
Add here another precondition. Keep out: numbers (history_thresholds.py).
"""

from disclosure.inventory import INVENTORY
from expectations import history_thresholds as limits
from expectations.rules import Measured, RowsThatFail, Rule, Suite

# Models that the ministry reads; a test compares the list with the models' own `audiences`.
MINISTRY_TABLES = tuple(sorted(name for name, listed in INVENTORY.items() if listed.is_mart))
# Tables whose cells carry their contributors -> the total that contributions are parts of.
COUNTED_TABLES = {
    "impact.fct_flow_contributors_monthly": "total_vnd",
    "impact.fct_import_flows_monthly": "value_vnd",
}
# Whose contributions disclosure control looks at.
ROLES = ("platform", "operator", "declarant", "seller", "importer")
_CONTRIBUTIONS = ("contributor_count", "largest_contribution_vnd", "second_contribution_vnd")
# Names and endings of columns that say something of one consignment, person or firm, or of how many
# firms stand behind a cell and how large they are.
_PRIVATE = (
    "column_name in ('consignment_id', 'house_waybill_number', 'master_waybill_number', "
    "'declaration_number', 'platform_order_id', 'seller_id_platform', 'party_id', 'operator_code', "
    "'source_sha256', 'source_line') or regexp_matches(column_name, "
    "'(_token|_party_id|_party_key|_phone|_address)$|^(contributor|operator|seller|declarant|importer)"
    "_count$|^(largest|second|unknown)_contribution')"
)
_MONTHS = "month in (select cast(date_trunc('month', day) as date) from raw.run_day)"


def _cells() -> str:
    """Select (table_name, month, contributor_count, ...) of the months that the run touches."""
    return " union all ".join(
        f"select '{table}' as table_name, month, {total} as total_vnd, {', '.join(_CONTRIBUTIONS)} "
        f"from {table} where {_MONTHS}"
        for table, total in COUNTED_TABLES.items()
    )


def _contributions() -> str:
    """The same, and the contributions in parcels."""
    in_parcels = ", ".join(name.replace("_vnd", "_parcel_count") for name in _CONTRIBUTIONS)
    table = "impact.fct_flow_contributors_monthly"
    return (
        f"{_cells()} union all select '{table}', month, total_parcel_count, {in_parcels} "
        f"from {table} where {_MONTHS}"
    )


def disclosure_suite() -> Suite:
    """Rules on the columns of the ministry's tables, and on cells with their contributors."""
    named = ", ".join(f"'{table}'" for table in MINISTRY_TABLES)
    cells, contributions = _cells(), _contributions()
    small = f"contributor_count < {limits.SMALL_CELL_CONTRIBUTORS}"
    counted = f"select * from impact.fct_flows_monthly where basis = 'consignments' and {_MONTHS}"
    return Suite(
        "disclosure",
        "select table_schema || '.' || table_name as table_name, column_name "
        "from information_schema.columns "
        f"where table_schema || '.' || table_name in ({named})",
        (
            Rule(
                "no_private_column",
                "Bảng cho Bộ không có cột về từng lô hàng, người hay doanh nghiệp",
                "No table of the ministry has a column about one consignment, person or firm",
                "critical",
                "data_engineering",
                "Lỗi của mô hình: không công bố, báo bộ phận kỹ thuật dữ liệu.",
                "A defect of the models: do not publish, call data engineering.",
                RowsThatFail(f"select table_name, column_name from subject where {_PRIVATE}"),
            ),
            Rule(
                "contributors_counted",
                "Mọi ô của luồng hàng theo tháng có số người đóng góp theo năm vai trò",
                "Every cell of the monthly flows has its contributors by five roles",
                "critical",
                "data_engineering",
                "Lỗi của mô hình: không công bố, báo bộ phận kỹ thuật dữ liệu.",
                "A defect of the models: do not publish, call data engineering.",
                RowsThatFail(
                    "select cells.month, cells.dimension, cells.member_code, "
                    f"count(contributors.contributor_role) as roles from ({counted}) as cells "
                    "left join impact.fct_flow_contributors_monthly as contributors "
                    "using (month, dimension, member_code) group by all "
                    f"having count(distinct contributors.contributor_role) <> {len(ROLES)}"
                ),
                examined_sql=f"select count(*) from ({counted}) as cells",
            ),
            Rule(
                "contributions_plausible",
                "Đóng góp lớn nhất không nhỏ hơn đóng góp thứ hai, và cả hai không vượt tổng",
                "The largest contribution is not below the second, both not above the total",
                "critical",
                "data_engineering",
                "Lỗi của mô hình: không công bố, báo bộ phận kỹ thuật dữ liệu.",
                "A defect of the models: do not publish, call data engineering.",
                RowsThatFail(
                    f"select * from ({contributions}) as cells where contributor_count is null "
                    "or contributor_count < 0 or largest_contribution_vnd < "
                    "coalesce(second_contribution_vnd, 0) or coalesce(largest_contribution_vnd, 0) "
                    "+ coalesce(second_contribution_vnd, 0) > total_vnd"
                ),
                examined_sql=f"select count(*) from ({contributions}) as cells",
            ),
            Rule(
                "small_cells_none",
                "Không có ô nào ít doanh nghiệp (kiểm soát tiết lộ che những ô này)",
                "No cell has few operators (disclosure control hides such cells)",
                "info",
                "domestic_market",
                "Không cần làm gì: các ô này (và ô bù) bị che khi công bố; hải quan vẫn thấy.",
                "Nothing: these cells (and complementary ones) are hidden when a release is "
                "published; customs sees them.",
                RowsThatFail(
                    "select table_name, month, count(*) as small_cells from "
                    f"({cells}) as cells where {small} group by table_name, month"
                ),
                examined_sql=f"select count(*) from ({cells}) as cells",
                measure_sql="select cast(count(*) filter (where "
                f"{small}) as varchar) || ' / ' || cast(count(*) as varchar) || ' ô | cells' "
                f"from ({cells}) as cells",
                measured=Measured(
                    f"select count(*) filter (where {small}) * 100 // nullif(count(*), 0) "
                    f"from ({cells}) as cells",
                    "% ô nhỏ",
                    "% of cells are small",
                    high=0,
                ),
            ),
        ),
    )
