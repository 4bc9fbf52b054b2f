"""The market reference contract: output, exports, retail sales, prices, CPI, exchange rates.

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
                "retail_sales",
                "domestic_online_price",
                "consumer_price_index",
                "exchange_rate",
            ),
        ),
        Field(
            "dimension_code",
            "code",
            "Chiều: mã tiền tệ, nhóm hàng (2 hoặc 4 số HS) hoặc 'all'",
            "Dimension: currency, HS chapter or heading, or 'all'",
            required=True,
            max_length=20,
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
            "Đơn vị (VND_PER_UNIT, VND, INDEX, VND_PER_PIECE)",
            "Unit (VND_PER_UNIT, VND, INDEX, VND_PER_PIECE)",
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
    ),
)
