"""The market reference contract: output, trade, sales, prices, incomes, exchange rates, aggregates.

Add here a property of a series. Keep out: the series themselves (data) and their use (dbt impact).
"""

from decimal import Decimal

from contracts.base import Contract, Field, Narrowed
from contracts.facts import SpeaksOf, Staging, Words

CONTRACT = Contract(
    source="market_reference",
    name=Words("Số liệu thị trường", "Market reference"),
    grain_vi="Một dòng cho mỗi chuỗi, chiều, kỳ và lần công bố",
    grain_en="One row per series, dimension, period and vintage",
    key=("series_id", "dimension_code", "period_start", "vintage_date"),
    day_field="period_start",
    windowed=False,
    may_lie_ahead=True,
    staging=Staging(folder="market"),
    # A figure stands until the next one of its series.
    speaks_of=SpeaksOf(
        until="next_of_series",
        series=("series_id", "dimension_code", "period_kind"),
        period="period_kind",
    ),
    fields=(
        Field(
            "series_id",
            "code",
            "Mã chuỗi",
            "Series id",
            required=True,
            max_length=60,
            codes=(
                "domestic_output",
                "exports",
                "imports",  # all imports of the customs statistics, CIF
                "retail_sales",
                "online_sales",
                "domestic_online_price",
                "consumer_price_index",
                "exchange_rate",
                "platform_gmv",  # all goods sold on a platform, as claimed
                "platform_imported_gmv",  # of these, goods sent from abroad
                "platform_imported_orders",
                "household_income",  # a person and month, by province and quintile
                "industry_output",
                # of a year, by partner and HS code: what the partner sent (FOB), what came (CIF)
                "partner_exports",
                "imports_from_partner",
                # of a month, by HS heading: investigations opened, named warnings, whatever the
                # publisher counts and source_reference names; a month without any: 'all', 0
                "official_actions",
                # Months of which no consignments were delivered, as aggregates of them.
                "cross_border_value",
                "cross_border_landed_value",
                "cross_border_consignments",
            ),
        ),
        Field(
            "dimension_code",
            "code",
            "Thành viên: mã tiền tệ, nhóm HS (2, 4, 6 số), mã sàn, mã ngành, 'tỉnh:q1'..'tỉnh:q5', "
            "với partner_exports, imports_from_partner 'nước:mã HS' (CN:61), "
            "với official_actions nhóm HS 4 số, "
            "với cross_border_* 'chiều:thành viên' (platform:x, hs2:61, ...); 'all' là toàn bộ",
            "Member: currency, HS code (2, 4, 6 digits), platform, industry, 'province:q1'..'q5', "
            "for partner_exports, imports_from_partner 'country:HS code' (CN:61), "
            "for official_actions an HS heading of 4 digits, "
            "for cross_border_* 'dimension:member' (platform:x, hs2:61, ...); 'all' is the whole",
            required=True,
            max_length=80,
        ),
        Field(
            "period_kind",
            "code",
            "Loại kỳ",
            "Kind of period",
            required=True,
            codes=("day", "month", "quarter", "year"),
        ),
        Field("period_start", "date", "Ngày đầu kỳ", "First day of the period", required=True),
        Field(
            "value",
            "decimal",
            "Giá trị",
            "Value",
            required=True,
            precision=28,
            scale=6,
            minimum=0,
            maximum=10**18,  # in dong more than a year's trade of the whole world
            # A troy ounce of gold is a hundred million dong; a rate of zero makes values vanish.
            narrowed=(Narrowed("series_id", "exchange_rate", Decimal("0.000001"), Decimal(10**9)),),
        ),
        Field(
            "unit_code",
            "code",
            "Đơn vị (VND, VND_PER_UNIT, VND_PER_PIECE, VND_PER_PERSON, INDEX, COUNT)",
            "Unit (VND, VND_PER_UNIT, VND_PER_PIECE, VND_PER_PERSON, INDEX, COUNT)",
            required=True,
            max_length=20,
        ),
        Field("vintage_date", "date", "Ngày công bố", "Date of publication", required=True),
        Field(
            "publisher",
            "text",
            "Cơ quan công bố hoặc 'synthetic'",
            "Publisher, or 'synthetic'",
            required=True,
            max_length=200,
        ),
        Field(
            "evidence_grade",
            "code",
            "Mức kiểm chứng: V2, V1, S, U (khi trống), hoặc SYN cho dữ liệu tổng hợp",
            "Verification grade: V2, V1, S, U (when empty), or SYN for synthetic",
            codes=("V2", "V1", "S", "U", "SYN"),
        ),
        Field(
            "source_reference",
            "text",
            "Ấn phẩm, bảng hoặc văn bản nêu con số",
            "Publication, table or document that states the figure",
            max_length=500,
        ),
    ),
)
