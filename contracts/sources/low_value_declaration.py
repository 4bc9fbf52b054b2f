"""The low-value declaration contract (MIC): one row per house bill and version; no HS code exists.

Add here a MIC field. Keep out: fields that another source shares (shared_fields.py).
Basis: MIC field list of 2014 (domain handbook 3.2).
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
    source="low_value_declaration",
    name=Words("Tờ khai trị giá thấp", "Low-value declarations"),
    grain_vi="Một dòng cho mỗi vận đơn thứ cấp trị giá thấp và phiên bản",
    grain_en="One row per low-value house bill and version",
    key=("house_waybill_number",),
    day_field="arrived_on",
    windowed=True,
    staging=Staging(
        folder="customs",
        versions="stg_customs__low_value_declaration_versions",
        ranks="stg_customs__low_value_declaration_ranks",
    ),
    versions=Versions(named_by=("house_waybill_number",)),
    # A listed item becomes part of its parcel; without one it is a consignment.
    consigned=Consigned(own=False),
    references=(
        Reference("house_waybill_number", "parcel_manifest", "house_waybill_number"),
        Reference("currency_code", "market_reference", "dimension_code"),
    ),
    watched_codes=("customs_office_code", "origin_country_code", "currency_code"),
    followed=Followed(
        codes=(
            Category("origin_country_code", ("origin_country_code",)),
            Category("currency_code", ("currency_code",)),
        ),
        numbers=("declared_value", "gross_weight_kg"),
    ),
    fields=(
        replace(shared.HOUSE_WAYBILL_NUMBER, required=True),
        shared.VERSION_NUMBER,
        shared.RECORD_STATUS,
        Field(
            "declaration_number",
            "code",
            "Số tờ khai trị giá thấp",
            "Low-value declaration number",
            max_length=40,
        ),
        shared.MASTER_WAYBILL_NUMBER,
        shared.CUSTOMS_OFFICE_CODE,
        shared.PERSON_KIND_CODE,
        Field(
            "operator_code",
            "code",
            "Mã doanh nghiệp chuyển phát",
            "Express operator code",
            max_length=35,
        ),
        Field(
            "arrived_on",
            "date",
            "Ngày hàng đến",
            "Arrival date",
            required=True,
            earliest=FIRST_DAY,
            has_happened=True,
        ),
        shared.CONVEYANCE_REFERENCE,
        shared.LOADING_PLACE_CODE,
        shared.INCOTERM_CODE,
        shared.PRICE_KIND_CODE,
        Field(
            "importer_id_number",
            "text",
            "Mã số thuế, định danh người nhập khẩu",
            "Importer tax code or id",
            personal="identifier",
            max_length=40,
        ),
        Field(
            "importer_name",
            "text",
            "Tên người nhập khẩu",
            "Importer name",
            personal="name",
            max_length=300,
        ),
        Field(
            "importer_phone",
            "text",
            "Điện thoại người nhập khẩu",
            "Importer phone",
            personal="phone",
            max_length=40,
        ),
        Field(
            "importer_address",
            "text",
            "Địa chỉ người nhập khẩu",
            "Importer address",
            personal="address",
            places=True,
        ),
        shared.CONSIGNOR_NAME,
        shared.CONSIGNOR_ADDRESS,
        shared.CONSIGNOR_COUNTRY_CODE,
        shared.ITEM_DESCRIPTION,
        shared.ORIGIN_COUNTRY_CODE,
        shared.PACKAGE_COUNT,
        shared.GROSS_WEIGHT_KG,
        # VNACCS allows four decimals in amounts of foreign currency.
        replace(shared.DECLARED_VALUE, scale=4),
        shared.CURRENCY_CODE,
        Field(
            "customs_value_vnd",
            "decimal",
            "Trị giá hải quan (đồng)",
            "Customs value (VND)",
            minimum=0,
            maximum=shared.MAXIMUM_AMOUNT,
        ),
        shared.WAREHOUSE_CODE,
        Field(
            "operator_reference",
            "code",
            "Số quản lý nội bộ",
            "Operator's internal reference",
            max_length=40,
        ),
    ),
)
