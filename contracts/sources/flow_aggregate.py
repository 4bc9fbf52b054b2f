"""The flow aggregate contract: what an office delivers in place of parcels.

Add here a dimension of the sums. Keep out: which days they count for (dbt, int_price_index__months)
and parcels (parcel_manifest).
"""

from dataclasses import replace

from contracts import shared_fields as shared
from contracts.base import Contract, Field
from contracts.facts import SpeaksOf, Staging, Words

CONTRACT = Contract(
    source="flow_aggregate",
    name=Words("Số liệu tổng hợp luồng hàng", "Aggregates of flows"),
    grain_vi="Một dòng cho mỗi kỳ, sàn, kênh, mã HS, mặt hàng, xuất xứ, tỉnh và đơn vị tính",
    grain_en="One row per period, platform, channel, HS code, product, origin, province and unit",
    key=(
        "platform_code",
        "period_kind",
        "period_start",
        "channel",
        "hs_code",
        "product_key",
        "origin_country_code",
        "province_code",
        "quantity_unit_code",
    ),
    day_field="period_start",
    windowed=False,
    staging=Staging(folder="aggregates"),
    # No mart of single days reads it: published months of prices stand (docs/price-index.md).
    speaks_of=SpeaksOf(until="its_day"),
    fields=(
        Field(
            "platform_code",
            "code",
            "Mã sàn; unstated khi không nêu",
            "Platform code; unstated when not stated",
            required=True,
            folded=True,
            max_length=40,
        ),
        Field(
            "period_kind",
            "code",
            "Loại kỳ: ngày hoặc tháng",
            "Kind of period: day or month",
            required=True,
            codes=("day", "month"),
        ),
        Field(
            "period_start",
            "date",
            "Ngày đầu kỳ; của tháng là ngày 1",
            "First day of the period; of a month the 1st",
            required=True,
            has_happened=True,
        ),
        Field(
            "channel",
            "code",
            "Kênh; unknown khi không nêu",
            "Channel; unknown when not stated",
            required=True,
            codes=("express", "postal", "cargo", "unknown"),
        ),
        Field(
            "hs_code",
            "code",
            "Mã HS 2 đến 8 số, không dấu chấm; từ 4 số mới vào chỉ số giá",
            "HS code of 2 to 8 digits, without dots; price indices ask for 4 or more",
            required=True,
            max_length=8,
        ),
        Field(
            "product_key",
            "code",
            "Mặt hàng chuẩn hóa: tên hàng chữ thường không dấu như bảng mặt hàng; all là cộng mọi "
            "mặt hàng và không vào chỉ số giá",
            "Normalised product: the folded name, as items have it; all adds up every product and "
            "stays out of price indices",
            required=True,
            max_length=300,
        ),
        Field(
            "origin_country_code",
            "code",
            "Nước xuất xứ; unknown khi không nêu",
            "Country of origin; unknown when not stated",
            required=True,
            max_length=7,
        ),
        Field(
            "province_code",
            "code",
            "Tỉnh của người nhận; unknown khi không nêu",
            "Province of the consignees; unknown when not stated",
            required=True,
            max_length=7,
        ),
        replace(
            shared.QUANTITY_UNIT_CODE,
            required=True,
            meaning_vi="Đơn vị tính của số lượng; unknown khi không nêu",
            meaning_en="Unit of the quantity; unknown when not stated",
        ),
        Field(
            "parcels",
            "integer",
            "Số kiện",
            "Parcels",
            required=True,
            minimum=0,
            maximum=shared.MAXIMUM_COUNT,
        ),
        replace(shared.QUANTITY, required=True),
        Field(
            "value_vnd",
            "decimal",
            "Trị giá (đồng)",
            "Value (VND)",
            required=True,
            precision=20,
            scale=2,
            minimum=0,
            maximum=shared.MAXIMUM_AMOUNT,
        ),
    ),
)
