"""The parcel manifest contract: what express and postal operators send for every parcel.

Add here a manifest field. Keep out: fields that another source shares (shared_fields.py).
Basis: IATA Cargo-XML house waybill and the MIC field list (domain handbook 3.2); layout is ours.
"""

from dataclasses import replace

from ingest.contracts import shared_fields as shared
from ingest.contracts.base import Contract, Field

CONTRACT = Contract(
    source="parcel_manifest",
    grain_vi="Một dòng cho mỗi bưu gửi và phiên bản",
    grain_en="One row per parcel and version",
    key=("house_waybill_number",),
    version_field="version_number",
    day_field="arrived_at",
    windowed=True,
    fields=(
        replace(shared.HOUSE_WAYBILL_NUMBER, required=True),
        shared.VERSION_NUMBER,
        shared.RECORD_STATUS,
        Field(
            "waybill_level",
            "code",
            "Vận đơn thứ cấp hay vận đơn chủ",
            "House or master waybill; empty means house",
            codes=("house", "master"),
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
