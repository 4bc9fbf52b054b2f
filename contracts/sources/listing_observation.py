"""The listing observation contract: what a page of a platform showed of one offer at one moment.

Add here a property of an offer as a visitor sees it. Keep out: how pages are collected (others do
that: the product crawls nothing), how they are written (readers/schema_org.py, profiles) and what
a price means beside a parcel (dbt impact).
Basis: schema.org Product and Offer; impact-methods.md 1.4 (level of trade). The layout is ours.
"""

from dataclasses import replace
from decimal import Decimal

from contracts import shared_fields as shared
from contracts.base import FIRST_DAY, Contract, Field
from contracts.facts import Category, Followed, Reference, Staging, Words

# An offer for nothing is no offer.
_PRICE = Field(
    "price",
    "decimal",
    "Giá người mua thấy, theo đồng tiền niêm yết",
    "Price that a buyer sees, in the stated currency",
    minimum=Decimal("0.01"),
    maximum=shared.MAXIMUM_AMOUNT,
)

CONTRACT = Contract(
    source="listing_observation",
    name=Words("Quan sát tin bán hàng", "Listing observations"),
    grain_vi="Một dòng cho mỗi tin bán hàng và thời điểm quan sát",
    grain_en="One row per listing and moment of observation",
    key=("platform_code", "listing_id", "observed_at"),
    day_field="observed_at",
    windowed=True,
    staging=Staging(folder="listings"),
    references=(
        Reference("platform_code", "platform_registry", "platform_code"),
        Reference("currency_code", "market_reference", "dimension_code"),
    ),
    watched_codes=("channel_kind", "seller_code", "brand"),
    followed=Followed(
        codes=(
            Category("platform_code", ("platform_code_folded",)),
            Category("channel_kind", ("channel_kind",)),
            Category("currency_code", ("currency_code",)),
        ),
        numbers=("price",),
    ),
    fields=(
        Field(
            "platform_code",
            "code",
            "Sàn thương mại điện tử, mạng xã hội hoặc trang bán hàng",
            "Platform, social network or shop site of the listing",
            required=True,
            folded=True,
            max_length=40,
        ),
        Field(
            "channel_kind",
            "code",
            "Nơi chào bán: sàn, trang riêng, bài đăng mạng xã hội, phiên phát trực tiếp",
            "Where it is offered: marketplace, own site, social post, livestream",
            codes=("marketplace", "own_site", "social_post", "livestream"),
        ),
        Field(
            "listing_id",
            "code",
            "Mã tin bán hàng do sàn cấp",
            "Listing id issued by the platform",
            required=True,
            max_length=100,
        ),
        Field(
            "seller_code",
            "code",
            "Mã người bán do sàn cấp",
            "Seller id issued by the platform",
            max_length=60,
        ),
        Field(
            "seller_name",
            "text",
            "Tên người bán như hiển thị",
            "Name of the seller as shown",
            personal="name",
            max_length=300,
        ),
        Field(
            "session_id",
            "code",
            "Mã phiên phát trực tiếp",
            "Id of the livestream session",
            max_length=60,
        ),
        Field(
            "product_title",
            "text",
            "Tên sản phẩm như hiển thị",
            "Product title as shown",
            required=True,
            folded=True,
            max_length=2000,
        ),
        Field("brand", "text", "Nhãn hiệu như hiển thị", "Brand as shown", max_length=200),
        Field(
            "category",
            "text",
            "Ngành hàng theo cách gọi của sàn",
            "Category in the platform's own words",
            max_length=300,
        ),
        Field(
            "gtin",
            "code",
            "Mã vạch GTIN-8, 12, 13 hoặc 14, giữ số 0 đứng đầu",
            "Barcode: GTIN-8, 12, 13 or 14, leading zeros kept",
            check="gtin",
            max_length=14,
        ),
        Field(
            "origin_stated",
            "text",
            "Xuất xứ như tin bán hàng nêu",
            "Origin as the listing states it",
            max_length=100,
        ),
        Field(
            "observed_at",
            "timestamp",
            "Thời điểm quan sát, giờ Việt Nam khi không nêu múi giờ",
            "Moment of observation; Viet Nam time when no zone is stated",
            required=True,
            earliest=FIRST_DAY,
            has_happened=True,
        ),
        replace(_PRICE, required=True),
        replace(
            _PRICE,
            name="list_price",
            meaning_vi="Giá niêm yết, giá gạch ngang bên cạnh giá bán; không phải giá trước đó",
            meaning_en="List price, struck through beside the price; not the price before",
        ),
        replace(
            shared.CURRENCY_CODE,
            required=True,
            meaning_vi="Đồng tiền của giá (ISO 4217)",
            meaning_en="Currency of the prices (ISO 4217)",
        ),
        Field(
            "price_kind",
            "code",
            "Giá niêm yết bán chung hay giá sau mã giảm giá",
            "The price for everybody, or one after a voucher",
            codes=("shelf", "voucher_applied"),
        ),
        Field(
            "is_tax_included",
            "boolean",
            "Giá đã gồm thuế; trống khi không rõ",
            "The price includes tax; empty when not known",
        ),
        Field(
            "is_delivery_included",
            "boolean",
            "Giá đã gồm phí giao hàng; trống khi không rõ",
            "The price includes delivery; empty when not known",
        ),
        Field(
            "promotion_text",
            "text",
            "Lời khuyến mại như hiển thị",
            "Words of the promotion as shown",
            max_length=600,
        ),
        Field(
            "promotion_from",
            "date",
            "Ngày đầu của khuyến mại như nêu",
            "First day of the promotion as stated",
        ),
        Field(
            "promotion_to",
            "date",
            "Ngày cuối của khuyến mại như nêu",
            "Last day of the promotion as stated",
            not_before="promotion_from",
        ),
        Field(
            "stock_sold_total",
            "integer",
            "Tổng số đã bán như hiển thị",
            "Pieces sold so far, as shown",
            minimum=0,
            maximum=shared.MAXIMUM_COUNT,
        ),
        Field(
            "rating_count",
            "integer",
            "Số lượt đánh giá",
            "Number of ratings",
            minimum=0,
            maximum=shared.MAXIMUM_COUNT,
        ),
        Field("url", "text", "Địa chỉ trang", "Address of the page", max_length=2000),
    ),
)
