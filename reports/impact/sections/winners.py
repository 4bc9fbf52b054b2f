"""Section 10: who paid less, who bears the tax, by income of the province; exposed industries.

Add here another group that gains or bears. Keep out: counts of jobs, and what anybody lost or will
lose (scenarios.py).
"""

from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_BURDEN = """
select * from impact.fct_tax_burden_monthly
where month = $month
order by income_quintile
"""
# The latest year with a band that was over before the month began.
_EXPOSURE = """
select exposure.*, industries.name_vi, industries.name_en, exposure.vsic_division as member_code
from impact.fct_industry_exposure_yearly as exposure
left join core.dim_industry as industries using (vsic_division)
where exposure.exposure_band is not null and exposure.year_start = (
    select max(year_start) from impact.fct_industry_exposure_yearly
    where exposure_band is not null and year_start < date_trunc('year', $month::date)
)
order by exposure.exposure_rank
"""
_TITLE = Words("Ai được, ai mất", "Winners and losers")
_SAVED = """
select * from impact.fct_undercutting_monthly
where month = $month and dimension = 'total' and match_basis = 'any_match'
    and margin_low_percent is not null
"""
_SAVING = Words(
    "Người mua trả cho phần hàng so được ({rate} % trị giá về đến) {paid} tỷ đồng; cùng lượng ấy "
    "theo giá hàng trong nước là {home} tỷ đồng, chênh {gap} tỷ đồng ({low} đến {high} %). Phần "
    "không so được thì không biết.",
    "Buyers paid VND {paid} bn for the goods that were compared ({rate} % of the landed value); "
    "the same quantities at domestic prices are VND {home} bn, a difference of {gap} bn ({low} to "
    "{high} %). Of the rest nothing is known.",
)
_NOT_HERE = Words(
    "Thuế bình quân đầu người chưa có: chưa nguồn nào gửi dân số.",
    "Tax a head is not here: no source delivers the population.",
)
_SAVINGS = """
select * from impact.fct_consumer_savings_monthly
where month = $month and total_saving_vnd <> 0
    and (landed_value_vnd > 0 or compared_value_vnd > 0)
order by income_quintile
"""
_SAVINGS_NOTE = Words(
    "Giá trong nước không theo tỉnh: mỗi nhóm hàng có một chênh lệch cho cả nước, chia cho các "
    "tỉnh theo trị giá hàng về. Phần không so được thì không biết.",
    "Domestic prices are not by province: a heading has one gap for the country, shared out by the "
    "value that went to each province. Of what was not compared nothing is known.",
)
_QUINTILES = {
    "q1": Words("1, thu nhập thấp nhất", "1, lowest incomes"),
    "q2": Words("2", "2"),
    "q3": Words("3", "3"),
    "q4": Words("4", "4"),
    "q5": Words("5, thu nhập cao nhất", "5, highest incomes"),
}
_BURDEN_NOTE = Words(
    "Các tỉnh xếp thành năm nhóm theo thu nhập bình quân một người một tháng của năm {year}; người "
    "trong một tỉnh khác nhau, bảng xếp tỉnh chứ không xếp người. Lô chưa có trị giá không nằm "
    "trong các tổng tiền.",
    "Provinces in five groups by the mean income of a person and month in {year}; people of a "
    "province differ, and the table sorts provinces, not persons. Consignments without a value are "
    "absent from the sums of money.",
)
_EXPOSURE_NOTE = Words(
    "Hàng xuyên biên giới của năm {year} trên sản lượng của ngành, xếp thành {bands} bậc (1 là cao "
    "nhất). Chỉ là thứ bậc: không nói ngành nào mất gì, không đếm việc làm.",
    "Cross-border goods of {year} over the industry's output, in {bands} bands (1 the highest). A "
    "ranking only: it does not say what an industry lost and counts no jobs.",
)


def section(source: Source) -> Section:
    """The section of winners and losers."""
    told = (*_saving(source), Sentence(_NOT_HERE))
    return Section(10, _TITLE, (*told, _savings(source), _burden(source), _exposure(source)))


def _saving(source: Source) -> tuple[Sentence, ...]:
    """What was paid less than at domestic prices; nothing where the comparison has no interval."""
    row = source.row(_SAVED)
    if row is None:
        return ()
    values = {
        "rate": parts.percent(row["match_rate_percent"]),
        "paid": parts.billions(row["compared_value_vnd"], 2),
        "home": parts.billions(row["domestic_value_vnd"], 2),
        "gap": parts.billions(row["gap_vnd"], 2),
        "low": parts.percent(row["margin_low_percent"]),
        "high": parts.percent(row["margin_high_percent"]),
    }
    return (Sentence(_SAVING, values),)


