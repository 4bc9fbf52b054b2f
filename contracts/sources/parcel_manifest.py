"""The parcel manifest contract: what express and postal operators send for every parcel.

Add here a manifest field. Keep out: fields that another source shares (shared_fields.py).
Basis: IATA Cargo-XML house waybill and the MIC field list (domain handbook 3.2); layout is ours.
"""

from dataclasses import replace

from contracts import shared_fields as shared
from contracts.base import FIRST_DAY, Contract, Field
from contracts.facts import (
    Category,
    Consigned,
    Followed,
    Reference,
    Staging,
    Versions,
    Words,
)

CONTRACT = Contract(
    source="parcel_manifest",
    name=Words("Bản kê bưu gửi", "Parcel manifests"),
    grain_vi="Một dòng cho mỗi bưu gửi và phiên bản",
    grain_en="One row per parcel and version",
    key=("house_waybill_number",),
    day_field="arrived_at",
    windowed=True,
    staging=Staging(
        folder="manifests",
        versions="stg_manifests__parcel_versions",
        ranks="stg_manifests__parcel_ranks",
    ),
    versions=Versions(named_by=("house_waybill_number",), not_compared=("customs_notes",)),
    # A master waybill stands for the parcels below it.
    consigned=Consigned(own=True, unless={"waybill_level": "master"}),
    references=(
        Reference("platform_code", "platform_registry", "platform_code"),
        Reference("currency_code", "market_reference", "dimension_code"),
    ),
    watched_codes=(
        "customs_office_code",
        "importing_country_code",
        "operator_code",
        "currency_code",
    ),
    followed=Followed(
        codes=(
            Category("platform_code", ("platform_code_folded",)),
            Category("channel", ("channel",)),
            Category("origin_country_code", ("origin_country_code", "consignor_country_code")),
            Category("currency_code", ("currency_code",)),
        ),
        numbers=("declared_value", "gross_weight_kg"),
    ),
    fields=(
        replace(shared.HOUSE_WAYBILL_NUMBER, required=True),
        shared.VERSION_NUMBER,
        shared.RECORD_STATUS,
        Field(
            "waybill_level",
            "code",
            "Vận đơn thứ cấp, vận đơn chủ hay dòng tóm tắt trên bản kê; trống là vận đơn thứ cấp",
            "House or master waybill, or a summary line of a house manifest; empty means house",
            codes=("house", "master", "manifest_line"),
        ),
        shared.MASTER_WAYBILL_NUMBER,
        Field(
            "operator_code",
            "code",
            "Mã doanh nghiệp chuyển phát, bưu chính",
            "Express or postal operator code",
            max_length=35,
        ),
        Field(
            "channel",
            "code",
            "Kênh: chuyển phát nhanh, bưu chính, hàng hóa thường",
            "Channel: express, postal, general cargo",
            codes=("express", "postal", "cargo"),
        ),
        Field(
            "platform_code",
            "code",
            "Sàn thương mại điện tử như người gửi nêu",
            "E-commerce platform as stated by the sender",
            folded=True,
            max_length=40,
        ),
        Field(
            "platform_order_id",
            "code",
            "Mã đơn hàng trên sàn",
            "Order id on the platform",
            max_length=60,
        ),
        Field(
            "seller_id_platform",
            "code",
            "Mã người bán do sàn cấp",
            "Seller id issued by the platform",
            max_length=60,
        ),
        shared.CUSTOMS_OFFICE_CODE,
        shared.IMPORTING_COUNTRY_CODE,
        shared.TRANSPORT_MODE_CODE,
        Field(
            "arrived_at",
            "timestamp",
            "Thời điểm đến, giờ Việt Nam khi không nêu múi giờ",
            "Arrival; Viet Nam time when no zone is stated",
            earliest=FIRST_DAY,
            has_happened=True,
        ),
        shared.CONSIGNOR_NAME,
        shared.CONSIGNOR_PHONE,
        shared.CONSIGNOR_ADDRESS,
        shared.CONSIGNOR_COUNTRY_CODE,
        Field(
            "consignee_name",
            "text",
            "Tên người nhận",
            "Consignee name",
            personal="name",
            max_length=300,
        ),
        Field(
            "consignee_id_number",
            "text",
            "Số định danh, mã số thuế người nhận",
            "Consignee personal id or tax code",
            personal="identifier",
            max_length=40,
        ),
        Field(
            "consignee_phone",
            "text",
            "Điện thoại người nhận",
            "Consignee phone",
            personal="phone",
            max_length=40,
        ),
        Field(
            "consignee_address",
            "text",
            "Địa chỉ người nhận",
            "Consignee address",
            personal="address",
            places=True,
        ),
        Field(
            "consignee_province_code",
            "code",
            "Mã tỉnh, thành phố của người nhận (2025)",
            "Province code of the consignee (2025 list)",
            max_length=4,
        ),
        Field(
            "consignee_country_code",
            "code",
            "Nước của người nhận",
            "Country of the consignee",
            max_length=2,
        ),
        shared.ITEM_DESCRIPTION,
        shared.HS_CODE,
        shared.ORIGIN_COUNTRY_CODE,
        shared.QUANTITY,
        shared.QUANTITY_UNIT_CODE,
        shared.PACKAGE_COUNT,
        Field(
            "is_piece_count_consistent",
            "boolean",
            "Số kiện nêu khớp với chi tiết của chính chứng từ; trống khi không so được",
            "The stated pieces agree with the document's own details; empty when not comparable",
        ),
        shared.GROSS_WEIGHT_KG,
        shared.DECLARED_VALUE,
        shared.CURRENCY_CODE,
        shared.WAREHOUSE_CODE,
        Field(
            "customs_notes",
            "text",
            "Ghi chú hải quan không chứa dữ liệu cá nhân",
            "Customs notes without personal data",
            max_length=2000,
        ),
    ),
)
