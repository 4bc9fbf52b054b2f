"""Fields that mean the same in several sources: one name, one meaning, everywhere.

Add here a field when a second contract needs it. Keep out: fields of a single source.
"""

from contracts.base import Field

# What an inspection can find, and an officer can select for.
RISK_TYPES = (
    "undervaluation",
    "misclassification",
    "origin",
    "ip_counterfeit",
    "prohibited_conditional",
    "splitting",
    "unregistered_platform",
    "product_safety",
    "unspecified",
)

# Limits of numbers, far above anything real: what is larger is a defect of the sender, and the sums
# and products of what is left fit the columns they go to (docs/adr/0026).
MAXIMUM_AMOUNT = 99_999_999_999_999  # in any currency; in dong about four billion US dollars
MAXIMUM_QUANTITY = 1_000_000_000_000
MAXIMUM_WEIGHT = 1_000_000_000  # a million tonnes, in kilograms
MAXIMUM_COUNT = 999_999_999
MAXIMUM_DUTY_RATE = 1_000  # percent
MAXIMUM_VERSION = 999_999_999_999_999_999  # some senders write the time of the version

RECORD_STATUSES = ("original", "amended", "cancelled")

VERSION_NUMBER = Field(
    "version_number",
    "integer",
    "Số phiên bản của bản ghi, bắt đầu từ 1; trống khi thông điệp không nêu",
    "Version of the record, from 1; empty when the message does not state it",
    minimum=1,
    maximum=MAXIMUM_VERSION,
)
RECORD_STATUS = Field(
    "record_status",
    "code",
    "Bản gốc, bản sửa đổi hay đã hủy",
    "Original, amended or cancelled",
    codes=RECORD_STATUSES,
)
HOUSE_WAYBILL_NUMBER = Field(
    "house_waybill_number",
    "code",
    "Số vận đơn thứ cấp (HAWB)",
    "House waybill number (HAWB)",
    max_length=35,
)
MASTER_WAYBILL_NUMBER = Field(
    "master_waybill_number",
    "code",
    "Số vận đơn chủ (MAWB)",
    "Master waybill number (MAWB)",
    max_length=35,
)
CUSTOMS_OFFICE_CODE = Field(
    "customs_office_code",
    "code",
    "Mã cơ quan hải quan",
    "Customs office code",
    max_length=10,
)
IMPORTING_COUNTRY_CODE = Field(
    "importing_country_code",
    "code",
    "Nước nhập khẩu (ISO 3166-1 alpha-2): quyết định pháp luật nào áp dụng",
    "Importing country (ISO 3166-1 alpha-2): decides whose law applies",
    max_length=2,
)
TRANSPORT_MODE_CODE = Field(
    "transport_mode_code",
    "code",
    "Mã phương thức vận chuyển",
    "Transport mode code",
    max_length=4,
)
CONSIGNOR_NAME = Field(
    "consignor_name",
    "text",
    "Tên người gửi",
    "Consignor name",
    personal="name",
    max_length=300,
)
CONSIGNOR_PHONE = Field(
    "consignor_phone",
    "text",
    "Điện thoại người gửi",
    "Consignor phone",
    personal="phone",
    max_length=40,
)
CONSIGNOR_ADDRESS = Field(
    "consignor_address",
    "text",
    "Địa chỉ người gửi",
    "Consignor address",
    personal="address",
)
CONSIGNOR_COUNTRY_CODE = Field(
    "consignor_country_code",
    "code",
    "Nước của người gửi",
    "Country of the consignor",
    max_length=2,
)
ORIGIN_COUNTRY_CODE = Field(
    "origin_country_code",
    "code",
    "Nước xuất xứ của hàng hóa",
    "Country of origin of the goods",
    max_length=4,
)
HS_CODE = Field(
    "hs_code",
    "code",
    "Mã HS như khai báo, giữ số 0 đứng đầu",
    "HS code as declared, leading zeros kept",
    max_length=12,
)
ITEM_DESCRIPTION = Field(
    "item_description",
    "text",
    "Tên hàng như khai báo",
    "Goods description as declared",
    folded=True,
    max_length=2000,
)
QUANTITY = Field(
    "quantity",
    "decimal",
    "Số lượng",
    "Quantity",
    precision=18,
    scale=4,
    minimum=0,
    maximum=MAXIMUM_QUANTITY,
)
QUANTITY_UNIT_CODE = Field(
    "quantity_unit_code",
    "code",
    "Đơn vị tính của số lượng",
    "Unit of the quantity",
    max_length=8,
)
PACKAGE_COUNT = Field(
    "package_count",
    "integer",
    "Số kiện",
    "Number of packages",
    minimum=0,
    maximum=MAXIMUM_COUNT,
)
GROSS_WEIGHT_KG = Field(
    "gross_weight_kg",
    "decimal",
    "Trọng lượng cả bì (kg)",
    "Gross weight (kg)",
    precision=18,
    scale=4,
    minimum=0,
    maximum=MAXIMUM_WEIGHT,
)
DECLARED_VALUE = Field(
    "declared_value",
    "decimal",
    "Trị giá khai báo, theo đồng tiền khai báo",
    "Declared value, in the declared currency",
    minimum=0,
    maximum=MAXIMUM_AMOUNT,
)
CURRENCY_CODE = Field(
    "currency_code",
    "code",
    "Đồng tiền khai báo (ISO 4217)",
    "Declared currency (ISO 4217)",
    max_length=3,
)
WAREHOUSE_CODE = Field(
    "warehouse_code",
    "code",
    "Mã kho, địa điểm tập kết",
    "Warehouse or gathering place code",
    max_length=20,
)
PERSON_KIND_CODE = Field(
    "person_kind_code",
    "code",
    "Phân loại cá nhân, tổ chức (SKB)",
    "Individual or organisation class (SKB)",
    codes=("1", "2", "3", "4", "5"),
)
INCOTERM_CODE = Field("incoterm_code", "code", "Điều kiện giao hàng", "Incoterm", max_length=3)
PRICE_KIND_CODE = Field(
    "price_kind_code",
    "code",
    "Loại giá hóa đơn (IP1): A phải trả, B miễn trả tiền, C lẫn cả hai, D khác",
    "Kind of invoice price (IP1): A to be paid, B free of charge, C both, D other",
    max_length=10,
)
CONVEYANCE_REFERENCE = Field(
    "conveyance_reference",
    "code",
    "Chuyến bay, phương tiện như khai báo, ví dụ AB0001/01JAN",
    "Flight or means of transport as declared, such as AB0001/01JAN",
    max_length=60,
)
LOADING_PLACE_CODE = Field(
    "loading_place_code",
    "code",
    "Mã địa điểm xếp hàng (UN/LOCODE; ZZZZZ khi không có)",
    "Place of loading (UN/LOCODE; ZZZZZ when there is none)",
    max_length=10,
)