def _savings(source: Source) -> Table:
    columns = (
        Column("quintile", Words("Nhóm tỉnh", "Provinces")),
        Column("landed_value", Words("Trị giá về đến", "Landed value"), parts.VND_BILLION),
        Column("compared", Words("Phần so được", "Compared"), parts.PERCENT),
        Column("paid", Words("Đã trả", "Paid"), parts.VND_BILLION),
        Column("domestic", Words("Theo giá trong nước", "At domestic prices"), parts.VND_BILLION),
        Column("saving", Words("Trả ít hơn", "Paid less"), parts.VND_BILLION),
        Column("saving_rate", Words("Trên giá trong nước", "Of domestic prices"), parts.PERCENT),
        Column("share", Words("Tỷ trọng", "Share"), parts.PERCENT),
    )
    rows = tuple(
        (
            _QUINTILES.get(row["income_quintile"]) or parts.code(row["income_quintile"]),
            parts.billions(row["landed_value_vnd"]),
            parts.percent(row["compared_percent"]),
            parts.billions(row["compared_value_vnd"], 2),
            parts.billions(row["domestic_value_vnd"], 2),
            parts.billions(row["saving_vnd"], 2),
            parts.percent(row["saving_percent"]),
            parts.percent(row["share_of_saving_percent"]),
        )
        for row in source.rows(_SAVINGS)
    )
    return Table(
        "consumer_savings",
        Words(
            "Người mua trả ít hơn giá hàng trong nước, theo thu nhập của tỉnh nhận hàng",
            "What buyers paid less than at domestic prices, by income of the province",
        ),
        columns,
        rows,
        "impact.fct_consumer_savings_monthly",
        Words(
            "Phần so được trên trị giá về đến của mọi hàng, cả hàng không gửi cho người tiêu dùng; "
            "tỷ trọng trên phần trả ít hơn của cả tháng.",
            "Compared over the landed value of all goods, those not for consumers too; share of "
            "what was paid less in the whole month.",
        ),
        (Sentence(_SAVINGS_NOTE),) if rows else (),
        missing=Words(
            "Không có gì của tháng so được với hàng trong nước.",
            "Nothing of the month was compared with domestic goods.",
        ),
    )


def _burden(source: Source) -> Table:
    columns = (
        Column("quintile", Words("Nhóm tỉnh", "Provinces")),
        Column("provinces", Words("Số tỉnh", "Number"), parts.NUMBER),
        Column("consignments", Words("Số lô", "Consignments"), parts.NUMBER),
        Column("customs_value", Words("Trị giá", "Value"), parts.VND_BILLION),
        Column("share", Words("Tỷ trọng", "Share"), parts.PERCENT),
        Column("tax_due", Words("Thuế phải nộp", "Tax due"), parts.VND_BILLION),
        Column("tax_due_share", Words("Trên trị giá", "Of value"), parts.PERCENT),
        Column("tax_relieved", Words("Thuế được miễn", "Tax relieved"), parts.VND_BILLION),
        Column("tax_relieved_share", Words("Trên trị giá", "Of value"), parts.PERCENT),
        Column(
            "tax_to_income",
            Words("Thuế một lô trên thu nhập tháng", "Tax of a parcel over monthly income"),
            parts.PERCENT,
        ),
    )
    found = source.rows(_BURDEN)
    rows = tuple(
        (
            _QUINTILES.get(row["income_quintile"]) or parts.code(row["income_quintile"]),
            parts.count(row["province_count"]),
            parts.count(row["consignments"]),
            parts.billions(row["customs_value_vnd"]),
            parts.percent(row["share_of_value_percent"]),
            parts.billions(row["tax_due_vnd"], 2),
            parts.percent(row["tax_due_percent"]),
            parts.billions(row["tax_relieved_vnd"], 2),
            parts.percent(row["tax_relieved_percent"]),
            parts.percent(row["consignment_tax_to_income_percent"], 3),
        )
        for row in found
    )
    years = [row["income_period_start"] for row in found if row["income_period_start"]]
    notes = (Sentence(_BURDEN_NOTE, {"year": f"{years[0]:%Y}"}),) if years else ()
    return Table(
        "tax_burden",
        Words(
            "Thuế của hàng xuyên biên giới theo thu nhập của tỉnh nhận hàng",
            "Tax on cross-border goods by income of the province of destination",
        ),
        columns,
        rows,
        "impact.fct_tax_burden_monthly",
        Words(
            "Tỷ trọng trên trị giá cả tháng; thu nhập của một người trong một tháng.",
            "Share of the month's value; income of a person and month.",
        ),
        notes,
        missing=Words(
            "Chưa nhận lô hàng nào của tháng: số tổng hợp được gửi không có thuế.",
            "No consignments of the month were received: an aggregate that was sent has no taxes.",
        ),
    )


def _exposure(source: Source) -> Table:
    columns = (
        Column("industry", Words("Ngành", "Industry")),
        Column("vsic_division", Words("Mã", "Code")),
        Column("customs_value", Words("Trị giá cả năm", "Value of the year"), parts.VND_BILLION),
        Column("band", Words("Bậc", "Band"), parts.NUMBER),
    )
    found = source.rows(_EXPOSURE)
    rows = tuple(
        (
            parts.named(row),
            row["vsic_division"],
            parts.billions(row["cross_border_vnd"]),
            parts.count(row["exposure_band"]),
        )
        for row in found
    )
    told = {
        "year": f"{found[0]['year_start']:%Y}",
        "bands": parts.count(found[0]["band_count"]),
    } if found else {}  # fmt: skip
    return Table(
        "industry_exposure",
        Words("Ngành có hàng cùng loại từ nước ngoài", "Industries with such goods from abroad"),
        columns,
        rows,
        "impact.fct_industry_exposure_yearly",
        Words("Sản lượng của ngành trong năm.", "The industry's output of the year."),
        (Sentence(_EXPOSURE_NOTE, told),) if found else (),
        missing=Words(
            "Chưa có năm nào đủ mười hai tháng và có sản lượng của ngành.",
            "No year has twelve complete months and the output of industries.",
        ),
    )
